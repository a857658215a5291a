package service

// The body of a request: read up to a limit of size and time, or thrown away. A connection that is closed on unread bytes is reset, and a
// reset can overtake the answer. So what is left of a refused request is thrown away after its answer, within bounds of
// size and time.

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"lakehouse/internal/strictjson"
)

// BodyLimit is the size of the largest body, in bytes.
const BodyLimit = 8 << 20

// bodyTime is how long a body may take; a test makes it short.
var bodyTime = 10 * time.Second

const (
	discardLimit = 16 << 20
	discardTime  = time.Second
)

// ReadDocument reads the body of a JSON request as an object, whose members are then read one by one.
func ReadDocument(w http.ResponseWriter, r *http.Request) (*Fields, *Faults, *Problem) {
	body, refused := ReadBody(w, r)
	if refused != nil {
		return nil, nil, refused
	}
	value, err := strictjson.Parse(body)
	if err != nil {
		return nil, nil, refusal(http.StatusBadRequest, err.Error())
	}
	read, faults := ReadFields(value)
	return read, faults, nil
}

// ReadBody reads the body of a JSON request, never more than the limit of it.
func ReadBody(w http.ResponseWriter, r *http.Request) ([]byte, *Problem) {
	if !isJSON(r.Header.Get("Content-Type")) {
		return nil, refusal(http.StatusUnsupportedMediaType, "content type must be application/json")
	}
	return readAll(w, r, BodyLimit, bodyTime)
}

// ReadFile reads a body of another media type, whose limits of size and time are its own.
func ReadFile(w http.ResponseWriter, r *http.Request, mediaType string, limit int64, limitTime time.Duration) ([]byte, *Problem) {
	given, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(given), mediaType) {
		w.Header().Set("Accept", mediaType)
		return nil, refusal(http.StatusUnsupportedMediaType, "content type must be "+mediaType)
	}
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(limitTime)) // An error means that it cannot.
	return readAll(w, r, limit, limitTime)
}

func readAll(w http.ResponseWriter, r *http.Request, limit int64, limitTime time.Duration) ([]byte, *Problem) {
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, refusal(http.StatusUnsupportedMediaType, "body must not be encoded")
	}
	tooLarge := refusal(http.StatusRequestEntityTooLarge, fmt.Sprintf("body is over the limit of %d bytes", limit))
	if r.ContentLength > limit {
		return nil, tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var overLimit *http.MaxBytesError
	switch {
	case errors.As(err, &overLimit):
		return nil, tooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		w.Header().Set("Connection", "close")
		return nil, refusal(http.StatusRequestTimeout, fmt.Sprintf("the body was not complete after %g s", limitTime.Seconds()))
	case err != nil:
		return nil, refusal(http.StatusBadRequest, "body could not be read")
	}
	http.NewResponseController(w).SetReadDeadline(time.Time{})
	return body, nil
}

// isJSON is true for application/json, which a charset of UTF-8 may follow.
func isJSON(contentType string) bool {
	parts := strings.Split(strings.ToLower(contentType), ";")
	for _, part := range parts[1:] {
		if charset := strings.TrimSpace(part); charset != "charset=utf-8" && charset != `charset="utf-8"` {
			return false
		}
	}
	return strings.TrimSpace(parts[0]) == "application/json"
}

// discardBody throws away what is left of a body once its request is answered.
func discardBody(control *http.ResponseController, r *http.Request) {
	// A client that asked whether to send a body is told by the answer not to.
	if r.ContentLength == 0 || r.Header.Get("Expect") != "" {
		return
	}
	if control.Flush() != nil || control.SetReadDeadline(time.Now().Add(discardTime)) != nil {
		return
	}
	io.CopyN(io.Discard, r.Body, discardLimit)
}
