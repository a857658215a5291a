package main

// A strict JSON reader on top of encoding/json's tokens. In: the bytes of a body. Out: a tree of nil, bool, json.Number
// (the lexeme, so that 1 and 1.0 stay apart), string, []any and object. Refused: invalid UTF-8, lone surrogates (which
// encoding/json replaces silently), duplicate keys at any depth, trailing data, fractions that overflow a
// double, nesting deeper than maxDepth.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const maxDepth = 200

var errMalformed = errors.New("body is not valid JSON")

// object holds the members of a JSON object; names keep the order in which they were written.
type object struct {
	names  []string
	values map[string]any
}

// unknownMember returns the first name that is not among the known ones, spelled exactly.
func (o object) unknownMember(known ...string) (string, bool) {
	for _, name := range o.names {
		if !slices.Contains(known, name) {
			return name, true
		}
	}
	return "", false
}

// text returns the member if it is a string, else the empty string and false.
func (o object) text(name string) (string, bool) {
	text, isString := o.values[name].(string)
	return text, isString
}

func parseJSON(body []byte) (any, error) {
	// Syntax first, so that a broken body is never reported by the duplicate key before the break. Valid also refuses
	// trailing data.
	if !utf8.Valid(body) || !json.Valid(body) || holdsLoneSurrogate(body) {
		return nil, errMalformed
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return readValue(decoder, 0)
}

// readValue reads one value; depth is the number of arrays and objects around it.
func readValue(decoder *json.Decoder, depth int) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, errMalformed
	}
	if number, isNumber := token.(json.Number); isNumber && overflows(number) {
		return nil, errMalformed
	}
	opening, isContainer := token.(json.Delim)
	if !isContainer {
		return token, nil
	}
	if depth == maxDepth {
		return nil, errMalformed
	}
	var value any
	if opening == '{' {
		value, err = readObject(decoder, depth)
	} else {
		value, err = readArray(decoder, depth)
	}
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != nil { // The closing delimiter.
		return nil, errMalformed
	}
	return value, nil
}

// overflows is true for a number written with a fraction or an exponent that no double holds. An integer may have any
// length.
func overflows(number json.Number) bool {
	_, err := number.Float64()
	return err != nil && strings.ContainsAny(number.String(), ".eE")
}

func readArray(decoder *json.Decoder, depth int) (any, error) {
	items := []any{}
	for decoder.More() {
		item, err := readValue(decoder, depth+1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

func readObject(decoder *json.Decoder, depth int) (any, error) {
	read := object{values: map[string]any{}}
	for decoder.More() {
		token, err := decoder.Token()
		name, isString := token.(string)
		if err != nil || !isString {
			return nil, errMalformed
		}
		if _, twice := read.values[name]; twice {
			return nil, fmt.Errorf("body holds the key \"%s\" twice", name)
		}
		value, err := readValue(decoder, depth+1)
		if err != nil {
			return nil, err
		}
		read.names = append(read.names, name)
		read.values[name] = value
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

// countOf returns the value of an integer literal from 0 to 2^53-1, the largest that every JSON reader keeps exactly: an
// optional minus and digits, so neither 1.0 nor 1e0.
func countOf(value any) (uint64, bool) {
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
