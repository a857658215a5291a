package vectord

// The directory in which indexes are kept: one file each, named by the digest of the index's name, written whole or not
// at all.

import (
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

const suffix = ".index"

type savedIndex struct {
	Definition definition
	Generation uint64
	Items      []savedItem
}

type savedItem struct {
	ID       string
	Vector   []float32
	Metadata []byte // JSON
}

type directory struct {
	path  string
	mutex sync.Mutex // one writer at a time, so that no older save follows a newer one
}

func (d *directory) file(name string) string {
	digest := sha256.Sum256([]byte(name))
	return filepath.Join(d.path, hex.EncodeToString(digest[:])+suffix)
}

// save writes an index as it is now, unless it is as it was saved, and tells how many items it has.
func (d *directory) save(saved *index) (int, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	var items []*item
	var changes uint64
	err := saved.do(func(held substrate) error {
		items, changes = held.items(), saved.changes.Load()
		return nil
	})
	if err != nil || changes == saved.kept.Load() {
		return len(items), err
	}
	generation := saved.generation.Load() + 1
	if err := d.write(saved.content(items, generation)); err != nil {
		return 0, err
	}
	saved.generation.Store(generation)
	saved.kept.Store(changes)
	return len(items), nil
}

// create writes an index that is new and empty.
func (d *directory) create(made *index) error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.write(made.content(nil, 0))
}

func (d *directory) write(content savedIndex) error {
	temporary, err := os.CreateTemp(d.path, "*.new")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name()) // Fails where it was renamed.
	defer temporary.Close()
	if err := gob.NewEncoder(temporary).Encode(content); err != nil {
		return err
	}
	if err := temporary.Sync(); err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), d.file(content.Definition.Name)); err != nil {
		return err
	}
	return d.sync()
}

// remove forgets an index; that there is no file is no error.
func (d *directory) remove(name string) error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if err := os.Remove(d.file(name)); err != nil {
		if os.IsNotExist(err) {
			return nil
		}
		return err
	}
	return d.sync()
}

func (d *directory) sync() error {
	opened, err := os.Open(d.path)
	if err != nil {
		return err
	}
	defer opened.Close()
	return opened.Sync()
}

// load reads all indexes; a file that cannot be read stops it.
func (d *directory) load() ([]savedIndex, error) {
	if err := os.MkdirAll(d.path, 0o777); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(d.path, "*"+suffix))
	if err != nil {
		return nil, err
	}
	all := make([]savedIndex, 0, len(files))
	for _, file := range files {
		content, err := read(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, content)
	}
	return all, nil
}

func read(file string) (savedIndex, error) {
	var content savedIndex
	opened, err := os.Open(file)
	if err != nil {
		return content, err
	}
	defer opened.Close()
	err = gob.NewDecoder(opened).Decode(&content)
	return content, err
}
