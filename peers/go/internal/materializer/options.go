package materializer

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"lakehouse/internal/timestamp"
)

var runID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,98}$`)

// options are what a run is asked to do: its root, the sources it reads in their order, its name and its time.
type options struct {
	root    string
	sources []*transform
	runID   string
	now     string
	dryRun  bool
	asJSON  bool
}

// readOptions reads the command line; flag.ErrHelp says that help was asked for, and given.
func readOptions(arguments []string, help io.Writer) (options, error) {
	var chosen options
	var names []string
	flags := flag.NewFlagSet("materializer", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&chosen.root, "root", ".", "the folder with data/_kb")
	flags.Func("source", "only this source; may be repeated", func(name string) error {
		names = append(names, name)
		return known(name)
	})
	flags.StringVar(&chosen.runID, "run-id", "", "the name of the run (default the time)")
	flags.BoolVar(&chosen.dryRun, "dry-run", false, "say what would be written, and write nothing")
	flags.BoolVar(&chosen.asJSON, "json", false, "print the receipt")
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
	chosen.sources = slices.DeleteFunc(slices.Clone(transforms), func(each *transform) bool {
		return names != nil && !slices.Contains(names, each.source)
	})
	return chosen, chosen.complete()
}

func known(name string) error {
	sources := make([]string, len(transforms))
	for i, each := range transforms {
		sources[i] = each.source
	}
	if !slices.Contains(sources, name) {
		return fmt.Errorf("wanted one of %s", strings.Join(sources, ", "))
	}
	return nil
}

// complete checks what the flags cannot, and fills in what depends on the time.
func (o *options) complete() error {
	folder, err := os.Stat(o.root)
	isNone := errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
	if isNone || (err == nil && !folder.IsDir()) { // What else is wrong with it is told by the first file that is read.
		return fmt.Errorf("--root %s: no such folder", o.root)
	}
	now, err := timestamp.Now()
	if err != nil {
		return err
	}
	o.now = now
	if o.runID == "" {
		o.runID = strings.NewReplacer("-", "", ":", "").Replace(now[:len("2006-01-02T15:04:05")]) + "Z"
	}
	if !runID.MatchString(o.runID) {
		return fmt.Errorf("--run-id %s: wanted letters, digits, '.', '_' and '-'", o.runID)
	}
	return nil
}
