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

// Indexes are all indexes of a directory, for requests and for the daemons of the same process.
type Indexes struct {
	catalog *catalog
}

// Open reads the indexes of the directory, which is made where it is missing.
func Open(kind string, path string) (*Indexes, error) {
	opened, err := openCatalog(Substrates[kind], &directory{path: path})
	if err != nil {
		return nil, err
	}
	return &Indexes{catalog: opened}, nil
}

// Stop saves what is not saved, once no request is in flight any more.
func (d *Indexes) Stop() error {
	return d.catalog.stop()
}

// Daemon answers requests with the indexes.
func (d *Indexes) Daemon() *service.Daemon {
	return &service.Daemon{
		Name:    "vectord",
		Schemas: schemas,
		Routes:  d.routes(),
		Gauges:  map[string]func() float64{"vectord_indexes": d.countIndexes, "vectord_items": d.countItems},
	}
}

func (d *Indexes) routes() []service.Route {
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
			Method: http.MethodGet, Path: index, Summary: "Return the state of an index.",
			Answers: map[int]string{200: "IndexState", 404: "Problem"}, Handle: d.show,
		},
		{
			Method: http.MethodDelete, Path: index, Summary: "Delete an index.",
			Answers: map[int]string{200: "IndexDeleted", 404: "Problem", 500: "Problem"}, Handle: d.delete,
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
			Answers: map[int]string{200: "Saved", 404: "Problem", 500: "Problem"}, Handle: d.save,
		},
		{
			Method: http.MethodDelete, Path: index + "/items/{id}", Summary: "Delete an item.",
			Answers: map[int]string{200: "ItemDeleted", 404: "Problem", 500: "Problem"}, Handle: d.remove,
		},
	}
}

// find returns the index that the request names.
func (d *Indexes) find(r *http.Request) (*index, *service.Problem) {
	return d.named(r.PathValue("name"))
}

func (d *Indexes) named(name string) (*index, *service.Problem) {
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

func (d *Indexes) create(w http.ResponseWriter, r *http.Request) *service.Problem {
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

func (d *Indexes) list(w http.ResponseWriter, _ *http.Request) *service.Problem {
	listed := indexList{Indexes: []indexState{}}
	for _, opened := range d.catalog.list() {
		if state, err := opened.state(); err == nil { // Else it was deleted meanwhile.
			listed.Indexes = append(listed.Indexes, state)
		}
	}
	service.Answer(w, http.StatusOK, listed)
	return nil
}

func (d *Indexes) show(w http.ResponseWriter, r *http.Request) *service.Problem {
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

func (d *Indexes) delete(w http.ResponseWriter, r *http.Request) *service.Problem {
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

func (d *Indexes) add(w http.ResponseWriter, r *http.Request) *service.Problem {
	opened, refused := d.find(r)
	if refused != nil {
		return refused
	}
	items, refused := readItems(w, r, opened.definition)
	if refused != nil {
		return refused
	}
	added, err := opened.add(items)
	if err != nil {
		return failed(opened.Name, err)
	}
	service.Answer(w, http.StatusOK, itemsAdded{Added: added, Updated: len(items) - added})
	return nil
}

func (d *Indexes) search(w http.ResponseWriter, r *http.Request) *service.Problem {
	opened, refused := d.find(r)
	if refused != nil {
		return refused
	}
	asked, refused := readQuery(w, r, opened.definition)
	if refused != nil {
		return refused
	}
	answered, refused := opened.search(asked)
	if refused == nil {
		service.Answer(w, http.StatusOK, answered)
	}
	return refused
}

// search answers a query that was read.
func (i *index) search(asked *query) (Found, *service.Problem) {
	var hits []hit
	err := i.read(func(held substrate) (err error) {
		hits, err = held.search(asked)
		return err
	})
	if err != nil {
		return Found{}, failed(i.Name, err)
	}
	answered := Found{Metric: i.Metric, Results: make([]Hit, 0, len(hits))}
	for _, one := range hits {
		answered.Results = append(answered.Results, Hit{one.item.id, service.Real(rounded(one.distance)), one.item.metadata})
	}
	return answered, nil
}

// rounded gives a distance the six decimals that 32 bits carry.
func rounded(distance float32) float64 {
	return math.Round(float64(distance)*1e6)/1e6 + 0 // No minus zero.
}

func (d *Indexes) save(w http.ResponseWriter, r *http.Request) *service.Problem {
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

func (d *Indexes) remove(w http.ResponseWriter, r *http.Request) *service.Problem {
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

func (d *Indexes) countIndexes() float64 {
	return float64(len(d.catalog.list()))
}

func (d *Indexes) countItems() float64 {
	items := 0
	for _, opened := range d.catalog.list() {
		if state, err := opened.state(); err == nil {
			items += state.Count
		}
	}
	return float64(items)
}
