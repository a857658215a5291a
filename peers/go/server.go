package main

// The routes, bare and under /v1, and what every answer has in common: its media type and its request id.

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	service   = "validatord"
	version   = "0.1.0"
	requestID = "X-Request-Id"
)

// harmlessID is a request id that is safe to echo.
var harmlessID = regexp.MustCompile(`^[A-Za-z0-9._:/+=@-]{1,128}$`)

// server judges artifacts. It is read-only once it serves.
type server struct {
	roster roster
	wire   wireForm
}

type health struct {
	Status  string `json:"status"`
	Service string `json:"service"`
	Version string `json:"version"`
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get(requestID)
	if !harmlessID.MatchString(id) {
		id = newRequestID()
	}
	w.Header().Set(requestID, id)
	switch strings.TrimPrefix(r.URL.EscapedPath(), "/v1") {
	case "/health":
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			refuseMethod(w, r, "GET, HEAD")
			return
		}
		answer(w, http.StatusOK, health{Status: "ok", Service: service, Version: version})
	case "/validate":
		if r.Method != http.MethodPost {
			refuseMethod(w, r, "POST")
			return
		}
		s.validate(w, r)
	default:
		refuse(w, r, &problem{http.StatusNotFound, "no route at this path"})
	}
}

func (s *server) validate(w http.ResponseWriter, r *http.Request) {
	body, refused := readBody(w, r)
	if refused != nil {
		refuse(w, r, refused)
		return
	}
	begun := time.Now()
	asked, err := readEnvelope(body)
	if err != nil {
		refuse(w, r, &problem{http.StatusBadRequest, err.Error()})
		return
	}
	findings, failed := judge(asked, s.roster)
	if failed != nil {
		answer(w, http.StatusUnprocessableEntity, s.wire(*failed))
		return
	}
	answer(w, http.StatusOK, verdict{Findings: findings, ElapsedMs: time.Since(begun).Milliseconds()})
}

func answer(w http.ResponseWriter, status int, value any) {
	write(w, status, "application/json", value)
}

func write(w http.ResponseWriter, status int, mediaType string, value any) {
	body, err := encode(value)
	if err != nil { // Every value written here is made of strings, lists and integers.
		panic(err)
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

// encode writes a value as compact JSON, without encoding/json's escapes of <, > and & and its last newline.
func encode(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), err
}

func newRequestID() string {
	var id [16]byte
	rand.Read(id[:]) // Never fails.
	return hex.EncodeToString(id[:])
}
