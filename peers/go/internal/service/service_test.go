package service

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// echo answers the name in the path, and refuses the name no.
var echo = &Daemon{
	Name:    "echod",
	Schemas: []byte(`{"Named": {"type": "object"}}`),
	Routes: []Route{
		{
			Method: http.MethodGet, Path: "/echo/{name}", Summary: "Echo.", Answers: map[int]string{200: "Named", 404: "Problem"},
			Handle: func(w http.ResponseWriter, r *http.Request) *Problem {
				if r.PathValue("name") == "no" {
					return refusal(http.StatusNotFound, "no")
				}
				Answer(w, http.StatusOK, map[string]string{"name": r.PathValue("name")})
				return nil
			},
		},
		{Method: http.MethodDelete, Path: "/echo/{name}", Answers: map[int]string{200: "Named"}},
	},
	Gauges: map[string]func() float64{"echo_depth": func() float64 { return 1.5 }},
}

func ask(handler http.Handler, method, path string) *http.Response {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(method, path, nil))
	return recorder.Result()
}

func TestPathsAreMatchedAsTheyAreWritten(t *testing.T) {
	handler := Handler("echod", []string{"example.com"}, echo)
	for _, c := range []struct {
		method, path string
		status       int
		allow, body  string
	}{
		{"GET", "/echo/ann", 200, "", `{"name":"ann"}`},
		{"GET", "/v1/echo/a%2Fb%20%3C", 200, "", `{"name":"a/b <"}`},
		{"HEAD", "/echo/ann", 200, "", ""},
		{"GET", "/echo/", 404, "", "no route at this path"},
		{"GET", "/echo/ann/", 404, "", "no route at this path"},
		{"GET", "//echo/ann", 404, "", "no route at this path"},
		{"GET", "/v1/v1/echo/ann", 404, "", "no route at this path"},
		{"GET", "/echo/no", 404, "", `"detail":"no","instance":"/echo/no"`},
		{"PUT", "/echo/ann", 405, "GET, HEAD, DELETE", "method PUT is not allowed"},
		{"POST", "/v1/health", 405, "GET, HEAD", "method POST is not allowed"},
	} {
		response := ask(handler, c.method, c.path)
		body, _ := io.ReadAll(response.Body)
		if response.StatusCode != c.status || response.Header.Get("Allow") != c.allow {
			t.Errorf("%s %s: got %d, Allow %q", c.method, c.path, response.StatusCode, response.Header.Get("Allow"))
		}
		if c.method != "HEAD" && !strings.Contains(string(body), c.body) {
			t.Errorf("%s %s: got %s", c.method, c.path, body)
		}
	}
}

func TestRequestIDsAreEchoedWhereTheyAreHarmless(t *testing.T) {
	handler := Handler("echod", []string{"example.com"}, echo)
	for given, want := range map[string]string{"a-b:1": "a-b:1", "a b": "", "": "", strings.Repeat("x", 129): ""} {
		request := httptest.NewRequest("GET", "/health", nil)
		request.Header.Set(requestID, given)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		got := recorder.Result().Header.Get(requestID)
		if want != "" && got != want || want == "" && !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(got) {
			t.Errorf("%q: got %q", given, got)
		}
	}
}

func TestMetricsCountByRouteMethodAndStatus(t *testing.T) {
	handler := Handler("echod", []string{"example.com"}, echo)
	for _, path := range []string{"/echo/a", "/v1/echo/b", "/echo/no", "/nowhere"} {
		ask(handler, "GET", path)
	}
	ask(handler, "BREW", "/echo/a")
	response := ask(handler, "GET", "/metrics")
	text, _ := io.ReadAll(response.Body)
	for _, line := range []string{
		`daemon_info{service="echod",version="` + Version + `"} 1`,
		`http_requests_total{route="/echo/{name}",method="GET",status="200"} 2`,
		`http_requests_total{route="/echo/{name}",method="GET",status="404"} 1`,
		`http_requests_total{route="/echo/{name}",method="OTHER",status="405"} 1`,
		`http_requests_total{route="unknown",method="GET",status="404"} 1`,
		`http_request_duration_seconds_bucket{route="/echo/{name}",le="+Inf"} 4`,
		`http_request_duration_seconds_count{route="/echo/{name}"} 4`,
		`echo_depth 1.5`,
	} {
		if !strings.Contains(string(text), line+"\n") {
			t.Errorf("no %s in\n%s", line, text)
		}
	}
	if got := response.Header.Get("Content-Type"); got != metricsMediaType {
		t.Errorf("got %s", got)
	}
}

func TestTheDescriptionHasEveryRouteAndEverySchemaItNames(t *testing.T) {
	text, _ := io.ReadAll(ask(Handler("echod", []string{"example.com"}, echo), "GET", "/openapi.json").Body)
	var document struct {
		Paths      map[string]map[string]struct{ Responses map[string]any }
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	for path, methods := range map[string][]string{
		"/echo/{name}": {"get", "head", "delete"}, "/health": {"get", "head"}, "/metrics": {"get", "head"},
	} {
		for _, method := range methods {
			if document.Paths[path][method].Responses["405"] == nil {
				t.Errorf("%s %s is not described", method, path)
			}
		}
	}
	for _, match := range regexp.MustCompile(`#/components/schemas/(\w+)`).FindAllStringSubmatch(string(text), -1) {
		if document.Components.Schemas[match[1]] == nil {
			t.Errorf("schema %s is named and not there", match[1])
		}
	}
}
