package vectord

// Fields of a body that only this daemon has.

import (
	"fmt"
	"net/http"
	"unicode/utf8"

	"lakehouse/internal/service"
	"lakehouse/internal/strictjson"
)

// fields reads the members of one object.
type fields struct {
	*service.Fields
}

// readFields reads the body of a request.
func readFields(w http.ResponseWriter, r *http.Request) (fields, *service.Faults, *service.Problem) {
	body, refused := service.ReadBody(w, r)
	if refused != nil {
		return fields{}, nil, refused
	}
	value, err := strictjson.Parse(body)
	if err != nil {
		return fields{}, nil, &service.Problem{Status: http.StatusBadRequest, Detail: err.Error()}
	}
	read, faults := service.ReadFields(value)
	return fields{read}, faults, nil
}

// id reads what names an item.
func (f fields) id(name string) string {
	value, given := f.Member(name, true)
	text, isString := value.(string)
	if length := utf8.RuneCountInString(text); given && (!isString || length < 1 || length > longestID) {
		f.Fault("/"+name, fmt.Sprintf("expected a string of 1 to %d characters", longestID))
	}
	return text
}

func (f fields) metadata() strictjson.Object {
	value, given := f.Object.Values["metadata"]
	object, isObject := value.(strictjson.Object)
	if given && !isObject {
		f.Fault("/metadata", "expected an object")
	}
	return object
}
