package vectord

// One index: its definition, and the goroutine that owns its substrate. coder/hnsw is not safe for concurrent use, so
// requests hand their work to the owner, one piece at a time. That is also how the bare substrate takes the daemon with
// it: net/http recovers what panics in a request's own goroutine, and nothing recovers a panic here.

import (
	"encoding/json"
	"errors"
	"sync/atomic"
)

// errGone is what work gets that comes after its index was deleted.
var errGone = errors.New("the index is gone")

// definition is what an index was created with; its exported fields are saved.
type definition struct {
	Name           string
	Dim            int
	Metric         string
	M              int
	EfConstruction int
}

type index struct {
	definition
	changes    atomic.Uint64 // counts what is to be saved; only the owner adds to it
	kept       atomic.Uint64 // is the count that the last save holds
	generation atomic.Uint64 // of the last save, 0 before the first
	work       chan func(substrate)
	gone       chan struct{}
}

// open starts the owner of an index.
func open(defined definition, held substrate) *index {
	opened := &index{definition: defined, work: make(chan func(substrate)), gone: make(chan struct{})}
	go opened.own(held)
	return opened
}

func (i *index) own(held substrate) {
	for {
		select {
		case run := <-i.work:
			run(held)
		case <-i.gone:
			return
		}
	}
}

// content is what is saved of the index.
func (i *index) content(items []*item, generation uint64) savedIndex {
	content := savedIndex{Definition: i.definition, Generation: generation, Items: make([]savedItem, 0, len(items))}
	for _, kept := range items {
		metadata, err := json.Marshal(kept.metadata)
		if err != nil { // It was read from JSON.
			panic(err)
		}
		content.Items = append(content.Items, savedItem{kept.id, kept.vector, metadata})
	}
	return content
}

// do has the owner run a piece of work, and waits for it. Once the index is closed none is taken any more.
func (i *index) do(run func(substrate) error) error {
	select {
	case <-i.gone:
		return errGone
	default:
	}
	done := make(chan error, 1)
	select {
	case i.work <- func(held substrate) { done <- run(held) }:
		return <-done
	case <-i.gone:
		return errGone
	}
}

// change is do for work that changes what is to be saved.
func (i *index) change(run func(substrate) error) error {
	return i.do(func(held substrate) error {
		i.changes.Add(1)
		return run(held)
	})
}

// add tells how many of the items are new.
func (i *index) add(items []*item) (int, error) {
	added := 0
	err := i.change(func(held substrate) error {
		before := held.size()
		err := held.add(items)
		added = held.size() - before
		return err
	})
	return added, err
}

func (i *index) isSaved() bool {
	return i.kept.Load() == i.changes.Load()
}

func (i *index) state() (indexState, error) {
	state := indexState{
		Name: i.Name, Dim: i.Dim, Metric: i.Metric, M: i.M, EfConstruction: i.EfConstruction,
		Generation: i.generation.Load(), IsSaved: i.isSaved(),
	}
	err := i.do(func(held substrate) error {
		state.Count, state.Searched = held.size(), held.searched()
		return nil
	})
	return state, err
}

// close ends the owner; it is called once.
func (i *index) close() {
	close(i.gone)
}
