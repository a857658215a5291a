// lakehouse in Go: validatord, vectord and a gateway to both, and the batch tools, in one binary.
//
// A batch tool does its work and ends with an exit code of its own. A daemon
// reads its flags, binds, says where it listens (one line on stderr) and serves until SIGTERM or SIGINT, then saves.
// Exit codes: 0 after a drained stop, 1 when the address, the server or the last save fails, 2 for bad flags, a bad
// roster file or a data directory that cannot be read.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"lakehouse/internal/gateway"
	"lakehouse/internal/materializer"
	"lakehouse/internal/replay"
	"lakehouse/internal/service"
	"lakehouse/internal/validatord"
	"lakehouse/internal/vectord"
)

const usage = `usage: lakehouse DAEMON --port N [flags]
       lakehouse TOOL [flags]

daemons:
  serve        the gateway and all daemons, on one port
  validatord   verdicts on artifacts
  vectord      vector indexes

tools:
  materializer  evidence by day from append-only sources
  replay        one task, asked, validated and logged

lakehouse NAME -help tells the flags.
`

type options struct {
	host      string
	hosts     string
	port      uint
	roster    string
	wire      string
	substrate string
	data      string
}

// answersAs lists the hosts as which a daemon answers.
func (o options) answersAs() []string {
	hosts := []string{o.host}
	for _, host := range strings.Split(o.hosts, ",") {
		if host = strings.TrimSpace(host); host != "" {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// process is what one command serves.
type process struct {
	handler http.Handler
	stop    func() error
}

// commands by name: the flags that each reads besides the address, and what it serves.
var commands = map[string]struct {
	flags     []func(*flag.FlagSet, *options)
	configure func(options) (*process, error)
}{
	"serve":      {[]func(*flag.FlagSet, *options){validatordFlags, vectordFlags}, configureAll},
	"validatord": {[]func(*flag.FlagSet, *options){validatordFlags}, configureValidatord},
	"vectord":    {[]func(*flag.FlagSet, *options){vectordFlags}, configureVectord},
}

// tools by name: each is given its arguments and returns its exit code.
var tools = map[string]func(arguments []string, stdout, stderr io.Writer) int{
	"materializer": materializer.Main,
	"replay":       replay.Main,
}

func main() {
	if len(os.Args) > 1 && tools[os.Args[1]] != nil {
		os.Exit(tools[os.Args[1]](os.Args[2:], os.Stdout, os.Stderr))
	}
	if len(os.Args) < 2 || commands[os.Args[1]].configure == nil {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	command := commands[os.Args[1]]
	chosen := readFlags(os.Args[1], command.flags)
	configured, err := command.configure(chosen)
	if err != nil {
		fail(2, err)
	}
	stop, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer release()
	address := net.JoinHostPort(chosen.host, strconv.FormatUint(uint64(chosen.port), 10))
	err = service.Serve(stop, address, configured.handler)
	if stopped := configured.stop(); err == nil {
		err = stopped
	}
	if err != nil {
		fail(1, err)
	}
}

func readFlags(command string, more []func(*flag.FlagSet, *options)) options {
	const unset = 1 << 16
	var chosen options
	flags := flag.NewFlagSet("lakehouse "+command, flag.ExitOnError)
	flags.StringVar(&chosen.host, "host", "127.0.0.1", "address to bind")
	flags.StringVar(&chosen.hosts, "allowed-hosts", "", "hosts, with commas between, it may be asked as besides loopback names and its address")
	flags.UintVar(&chosen.port, "port", unset, "port to bind, 0 for any free one (required)")
	for _, add := range more {
		add(flags, &chosen)
	}
	flags.Parse(os.Args[2:])
	if flags.NArg() > 0 {
		fail(2, fmt.Errorf("unknown argument %s", flags.Arg(0)))
	}
	if chosen.port >= unset {
		fail(2, fmt.Errorf("-port is required, from 0 to 65535"))
	}
	return chosen
}

func validatordFlags(flags *flag.FlagSet, chosen *options) {
	flags.StringVar(&chosen.roster, "roster", "", "JSON file with the roster used when a request brings none")
	flags.StringVar(&chosen.wire, "wire", "exported", "form of the error: exported, serde or lowercase")
}

func vectordFlags(flags *flag.FlagSet, chosen *options) {
	flags.StringVar(&chosen.substrate, "substrate", "side-store", "what holds the vectors: bare, recover or side-store")
	flags.StringVar(&chosen.data, "data", "", "directory to keep indexes in; without it they are gone after a stop")
}

func configureAll(chosen options) (*process, error) {
	judging, err := newValidatord(chosen)
	if err != nil {
		return nil, err
	}
	searching, stop, err := newVectord(chosen)
	if err != nil {
		return nil, err
	}
	door := gateway.New(judging, searching)
	return &process{service.Handler(door.Name, chosen.answersAs(), door, judging, searching), stop}, nil
}

func configureValidatord(chosen options) (*process, error) {
	judging, err := newValidatord(chosen)
	if err != nil {
		return nil, err
	}
	return &process{service.Handler(judging.Name, chosen.answersAs(), judging), func() error { return nil }}, nil
}

func configureVectord(chosen options) (*process, error) {
	searching, stop, err := newVectord(chosen)
	if err != nil {
		return nil, err
	}
	return &process{service.Handler(searching.Name, chosen.answersAs(), searching), stop}, nil
}

func newValidatord(chosen options) (*service.Daemon, error) {
	wire, known := validatord.WireForms[chosen.wire]
	if !known {
		return nil, fmt.Errorf("-wire is exported, serde or lowercase, not %s", chosen.wire)
	}
	if chosen.roster == "" {
		return validatord.New(nil, wire), nil
	}
	configured, err := validatord.LoadRoster(chosen.roster)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", chosen.roster, err)
	}
	return validatord.New(configured, wire), nil
}

// newVectord also returns what is to be done once nothing is in flight any more.
func newVectord(chosen options) (*service.Daemon, func() error, error) {
	if vectord.Substrates[chosen.substrate] == nil {
		return nil, nil, fmt.Errorf("-substrate is bare, recover or side-store, not %s", chosen.substrate)
	}
	if chosen.data != "" {
		return vectord.New(chosen.substrate, chosen.data)
	}
	directory, err := os.MkdirTemp("", "lakehouse-")
	if err != nil {
		return nil, nil, err
	}
	searching, stop, err := vectord.New(chosen.substrate, directory)
	return searching, func() error {
		stop()
		return os.RemoveAll(directory)
	}, err
}

func fail(code int, err error) {
	fmt.Fprintf(os.Stderr, "lakehouse: %v\n", err)
	os.Exit(code)
}
