// Package vectord keeps vector indexes: created, filled, searched and deleted by name, on one of three substrates.
package vectord

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"net/http"

	"lakehouse/internal/service"
)

//go:embed schemas.json
var schemas []byte

type daemon struct {
	catalog *catalog
}

// New makes the daemon, and what saves it once no request is in flight any more. Indexes are kept in the directory, which
// is made where it is missing.
func New(kind string, path string) (*service.Daemon, func() error, error) {
	opened, err := openCatalog(Substrates[kind], &directory{path: path})
	if err != nil {
		return nil, nil, err
	}
	serving := &daemon{catalog: opened}
	return &service.Daemon{
		Name:    "vectord",
		Schemas: schemas,
		Routes:  serving.routes(),
		Gauges:  map[string]func() float64{"vectord_indexes": serving.countIndexes, "vectord_items": serving.countItems},
	}, opened.stop, nil
}

func (d *daemon) routes() []service.Route {
	const index = "/vectors/index/{name}"
	return []service.Route{
		{
			Method: http.MethodPost, Path: "/vectors/index", Summary: "Create an index.", Body: "IndexSettings",
			Answers: map[int]string{200: "IndexState", 201: "IndexState", 409: "Problem", 422: "Problem", 500: "Problem"}, Handle: d.create,
		},
		{
			Method: http.MethodGet, Path: "/vectors/index", Summary: "List all indexes.",
			Answers: map[int]string{200: "IndexList"}, Handle: d.list,
		},
		{
			Method: http.MethodGet, Path: index, Summary: "Tell the state of an index.",
			Answers: map[int]string{200: "IndexState", 404: "Problem", 422: "Problem"}, Handle: d.show,
		},
		{
			Method: http.MethodDelete, Path: index, Summary: "Delete an index.",
			Answers: map[int]string{200: "IndexDeleted", 404: "Problem", 422: "Problem", 500: "Problem"}, Handle: d.delete,
		},
		{
			Method: http.MethodPost, Path: index + "/add", Summary: "Add or replace items.", Body: "Items",
			Answers: map[int]string{200: "ItemsAdded", 404: "Problem", 422: "Problem", 500: "Problem"}, Handle: d.add,
		},
		{
			Method: http.MethodPost, Path: index + "/search", Summary: "Find the nearest items.", Body: "Search",
			Answers: map[int]string{200: "Found", 404: "Problem", 422: "Problem", 500: "Problem"}, Handle: d.search,
		},
		{
			Method: http.MethodPost, Path: index + "/save", Summary: "Save an index now.",
			Answers: map[int]string{200: "Saved", 404: "Problem", 422: "Problem", 500: "Problem"}, Handle: d.save,
		},
		{
			Method: http.MethodDelete, Path: index + "/items/{id}", Summary: "Delete an item.",
			Answers: map[int]string{200: "ItemDeleted", 404: "Problem", 422: "Problem", 500: "Problem"}, Handle: d.remove,
		},
	}
}

// find returns the index that the request names.
func (d *daemon) find(r *http.Request) (*index, *service.Problem) {
	name := r.PathValue("name")
	if !indexName.MatchString(name) {
		wanted := "expected a string that fits " + indexName.String()
		return nil, &service.Problem{
			Status: http.StatusUnprocessableEntity,
			Detail: "the path parameters do not fit: /name: " + wanted,
			Errors: []service.FieldError{{Pointer: "/name", Detail: wanted}},
		}
	}
	if opened := d.catalog.get(name); opened != nil {
		return opened, nil
	}
	return nil, unknownIndex(name)
}

func unknownIndex(name string) *service.Problem {
	return &service.Problem{
		Status: http.StatusNotFound,
		Detail: fmt.Sprintf("there is no index %s; POST /vectors/index makes one", name),
	}
}

// failed is what a caller is told when work on an index fails.
func failed(name string, err error) *service.Problem {
	if errors.Is(err, errGone) {
		return unknownIndex(name)
	}
	return &service.Problem{Status: http.StatusInternalServerError, Detail: "the index failed: " + err.Error()}
}

func (d *daemon) create(w http.ResponseWriter, r *http.Request) *service.Problem {
	defined, refused := readDefinition(w, r)
	if refused != nil {
		return refused
	}
	created, isNew, err := d.catalog.create(defined)
	if err != nil {
		return failed(defined.Name, err)
	}
	if created.definition != defined {
		return &service.Problem{
			Status: http.StatusConflict,
			Detail: fmt.Sprintf("the index %s exists with other settings", defined.Name),
		}
	}
	state, err := created.state()
	if err != nil {
		return failed(defined.Name, err)
	}
	status := http.StatusOK
	if isNew {
		status = http.StatusCreated
	}
	service.Answer(w, status, state)
	return nil
}

