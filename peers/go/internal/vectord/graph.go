package vectord

// The bare substrate: coder/hnsw as its documentation shows it, an upsert being a delete and an add. And the same behind
// a guard, which keeps the daemon up and mends nothing: the broken link stays, and whoever steps onto it fails.

import (
	"maps"
	"slices"

	"github.com/coder/hnsw"
)

type graph struct {
	nodes *hnsw.Graph[string]
	known map[string]*item
}

func newGraph(defined definition) *graph {
	return &graph{nodes: newNodes(defined), known: map[string]*item{}}
}

func newNodes(defined definition) *hnsw.Graph[string] {
	nodes := hnsw.NewGraph[string]()
	nodes.M = defined.M
	nodes.EfSearch = defined.EfConstruction
	nodes.Distance = distances[defined.Metric]
	return nodes
}

func (g *graph) add(items []*item) error {
	for _, added := range items {
		if g.known[added.id] != nil {
			g.nodes.Delete(added.id)
		}
		g.nodes.Add(hnsw.MakeNode(added.id, added.vector))
		g.known[added.id] = added
	}
	return nil
}

func (g *graph) remove(id string) (bool, error) {
	if g.known[id] == nil {
		return false, nil
	}
	g.nodes.Delete(id)
	delete(g.known, id)
	return true, nil
}

func (g *graph) search(asked *query) ([]hit, error) {
	wanted := asked.wanted()
	if len(asked.filter) > 0 {
		wanted = len(g.known)
	}
	var hits []hit
	for _, node := range g.nodes.Search(asked.vector, wanted) {
		// A link to a deleted node that does not crash still finds it.
		if found := g.known[node.Key]; found != nil && asked.accepts(found) {
			hits = append(hits, hit{found, g.nodes.Distance(found.vector, asked.vector)})
		}
	}
	return nearest(hits, asked.k), nil
}

func (g *graph) items() []*item {
	all := make([]*item, 0, len(g.known))
	for _, id := range slices.Sorted(maps.Keys(g.known)) {
		all = append(all, g.known[id])
	}
	return all
}

// isShared: a search of coder/hnsw beside another is nowhere said to be safe.
func (g *graph) isShared() bool {
	return false
}

func (g *graph) searched() string {
	return "by graph"
}

func (g *graph) size() int {
	return len(g.known)
}

// guarded turns the graph's panics into errors.
type guarded struct {
	*graph
}

func (g *guarded) add(items []*item) error {
	return guard("add", func() { g.graph.add(items) })
}

func (g *guarded) remove(id string) (found bool, err error) {
	err = guard("delete", func() { found, _ = g.graph.remove(id) })
	return found, err
}

func (g *guarded) search(asked *query) (hits []hit, err error) {
	err = guard("search", func() { hits, _ = g.graph.search(asked) })
	return hits, err
}
