package materializer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"lakehouse/internal/durable"
)

const spillBytes = 1 << 16

// identity is half of a SHA-256: it names a record as well as the whole, in half the memory.
type identity [16]byte

// dayFile holds the records of one source on one day: which are there, and which are new.
type dayFile struct {
	file    string
	path    string
	known   map[identity]struct{}
	before  int
	bytes   int64 // Of what was read: what another run has put there since is not copied, as it is not known.
	written int
	endsOff bool // The last line that is there has no end.
	fresh   []byte
	spool   *os.File
}

// openDay reads which records a day's file holds; a line that is none is left where it is and counts for nothing.
func openDay(root, file string) (*dayFile, error) {
	day := &dayFile{file: file, path: filepath.Join(root, file), known: map[identity]struct{}{}}
	err := readLines(day.path, func(line []byte) {
		day.bytes += int64(len(line))
		day.endsOff = line[len(line)-1] != '\n'
		if len(bytes.TrimSpace(line)) == 0 {
			return
		}
		day.before++
		var record struct {
			Provenance struct {
				SigHash string `json:"sig_hash"`
			} `json:"provenance"`
		}
		if json.Unmarshal(line, &record) == nil && len(record.Provenance.SigHash) == sha256.Size*2 {
			day.known[identityOf(record.Provenance.SigHash)] = struct{}{}
		}
	})
	return day, err
}

func identityOf(sigHash string) (name identity) {
	hex.Decode(name[:], []byte(sigHash[:2*len(name)])) // What is no hex is no record's, and 0 is as good as any other.
	return name
}

func (d *dayFile) holds(sigHash string) bool {
	_, isThere := d.known[identityOf(sigHash)]
	return isThere
}

// add takes a record that is not there.
func (d *dayFile) add(sigHash string, line []byte) error {
	d.known[identityOf(sigHash)] = struct{}{}
	d.written++
	d.fresh = append(d.fresh, line...)
	if len(d.fresh) < spillBytes {
		return nil
	}
	return d.spill()
}

// spill moves what is new to a file without a name, so that no more than a piece of it is held.
func (d *dayFile) spill() error {
	if d.spool == nil {
		spool, err := os.CreateTemp("", "materializer-")
		if err != nil {
			return err
		}
		d.spool = spool
		if err := os.Remove(spool.Name()); err != nil {
			return err
		}
	}
	_, err := d.spool.Write(d.fresh)
	d.fresh = d.fresh[:0]
	return err
}

// replace writes what was there and what is new, and returns the digest of the whole file.
func (d *dayFile) replace() (sum string, err error) {
	err = durable.Replace(d.path, func(out io.Writer) error {
		sum, err = d.writeTo(out)
		return err
	})
	return sum, err
}

// digest returns the digest that the file would have.
func (d *dayFile) digest() (string, error) {
	return d.writeTo(io.Discard)
}

func (d *dayFile) writeTo(out io.Writer) (string, error) {
	hash := sha256.New()
	both := io.MultiWriter(hash, out)
	if err := copyFile(both, d.path, d.bytes); err != nil {
		return "", err
	}
	if d.endsOff {
		if _, err := both.Write([]byte{'\n'}); err != nil {
			return "", err
		}
	}
	if d.spool != nil {
		if _, err := d.spool.Seek(0, io.SeekStart); err != nil {
			return "", err
		}
		if _, err := io.Copy(both, d.spool); err != nil {
			return "", err
		}
	}
	_, err := both.Write(d.fresh)
	return hex.EncodeToString(hash.Sum(nil)), err
}

// copyFile writes the first bytes that a file holds, where there is one.
func copyFile(out io.Writer, path string, bytes int64) error {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(out, io.LimitReader(file, bytes))
	return err
}

func (d *dayFile) close() {
	if d.spool != nil {
		d.spool.Close()
	}
}
