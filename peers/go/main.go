// validatord in Go: verdicts on artifacts over HTTP, with the standard library only.
//
// Reads its flags, binds, says where it listens (one line on stderr) and serves until SIGTERM or SIGINT.
// Exit codes: 0 after a drained stop, 1 when the address or the server fails, 2 for bad flags or a bad roster file.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

const (
	// drain is how long requests in flight may take to finish once the daemon is told to stop.
	drain = 5 * time.Second
	// headerTimeout bounds a client that never finishes its header.
	headerTimeout = 10 * time.Second
)

type options struct {
	host   string
	port   uint
	roster string
	wire   string
}

func main() {
	chosen := readFlags()
	daemon, err := configure(chosen)
	if err != nil {
		fail(2, err)
	}
	stop, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer release()
	address := net.JoinHostPort(chosen.host, strconv.FormatUint(uint64(chosen.port), 10))
	if err := serve(stop, address, daemon); err != nil {
		fail(1, err)
	}
}

func readFlags() options {
	const unset = 1 << 16
	var chosen options
	flag.StringVar(&chosen.host, "host", "127.0.0.1", "address to bind")
	flag.UintVar(&chosen.port, "port", unset, "port to bind, 0 for any free one (required)")
	flag.StringVar(&chosen.roster, "roster", "", "JSON file with the roster used when a request brings none")
	flag.StringVar(&chosen.wire, "wire", "exported", "form of the error: exported, serde or lowercase")
	flag.Parse()
	if flag.NArg() > 0 {
		fail(2, fmt.Errorf("unknown argument %s", flag.Arg(0)))
	}
	if chosen.port >= unset {
		fail(2, fmt.Errorf("-port is required, from 0 to 65535"))
	}
	return chosen
}

func configure(chosen options) (*server, error) {
	wire, known := wireForms[chosen.wire]
	if !known {
		return nil, fmt.Errorf("-wire is exported, serde or lowercase, not %s", chosen.wire)
	}
	if chosen.roster == "" {
		return &server{wire: wire}, nil
	}
	configured, err := loadRoster(chosen.roster)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", chosen.roster, err)
	}
	return &server{roster: configured, wire: wire}, nil
}

// serve answers on the address until the context is done, then finishes what is in flight.
func serve(stop context.Context, address string, handler http.Handler) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	httpServer := &http.Server{Handler: handler, ReadHeaderTimeout: headerTimeout}
	served := make(chan error, 1)
	go func() { served <- httpServer.Serve(listener) }()
	fmt.Fprintf(os.Stderr, "listening on http://%s\n", listener.Addr())

	select {
	case err := <-served:
		return err
	case <-stop.Done():
	}
	deadline, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if httpServer.Shutdown(deadline) != nil {
		httpServer.Close() // The drain's time is up: what is still in flight is cut off.
	}
	return nil
}

func fail(code int, err error) {
	fmt.Fprintf(os.Stderr, "validatord: %v\n", err)
	os.Exit(code)
}
