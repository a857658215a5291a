package catalogd

// The bodies on the wire. Types of columns are SQL types; they are compared as text, and none is understood.

import (
	"fmt"
	"net/http"
	"regexp"

	"golang.org/x/text/cases"

	"lakehouse/internal/service"
)

const (
	longestColumn = 256
	longestType   = 65_536
	longestText   = 8 << 20 // more than a body can hold
	mostElements  = 1_000_000
	// largestCount is the largest integer that every JSON reader keeps exactly (RFC 7493).
	largestCount = 1<<53 - 1
)

// DatasetName is what every name of a dataset fits: lower case, since SQL does not tell case apart.
var DatasetName = regexp.MustCompile(`^[a-z_][a-z0-9_.-]{0,127}$`)

var sha256Text = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Column is one column of a dataset.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Object is what holds rows of a dataset, as Parquet.
type Object struct {
	Bucket    string `json:"bucket"`
	Key       string `json:"key"`
	SHA256    string `json:"sha256"`
	SizeBytes int    `json:"size_bytes"`
}

// Registration is what a dataset is to be from now on.
type Registration struct {
	Name     string
	Schema   []Column
	Objects  []Object
	RowCount int
}

// Manifest is all that is known about a dataset.
type Manifest struct {
	DatasetID    string   `json:"dataset_id"`
	Name         string   `json:"name"`
	Schema       []Column `json:"schema"`
	Fingerprint  string   `json:"schema_fingerprint"`
	Objects      []Object `json:"objects"`
	RowCount     int      `json:"row_count"`
	RegisteredAt string   `json:"registered_at"`
	UpdatedAt    string   `json:"updated_at"`
}

type datasets struct {
	Datasets []Manifest `json:"datasets"`
}

func readRegistration(w http.ResponseWriter, r *http.Request) (Registration, *service.Problem) {
	body, faults, refused := service.ReadDocument(w, r)
	if refused != nil {
		return Registration{}, refused
	}
	var read Registration
	read.Name, _ = body.Text("name", true, DatasetName)
	read.Schema = readColumns(body)
	read.Objects = readObjects(body)
	read.RowCount = body.Integer("row_count", 0, largestCount, -1)
	body.OnlyKnows("name", "schema", "objects", "row_count")
	return read, faults.Problem(http.StatusUnprocessableEntity)
}

func readColumns(body *service.Fields) []Column {
	elements := body.List("schema", 1, mostElements)
	columns := make([]Column, 0, len(elements))
	seen := map[string]bool{}
	for i, element := range elements {
		entry, isObject := body.Below(fmt.Sprintf("/schema/%d", i), element)
		if !isObject {
			continue
		}
		name, _ := entry.Characters("name", 1, longestColumn)
		kind, _ := entry.Characters("type", 1, longestType)
		entry.OnlyKnows("name", "type")
		columns = append(columns, Column{name, kind})
		folded := cases.Fold().String(name)
		if seen[folded] {
			entry.Unfit("/name", "a column before it has this name")
		}
		seen[folded] = true
	}
	return columns
}

func readObjects(body *service.Fields) []Object {
	body.Member("objects", true)
	elements := body.List("objects", 0, mostElements)
	objects := make([]Object, 0, len(elements))
	for i, element := range elements {
		entry, isObject := body.Below(fmt.Sprintf("/objects/%d", i), element)
		if !isObject {
			continue
		}
		var read Object
		read.Bucket, _ = entry.Characters("bucket", 1, longestText)
		read.Key, _ = entry.Characters("key", 1, longestText)
		read.SHA256, _ = entry.Text("sha256", true, sha256Text)
		read.SizeBytes = entry.Integer("size_bytes", 0, largestCount, -1)
		entry.OnlyKnows("bucket", "key", "sha256", "size_bytes")
		objects = append(objects, read)
	}
	return objects
}
