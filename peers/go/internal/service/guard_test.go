package service

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// send writes one request, as it stands, to a server of its own, and gives the answer.
func send(t *testing.T, server *httptest.Server, request string) *http.Response {
	t.Helper()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	connection.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(connection, request)
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	return response
}

func TestForeignPagesAreRefused(t *testing.T) {
	server := httptest.NewServer(Handler("echod", []string{"Lake.example"}, echo))
	defer server.Close()
	for lines, want := range map[string]int{
		"Host: localhost":              200,
		"Host: LocalHost:1":            200,
		"Host: a.localhost":            200,
		"Host: 127.9.9.9":              200,
		"Host: [::1]:80":               200,
		"Host: [::ffff:127.0.0.1]":     200,
		"Host: lake.EXAMPLE:8080":      200,
		"Host: evil.example":           421,
		"Host: localhost.evil.example": 421,
		"Host: www.lake.example":       421,
		"Host: 10.0.0.1":               421,
		"Host: localhost:x":            400,
		"Host:":                        400,
		"Host: localhost:1\r\nOrigin: http://localhost:1":                            200,
		"Host: localhost:1\r\nOrigin: https://LOCALHOST:1":                           200,
		"Host: localhost:1\r\nOrigin: http://localhost:2":                            403,
		"Host: localhost\r\nOrigin: null":                                            403,
		"Host: localhost\r\nOrigin:":                                                 403,
		"Host: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example": 403,
	} {
		response := send(t, server, "GET /health HTTP/1.1\r\n"+lines+"\r\n\r\n")
		if response.StatusCode != want {
			t.Errorf("%q: got %d, want %d", lines, response.StatusCode, want)
		}
		if want != 200 && response.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%q: got %s", lines, response.Header)
		}
	}
	for target, want := range map[string]int{
		"/health#x": 400, "/health?a#b": 400, "/health%23x": 404,
		"http://localhost/health": 200, "http://evil.example/health": 421,
	} {
		if got := send(t, server, "GET "+target+" HTTP/1.1\r\nHost: localhost\r\n\r\n").StatusCode; got != want {
			t.Errorf("%s: got %d, want %d", target, got, want)
		}
	}
	if got := send(t, server, "GET /health HTTP/1.0\r\n\r\n").StatusCode; got != 200 {
		t.Errorf("without a host in HTTP/1.0: got %d", got)
	}
}

func TestABodyThatStopsIsEnded(t *testing.T) {
	bodyTime = 300 * time.Millisecond
	defer func() { bodyTime = 10 * time.Second }()
	taking := &Daemon{Name: "taker", Schemas: []byte(`{}`), Routes: []Route{{
		Method: http.MethodPost, Path: "/take", Handle: func(w http.ResponseWriter, r *http.Request) *Problem {
			if _, refused := ReadBody(w, r); refused != nil {
				return refused
			}
			Answer(w, http.StatusOK, struct{}{})
			return nil
		},
	}}}
	server := httptest.NewServer(Handler("taker", nil, taking))
	defer server.Close()
	const head = " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	for _, framing := range []string{"Content-Length: 9\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"} {
		response := send(t, server, "POST /take"+head+framing)
		var problem struct{ Detail string }
		json.NewDecoder(response.Body).Decode(&problem)
		if response.StatusCode != 408 || !response.Close || problem.Detail != "the body was not complete after 0.3 s" {
			t.Errorf("%q: got %d %v %s", framing, response.StatusCode, response.Close, problem.Detail)
		}
		if got := send(t, server, "GET /health"+head+framing).StatusCode; got != 200 {
			t.Errorf("%q that nobody reads: got %d", framing, got)
		}
	}
	if got := send(t, server, "POST /take"+head+"Content-Length: 2\r\n\r\n{}").StatusCode; got != 200 {
		t.Errorf("a whole body: got %d", got)
	}
}

func TestFaultsAreNamedUpToABound(t *testing.T) {
	read, faults := NewFields()
	for range 100 {
		read.Fault("/a", "wrong")
	}
	read.Unfit("/b", "told only where no shape is wrong")
	problem := faults.Problem(422)
	if len(problem.Errors) != mostErrors || !strings.HasSuffix(problem.Detail, "; and more") || strings.Contains(problem.Detail, "/b") {
		t.Errorf("got %v", problem)
	}
}
