package vectord

// Fields of a body, read strictly. In: an object. Out: typed values, and every fault with the JSON Pointer of its place.

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"lakehouse/internal/service"
	"lakehouse/internal/strictjson"
)

// mostFaults is how many faults one answer names.
const mostFaults = 20

// fields reads the members of one object; what is wrong is noted in the list that all fields of a body share.
type fields struct {
	object strictjson.Object
	place  string
	faults *[]string
}

// readFields reads the body, which must be an object of these members.
func readFields(w http.ResponseWriter, r *http.Request, known ...string) (*fields, *service.Problem) {
	body, refused := service.ReadBody(w, r)
	if refused != nil {
		return nil, refused
	}
	value, err := strictjson.Parse(body)
	if err != nil {
		return nil, &service.Problem{Status: http.StatusBadRequest, Detail: err.Error()}
	}
	read := &fields{faults: &[]string{}}
	read.object, _ = read.asObject(value, known...)
	return read, nil
}

// asObject gives a value of the body as an object of these members.
func (f *fields) asObject(value any, known ...string) (strictjson.Object, bool) {
	object, isObject := value.(strictjson.Object)
	if !isObject {
		f.fault("", "expected an object")
		return object, false
	}
	for _, name := range object.Names {
		if !contains(known, name) {
			f.fault("/"+escaped(name), "an unknown member")
		}
	}
	return object, true
}

func contains(names []string, name string) bool {
	for _, known := range names {
		if known == name {
			return true
		}
	}
	return len(names) == 0
}

// escaped writes a name as a segment of a JSON Pointer.
func escaped(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

func (f *fields) fault(pointer, reason string) {
	place := f.place + pointer
	if place == "" {
		place = "(the whole document)"
	}
	*f.faults = append(*f.faults, place+": "+reason)
}

// problem is nil where there is no fault.
func (f *fields) problem() *service.Problem {
	faults := *f.faults
	if len(faults) == 0 {
		return nil
	}
	said := strings.Join(faults[:min(mostFaults, len(faults))], "; ")
	if more := len(faults) - mostFaults; more > 0 {
		said += fmt.Sprintf("; and %d more", more)
	}
	return &service.Problem{Status: http.StatusUnprocessableEntity, Detail: "the body does not fit: " + said}
}

// member notes a fault where a required member is missing.
func (f *fields) member(name string, isRequired bool) (any, bool) {
	value, given := f.object.Values[name]
	if !given && isRequired {
		f.fault("", "the member "+name+" is missing")
	}
	return value, given
}

// integer reads a whole number between two bounds; fallback is its value where it is absent, negative where it must not be.
func (f *fields) integer(name string, least, most, fallback int) int {
	value, given := f.member(name, fallback < 0)
	if !given {
		return fallback
	}
	number, isNumber := value.(json.Number)
	count, err := strconv.Atoi(number.String())
	if !isNumber || err != nil || count < least || count > most {
		f.fault("/"+name, fmt.Sprintf("expected an integer from %d to %d", least, most))
	}
	return count
}

// text reads a string that the pattern fits.
func (f *fields) text(name string, pattern *regexp.Regexp) string {
	value, given := f.member(name, true)
	text, isString := value.(string)
	if given && (!isString || !pattern.MatchString(text)) {
		f.fault("/"+name, "expected a string that fits "+pattern.String())
	}
	return text
}

// id reads what names an item.
func (f *fields) id(name string) string {
	value, given := f.member(name, true)
	text, isString := value.(string)
	if length := utf8.RuneCountInString(text); given && (!isString || length < 1 || length > longestID) {
		f.fault("/"+name, fmt.Sprintf("expected a string of 1 to %d characters", longestID))
	}
	return text
}

// list reads an array of at least so many elements and at most so many; an absent one is empty unless it must be there.
func (f *fields) list(name string, least, most int) []any {
	value, given := f.member(name, least > 0)
	if !given {
		return nil
	}
	elements, isList := value.([]any)
	if !isList || len(elements) < least || len(elements) > most {
		f.fault("/"+name, fmt.Sprintf("expected an array of %d to %d elements", least, most))
	}
	return elements
}
