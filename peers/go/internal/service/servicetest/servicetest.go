// Package servicetest asks daemons in tests, without a port.
package servicetest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lakehouse/internal/service"
)

// Lab is a handler that is asked.
type Lab struct {
	*testing.T
	handler http.Handler
}

// New makes a handler of daemons, the first of which names the whole.
func New(t *testing.T, daemons ...*service.Daemon) *Lab {
	t.Helper()
	return &Lab{t, service.Handler(daemons[0].Name, []string{"example.com"}, daemons...)}
}

// Ask sends a body, empty for none, as JSON, and returns status and body.
func (l *Lab) Ask(method, path, body string) (int, string) {
	return l.AskAs("application/json", method, path, body)
}

// AskAs sends a body of another media type.
func (l *Lab) AskAs(mediaType, method, path, body string) (int, string) {
	l.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		request.Header.Set("Content-Type", mediaType)
	}
	recorder := httptest.NewRecorder()
	l.handler.ServeHTTP(recorder, request)
	got, err := io.ReadAll(recorder.Result().Body)
	if err != nil {
		l.Fatal(err)
	}
	return recorder.Code, string(got)
}

// Expect asks and compares status and body; a body that ends in … need only begin so.
func (l *Lab) Expect(method, path, body string, status int, want string) {
	l.Helper()
	code, got := l.Ask(method, path, body)
	beginning, isPart := strings.CutSuffix(want, "…")
	if code != status || isPart && !strings.HasPrefix(got, beginning) || !isPart && got != want {
		l.Errorf("%s %s %s: got %d %s, want %d %s", method, path, body, code, got, status, want)
	}
}
