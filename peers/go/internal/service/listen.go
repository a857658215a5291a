package service

// The life of a server: bind, say where, answer until told to stop, finish what is in flight.

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	// drain is how long requests in flight may take to finish once the daemon is told to stop.
	drain = 5 * time.Second
	// headerTimeout bounds a client that never finishes its header.
	headerTimeout = 10 * time.Second
)

// Serve answers on the address until the context is done, then finishes what is in flight.
func Serve(stop context.Context, address string, handler http.Handler) error {
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
