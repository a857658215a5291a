package materializer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"

	"lakehouse/internal/rfc8785"
	"lakehouse/internal/strictjson"
	"lakehouse/internal/timestamp"
)

// largest is the size beyond which a double does not keep every whole number.
const largest = 1<<53 - 1

// row is what one line of a source holds.
type row struct{ strictjson.Object }

// readRow reads a line without its end; the error is the reason why it is none.
func readRow(line []byte) (row, error) {
	value, err := strictjson.ParseAnySize(line)
	if err != nil {
		return row{}, errors.New("not JSON")
	}
	if holdsLargeNumber(value) {
		return row{}, errors.New("a number is out of range")
	}
	object, isObject := value.(strictjson.Object)
	if !isObject {
		return row{}, errors.New("not an object")
	}
	return row{object}, nil
}

func holdsLargeNumber(value any) bool {
	switch value := value.(type) {
	case json.Number:
		number, _ := value.Float64() // Infinite where it overflows.
		return math.Abs(number) > largest
	case []any:
		return slices.ContainsFunc(value, holdsLargeNumber)
	case strictjson.Object:
		for _, member := range value.Values {
			if holdsLargeNumber(member) {
				return true
			}
		}
	}
	return false
}

// signature returns the SHA-256 of the RFC 8785 form, in hex.
func (r row) signature() string {
	sum := sha256.Sum256(rfc8785.Append(nil, r.Object))
	return hex.EncodeToString(sum[:])
}

// text returns a member that is a string, and of any other nothing.
func (r row) text(name string) string {
	text, _ := r.Text(name)
	return text
}

// list returns a member that is a list, and of any other nothing.
func (r row) list(name string) []any {
	list, _ := r.Values[name].([]any)
	return list
}

// picked returns some members in this order; those that are absent are nil.
func (r row) picked(names ...string) rfc8785.Members {
	members := make(rfc8785.Members, len(names))
	for i, name := range names {
		members[i] = rfc8785.Member{Name: name, Value: r.Values[name]}
	}
	return members
}

// member is what a transform reads of a row: of one kind; words are those that it may be.
type member struct {
	name     string
	kind     kind
	required bool
	words    []string
}

type kind int

const (
	aString kind = iota
	aTime
	aBoolean
	anInteger
	aNumber
	listOfStrings
	tokens
	anything
)

// kinds tells what each kind is called where a member is not of it, and when it is.
var kinds = map[kind]struct {
	called string
	holds  func(any) bool
}{
	aString:       {"a string", is[string]},
	aTime:         {"a string", is[string]},
	aBoolean:      {"a boolean", is[bool]},
	anInteger:     {"an integer", isWhole},
	aNumber:       {"a number", is[json.Number]},
	listOfStrings: {"a list of strings", areStrings},
	tokens:        {"an object", areTokens},
	anything:      {"a value", func(any) bool { return true }},
}

func is[T any](value any) bool {
	_, isOne := value.(T)
	return isOne
}

func isWhole(value any) bool {
	lexeme, isNumber := value.(json.Number)
	number, _ := lexeme.Float64()
	return isNumber && number == math.Trunc(number)
}

func areStrings(value any) bool {
	items, isList := value.([]any)
	return isList && !slices.ContainsFunc(items, func(item any) bool { return !is[string](item) })
}

// areTokens tells whether a value is an object whose counts are whole, where it has them.
func areTokens(value any) bool {
	object, isObject := value.(strictjson.Object)
	isCount := func(name string) bool { return object.Values[name] == nil || isWhole(object.Values[name]) }
	return isObject && isCount("prompt") && isCount("completion")
}

// check holds a row against the members of its transform, in their order; the error is the first reason.
func (r row) check(members []member) error {
	for _, each := range members {
		if reason := each.reasonAgainst(r.Values[each.name]); reason != "" {
			return errors.New("member " + each.name + " is " + reason)
		}
	}
	return nil
}

// reasonAgainst returns what is wrong with a value, if anything. Null counts as absent.
func (m member) reasonAgainst(value any) string {
	if value == nil {
		if m.required {
			return "missing"
		}
		return ""
	}
	if !kinds[m.kind].holds(value) {
		return "not " + kinds[m.kind].called
	}
	text, isText := value.(string)
	items, isList := value.([]any)
	if m.required && (isText && text == "" || isList && len(items) == 0) {
		return "empty"
	}
	if m.words != nil && !slices.Contains(m.words, text) {
		return "not one of " + strings.Join(m.words, ", ")
	}
	if m.kind == aTime && !isTime(text) {
		return "not a time"
	}
	return ""
}

func isTime(text string) bool {
	_, isOne := timestamp.UTC(text)
	return isOne
}

// time returns a member that has been checked to be one.
func (r row) time(name string) string {
	time, _ := timestamp.UTC(r.text(name))
	return time
}
