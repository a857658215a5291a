package materializer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"path/filepath"

	"lakehouse/internal/durable"
)

// skip is a row that was left out.
type skip struct {
	Source     string `json:"source"`
	LineOffset int    `json:"line_offset"`
	LineHash   string `json:"line_hash"`
	Reason     string `json:"reason"`
	RecordedAt string `json:"recorded_at"`
}

// skips are the rows that were left out before, and those that are now.
type skips struct {
	path  string
	now   string
	known map[string]bool
	there []byte
	fresh []byte
}

func readSkips(chosen options) (*skips, error) {
	read := &skips{path: filepath.Join(chosen.root, "data/_kb/distillation_skips.jsonl"), now: chosen.now, known: map[string]bool{}}
	err := readLines(read.path, func(line []byte) {
		read.there = append(read.there, line...)
		var known skip
		if json.Unmarshal(line, &known) == nil {
			read.known[known.Source+" "+known.LineHash] = true
		}
	})
	return read, err
}

// add notes a row; one that is known is not written again.
func (s *skips) add(source string, offset int, line []byte, reason string) error {
	sum := sha256.Sum256(line)
	left := skip{source, offset, hex.EncodeToString(sum[:]), reason, s.now}
	if identity := source + " " + left.LineHash; !s.known[identity] {
		s.known[identity] = true
		written, err := json.Marshal(left)
		if err != nil {
			return err
		}
		s.fresh = append(append(s.fresh, written...), '\n')
	}
	return nil
}

// write replaces the file of skips by itself and what is new.
func (s *skips) write() error {
	if len(s.fresh) == 0 {
		return nil
	}
	if len(s.there) > 0 && !bytes.HasSuffix(s.there, []byte{'\n'}) {
		s.there = append(s.there, '\n')
	}
	return durable.Replace(s.path, func(out io.Writer) error {
		_, err := out.Write(append(s.there, s.fresh...))
		return err
	})
}
