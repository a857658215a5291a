package vectord

// One index: its definition, and the goroutine that owns its substrate. coder/hnsw is not safe for concurrent use, so
// requests hand their work to the owner, one piece at a time. That is also how the bare substrate takes the daemon with
// it: net/http recovers what panics in a request's own goroutine, and nothing recovers a panic here. A substrate whose reads
// change nothing is read by the requests themselves, beside each other, and never while the owner works.

import (
	"errors"
	"sync"
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
	held       substrate
	working    sync.RWMutex // held by the owner while it works, shared by readers
}

// open starts the owner of an index.
func open(defined definition, held substrate) *index {
	opened := &index{definition: defined, work: make(chan func(substrate)), gone: make(chan struct{}), held: held}
	go opened.own()
	return opened
}

func (i *index) own() {
	for {
		select {
		case run := <-i.work:
			i.working.Lock()
			run(i.held)
			i.working.Unlock()
		case <-i.gone:
			return
		}
	}
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

// read is do for work that changes nothing.
func (i *index) read(run func(substrate) error) error {
	if !i.held.isShared() {
		return i.do(run)
	}
	select {
	case <-i.gone:
		return errGone
	default:
	}
	i.working.RLock()
	defer i.working.RUnlock()
	return run(i.held)
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
	err := i.read(func(held substrate) error {
		state.Count, state.Searched = held.size(), held.searched()
		return nil
	})
	return state, err
}

// close ends the owner; it is called once.
func (i *index) close() {
	close(i.gone)
}
