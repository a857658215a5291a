package materializer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const signed = `{"provenance":{"sig_hash":"`

var one, two = strings.Repeat("1", 64), strings.Repeat("2", 64)

func record(sigHash string) string { return signed + sigHash + "\"}}\n" }

func TestADayFileKeepsWhatItHasAndGetsWhatIsNew(t *testing.T) {
	for _, each := range []struct {
		name, there, want string
		before            int
		knowsOne          bool
	}{
		{"nothing", "", record(two), 0, false},
		{"a record", record(one), record(one) + record(two), 1, true},
		{"an empty line", "\n" + record(one), "\n" + record(one) + record(two), 1, true},
		{"no record", "{}\nno JSON\n", "{}\nno JSON\n" + record(two), 2, false},
		{"a record without its end", strings.TrimSpace(record(one)), record(one) + record(two), 1, true},
		{"half a record", record(one) + signed, record(one) + signed + "\n" + record(two), 2, true},
	} {
		root := t.TempDir()
		path := filepath.Join(root, "day.jsonl")
		if each.there != "" {
			os.WriteFile(path, []byte(each.there), 0o644)
		}
		day, err := openDay(root, "day.jsonl")
		if err != nil {
			t.Fatal(err)
		}
		if day.before != each.before || day.holds(one) != each.knowsOne || day.holds(two) {
			t.Errorf("%s: got %d before, holds one: %t", each.name, day.before, day.holds(one))
		}
		wouldBe, _ := day.digest()
		_ = day.add(two, []byte(record(two)))
		sum, err := day.replace()
		if content, _ := os.ReadFile(path); err != nil || string(content) != each.want || sum == wouldBe {
			t.Errorf("%s: got %q, %v", each.name, content, err)
		}
	}
}

func TestWhatAnotherRunHasPutThereIsNotCopied(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "day.jsonl")
	os.WriteFile(path, []byte(record(one)), 0o644)
	day, _ := openDay(root, "day.jsonl")
	os.WriteFile(path, []byte(record(one)+record(two)), 0o644)
	_ = day.add(two, []byte(record(two)))
	if _, err := day.replace(); err != nil {
		t.Fatal(err)
	}
	if content, _ := os.ReadFile(path); string(content) != record(one)+record(two) {
		t.Errorf("got %q", content)
	}
}
