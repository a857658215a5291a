package ingestd

// Objects: rows as Parquet, each object in a file that is written whole or not at all.

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"reflect"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"lakehouse/internal/catalogd"
	"lakehouse/internal/durable"
)

type objects struct {
	folder string
}

func openObjects(folder string) (*objects, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	return &objects{folder}, durable.RemoveUnfinished(folder)
}

// store writes the rows of a dataset under a key that nothing else has.
func (o *objects) store(bucket, dataset string, read *table) (catalogd.Object, error) {
	id := make([]byte, 16)
	rand.Read(id) // Never fails.
	stored := catalogd.Object{Bucket: bucket, Key: dataset + "/" + hex.EncodeToString(id) + ".parquet"}
	digest := sha256.New()
	err := durable.Replace(o.file(stored), func(out io.Writer) error {
		counted := &counter{}
		err := writeParquet(io.MultiWriter(out, digest, counted), read)
		stored.SizeBytes = counted.bytes
		return err
	})
	stored.SHA256 = hex.EncodeToString(digest.Sum(nil))
	return stored, err
}

func (o *objects) remove(stored catalogd.Object) error {
	return durable.Remove(o.file(stored))
}

// file is where an object is; bucket and key are made here, of names that are safe in a path.
func (o *objects) file(stored catalogd.Object) string {
	return filepath.Join(o.folder, stored.Bucket, filepath.FromSlash(stored.Key))
}

// counter counts the bytes that are written.
type counter struct {
	bytes int
}

func (c *counter) Write(piece []byte) (int, error) {
	c.bytes += len(piece)
	return len(piece), nil
}

func writeParquet(out io.Writer, read *table) error {
	schema := parquet.NewSchema("rows", orderedGroup(read))
	writer := parquet.NewWriter(out, schema, parquet.Compression(&zstd.Codec{}))
	for _, row := range read.rows {
		values := make(parquet.Row, len(row))
		for i, value := range row {
			values[i] = cell(read.types[i], value, i)
		}
		if _, err := writer.WriteRows([]parquet.Row{values}); err != nil {
			return err
		}
	}
	return writer.Close()
}

// cell is the value of a column that may be null: its definition level tells that it is there.
func cell(kind columnType, value string, column int) parquet.Value {
	if value == "" {
		return parquet.NullValue().Level(0, 0, column)
	}
	parsed, _ := kind.read(value)
	return parsed.Level(0, 1, column)
}

// ordered is a group whose fields keep their order; parquet.Group sorts them by name.
type ordered struct {
	parquet.Group
	fields []parquet.Field
}

func (o ordered) Fields() []parquet.Field { return o.fields }

type field struct {
	parquet.Node
	name string
}

func (f field) Name() string { return f.name }

func (f field) Value(base reflect.Value) reflect.Value {
	return base.MapIndex(reflect.ValueOf(f.name))
}

func orderedGroup(read *table) parquet.Node {
	group := ordered{Group: parquet.Group{}}
	for i, name := range read.names {
		node := parquet.Optional(read.types[i].node())
		group.Group[name] = node
		group.fields = append(group.fields, field{node, name})
	}
	return group
}
