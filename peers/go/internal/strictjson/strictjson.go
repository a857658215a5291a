// Package strictjson is a strict JSON reader on top of encoding/json's tokens. In: the bytes of a body. Out: a tree of nil,
// bool, json.Number (the lexeme, so that 1 and 1.0 stay apart), string, []any and Object. Refused: invalid UTF-8, lone
// surrogates (which encoding/json replaces silently), duplicate keys at any depth, trailing data, fractions that overflow
// a double, nesting deeper than MaxDepth.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth bounds the arrays and objects around each other.
const MaxDepth = 200

// ErrMalformed is what any text gets that is no JSON.
var ErrMalformed = errors.New("body is not valid JSON")

// Object holds the members of a JSON object; names keep the order in which they were written.
type Object struct {
	Names  []string
	Values map[string]any
}

// Text returns the member if it is a string, else the empty string and false.
func (o Object) Text(name string) (string, bool) {
	text, isString := o.Values[name].(string)
	return text, isString
}

// Parse reads a whole body.
func Parse(body []byte) (any, error) {
	return parse(body, false)
}

// ParseAnySize reads a whole text as Parse does, but for fractions that overflow a double, which it lets pass.
func ParseAnySize(text []byte) (any, error) {
	return parse(text, true)
}

// reader reads the values of one text.
type reader struct {
	*json.Decoder
	anySize bool
}

func parse(body []byte, anySize bool) (any, error) {
	// Syntax first, so that a broken body is never reported by the duplicate key before the break. Valid also refuses
	// trailing data.
	if !utf8.Valid(body) || !json.Valid(body) || holdsLoneSurrogate(body) {
		return nil, ErrMalformed
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return reader{decoder, anySize}.readValue(0)
}

// readValue reads one value; depth is the number of arrays and objects around it.
func (r reader) readValue(depth int) (any, error) {
	token, err := r.Token()
	if err != nil {
		return nil, ErrMalformed
	}
	if number, isNumber := token.(json.Number); isNumber && !r.anySize && overflows(number) {
		return nil, ErrMalformed
	}
	opening, isContainer := token.(json.Delim)
	if !isContainer {
		return token, nil
	}
	if depth == MaxDepth {
		return nil, ErrMalformed
	}
	var value any
	if opening == '{' {
		value, err = r.readObject(depth)
	} else {
		value, err = r.readArray(depth)
	}
	if err != nil {
		return nil, err
	}
	if _, err := r.Token(); err != nil { // The closing delimiter.
		return nil, ErrMalformed
	}
	return value, nil
}

// overflows is true for a number written with a fraction or an exponent that no double holds. An integer may have any
// length.
func overflows(number json.Number) bool {
	_, err := number.Float64()
	return err != nil && strings.ContainsAny(number.String(), ".eE")
}

func (r reader) readArray(depth int) (any, error) {
	items := []any{}
	for r.More() {
		item, err := r.readValue(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

func (r reader) readObject(depth int) (any, error) {
	read := Object{Values: map[string]any{}}
	for r.More() {
		token, err := r.Token()
		name, isString := token.(string)
		if err != nil || !isString {
			return nil, ErrMalformed
		}
		if _, twice := read.Values[name]; twice {
			return nil, fmt.Errorf("body holds the key \"%s\" twice", name)
		}
		value, err := r.readValue(depth + 1)
		if err != nil {
			return nil, err
		}
		read.Names = append(read.Names, name)
		read.Values[name] = value
	}
	return read, nil
}

// holdsLoneSurrogate looks for a \u escape that is half of a surrogate pair. The body must be valid JSON: there a
// backslash stands in strings only and every \u has its four digits.
func holdsLoneSurrogate(body []byte) bool {
	for at := bytes.IndexByte(body, '\\'); at >= 0 && at < len(body); at++ {
		if body[at] != '\\' {
			continue
		}
		at++ // Onto the escaped character, so that an escaped backslash escapes nothing.
		if body[at] != 'u' || !utf16.IsSurrogate(escapedUnit(body[at-1:])) {
			continue
		}
		pair := utf16.DecodeRune(escapedUnit(body[at-1:]), escapedUnit(body[at+5:]))
		if pair == utf8.RuneError {
			return true
		}
		at += 10 // Onto the last digit of the pair's second half.
	}
	return false
}

// escapedUnit returns the UTF-16 unit of the \uXXXX escape that the text begins with, 0 if it begins otherwise.
func escapedUnit(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return 0
	}
	return rune(unit)
}

// CountOf returns the value of an integer literal from 0 to 2^53-1, the largest that every JSON reader keeps exactly: an
// optional minus and digits, so neither 1.0 nor 1e0.
func CountOf(value any) (uint64, bool) {
	lexeme, isNumber := value.(json.Number)
	if !isNumber {
		return 0, false
	}
	if lexeme == "-0" {
		return 0, true
	}
	count, err := strconv.ParseUint(lexeme.String(), 10, 53)
	return count, err == nil
}
