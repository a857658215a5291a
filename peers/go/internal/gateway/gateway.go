// Package gateway is the one door to the daemons of this process, and tells how they are.
package gateway

import (
	_ "embed"
	"net/http"

	"lakehouse/internal/service"
)

//go:embed schemas.json
var schemas []byte

type status struct {
	Status  string         `json:"status"`
	Daemons []daemonStatus `json:"daemons"`
}

type daemonStatus struct {
	Name      string  `json:"name"`
	Status    string  `json:"status"`
	LatencyMs float64 `json:"latency_ms"`
	Version   string  `json:"version"`
}

// New makes the gateway's own routes. Its daemons live in this process: none can be gone while the gateway answers, and
// none is waited for.
func New(daemons ...*service.Daemon) *service.Daemon {
	told := status{Status: "ok"}
	for _, daemon := range daemons {
		told.Daemons = append(told.Daemons, daemonStatus{Name: daemon.Name, Status: "ok", Version: service.Version})
	}
	return &service.Daemon{
		Name:    "gateway",
		Schemas: schemas,
		Routes: []service.Route{{
			Method: http.MethodGet, Path: "/status", Summary: "Return the health of all daemons.",
			Answers: map[int]string{200: "Status"},
			Handle: func(w http.ResponseWriter, _ *http.Request) *service.Problem {
				service.Answer(w, http.StatusOK, told)
				return nil
			},
		}},
	}
}
