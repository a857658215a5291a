package vectord

// The cells substrate: vectors lie in cells, each around a centre, and a search compares those of the nearest cells one by
// one (inverted lists, as in Jégou, Douze and Schmid, 2011, without their compression). There is no graph, so a write
// touches one cell and can break no link, and a vector is found by itself. A cell that grows is split in two. The same
// writes in the same order make the same cells, and an answer depends on nothing else. Where few items can fit a filter,
// these are compared, whatever cell they lie in.

import (
	"maps"
	"slices"
)

const (
	// exactItems are compared one by one, which is as fast as choosing cells and never wrong.
	exactItems = 2000
	// largestCell is split. Smaller cells take more centres to compare, larger ones more items: at 100,000 items the two are
	// of one size.
	largestCell = 256
	// leastCells and enoughItems end a search, and enoughItems counts for each item that is wanted. Together they found 0.99 of
	// the five nearest, and 0.98 of the ten, to 200 queries among the 100,000 worker profiles of the multitier load.
	leastCells  = 10
	enoughItems = 4
)

// cell holds the items that are nearer to its centre than to any other at the time of their add.
type cell struct {
	centre  []float32
	members []*item
	// unsplit is the size up to which it is left alone: more than largestCell where its items cannot be told apart.
	unsplit int
}

// place is where an item lies.
type place struct {
	cell  *cell
	index int
}

type cellStore struct {
	distance distanceFunc
	// isDivided is false under a metric by which a vector is not nearest to itself; then there is one cell.
	isDivided bool
	isUnit    bool // of all vectors: their length
	cells     []*cell
	places    map[string]place
	posted    postings
}

func newCellStore(defined definition) *cellStore {
	return &cellStore{
		distance:  distances[defined.Metric],
		isDivided: defined.Metric != "dot",
		isUnit:    defined.Metric == "cosine",
		cells:     []*cell{{unsplit: largestCell}},
		places:    map[string]place{},
		posted:    postings{byMember: map[string]byText{}},
	}
}

func (s *cellStore) add(items []*item) error {
	for _, added := range items {
		s.take(added.id)
		s.put(s.nearestCell(added.vector), added)
		s.posted.add(added)
	}
	return nil
}

func (s *cellStore) remove(id string) (bool, error) {
	return s.take(id), nil
}

// put adds an item to a cell, and splits the cell where it has become too large.
func (s *cellStore) put(into *cell, added *item) {
	s.places[added.id] = place{into, len(into.members)}
	into.members = append(into.members, added)
	if s.isDivided && len(into.members) > into.unsplit {
		s.split(into)
	}
}

// take takes an item out of its cell, where the last one takes its place. It tells whether there was one.
func (s *cellStore) take(id string) bool {
	found, isKnown := s.places[id]
	if !isKnown {
		return false
	}
	delete(s.places, id)
	members := found.cell.members
	s.posted.remove(members[found.index])
	last := len(members) - 1
	if found.index != last {
		members[found.index] = members[last]
		s.places[members[last].id] = found
	}
	members[last] = nil // Else it is kept from the garbage collector.
	found.cell.members = members[:last]
	return true
}

func (s *cellStore) nearestCell(vector []float32) *cell {
	if len(s.cells) == 1 {
		return s.cells[0]
	}
	return nearestFirst(s.ranked(vector))
}

// rankedCell is a cell and how far its centre is.
type rankedCell struct {
	cell     *cell
	distance float32
}

func (s *cellStore) ranked(vector []float32) []rankedCell {
	ranked := make([]rankedCell, len(s.cells))
	for i, one := range s.cells {
		if len(s.cells) > 1 {
			ranked[i].distance = s.distance(one.centre, vector)
		}
		ranked[i].cell = one
	}
	return ranked
}

// split divides the items of a cell between it and a new one. It leaves a cell alone whose items cannot be told apart.
func (s *cellStore) split(full *cell) {
	left, right := halves(full.members, s.distance, s.isUnit)
	if len(left.members) == 0 || len(right.members) == 0 {
		full.unsplit = 2 * len(full.members)
		return
	}
	*full = cell{left.centre, together(left.members), largestCell}
	fresh := &cell{right.centre, together(right.members), largestCell}
	s.cells = append(s.cells, fresh)
	for _, one := range [...]*cell{full, fresh} {
		for index, member := range one.members {
			s.places[member.id] = place{one, index}
		}
	}
}

// together copies items so that their vectors lie one behind the other, as a search reads them. Items never change: a save
// may be reading the old ones.
func together(members []*item) []*item {
	dim := len(members[0].vector)
	vectors := make([]float32, 0, len(members)*dim)
	copies := make([]*item, len(members))
	for i, member := range members {
		vectors = append(vectors, member.vector...)
		copies[i] = &item{member.id, vectors[i*dim : (i+1)*dim], member.metadata}
	}
	return copies
}

func (s *cellStore) search(asked *query) ([]hit, error) {
	if s.isExact() {
		return s.collect(s.ranked(asked.vector), asked, len(s.cells), s.size()), nil
	}
	if few, areFew := s.posted.few(asked.filter, s.places); areFew {
		return s.compared(few, asked), nil
	}
	return s.collect(s.ranked(asked.vector), asked, leastCells, enoughItems*asked.wanted()), nil
}

// compared returns the k nearest of some items.
func (s *cellStore) compared(ids map[string]bool, asked *query) []hit {
	var hits []hit
	for id := range ids {
		found := s.places[id]
		member := found.cell.members[found.index]
		if asked.accepts(member) {
			hits = append(hits, hit{member, s.distance(member.vector, asked.vector)})
		}
	}
	return nearest(hits, asked.k)
}

func (s *cellStore) isExact() bool {
	return !s.isDivided || s.size() <= exactItems
}

// collect compares the items of the nearest cells: at least so many cells, so many items, and until k are accepted. It
// returns the k nearest of them.
func (s *cellStore) collect(ranked []rankedCell, asked *query, cells, items int) []hit {
	var hits []hit
	looked := 0
	for i := range ranked {
		if i >= cells && looked >= items && len(hits) >= asked.k {
			break
		}
		nearest := nearestFirst(ranked[i:])
		looked += len(nearest.members)
		for _, member := range nearest.members {
			found := hit{member, s.distance(member.vector, asked.vector)}
			isFull := len(hits) == asked.k
			if isFull && byNearness(hits[asked.k-1], found) < 0 || !asked.accepts(member) {
				continue
			}
			if isFull {
				hits = hits[:asked.k-1]
			}
			at, _ := slices.BinarySearchFunc(hits, found, byNearness)
			hits = slices.Insert(hits, at, found)
		}
	}
	return hits
}

// nearestFirst brings the nearest cell to the front. Few cells are looked at, so that this is cheaper than to sort them.
func nearestFirst(ranked []rankedCell) *cell {
	nearest := 0
	for i := range ranked {
		if ranked[i].distance < ranked[nearest].distance {
			nearest = i
		}
	}
	ranked[0], ranked[nearest] = ranked[nearest], ranked[0]
	return ranked[0].cell
}

func (s *cellStore) items() []*item {
	all := make([]*item, 0, len(s.places))
	for _, id := range slices.Sorted(maps.Keys(s.places)) {
		found := s.places[id]
		all = append(all, found.cell.members[found.index])
	}
	return all
}

func (s *cellStore) size() int {
	return len(s.places)
}

// isShared: no read changes anything.
func (s *cellStore) isShared() bool {
	return true
}

func (s *cellStore) searched() string {
	if s.isExact() {
		return "exactly"
	}
	return "by cells"
}
