package catalogd

// The catalog: all datasets in memory, each in a file of its own that is replaced whole. A change is on the disk before it
// is answered, and nobody finds it before.

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"lakehouse/internal/durable"
	"lakehouse/internal/rfc8785"
)

const (
	suffix = ".json"
	// timeForm is that of the times of a manifest, in UTC.
	timeForm = "2006-01-02T15:04:05.000Z"
)

// ConflictError says that the name belongs to a dataset of another schema.
type ConflictError struct {
	Registered, Sent string // fingerprints
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s is registered, %s was sent", e.Registered, e.Sent)
}

// Catalog holds the datasets. It is safe for concurrent use.
type Catalog struct {
	folder string
	mutex  sync.RWMutex
	byName map[string]Manifest
}

// Open reads all datasets of a folder, which is made where it is missing.
func Open(folder string) (*Catalog, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	if err := durable.RemoveUnfinished(folder); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"+suffix))
	if err != nil {
		return nil, err
	}
	opened := &Catalog{folder: folder, byName: map[string]Manifest{}}
	for _, file := range files {
		manifest, err := read(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		opened.byName[manifest.Name] = manifest
	}
	return opened, nil
}

func read(file string) (Manifest, error) {
	var manifest Manifest
	text, err := os.ReadFile(file)
	if err != nil {
		return manifest, err
	}
	err = json.Unmarshal(text, &manifest)
	return manifest, err
}

func (c *Catalog) file(name string) string {
	return filepath.Join(c.folder, name+suffix)
}

// Register keeps a dataset, and tells whether it is new. It fails with a ConflictError where the name has another schema.
func (c *Catalog) Register(sent Registration) (Manifest, bool, error) {
	now := time.Now().UTC().Format(timeForm)
	made := Manifest{
		DatasetID: newID(), Name: sent.Name, Schema: sent.Schema, Fingerprint: fingerprint(sent.Schema),
		Objects: sent.Objects, RowCount: sent.RowCount, RegisteredAt: now, UpdatedAt: now,
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	before, isKnown := c.byName[sent.Name]
	if isKnown {
		if before.Fingerprint != made.Fingerprint {
			return Manifest{}, false, &ConflictError{Registered: before.Fingerprint, Sent: made.Fingerprint}
		}
		made.DatasetID, made.RegisteredAt = before.DatasetID, before.RegisteredAt
	}
	if err := durable.Replace(c.file(made.Name), func(out io.Writer) error { return json.NewEncoder(out).Encode(made) }); err != nil {
		return Manifest{}, false, err
	}
	c.byName[made.Name] = made
	return made, !isKnown, nil
}

// remove tells whether there was such a dataset.
func (c *Catalog) remove(name string) (bool, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if _, isKnown := c.byName[name]; !isKnown {
		return false, nil
	}
	if err := durable.Remove(c.file(name)); err != nil {
		return false, err
	}
	delete(c.byName, name)
	return true, nil
}

func (c *Catalog) find(name string) (Manifest, bool) {
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	manifest, isKnown := c.byName[name]
	return manifest, isKnown
}

// all lists the datasets in the order of their names.
func (c *Catalog) all() []Manifest {
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	listed := make([]Manifest, 0, len(c.byName))
	for _, name := range slices.Sorted(maps.Keys(c.byName)) {
		listed = append(listed, c.byName[name])
	}
	return listed
}

// fingerprint is the SHA-256 of the schema's RFC 8785 canonical JSON: equal for equal schemas in every runtime.
func fingerprint(schema []Column) string {
	columns := make([]rfc8785.Members, 0, len(schema))
	for _, column := range schema {
		columns = append(columns, rfc8785.Members{{Name: "name", Value: column.Name}, {Name: "type", Value: column.Type}})
	}
	digest := sha256.Sum256(rfc8785.Append(nil, columns))
	return hex.EncodeToString(digest[:])
}

// newID is a random UUID (RFC 9562, version 4).
func newID() string {
	var id [16]byte
	rand.Read(id[:]) // Never fails.
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
