// lakehouse in Go: the daemons of the multitier path, a gateway to all of them, and the batch tools, in one binary.
//
// A batch tool does its work and ends with an exit code of its own. A daemon
// reads its flags, binds, says where it listens (one line on stderr) and serves until SIGTERM or SIGINT, then saves.
// Exit codes: 0 after a drained stop, 1 when the address, the server or the last save fails, 2 for bad flags, a bad
// roster file or a data directory that cannot be read.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"lakehouse/internal/catalogd"
	"lakehouse/internal/embedd"
	"lakehouse/internal/gateway"
	"lakehouse/internal/ingestd"
	"lakehouse/internal/materializer"
	"lakehouse/internal/matrixd"
	"lakehouse/internal/replay"
	"lakehouse/internal/service"
	"lakehouse/internal/validatord"
	"lakehouse/internal/vectord"
)

const usage = `usage: lakehouse DAEMON --port N [flags]
       lakehouse TOOL [flags]

daemons:
  serve        the gateway and all daemons, on one port
  catalogd     which datasets there are
  embedd       texts to vectors
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

// process is what one command serves, and what is to be done once nothing is in flight any more.
type process struct {
	daemons []*service.Daemon
	stops   []func() error
}

func (p *process) stop() error {
	var failures []error
	for _, stop := range p.stops {
		failures = append(failures, stop())
	}
	return errors.Join(failures...)
}

// commands by name: the flags that each reads besides the address, and what it serves.
var commands = map[string]struct {
	flags     []func(*flag.FlagSet, *options)
	configure func(options, *process) error
}{
	"serve":      {[]func(*flag.FlagSet, *options){validatordFlags, vectordFlags, dataFlags}, addAll},
	"catalogd":   {[]func(*flag.FlagSet, *options){dataFlags}, addCatalogd},
	"embedd":     {nil, addEmbedd},
	"validatord": {[]func(*flag.FlagSet, *options){validatordFlags}, addValidatord},
	"vectord":    {[]func(*flag.FlagSet, *options){vectordFlags, dataFlags}, addVectord},
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
	serving, err := configure(chosen, command.configure)
	if err != nil {
		fail(2, err)
	}
	stop, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer release()
	address := net.JoinHostPort(chosen.host, strconv.FormatUint(uint64(chosen.port), 10))
	handler := service.Handler(serving.daemons[0].Name, chosen.answersAs(), serving.daemons...)
	err = service.Serve(stop, address, handler)
	if stopped := serving.stop(); err == nil {
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
	flags.StringVar(&chosen.substrate, "substrate", "cells", "what holds the vectors: bare, recover, side-store or cells")
}

func dataFlags(flags *flag.FlagSet, chosen *options) {
	flags.StringVar(&chosen.data, "data", "", "directory to keep state in; without it all is gone after a stop")
}

// configure makes what a command serves. Without a directory the state is kept in one that is removed at the end.
func configure(chosen options, add func(options, *process) error) (*process, error) {
	serving := &process{}
	if chosen.data != "" {
		return serving, add(chosen, serving)
	}
	scratch, err := os.MkdirTemp("", "lakehouse-")
	if err != nil {
		return nil, err
	}
	chosen.data = scratch
	err = add(chosen, serving)
	serving.stops = append(serving.stops, func() error { return os.RemoveAll(scratch) })
	if err != nil {
		os.RemoveAll(scratch)
	}
	return serving, err
}

// addAll serves every daemon behind the gateway, whose name is that of the whole.
func addAll(chosen options, serving *process) error {
	judging, err := newValidatord(chosen)
	if err != nil {
		return err
	}
	indexes, err := openIndexes(chosen)
	if err != nil {
		return err
	}
	serving.stops = append(serving.stops, indexes.Stop)
	catalog, err := openCatalog(chosen)
	if err != nil {
		return err
	}
	ingesting, err := ingestd.New(filepath.Join(chosen.data, "objects"), catalog)
	if err != nil {
		return err
	}
	embedder := embedd.New()
	daemons := []*service.Daemon{
		catalog.Daemon(), ingesting, indexes.Daemon(), embedder.Daemon(), matrixd.New(embedder, indexes), judging,
	}
	serving.daemons = append([]*service.Daemon{gateway.New(daemons...)}, daemons...)
	return nil
}

func addCatalogd(chosen options, serving *process) error {
	catalog, err := openCatalog(chosen)
	if err == nil {
		serving.daemons = append(serving.daemons, catalog.Daemon())
	}
	return err
}

func addEmbedd(_ options, serving *process) error {
	serving.daemons = append(serving.daemons, embedd.New().Daemon())
	return nil
}

func addValidatord(chosen options, serving *process) error {
	judging, err := newValidatord(chosen)
	serving.daemons = append(serving.daemons, judging)
	return err
}

func addVectord(chosen options, serving *process) error {
	indexes, err := openIndexes(chosen)
	if err == nil {
		serving.daemons = append(serving.daemons, indexes.Daemon())
		serving.stops = append(serving.stops, indexes.Stop)
	}
	return err
}

func openCatalog(chosen options) (*catalogd.Catalog, error) {
	return catalogd.Open(filepath.Join(chosen.data, "catalogd"))
}

func openIndexes(chosen options) (*vectord.Indexes, error) {
	if vectord.Substrates[chosen.substrate] == nil {
		return nil, fmt.Errorf("-substrate is bare, recover, side-store or cells, not %s", chosen.substrate)
	}
	return vectord.Open(chosen.substrate, filepath.Join(chosen.data, "vectord"))
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

func fail(code int, err error) {
	fmt.Fprintf(os.Stderr, "lakehouse: %v\n", err)
	os.Exit(code)
}
