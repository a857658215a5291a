package validatord

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lakehouse/internal/service"
)

func ask(method, path, contentType, body string) *http.Response {
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.Header.Set("Content-Type", contentType)
	recorder := httptest.NewRecorder()
	service.Handler("validatord", []string{"example.com"}, New(nil, WireForms["exported"])).ServeHTTP(recorder, request)
	return recorder.Result()
}

func TestRefusals(t *testing.T) {
	const json = "application/json"
	for _, c := range []struct {
		method, path, contentType, body string
		status                          int
		allow, detail                   string
	}{
		{"POST", "/nowhere", json, "{}", 404, "", "no route at this path"},
		{"DELETE", "/v1/validate", json, "{}", 405, "POST", "method DELETE is not allowed"},
		{"POST", "/health", json, "{}", 405, "GET, HEAD", "method POST is not allowed"},
		{"POST", "/validate", "text/plain", "{}", 415, "", "content type must be application/json"},
		{"POST", "/validate", json + "; charset=latin1", "{}", 415, "", "content type must be application/json"},
		{"POST", "/validate", json, strings.Repeat(" ", service.BodyLimit+1), 413, "", "body is over the limit of 8388608 bytes"},
		{"POST", "/validate", json, strings.Repeat(" ", service.BodyLimit), 400, "", "body is not valid JSON"},
		{"POST", "/validate", json, `[]`, 400, "", `"errors":[{"pointer":"","detail":"expected an object"}]`},
		{"POST", "/validate", json, `{"Kind":"sms"}`, 400, "", `"errors":[{"pointer":"/kind","detail":"the member is missing"},{"pointer":"/artifact","detail":"the member is missing"},{"pointer":"/Kind","detail":"an unknown member"}]`},
		{"POST", "/validate", json, `{"kind":"fax","artifact":{}}`, 400, "", "/kind: expected one of email, sms, fill, playbook"},
		{"POST", "/validate", json, `{"kind":"sms","artifact":[]}`, 400, "", "/artifact: expected an object"},
		{"POST", "/validate", json, `{"kind":"sms","artifact":{},"context":null}`, 400, "", "/context: expected an object"},
		{"POST", "/validate", json, `{"kind":"sms","artifact":{},"context":{"role":1,"target_count":-1,"x":1}}`, 400, "", "/context/role: expected a string; /context/target_count: expected a non-negative integer; /context/x: an unknown member"},
		{"POST", "/validate", json, `{"kind":"sms","artifact":{},"context":{"roster":[{}]}}`, 400, "", "/context/roster/0/worker_id: the member is missing; /context/roster/0/name: the member is missing"},
	} {
		response := ask(c.method, c.path, c.contentType, c.body)
		body, _ := io.ReadAll(response.Body)
		if response.StatusCode != c.status || response.Header.Get("Allow") != c.allow {
			t.Errorf("%s %s: got %d, Allow %q", c.method, c.path, response.StatusCode, response.Header.Get("Allow"))
		}
		if response.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(string(body), c.detail) {
			t.Errorf("%s %s: got %s", c.method, c.path, body)
		}
	}
}

func TestAnswers(t *testing.T) {
	passing := `{"kind":"sms","artifact":{"to":"x","body":"Ana"},"context":{"worker_id":"W1","roster":[{"worker_id":"W1",` +
		`"name":"Ana","status":"","city":"","state":"","role":""}]}}`
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/v1/health", "", 200, `{"status":"ok","service":"validatord","version":"` + service.Version + `"}`},
		{"POST", "/validate", passing, 200, `{"findings":[],"elapsed_ms":0}`},
		{"POST", "/v1/validate", `{"kind":"sms","artifact":{}}`, 422,
			`{"Kind":"schema","Field":"to","Reason":"to must be a non-empty string"}`},
	} {
		response := ask(c.method, c.path, "Application/JSON; charset=utf-8", c.body)
		body, _ := io.ReadAll(response.Body)
		if response.StatusCode != c.status || string(body) != c.want {
			t.Errorf("%s %s: got %d %s", c.method, c.path, response.StatusCode, body)
		}
		if response.Header.Get("Content-Type") != "application/json" || len(response.Header.Get("X-Request-Id")) != 32 {
			t.Errorf("%s %s: got %v", c.method, c.path, response.Header)
		}
	}
}
