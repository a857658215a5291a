package vectord

// The side-store substrate: vectors live beside the graph, so that the graph can be made anew from them at any time.
// While it is small it is rebuilt instead of grown; an add, a delete or a search that fails in it is an error that has it
// rebuilt and is tried once more. What the graph returns is checked against the store, and an answer that comes out
// short is made by looking at every vector.

import (
	"maps"
	"slices"

	"github.com/coder/hnsw"
)

// rebuiltBelow is the size under which the graph is never changed, only rebuilt.
const rebuiltBelow = 32

type sideStore struct {
	defined  definition
	store    map[string]*item
	nodes    *hnsw.Graph[string] // nil until it is asked for again
	rebuilds int
}

func newSideStore(defined definition) *sideStore {
	return &sideStore{defined: defined, store: map[string]*item{}}
}

func (s *sideStore) add(items []*item) error {
	for _, added := range items {
		isKnown := s.store[added.id] != nil
		s.store[added.id] = added
		s.change(func() {
			if isKnown {
				s.nodes.Delete(added.id)
			}
			s.nodes.Add(hnsw.MakeNode(added.id, added.vector))
		})
	}
	return nil
}

func (s *sideStore) remove(id string) (bool, error) {
	if s.store[id] == nil {
		return false, nil
	}
	delete(s.store, id)
	s.change(func() { s.nodes.Delete(id) })
	return true, nil
}

// change changes the graph as the store was; where it cannot, the graph is dropped, and the next search rebuilds it.
func (s *sideStore) change(apply func()) {
	if s.nodes == nil {
		return
	}
	if len(s.store) < rebuiltBelow || guard("change", apply) != nil {
		s.nodes = nil
	}
}

func (s *sideStore) search(asked *query) ([]hit, error) {
	if len(s.store) == 0 {
		return nil, nil
	}
	found, err := s.searchGraph(asked)
	if err != nil {
		s.nodes = nil
		found, err = s.searchGraph(asked)
	}
	if err != nil {
		return nil, err
	}
	hits := s.check(found, asked)
	if len(hits) < asked.k {
		hits = s.check(slices.Collect(maps.Keys(s.store)), asked)
	}
	return nearest(hits, asked.k), nil
}

// searchGraph returns the ids of the nearest nodes.
func (s *sideStore) searchGraph(asked *query) (ids []string, err error) {
	err = guard("search", func() {
		if s.nodes == nil {
			s.rebuild()
		}
		for _, node := range s.nodes.Search(asked.vector, asked.wanted()) {
			ids = append(ids, node.Key)
		}
	})
	return ids, err
}

func (s *sideStore) rebuild() {
	s.rebuilds++
	nodes := newNodes(s.defined)
	for _, kept := range s.items() {
		nodes.Add(hnsw.MakeNode(kept.id, kept.vector))
	}
	s.nodes = nodes
}

// check keeps what the store has and the query accepts, with the distance of the vector that is stored.
func (s *sideStore) check(ids []string, asked *query) []hit {
	distance := distances[s.defined.Metric]
	hits := make([]hit, 0, len(ids))
	for _, id := range ids {
		if found := s.store[id]; found != nil && asked.accepts(found) {
			hits = append(hits, hit{found, distance(found.vector, asked.vector)})
		}
	}
	return hits
}

func (s *sideStore) items() []*item {
	all := make([]*item, 0, len(s.store))
	for _, id := range slices.Sorted(maps.Keys(s.store)) {
		all = append(all, s.store[id])
	}
	return all
}

// isShared: a search of coder/hnsw beside another is nowhere said to be safe.
func (s *sideStore) isShared() bool {
	return false
}

func (s *sideStore) searched() string {
	return "by graph"
}

func (s *sideStore) size() int {
	return len(s.store)
}