func (d *daemon) list(w http.ResponseWriter, _ *http.Request) *service.Problem {
	listed := indexList{Indexes: []indexState{}}
	for _, opened := range d.catalog.list() {
		if state, err := opened.state(); err == nil { // Else it was deleted meanwhile.
			listed.Indexes = append(listed.Indexes, state)
		}
	}
	service.Answer(w, http.StatusOK, listed)
	return nil
}

func (d *daemon) show(w http.ResponseWriter, r *http.Request) *service.Problem {
	opened, refused := d.find(r)
	if refused != nil {
		return refused
	}
	state, err := opened.state()
	if err != nil {
		return failed(opened.Name, err)
	}
	service.Answer(w, http.StatusOK, state)
	return nil
}

func (d *daemon) delete(w http.ResponseWriter, r *http.Request) *service.Problem {
	opened, refused := d.find(r)
	if refused != nil {
		return refused
	}
	wasThere, err := d.catalog.delete(opened.Name)
	if err != nil {
		return failed(opened.Name, err)
	}
	if !wasThere {
		return unknownIndex(opened.Name)
	}
	service.Answer(w, http.StatusOK, indexDeleted{Name: opened.Name, Deleted: true})
	return nil
}

func (d *daemon) add(w http.ResponseWriter, r *http.Request) *service.Problem {
	opened, refused := d.find(r)
	if refused != nil {
		return refused
	}
	items, refused := readItems(w, r, opened.definition)
	if refused != nil {
		return refused
	}
	var before, after int
	err := opened.change(func(held substrate) error {
		before = held.size()
		err := held.add(items)
		after = held.size()
		return err
	})
	if err != nil {
		return failed(opened.Name, err)
	}
	service.Answer(w, http.StatusOK, itemsAdded{Added: after - before, Updated: len(items) - (after - before)})
	return nil
}

func (d *daemon) search(w http.ResponseWriter, r *http.Request) *service.Problem {
	opened, refused := d.find(r)
	if refused != nil {
		return refused
	}
	asked, refused := readQuery(w, r, opened.definition)
	if refused != nil {
		return refused
	}
	var hits []hit
	err := opened.do(func(held substrate) (err error) {
		hits, err = held.search(asked)
		return err
	})
	if err != nil {
		return failed(opened.Name, err)
	}
	answered := found{Metric: opened.Metric, Results: make([]foundHit, 0, len(hits))}
	for _, one := range hits {
		answered.Results = append(answered.Results, foundHit{one.item.id, rounded(one.distance), one.item.metadata})
	}
	service.Answer(w, http.StatusOK, answered)
	return nil
}

// rounded gives a distance the six decimals that 32 bits carry.
func rounded(distance float32) float64 {
	return math.Round(float64(distance)*1e6)/1e6 + 0 // No minus zero.
}

func (d *daemon) save(w http.ResponseWriter, r *http.Request) *service.Problem {
	opened, refused := d.find(r)
	if refused != nil {
		return refused
	}
	count, err := d.catalog.directory.save(opened)
	if err != nil {
		return failed(opened.Name, err)
	}
	service.Answer(w, http.StatusOK, saved{Name: opened.Name, Generation: opened.generation.Load(), Count: count})
	return nil
}

func (d *daemon) remove(w http.ResponseWriter, r *http.Request) *service.Problem {
	opened, refused := d.find(r)
	if refused != nil {
		return refused
	}
	id := r.PathValue("id")
	var wasThere bool
	err := opened.change(func(held substrate) (err error) {
		wasThere, err = held.remove(id)
		return err
	})
	if err != nil {
		return failed(opened.Name, err)
	}
	if !wasThere {
		return &service.Problem{Status: http.StatusNotFound, Detail: "the index has no item with this id"}
	}
	service.Answer(w, http.StatusOK, itemDeleted{ID: id, Deleted: true})
	return nil
}

func (d *daemon) countIndexes() float64 {
	return float64(len(d.catalog.list()))
}

func (d *daemon) countItems() float64 {
	items := 0
	for _, opened := range d.catalog.list() {
		if state, err := opened.state(); err == nil {
			items += state.Count
		}
	}
	return float64(items)
}
