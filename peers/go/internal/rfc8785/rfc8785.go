// Package rfc8785 writes JSON as RFC 8785 spells it: numbers and strings as ECMAScript writes them, the members of what was
// read sorted by the UTF-16 units of their names. encoding/json is not used to write: it escapes <, >, & and U+2028.
package rfc8785

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"lakehouse/internal/strictjson"
)

// Member is a named value.
type Member struct {
	Name  string
	Value any
}

// Members is an object that is written in its own order.
type Members []Member

// Append writes a value behind text. It panics on a type that no row and no record has.
func Append(text []byte, value any) []byte {
	switch value := value.(type) {
	case nil:
		return append(text, "null"...)
	case bool:
		return strconv.AppendBool(text, value)
	case int:
		return strconv.AppendInt(text, int64(value), 10)
	case json.Number:
		number, _ := value.Float64() // Rows with a number that no double holds are refused before.
		return appendNumber(text, number)
	case string:
		return appendString(text, value)
	case []any:
		return appendList(text, value)
	case []string:
		return appendList(text, value)
	case []Members:
		return appendList(text, value)
	case Members:
		return appendMembers(text, value)
	case strictjson.Object:
		return appendMembers(text, sorted(value))
	}
	panic(fmt.Sprintf("rfc8785: a value of type %T", value))
}

func appendList[T any](text []byte, items []T) []byte {
	text = append(text, '[')
	for i, item := range items {
		if i > 0 {
			text = append(text, ',')
		}
		text = Append(text, item)
	}
	return append(text, ']')
}

func appendMembers(text []byte, members Members) []byte {
	text = append(text, '{')
	for i, member := range members {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(appendString(text, member.Name), ':')
		text = Append(text, member.Value)
	}
	return append(text, '}')
}

// sorted returns the members of an object by the UTF-16 units of their names.
func sorted(object strictjson.Object) Members {
	names := slices.Clone(object.Names)
	if slices.ContainsFunc(names, reachesBeyondASCII) {
		slices.SortFunc(names, func(a, b string) int {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		})
	} else {
		slices.Sort(names)
	}
	members := make(Members, len(names))
	for i, name := range names {
		members[i] = Member{name, object.Values[name]}
	}
	return members
}

func reachesBeyondASCII(name string) bool {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// appendNumber writes a double as ECMAScript's Number::toString does.
func appendNumber(text []byte, number float64) []byte {
	const leastPlain, beyondPlain = 1e-6, 1e21
	size := math.Abs(number)
	if size == 0 {
		return append(text, '0')
	}
	if size >= leastPlain && size < beyondPlain {
		return strconv.AppendFloat(text, number, 'f', -1, 64)
	}
	text = strconv.AppendFloat(text, number, 'e', -1, 64)
	if end := len(text); text[end-2] == '0' && text[end-3] < '0' { // Go writes two digits at least: e-07, behind a sign.
		text = append(text[:end-2], text[end-1])
	}
	return text
}

func appendString(text []byte, value string) []byte {
	text = append(text, '"')
	plain := 0
	for i := range len(value) {
		if value[i] >= ' ' && value[i] != '"' && value[i] != '\\' {
			continue
		}
		text = append(text, value[plain:i]...)
		text = appendEscape(text, value[i])
		plain = i + 1
	}
	return append(append(text, value[plain:]...), '"')
}

func appendEscape(text []byte, unit byte) []byte {
	switch unit {
	case '"', '\\':
		return append(text, '\\', unit)
	case '\b':
		return append(text, `\b`...)
	case '\f':
		return append(text, `\f`...)
	case '\n':
		return append(text, `\n`...)
	case '\r':
		return append(text, `\r`...)
	case '\t':
		return append(text, `\t`...)
	}
	return fmt.Appendf(text, `\u%04x`, unit)
}
