package vectord

// The directory in which indexes are kept: one file each, named by the digest of the index's name, written whole or not
// at all. A file is a header and then its items, one gob value each, so that a save takes no memory for all of them.

import (
	"bufio"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"lakehouse/internal/durable"
	"lakehouse/internal/strictjson"
)

const (
	suffix      = ".index"
	bufferBytes = 1 << 20 // of what is written or read at a time
)

type savedHeader struct {
	Definition definition
	Generation uint64
	Count      int
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
	err := saved.read(func(held substrate) error {
		items, changes = held.items(), saved.changes.Load()
		return nil
	})
	if err != nil || changes == saved.kept.Load() {
		return len(items), err
	}
	generation := saved.generation.Load() + 1
	if err := d.write(saved.definition, generation, items); err != nil {
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
	return d.write(made.definition, 0, nil)
}

func (d *directory) write(defined definition, generation uint64, items []*item) error {
	return durable.Replace(d.file(defined.Name), func(out io.Writer) error {
		return encode(out, savedHeader{defined, generation, len(items)}, items)
	})
}

func encode(out io.Writer, header savedHeader, items []*item) error {
	buffered := bufio.NewWriterSize(out, bufferBytes)
	encoder := gob.NewEncoder(buffered)
	if err := encoder.Encode(header); err != nil {
		return err
	}
	for _, kept := range items {
		metadata, err := json.Marshal(kept.metadata)
		if err != nil {
			return err
		}
		if err := encoder.Encode(savedItem{kept.id, kept.vector, metadata}); err != nil {
			return err
		}
	}
	return buffered.Flush()
}

// remove forgets an index; that there is no file is no error.
func (d *directory) remove(name string) error {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return durable.Remove(d.file(name))
}

// load gives each index to a function; a file that cannot be read stops it.
func (d *directory) load(take func(savedHeader, []*item) error) error {
	if err := os.MkdirAll(d.path, 0o777); err != nil {
		return err
	}
	if err := durable.RemoveUnfinished(d.path); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(d.path, "*"+suffix))
	if err != nil {
		return err
	}
	for _, file := range files {
		header, items, err := read(file)
		if err == nil {
			err = take(header, items)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

func read(file string) (savedHeader, []*item, error) {
	var header savedHeader
	opened, err := os.Open(file)
	if err != nil {
		return header, nil, err
	}
	defer opened.Close()
	decoder := gob.NewDecoder(bufio.NewReaderSize(opened, bufferBytes))
	if err := decoder.Decode(&header); err != nil {
		return header, nil, err
	}
	var items []*item
	for range header.Count {
		var saved savedItem // A new one each time: gob writes into what is there.
		if err := decoder.Decode(&saved); err != nil {
			return header, nil, err
		}
		kept, err := saved.restored()
		if err != nil {
			return header, nil, err
		}
		items = append(items, kept)
	}
	return header, items, nil
}

func (s savedItem) restored() (*item, error) {
	value, err := strictjson.Parse(s.Metadata)
	metadata, isObject := value.(strictjson.Object)
	if err != nil || !isObject {
		return nil, fmt.Errorf("item %s has no valid metadata", s.ID)
	}
	return &item{s.ID, s.Vector, metadata}, nil
}
