package vectord

// Filters name members of an item's metadata, and all that they name must hold: a value, one of a list of values, or
// bounds on a number or a string. Where the metadata has a list, one of its elements is enough; a member that is absent
// never holds.

import (
	"cmp"
	"encoding/json"

	"lakehouse/internal/strictjson"
)

type filter map[string]condition

// condition holds for some scalars of the metadata.
type condition struct {
	holds func(value any) bool
	// texts are all that it holds for; nil where it holds for more, such as a range of them.
	texts []string
}

func (f filter) accepts(metadata strictjson.Object) bool {
	for name, wanted := range f {
		value, given := metadata.Values[name]
		if !given || !holdsForAny(value, wanted.holds) {
			return false
		}
	}
	return true
}

func holdsForAny(value any, holds func(value any) bool) bool {
	elements, isList := value.([]any)
	if !isList {
		return isScalar(value) && holds(value)
	}
	for _, element := range elements {
		if isScalar(element) && holds(element) {
			return true
		}
	}
	return false
}

func isScalar(value any) bool {
	switch value.(type) {
	case strictjson.Object, []any:
		return false
	}
	return true
}

// equals is equality as JSON has it: 1 is 1.0, true is not 1.
func equals(wanted any) condition {
	return isOneOf([]any{wanted})
}

func isOneOf(wanted []any) condition {
	return condition{
		holds: func(value any) bool {
			for _, one := range wanted {
				if isEqual(value, one) {
					return true
				}
			}
			return false
		},
		texts: textsOf(wanted),
	}
}

func isEqual(value, wanted any) bool {
	order, comparable := compare(value, wanted)
	return comparable && order == 0 || value == wanted
}

// textsOf returns the elements of a list if each is a text, else nil.
func textsOf(wanted []any) []string {
	texts := make([]string, len(wanted))
	for i, one := range wanted {
		text, isText := one.(string)
		if !isText {
			return nil
		}
		texts[i] = text
	}
	return texts
}

// boundNames are the bounds there are, each with the orders that satisfy it.
var boundNames = map[string]func(order int) bool{
	"gt":  func(order int) bool { return order > 0 },
	"gte": func(order int) bool { return order >= 0 },
	"lt":  func(order int) bool { return order < 0 },
	"lte": func(order int) bool { return order <= 0 },
}

func isWithin(bounds strictjson.Object) condition {
	return condition{holds: func(value any) bool {
		for name, bound := range bounds.Values {
			if order, comparable := compare(value, bound); !comparable || !boundNames[name](order) {
				return false
			}
		}
		return true
	}}
}

// compare orders two numbers or two strings.
func compare(a, b any) (int, bool) {
	switch a := a.(type) {
	case string:
		b, isString := b.(string)
		return cmp.Compare(a, b), isString
	case json.Number:
		b, isNumber := b.(json.Number)
		left, _ := a.Float64()
		right, _ := b.Float64()
		return cmp.Compare(left, right), isNumber
	}
	return 0, false
}
