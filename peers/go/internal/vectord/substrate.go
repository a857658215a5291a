package vectord

// Substrates: what holds the vectors of one index and finds the nearest. Three are built on coder/hnsw, whose graph breaks
// under upserts and deletes: Delete lets a neighbour link itself to the node that is going, and the next Add or Search that
// steps onto it takes a node that its layer no longer has, and dereferences nil in layerNode.search. The fourth has no graph.
//
// A substrate is changed by one goroutine, the owner of its index. Where it is not shared, the owner reads, too.

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/coder/hnsw"
	"github.com/viterin/vek/vek32"

	"lakehouse/internal/strictjson"
)

// item is one entry of an index.
type item struct {
	id       string
	vector   []float32
	metadata strictjson.Object
}

// query asks for the k nearest items that are not excluded and fit the filter.
type query struct {
	vector   []float32
	k        int
	ef       int
	excluded map[string]bool
	filter   filter
}

func (q *query) accepts(found *item) bool {
	return !q.excluded[found.id] && q.filter.accepts(found.metadata)
}

// wanted is how many neighbours to ask a graph for: it stops at the first step that brings none nearer once it holds so
// many, so that asking for few finds poor ones.
func (q *query) wanted() int {
	return max(q.ef, q.k+len(q.excluded))
}

type hit struct {
	item     *item
	distance float32
}

type substrate interface {
	// add inserts items; one whose id is known takes the place of the old one.
	add(items []*item) error
	// remove tells whether there was such an item.
	remove(id string) (bool, error)
	// search returns the nearest first.
	search(asked *query) ([]hit, error)
	// items returns all, in the order of their ids.
	items() []*item
	size() int
	// searched says how.
	searched() string
	// isShared is true where reads may go on beside each other.
	isShared() bool
}

// Substrates makes each kind by its name.
var Substrates = map[string]func(definition) substrate{
	"bare":       func(d definition) substrate { return newGraph(d) },
	"recover":    func(d definition) substrate { return &guarded{graph: newGraph(d)} },
	"side-store": func(d definition) substrate { return newSideStore(d) },
	"cells":      func(d definition) substrate { return newCellStore(d) },
}

type distanceFunc = hnsw.DistanceFunc

// distances by the metric's name: the smaller, the nearer. Under cosine all vectors have unit length.
var distances = map[string]distanceFunc{
	"cosine": func(a, b []float32) float32 { return max(0, 1-vek32.Dot(a, b)) },
	"l2":     euclidean,
	"dot":    func(a, b []float32) float32 { return -vek32.Dot(a, b) },
}

// euclidean is exact to 32 bits; the square root of vek32.Distance is an estimate whose seventh digit is wrong.
func euclidean(a, b []float32) float32 {
	var squares float64
	for i, number := range a {
		apart := float64(number - b[i])
		squares += apart * apart
	}
	return float32(math.Sqrt(squares))
}

// guard turns a panic into an error.
func guard(what string, run func()) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%s: %v", what, fault)
		}
	}()
	run()
	return nil
}

// nearest sorts hits and keeps the first k.
func nearest(hits []hit, k int) []hit {
	slices.SortFunc(hits, byNearness)
	return hits[:min(k, len(hits))]
}

// byNearness orders hits by distance, equal ones by id.
func byNearness(a, b hit) int {
	if a.distance != b.distance {
		return cmp.Compare(a.distance, b.distance)
	}
	return cmp.Compare(a.item.id, b.item.id)
}
