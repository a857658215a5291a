package main

// Problem documents (RFC 9457): every refusal except a failed rule.

import (
	"fmt"
	"net/http"
)

// problem is what is wrong with a request.
type problem struct {
	status int
	detail string
}

type problemDocument struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"`
	Instance string `json:"instance"`
}

func refuse(w http.ResponseWriter, r *http.Request, refused *problem) {
	control := http.NewResponseController(w)
	control.EnableFullDuplex() // Else net/http itself reads on before it answers. An error means that it cannot.
	write(w, refused.status, "application/problem+json", problemDocument{
		Type:     "about:blank",
		Title:    title(refused.status),
		Status:   refused.status,
		Detail:   refused.detail,
		Instance: r.URL.EscapedPath(),
	})
	discardBody(control, r)
}

func refuseMethod(w http.ResponseWriter, r *http.Request, allow string) {
	w.Header().Set("Allow", allow)
	refuse(w, r, &problem{http.StatusMethodNotAllowed, fmt.Sprintf("method %s is not allowed", r.Method)})
}

// title is the status' name in RFC 9110, where it differs from the older one that net/http still knows.
func title(status int) string {
	if status == http.StatusRequestEntityTooLarge {
		return "Content Too Large"
	}
	return http.StatusText(status)
}
