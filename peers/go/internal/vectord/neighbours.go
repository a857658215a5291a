package vectord

// What the daemons of the same process ask of the indexes: the same work and the same refusals as over HTTP, without the
// way through JSON.

import (
	"net/http"

	"lakehouse/internal/service"
	"lakehouse/internal/strictjson"
)

// Search is a query as it was asked.
type Search struct {
	Vector   []float64
	K        int
	Excluded []string
	// Filter is a JSON value, nil for none.
	Filter any
}

// Search finds the nearest items of an index.
func (d *Indexes) Search(name string, wanted Search) (Found, *service.Problem) {
	opened, refused := d.named(name)
	if refused != nil {
		return Found{}, refused
	}
	read, faults := service.NewFields()
	body := fields{read}
	asked := &query{vector: body.kept(wanted.Vector, opened.definition), k: wanted.K, ef: defaultEf, excluded: map[string]bool{}}
	for _, id := range wanted.Excluded {
		asked.excluded[id] = true
	}
	if wanted.Filter != nil {
		asked.filter = body.filter(wanted.Filter)
	}
	if refused := faults.Problem(http.StatusUnprocessableEntity); refused != nil {
		return Found{}, refused
	}
	return opened.search(asked)
}

// Put adds an item to an index, and tells whether it took the place of another one.
func (d *Indexes) Put(name, id string, vector []float64, metadata strictjson.Object) (bool, *service.Problem) {
	opened, refused := d.named(name)
	if refused != nil {
		return false, refused
	}
	read, faults := service.NewFields()
	kept := fields{read}.kept(vector, opened.definition)
	if refused := faults.Problem(http.StatusUnprocessableEntity); refused != nil {
		return false, refused
	}
	added, err := opened.add([]*item{{id, kept, metadata}})
	if err != nil {
		return false, failed(name, err)
	}
	return added == 0, nil
}

// Make makes an index of cosine distances, unless there is one.
func (d *Indexes) Make(name string, dim int) *service.Problem {
	defined := definition{Name: name, Dim: dim, Metric: "cosine", M: defaultM, EfConstruction: defaultEfConstruction}
	if _, _, err := d.catalog.create(defined); err != nil {
		return failed(name, err)
	}
	return nil
}

// Summary is an index in short.
type Summary struct {
	Name   string `json:"name"`
	Dim    int    `json:"dim"`
	Metric string `json:"metric"`
	Count  int    `json:"count"`
}

// List returns all indexes in the order of their names.
func (d *Indexes) List() []Summary {
	listed := []Summary{}
	for _, opened := range d.catalog.list() {
		if state, err := opened.state(); err == nil { // Else it was deleted meanwhile.
			listed = append(listed, Summary{state.Name, state.Dim, state.Metric, state.Count})
		}
	}
	return listed
}
