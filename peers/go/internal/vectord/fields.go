package vectord

// Fields of a body that only this daemon has.

import (
	"net/http"

	"lakehouse/internal/service"
	"lakehouse/internal/strictjson"
)

// fields reads the members of one object.
type fields struct {
	*service.Fields
}

// readFields reads the body of a request.
func readFields(w http.ResponseWriter, r *http.Request) (fields, *service.Faults, *service.Problem) {
	read, faults, refused := service.ReadDocument(w, r)
	return fields{read}, faults, refused
}

// id reads what names an item.
func (f fields) id(name string) string {
	text, _ := f.Characters(name, 1, longestID)
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
