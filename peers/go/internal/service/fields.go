package service

// Fields of a body, read strictly. In: an object. Out: its values, and every fault with the JSON Pointer of its place:
// the members that are known in the order in which they are read, then those that are unknown as they were sent.

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lakehouse/internal/strictjson"
)

const (
	// mostErrors is how many faults one answer names.
	mostErrors = 20
	// longestName bounds the names of unknown members that an answer repeats.
	longestName = 64
)

// FieldError is one wrong member of a body: its JSON Pointer, empty for the whole, and what is wrong there.
type FieldError struct {
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
}

// Faults are those of one body.
type Faults struct {
	shape []FieldError
	// meaning holds what is wrong with values of the right shape. It is told only where no shape is wrong.
	meaning []FieldError
}

// Problem is nil where there is no fault.
func (f *Faults) Problem(status int) *Problem {
	return f.ProblemOf("the body does", status)
}

// ProblemOf names what does not fit: the subject and the verb of the sentence.
func (f *Faults) ProblemOf(what string, status int) *Problem {
	errors := f.shape
	if len(errors) == 0 {
		errors = f.meaning
	}
	if len(errors) == 0 {
		return nil
	}
	told := errors[:min(mostErrors, len(errors))]
	var said []string
	for _, one := range told {
		place := one.Pointer
		if place == "" {
			place = "(the whole document)"
		}
		said = append(said, place+": "+one.Detail)
	}
	if len(errors) > mostErrors {
		said = append(said, "and more")
	}
	return &Problem{Status: status, Detail: what + " not fit: " + strings.Join(said, "; "), Errors: told}
}

// Fields reads the members of one object.
type Fields struct {
	Object strictjson.Object
	place  string
	faults *Faults
}

// NewFields makes the fields of a document that nothing is known of yet, and the faults that will be found in it.
func NewFields() (*Fields, *Faults) {
	faults := &Faults{}
	return &Fields{faults: faults}, faults
}

// ReadFields reads a value as the body of a request: an object.
func ReadFields(value any) (*Fields, *Faults) {
	read, faults := NewFields()
	read.Object, _ = read.asObject("", value)
	return read, faults
}

// Below reads a value at a pointer below these fields as an object, if it is one.
func (f *Fields) Below(pointer string, value any) (*Fields, bool) {
	object, isObject := f.asObject(pointer, value)
	return &Fields{Object: object, place: f.place + pointer, faults: f.faults}, isObject
}

func (f *Fields) asObject(pointer string, value any) (strictjson.Object, bool) {
	object, isObject := value.(strictjson.Object)
	if !isObject {
		f.Fault(pointer, "expected an object")
	}
	return object, isObject
}

// Fault notes that the shape of a value is wrong.
func (f *Fields) Fault(pointer, detail string) {
	if len(f.faults.shape) <= mostErrors {
		f.faults.shape = append(f.faults.shape, FieldError{f.place + pointer, detail})
	}
}

// Unfit notes that a value of the right shape is none that can be used.
func (f *Fields) Unfit(pointer, detail string) {
	if len(f.faults.meaning) <= mostErrors {
		f.faults.meaning = append(f.faults.meaning, FieldError{f.place + pointer, detail})
	}
}

// OnlyKnows notes a fault at each member of another name.
func (f *Fields) OnlyKnows(names ...string) {
	for _, name := range f.Object.Names {
		if slices.Contains(names, name) {
			continue
		}
		pointer := ""
		if len([]rune(name)) <= longestName {
			pointer = Pointer(name)
		}
		f.Fault(pointer, "an unknown member")
	}
}

// Pointer is the JSON Pointer of a member.
func Pointer(name string) string {
	return "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// Member gives a member, and notes a fault where it must be there and is not.
func (f *Fields) Member(name string, isRequired bool) (any, bool) {
	value, given := f.Object.Values[name]
	if !given && isRequired && f.Object.Values != nil {
		f.Fault(Pointer(name), "the member is missing")
	}
	return value, given
}

// Integer reads a whole number between two bounds; fallback is its value where it is absent, negative where it must not be.
func (f *Fields) Integer(name string, least, most, fallback int) int {
	value, given := f.Member(name, fallback < 0)
	if !given {
		return fallback
	}
	number, isNumber := value.(json.Number)
	count, err := strconv.Atoi(number.String())
	if !isNumber || err != nil || count < least || count > most {
		f.Fault(Pointer(name), fmt.Sprintf("expected an integer from %d to %d", least, most))
	}
	return count
}

// Text reads a string that the pattern fits, any string without one.
func (f *Fields) Text(name string, isRequired bool, pattern *regexp.Regexp) (string, bool) {
	value, given := f.Member(name, isRequired)
	text, isString := value.(string)
	switch {
	case !given:
	case !isString:
		f.Fault(Pointer(name), "expected a string")
	case pattern != nil && !pattern.MatchString(text):
		f.Fault(Pointer(name), "expected a string that fits "+pattern.String())
	}
	return text, isString
}

// Characters reads a string of at least so many characters and at most so many; one of at least 1 must be there.
func (f *Fields) Characters(name string, least, most int) (string, bool) {
	value, given := f.Member(name, least > 0)
	text, isString := value.(string)
	if length := utf8.RuneCountInString(text); given && (!isString || length < least || length > most) {
		f.Fault(Pointer(name), fmt.Sprintf("expected a string of %d to %d characters", least, most))
	}
	return text, given
}

// Boolean reads true or false, false where it is absent.
func (f *Fields) Boolean(name string) bool {
	value, given := f.Member(name, false)
	isSet, isBoolean := value.(bool)
	if given && !isBoolean {
		f.Fault(Pointer(name), "expected a boolean")
	}
	return isSet
}

// Number reads a required number between two bounds.
func (f *Fields) Number(name string, least, most float64) float64 {
	value, given := f.Member(name, true)
	lexeme, isNumber := value.(json.Number)
	number, err := lexeme.Float64()
	if given && (!isNumber || err != nil || number < least || number > most) {
		f.Fault(Pointer(name), fmt.Sprintf("expected a number from %g to %g", least, most))
	}
	return number
}

// Strings reads an array of at most so many strings; an absent one is empty.
func (f *Fields) Strings(name string, most int) []string {
	elements := f.List(name, 0, most)
	texts := make([]string, 0, len(elements))
	for i, element := range elements {
		text, isString := element.(string)
		if !isString {
			f.Fault(fmt.Sprintf("%s/%d", Pointer(name), i), "expected a string")
		}
		texts = append(texts, text)
	}
	return texts
}

// Numbers reads the numbers of an array that was read; what is none is a fault.
func (f *Fields) Numbers(name string, elements []any) []float64 {
	numbers := make([]float64, len(elements))
	for i, element := range elements {
		lexeme, isNumber := element.(json.Number)
		number, err := lexeme.Float64()
		if !isNumber || err != nil {
			f.Fault(fmt.Sprintf("%s/%d", Pointer(name), i), "expected a number")
		}
		numbers[i] = number
	}
	return numbers
}

// List reads an array of at least so many elements and at most so many; an absent one is empty unless it must be there.
func (f *Fields) List(name string, least, most int) []any {
	value, given := f.Member(name, least > 0)
	if !given {
		return nil
	}
	elements, isList := value.([]any)
	if !isList || len(elements) < least || len(elements) > most {
		f.Fault(Pointer(name), fmt.Sprintf("expected an array of %d to %d elements", least, most))
	}
	return elements
}
