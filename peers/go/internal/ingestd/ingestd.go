// Package ingestd makes datasets of CSV files: typed rows as Parquet, registered in the catalog under a name. A bad row is an
// error with the number of its line, and then nothing is stored or registered.
package ingestd

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"lakehouse/internal/catalogd"
	"lakehouse/internal/service"
)

const (
	bucket    = "datasets"
	mediaType = "text/csv"
	// largestFile is in bytes; bodyTime is how long one may take to come, at about 1 MiB a second.
	largestFile = 64 << 20
	bodyTime    = 60 * time.Second
)

//go:embed schemas.json
var schemas []byte

type daemon struct {
	objects *objects
	catalog *catalogd.Catalog
}

// New makes the daemon. Objects are kept in the folder, which is made where it is missing, datasets in the catalog.
func New(folder string, catalog *catalogd.Catalog) (*service.Daemon, error) {
	kept, err := openObjects(folder)
	if err != nil {
		return nil, err
	}
	serving := &daemon{kept, catalog}
	return &service.Daemon{
		Name:    "ingestd",
		Schemas: schemas,
		Routes: []service.Route{{
			Method: http.MethodPost, Path: "/ingest", Body: "File", MediaType: mediaType, Query: map[string]string{"name": "DatasetName"},
			Summary: "Make a dataset of a CSV file, or give one of the same schema new rows. Objects of earlier rows stay.",
			Answers: map[int]string{201: "Ingested", 409: "Problem", 422: "FileProblem", 500: "Problem"},
			Handle:  serving.ingest,
		}},
	}, nil
}

type ingested struct {
	DatasetID string            `json:"dataset_id"`
	Name      string            `json:"name"`
	Rows      int               `json:"rows"`
	Schema    []catalogd.Column `json:"schema"`
	Objects   []catalogd.Object `json:"objects"`
}

func (d *daemon) ingest(w http.ResponseWriter, r *http.Request) *service.Problem {
	name, refused := readName(r)
	if refused != nil {
		return refused
	}
	body, refused := service.ReadFile(w, r, mediaType, largestFile, bodyTime)
	if refused != nil {
		return refused
	}
	read, err := readTable(body)
	if err != nil {
		return badFile(err)
	}
	stored, err := d.objects.store(bucket, name, read)
	if err != nil {
		return &service.Problem{Status: http.StatusInternalServerError, Detail: "the rows could not be stored"}
	}
	manifest, _, err := d.catalog.Register(catalogd.Registration{
		Name: name, Schema: read.schema(), Objects: []catalogd.Object{stored}, RowCount: len(read.rows),
	})
	if err != nil {
		d.objects.remove(stored) // What is left over takes room and harms nobody.
		return conflict(err)
	}
	service.Answer(w, http.StatusCreated, ingested{
		DatasetID: manifest.DatasetID, Name: name, Rows: len(read.rows), Schema: manifest.Schema, Objects: manifest.Objects,
	})
	return nil
}

// readName reads the only parameter of the query.
func readName(r *http.Request) (string, *service.Problem) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "", &service.Problem{Status: http.StatusBadRequest, Detail: "the query cannot be read"}
	}
	parameters, faults := service.NewFields()
	names := query["name"]
	switch {
	case len(names) == 0:
		parameters.Fault("/name", "the member is missing")
	case len(names) > 1:
		parameters.Fault("/name", "it stands more than once")
	case !catalogd.DatasetName.MatchString(names[0]):
		parameters.Fault("/name", "expected a string that fits "+catalogd.DatasetName.String())
	}
	for _, other := range slices.Sorted(maps.Keys(query)) {
		if other != "name" {
			parameters.Fault(service.Pointer(other), "an unknown member")
		}
	}
	if refused := faults.ProblemOf("the query parameters do", http.StatusUnprocessableEntity); refused != nil {
		return "", refused
	}
	return names[0], nil
}

// conflict is what a caller gets for a registration that failed. Fingerprints would say nothing to one who has a file.
func conflict(err error) *service.Problem {
	refused := catalogd.Refusal(err)
	refused.Extensions = nil
	return refused
}

// place is the line of a bad row, null where no line is to blame.
type place struct {
	Line *int `json:"line"`
}

func badFile(err error) *service.Problem {
	refused := &service.Problem{Status: http.StatusUnprocessableEntity, Detail: "the file: " + err.Error(), Extensions: place{}}
	var at *lineError
	if errors.As(err, &at) {
		refused.Detail = fmt.Sprintf("line %d: %s", at.line, at.reason)
		refused.Extensions = place{&at.line}
	}
	return refused
}
