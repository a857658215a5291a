package durable

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFileIsReplacedWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "below", "file")
	say := func(content string, err error) error {
		return Replace(path, func(out io.Writer) error {
			io.WriteString(out, content)
			return err
		})
	}
	if err := say("one", nil); err != nil {
		t.Fatal(err)
	}
	failure := errors.New("no more")
	if err := say("half of tw", failure); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	if content, _ := os.ReadFile(path); string(content) != "one" {
		t.Errorf("got %q", content)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("got %v", entries)
	}
}

func TestWhatIsUnfinishedIsRemovedAndNothingElse(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{".a.jsonl.00.tmp", ".hidden", "kept.tmp"} {
		os.WriteFile(filepath.Join(root, name), nil, 0o644)
	}
	if err := errors.Join(RemoveUnfinished(root), RemoveUnfinished(filepath.Join(root, "nowhere"))); err != nil {
		t.Fatal(err)
	}
	if entries, _ := os.ReadDir(root); len(entries) != 2 {
		t.Errorf("got %v", entries)
	}
}

func TestARecordStandsOnALineOfItsOwnBehindATornOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log", "runs.jsonl")
	os.MkdirAll(filepath.Dir(path), 0o755)
	os.WriteFile(path, []byte(`{"to`), 0o644)
	if err := Append(path, []byte(`{"run_id":"a"}`)); err != nil {
		t.Fatal(err)
	}
	if content, _ := os.ReadFile(path); string(content) != "{\"to\n{\"run_id\":\"a\"}\n" {
		t.Errorf("got %q", content)
	}
}

func TestARecordThatIsTooLongIsNotWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "runs.jsonl")
	if err := Append(path, bytes.Repeat([]byte("x"), MaxRecordBytes-2)); err != nil {
		t.Fatal(err)
	}
	if err := Append(path, bytes.Repeat([]byte("x"), MaxRecordBytes-1)); err == nil || !strings.Contains(err.Error(), "65537 bytes") {
		t.Errorf("got %v", err)
	}
}
