package replay

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"lakehouse/internal/timestamp"
)

var gatewayPattern = regexp.MustCompile(`^https?://[^/\s?#]+(?:/[^\s?#]*)?$`)

// options are what a replay is asked to do.
type options struct {
	root        string
	task        string
	gateway     string
	models      []string
	budget      uint64
	noRetrieval bool
	dryRun      bool
	asJSON      bool
	runID       string
	now         string
}

// readOptions reads the command line; flag.ErrHelp says that help was asked for, and given.
func readOptions(arguments []string, help io.Writer) (options, error) {
	chosen := options{budget: 1500}
	flags := flag.NewFlagSet("replay", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&chosen.task, "task", "", "what to do (required)")
	flags.StringVar(&chosen.root, "root", ".", "the folder with data/evidence")
	flags.StringVar(&chosen.gateway, "gateway", "", "where to ask (default $LAKEHOUSE_GATEWAY, else http://127.0.0.1:5110)")
	flags.Func("model", "whom to ask (default local); repeat it for an escalation", func(model string) error {
		chosen.models = append(chosen.models, model)
		return nil
	})
	flags.Func("budget", "how many tokens a bundle may have (default 1500)", func(written string) (err error) {
		chosen.budget, err = strconv.ParseUint(written, 10, 63)
		return err
	})
	flags.BoolVar(&chosen.noRetrieval, "no-retrieval", false, "tell nothing of what is remembered")
	flags.BoolVar(&chosen.dryRun, "dry-run", false, "send nothing and write nothing")
	flags.BoolVar(&chosen.asJSON, "json", false, "print the line of the log")
	flags.StringVar(&chosen.runID, "run-id", "", "the id of the run (default random)")
	err := flags.Parse(arguments)
	if err == flag.ErrHelp {
		flags.SetOutput(help)
		flags.Usage()
	}
	if err != nil {
		return chosen, err
	}
	if flags.NArg() > 0 {
		return chosen, fmt.Errorf("unknown argument %s", flags.Arg(0))
	}
	return chosen, chosen.complete()
}

// complete fills in what was not said, and checks what was.
func (o *options) complete() (err error) {
	if o.gateway == "" {
		o.gateway = os.Getenv("LAKEHOUSE_GATEWAY")
	}
	if o.gateway == "" {
		o.gateway = "http://127.0.0.1:5110"
	}
	if o.models == nil {
		o.models = []string{"local"}
	}
	if o.runID == "" {
		id := make([]byte, 16)
		rand.Read(id) // It never fails: crypto/rand says so.
		o.runID = hex.EncodeToString(id)
	}
	if o.now, err = timestamp.Now(); err != nil {
		return err
	}
	return o.check()
}

func (o *options) check() error {
	if !gatewayPattern.MatchString(o.gateway) {
		return fmt.Errorf("--gateway %s: wanted http:// or https://, a host, and no query", o.gateway)
	}
	if strings.TrimSpace(o.task) == "" {
		return errors.New("--task: wanted what to do")
	}
	if text := o.task + o.runID + strings.Join(o.models, ""); !utf8.ValidString(text) {
		return errors.New("wanted UTF-8 in --task, --model and --run-id")
	}
	if folder, err := os.Stat(o.root); err != nil || !folder.IsDir() {
		return fmt.Errorf("--root %s: no such folder", o.root)
	}
	return nil
}
