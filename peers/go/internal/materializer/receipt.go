package materializer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"lakehouse/internal/durable"
	"lakehouse/internal/rfc8785"
	"lakehouse/internal/strictjson"
)

const receiptsFolder = "reports/distillation"

// sourceEntry is what a run read of one source.
type sourceEntry struct {
	Source       string `json:"source"`
	File         string `json:"file"`
	SHA256       string `json:"sha256"`
	Bytes        int    `json:"bytes"`
	Read         int    `json:"read"`
	Written      int    `json:"written"`
	Deduplicated int    `json:"deduplicated"`
	Skipped      int    `json:"skipped"`
	Torn         bool   `json:"torn"`
}

// outputEntry is a day file that a run wrote.
type outputEntry struct {
	File    string `json:"file"`
	SHA256  string `json:"sha256"`
	Records int    `json:"records"`
	Written int    `json:"written"`
}

// receipt is what a run read and wrote. All its text is ASCII that encoding/json writes as it is.
type receipt struct {
	Schema       string        `json:"schema"`
	RunID        string        `json:"run_id"`
	RecordedAt   string        `json:"recorded_at"`
	Sources      []sourceEntry `json:"sources"`
	Outputs      []outputEntry `json:"outputs"`
	Read         int           `json:"read"`
	Written      int           `json:"written"`
	Deduplicated int           `json:"deduplicated"`
	Skipped      int           `json:"skipped"`
	Exit         string        `json:"exit"`
	Digest       string        `json:"digest"`
}

// sumUp fills in what follows from the entries, and names the run.
func (r *receipt) sumUp(chosen options) error {
	r.Schema, r.RunID, r.RecordedAt, r.Exit = "distillation_receipt.v1", chosen.runID, chosen.now, "nothing_new"
	for _, entry := range r.Sources {
		r.Read += entry.Read
		r.Written += entry.Written
		r.Deduplicated += entry.Deduplicated
		r.Skipped += entry.Skipped
	}
	if r.Written > 0 {
		r.Exit = "ok"
	}
	claim, err := json.Marshal(map[string]any{"outputs": r.Outputs, "sources": r.Sources})
	if err != nil {
		return err
	}
	sorted, err := strictjson.Parse(claim)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(rfc8785.Append(nil, sorted))
	r.Digest = hex.EncodeToString(sum[:])
	return nil
}

// line is the receipt as it is written and printed.
func (r *receipt) line() ([]byte, error) {
	written, err := json.Marshal(r)
	return append(written, '\n'), err
}

func (r *receipt) write(chosen options) error {
	line, err := r.line()
	if err != nil {
		return err
	}
	path := filepath.Join(chosen.root, receiptsFolder, chosen.runID, "receipt.json")
	return durable.Replace(path, func(out io.Writer) error {
		_, err := out.Write(line)
		return err
	})
}

// summary is what a run did, a line for each source.
func (r *receipt) summary() string {
	var text strings.Builder
	for _, entry := range r.Sources {
		torn := ""
		if entry.Torn {
			torn = ", last line torn"
		}
		fmt.Fprintf(&text, "%s: %d read, %d written, %d deduplicated, %d skipped%s\n",
			entry.Source, entry.Read, entry.Written, entry.Deduplicated, entry.Skipped, torn)
	}
	if r.Written == 0 {
		return text.String() + "nothing new\n"
	}
	return fmt.Sprintf("%s%d records in %d files\n", text.String(), r.Written, len(r.Outputs))
}
