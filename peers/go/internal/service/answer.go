package service

// Answers: values as compact JSON, with their media type and length.

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
)

// Answer writes a value as JSON.
func Answer(w http.ResponseWriter, status int, value any) {
	writeBytes(w, status, "application/json", encoded(value))
}

// NoContent answers 204.
func NoContent(w http.ResponseWriter) {
	w.WriteHeader(http.StatusNoContent)
}

func encoded(value any) []byte {
	body, err := Encode(value)
	if err != nil { // Every value written here is made of strings, lists and finite numbers.
		panic(err)
	}
	return body
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

// Real is a number that is always written with a fraction or an exponent, so that a whole one stays a real number for
// readers that tell 1 and 1.0 apart.
type Real float64

// MarshalJSON writes the shortest text that reads back as the same number.
func (r Real) MarshalJSON() ([]byte, error) {
	return AppendReal(nil, float64(r)), nil
}

// AppendReal writes a real number behind text.
func AppendReal(text []byte, number float64) []byte {
	const leastPlain, beyondPlain = 1e-6, 1e15 // Beyond these, digits and zeros would only be counted.
	if size := math.Abs(number); size != 0 && (size < leastPlain || size >= beyondPlain) {
		return strconv.AppendFloat(text, number, 'e', -1, 64)
	}
	begin := len(text)
	text = strconv.AppendFloat(text, number, 'f', -1, 64)
	if bytes.IndexByte(text[begin:], '.') < 0 {
		text = append(text, ".0"...)
	}
	return text
}

func newRequestID() string {
	var id [16]byte
	rand.Read(id[:]) // Never fails.
	return hex.EncodeToString(id[:])
}
