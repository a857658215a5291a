package vectord

// The catalog: all indexes by name, and the rounds that save what changed. Saves are coalesced: an index is saved a pause
// after the first change that is not, with all that came meanwhile. The pause is a second, or ten times what the last save
// took.

import (
	"errors"
	"fmt"
	"log"
	"maps"
	"slices"
	"sync"
	"time"
)

const leastPause = time.Second

type catalog struct {
	substrate func(definition) substrate
	directory *directory

	mutex   sync.RWMutex
	indexes map[string]*index

	stopping chan struct{}
	stopped  chan error
}

// openCatalog loads what the directory has.
func openCatalog(kind func(definition) substrate, kept *directory) (*catalog, error) {
	opened := &catalog{
		substrate: kind, directory: kept, indexes: map[string]*index{},
		stopping: make(chan struct{}), stopped: make(chan error, 1),
	}
	if err := kept.load(opened.restore); err != nil {
		return nil, err
	}
	go opened.keepSaving()
	return opened, nil
}

func (c *catalog) restore(header savedHeader, items []*item) error {
	held := c.substrate(header.Definition)
	if err := held.add(items); err != nil {
		return err
	}
	restored := open(header.Definition, held)
	restored.generation.Store(header.Generation)
	c.indexes[header.Definition.Name] = restored
	return nil
}

// create returns the index of this name, and whether it was made now.
func (c *catalog) create(defined definition) (*index, bool, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if known := c.indexes[defined.Name]; known != nil {
		return known, false, nil
	}
	made := open(defined, c.substrate(defined))
	if err := c.directory.create(made); err != nil {
		made.close()
		return nil, false, err
	}
	c.indexes[defined.Name] = made
	return made, true, nil
}

// get returns nil where there is no such index.
func (c *catalog) get(name string) *index {
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	return c.indexes[name]
}

// list returns all indexes by name.
func (c *catalog) list() []*index {
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	all := make([]*index, 0, len(c.indexes))
	for _, name := range slices.Sorted(maps.Keys(c.indexes)) {
		all = append(all, c.indexes[name])
	}
	return all
}

// delete tells whether there was such an index.
func (c *catalog) delete(name string) (bool, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	found := c.indexes[name]
	if found == nil {
		return false, nil
	}
	delete(c.indexes, name)
	found.close()
	return true, c.directory.remove(name)
}

func (c *catalog) keepSaving() {
	pause := leastPause
	seen := map[*index]time.Time{} // when a change was first seen that is not saved
	round := time.NewTicker(leastPause / 4)
	defer round.Stop()
	for {
		select {
		case <-c.stopping:
			c.stopped <- c.saveAll()
			return
		case now := <-round.C:
			for _, changed := range c.due(seen, now, pause) {
				begun := time.Now()
				if _, err := c.directory.save(changed); err != nil && !errors.Is(err, errGone) {
					log.Printf("index %s was not saved: %v", changed.Name, err)
				}
				pause = max(leastPause, 10*time.Since(begun))
			}
		}
	}
}

// due returns the indexes whose first change lies so long ago, and forgets that it was seen.
func (c *catalog) due(seen map[*index]time.Time, now time.Time, pause time.Duration) []*index {
	var ready []*index
	waiting := maps.Clone(seen)
	clear(seen)
	for _, opened := range c.list() {
		since, isWaiting := waiting[opened]
		switch {
		case opened.isSaved():
		case !isWaiting:
			seen[opened] = now
		case now.Sub(since) < pause:
			seen[opened] = since
		default:
			ready = append(ready, opened)
		}
	}
	return ready
}

func (c *catalog) saveAll() error {
	var failures []error
	for _, opened := range c.list() {
		if _, err := c.directory.save(opened); err != nil && !errors.Is(err, errGone) {
			failures = append(failures, fmt.Errorf("index %s was not saved: %w", opened.Name, err))
		}
	}
	return errors.Join(failures...)
}

// stop saves what changed, and fails where an index could not be saved.
func (c *catalog) stop() error {
	close(c.stopping)
	return <-c.stopped
}
