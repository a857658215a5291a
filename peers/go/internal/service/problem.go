package service

// Problem documents (RFC 9457): every refusal except a failed rule.

import (
	"fmt"
	"net/http"
)

// Problem is what is wrong with a request.
type Problem struct {
	Status int
	Detail string
	// Errors name the members of the body that are wrong, where some are.
	Errors []FieldError
	// Extensions are further members of the document (RFC 9457, section 3.2): a struct, whose members come last.
	Extensions any
}

func refusal(status int, detail string) *Problem {
	return &Problem{Status: status, Detail: detail}
}

type problemDocument struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail"`
	Instance string       `json:"instance"`
	Errors   []FieldError `json:"errors,omitempty"`
}

func refuse(w http.ResponseWriter, r *http.Request, refused *Problem) {
	control := http.NewResponseController(w)
	control.EnableFullDuplex() // Else net/http itself reads on before it answers. An error means that it cannot.
	body := encoded(problemDocument{
		Type:     "about:blank",
		Title:    title(refused.Status),
		Status:   refused.Status,
		Detail:   refused.Detail,
		Instance: r.URL.EscapedPath(),
		Errors:   refused.Errors,
	})
	if refused.Extensions != nil {
		// Both are objects with members: the second one continues the first.
		body = append(append(body[:len(body)-1], ','), encoded(refused.Extensions)[1:]...)
	}
	writeBytes(w, refused.Status, "application/problem+json", body)
	discardBody(control, r)
}

func methodNotAllowed(w http.ResponseWriter, r *http.Request, allow string) *Problem {
	w.Header().Set("Allow", allow)
	return refusal(http.StatusMethodNotAllowed, fmt.Sprintf("method %s is not allowed", r.Method))
}

// title is the status' name in RFC 9110, where it differs from the older one that net/http still knows.
func title(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return "Content Too Large"
	case http.StatusUnprocessableEntity:
		return "Unprocessable Content"
	}
	return http.StatusText(status)
}
