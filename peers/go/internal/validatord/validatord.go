// Package validatord gives verdicts on artifacts: POST /validate {kind, artifact, context?}.
package validatord

import (
	_ "embed"
	"net/http"
	"time"

	"lakehouse/internal/service"
	"lakehouse/internal/strictjson"
)

//go:embed schemas.json
var schemas []byte

// validator judges artifacts. It is read-only once it serves.
type validator struct {
	roster Roster
	wire   WireForm
}

// New makes the daemon. The roster is used when a request brings none.
func New(workers Roster, wire WireForm) *service.Daemon {
	judging := &validator{roster: workers, wire: wire}
	return &service.Daemon{
		Name:    "validatord",
		Schemas: schemas,
		Routes: []service.Route{{
			Method: http.MethodPost, Path: "/validate", Summary: "Judge an artifact.",
			Body:    "Envelope",
			Answers: map[int]string{200: "Verdict", 422: "ValidationError"},
			Handle:  judging.validate,
		}},
	}
}

func (v *validator) validate(w http.ResponseWriter, r *http.Request) *service.Problem {
	body, refused := service.ReadBody(w, r)
	if refused != nil {
		return refused
	}
	begun := time.Now()
	value, err := strictjson.Parse(body)
	if err != nil {
		return &service.Problem{Status: http.StatusBadRequest, Detail: err.Error()}
	}
	asked, refused := readEnvelope(value)
	if refused != nil {
		return refused
	}
	findings, failed := judge(asked, v.roster)
	if failed != nil {
		service.Answer(w, http.StatusUnprocessableEntity, v.wire(*failed))
		return nil
	}
	service.Answer(w, http.StatusOK, verdict{Findings: findings, ElapsedMs: time.Since(begun).Milliseconds()})
	return nil
}
