package replay

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lakehouse/internal/strictjson"
)

const (
	best             = 5
	charactersAToken = 4
)

// remembered is what is read of an evidence record.
type remembered struct {
	sigHash   string
	timestamp string
	text      string
	failed    bool
	checks    []string
	score     int
}

// wordsOf returns the words of a text, each once: runs of a-z and 0-9 of three characters and more, A-Z made small.
func wordsOf(text string) map[string]bool {
	words := map[string]bool{}
	start := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && isWordByte(text[i]) {
			continue
		}
		if i-start >= 3 {
			words[strings.ToLower(text[start:i])] = true
		}
		start = i + 1
	}
	return words
}

func isWordByte(unit byte) bool {
	return 'a' <= unit && unit <= 'z' || 'A' <= unit && unit <= 'Z' || '0' <= unit && unit <= '9'
}

func shared(wanted, words map[string]bool) (count int) {
	for word := range words {
		if wanted[word] {
			count++
		}
	}
	return count
}

// retrieve returns the records below a root that share most words with a task, the best first.
func retrieve(root, task string) ([]remembered, error) {
	wanted := wordsOf(task)
	var found []remembered
	err := everyRecord(filepath.Join(root, "data/evidence"), func(record remembered) {
		if record.score = shared(wanted, wordsOf(record.text)); record.score > 0 {
			found = append(found, record)
		}
		if len(found) > best*20 {
			found = firstOf(found)
		}
	})
	return firstOf(found), err
}

func firstOf(found []remembered) []remembered {
	slices.SortStableFunc(found, func(a, b remembered) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.timestamp, a.timestamp), cmp.Compare(a.sigHash, b.sigHash))
	})
	return found[:min(best, len(found))]
}

// everyRecord hands on the records below a folder; a line that is none is passed over.
func everyRecord(folder string, take func(remembered)) error {
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".jsonl") {
			return err
		}
		return everyRecordOf(path, take)
	})
}

func everyRecordOf(path string, take func(remembered)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadBytes('\n')
		if record, isRecord := readRecord(bytes.TrimSpace(line)); isRecord {
			take(record)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func readRecord(line []byte) (remembered, bool) {
	value, err := strictjson.Parse(line)
	row, isObject := value.(strictjson.Object)
	if err != nil || !isObject {
		return remembered{}, false
	}
	from, _ := row.Values["provenance"].(strictjson.Object)
	sigHash, isSigned := from.Text("sig_hash")
	timestamp, hasTime := optional(row, "timestamp", "")
	text, hasText := optional(row, "text", "")
	markers, hasMarkers := optional(row, "failure_markers", []any{})
	results, hasResults := optional(row, "validation_results", []any{})
	checks, areNamed := checksOf(results)
	areTexts := !slices.ContainsFunc(markers, func(marker any) bool { _, isText := marker.(string); return !isText })
	isRecord := isSigned && hasTime && hasText && hasMarkers && hasResults && areNamed && areTexts
	return remembered{sigHash, timestamp, text, len(markers) > 0, checks, 0}, isRecord
}

// optional returns a member, or what stands for it where it is absent; false where it is of another type.
func optional[T any](row strictjson.Object, name string, absent T) (T, bool) {
	value, isThere := row.Values[name]
	if !isThere {
		return absent, true
	}
	typed, isOne := value.(T)
	return typed, isOne
}

func checksOf(results []any) ([]string, bool) {
	var checks []string
	for _, result := range results {
		row, _ := result.(strictjson.Object)
		check, isNamed := row.Text("check")
		if !isNamed {
			return nil, false
		}
		checks = append(checks, check)
	}
	return checks, true
}
