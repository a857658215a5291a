// Package service is what all daemons share: routes bare and under /v1, request ids, strict bodies, problem documents,
// metrics, a description, and the life of the server. A daemon is a name and a table of routes.
package service

import (
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Version is that of every daemon in this binary.
const Version = "0.2.0"

const requestID = "X-Request-Id"

// harmlessID is a request id that is safe to echo.
var harmlessID = regexp.MustCompile(`^[A-Za-z0-9._:/+=@-]{1,128}$`)

// Daemon is what a package of this binary serves.
type Daemon struct {
	Name   string
	Routes []Route
	// Schemas is a JSON object of the JSON Schemas that the routes name.
	Schemas []byte
	// Gauges are read whenever the metrics are asked for; names are those of Prometheus.
	Gauges map[string]func() float64
}

// Handler answers the routes of some daemons under one name, with /health, /metrics and /openapi.json. It answers as
// these hosts, besides loopback names and the address of a connection.
func Handler(name string, hosts []string, daemons ...*Daemon) http.Handler {
	counted := newMetrics(name)
	served := &server{metrics: counted, guard: newGuard(hosts)}
	schemas := [][]byte{sharedSchemas}
	for _, daemon := range daemons {
		served.routes = append(served.routes, daemon.Routes...)
		schemas = append(schemas, daemon.Schemas)
		for gauge, read := range daemon.Gauges {
			counted.gauges[gauge] = read
		}
	}
	served.routes = append(served.routes, standardRoutes(name, counted, func() []byte {
		return describe(name, served.routes, schemas)
	})...)
	return served
}

// server answers the routes of one address. It is read-only once it serves.
type server struct {
	routes  []Route
	metrics *metrics
	guard   guard
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begun := time.Now()
	id := r.Header.Get(requestID)
	if !harmlessID.MatchString(id) {
		id = newRequestID()
	}
	w.Header().Set(requestID, id)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	noted := &notedWriter{ResponseWriter: w}
	if r.ContentLength != 0 {
		// Also for a body that nobody reads: net/http waits for it before it answers. An error means that it cannot.
		http.NewResponseController(w).SetReadDeadline(begun.Add(bodyTime))
	}
	path, refused := s.dispatch(noted, r)
	if refused != nil {
		refuse(noted, r, refused)
	}
	s.metrics.note(path, r.Method, noted.status, time.Since(begun))
}

// dispatch answers with the route that fits, and tells that route's path, or why none does.
func (s *server) dispatch(w http.ResponseWriter, r *http.Request) (string, *Problem) {
	if refused := s.guard.refuse(r); refused != nil {
		return unknownRoute, refused
	}
	segments := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/v1"), "/")
	var path string
	var methods []string
	for _, route := range s.routes {
		values, fits := route.match(segments)
		if !fits {
			continue
		}
		path = route.Path
		methods = append(methods, route.methods()...)
		if !route.answers(r.Method) {
			continue
		}
		for name, value := range values {
			r.SetPathValue(name, value)
		}
		return path, route.Handle(w, r)
	}
	if path == "" {
		return unknownRoute, refusal(http.StatusNotFound, "no route at this path")
	}
	return path, methodNotAllowed(w, r, strings.Join(methods, ", "))
}

type health struct {
	Status  string `json:"status"`
	Service string `json:"service"`
	Version string `json:"version"`
}

func standardRoutes(name string, counted *metrics, describe func() []byte) []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/health", Summary: "Report that the daemon can serve.",
			Answers: map[int]string{200: "Health"},
			Handle: func(w http.ResponseWriter, _ *http.Request) *Problem {
				Answer(w, http.StatusOK, health{Status: "ok", Service: name, Version: Version})
				return nil
			},
		},
		{
			Method: http.MethodGet, Path: "/metrics", Summary: "Return counts, latencies and gauges.",
			Answers: map[int]string{200: plainText},
			Handle: func(w http.ResponseWriter, _ *http.Request) *Problem {
				writeBytes(w, http.StatusOK, metricsMediaType, counted.text())
				return nil
			},
		},
		{
			Method: http.MethodGet, Path: "/openapi.json", Summary: "Describe this daemon.",
			Answers: map[int]string{200: anyObject},
			Handle: func(w http.ResponseWriter, _ *http.Request) *Problem {
				writeBytes(w, http.StatusOK, "application/json", describe())
				return nil
			},
		},
	}
}

// notedWriter remembers the status of an answer.
type notedWriter struct {
	http.ResponseWriter
	status int
}

func (n *notedWriter) WriteHeader(status int) {
	n.status = status
	n.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (n *notedWriter) Unwrap() http.ResponseWriter {
	return n.ResponseWriter
}
