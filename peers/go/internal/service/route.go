package service

// Routes: one method of one path. Paths are matched as they are written: no cleaning, no redirects, a trailing slash is
// another path. A segment {name} stands for any one segment that is not empty, and is decoded.

import (
	"net/http"
	"net/url"
	"strings"
)

// Route is one operation of a daemon, and what its description says of it.
type Route struct {
	Method  string
	Path    string
	Summary string
	// Body names the schema of the body, empty where none is read.
	Body string
	// MediaType is that of the body, JSON unless given.
	MediaType string
	// Query names the schema of each parameter in the query; all must be there.
	Query map[string]string
	// Answers names the schema of what each status answers; those that end in "Problem" are problem
	// documents.
	Answers map[int]string
	// Handle answers, or says why it does not.
	Handle func(w http.ResponseWriter, r *http.Request) *Problem
}

func (r *Route) match(segments []string) (map[string]string, bool) {
	wanted := strings.Split(r.Path, "/")
	if len(wanted) != len(segments) {
		return nil, false
	}
	values := map[string]string{}
	for i, segment := range segments {
		value, err := url.PathUnescape(segment)
		if err != nil {
			return nil, false
		}
		name, isSlot := slot(wanted[i])
		switch {
		case isSlot && value != "":
			values[name] = value
		case isSlot || wanted[i] != value:
			return nil, false
		}
	}
	return values, true
}

// slot returns the name of a segment {name}.
func slot(segment string) (string, bool) {
	name, opened := strings.CutPrefix(segment, "{")
	name, closed := strings.CutSuffix(name, "}")
	return name, opened && closed
}

// methods lists what the route answers: GET answers HEAD, too.
func (r *Route) methods() []string {
	if r.Method == http.MethodGet {
		return []string{http.MethodGet, http.MethodHead}
	}
	return []string{r.Method}
}

func (r *Route) answers(method string) bool {
	return method == r.Method || method == http.MethodHead && r.Method == http.MethodGet
}
