package service

// Answers: values as compact JSON, with their media type and length.

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
)

// Answer writes a value as JSON.
func Answer(w http.ResponseWriter, status int, value any) {
	write(w, status, "application/json", value)
}

func write(w http.ResponseWriter, status int, mediaType string, value any) {
	body, err := Encode(value)
	if err != nil { // Every value written here is made of strings, lists and finite numbers.
		panic(err)
	}
	writeBytes(w, status, mediaType, body)
}

func writeBytes(w http.ResponseWriter, status int, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

// Encode writes a value as compact JSON, without encoding/json's escapes of <, > and & and its last newline.
func Encode(value any) ([]byte, error) {
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
