package replay

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestWordsAreRunsOfThreeAndMoreEachOnce(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"a b cc":                "",
		"Rebuild the THE index": "index rebuild the",
		"422-over_160":          "160 422 over",
		"Zürich":                "rich",
		"x\u212Aelvin":          "elvin", // The sign of Kelvin is no K.
	} {
		if got := strings.Join(slices.Sorted(maps.Keys(wordsOf(text))), " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestTheBestAreFirstThenTheLatestThenTheSmallerHash(t *testing.T) {
	found := firstOf([]remembered{
		{sigHash: "b", timestamp: "1", score: 1}, {sigHash: "a", timestamp: "1", score: 1}, {sigHash: "c", timestamp: "2", score: 1},
		{sigHash: "d", timestamp: "0", score: 2}, {sigHash: "e", timestamp: "0", score: 1}, {sigHash: "f", timestamp: "0", score: 1},
	})
	var order string
	for _, each := range found {
		order += each.sigHash
	}
	if order != "dcabe" {
		t.Errorf("got %s", order)
	}
}

func TestABundleHasWhatItsBudgetAllows(t *testing.T) {
	records := []remembered{
		{text: "12345", checks: []string{"lint", "test"}},
		{text: "1234\r\n78", failed: true, checks: []string{"test"}},
		{text: "éééé"},
	}
	for budget, want := range map[uint64]string{
		0: "",
		1: "Examples:\n- éééé",
		2: "Examples:\n- 12345",
		3: "Examples:\n- 12345\n- éééé",
		5: "Examples:\n- 12345\n- éééé\nFailures:\n- 1234 78",
		6: "Examples:\n- 12345\n- éééé\nFailures:\n- 1234 78\nValidation steps:\n- lint",
		7: "Examples:\n- 12345\n- éééé\nFailures:\n- 1234 78\nValidation steps:\n- lint\n- test",
	} {
		if got := makeBundle(records, budget); got != want {
			t.Errorf("%d: got %q, want %q", budget, got, want)
		}
	}
}

func TestALineThatIsNoRecordIsPassedOver(t *testing.T) {
	for line, want := range map[string]bool{
		`{"provenance":{"sig_hash":"a"}}`: true,
		`{"provenance":{"sig_hash":"a"},"text":"t","failure_markers":["m"],"validation_results":[{"check":"c","passed":true}]}`: true,
		``:                              false,
		`[]`:                            false,
		`{}`:                            false,
		`{"provenance":[]}`:             false,
		`{"provenance":{"sig_hash":1}}`: false,
		`{"provenance":{"sig_hash":"a"},"text":1}`:                      false,
		`{"provenance":{"sig_hash":"a"},"failure_markers":[1]}`:         false,
		`{"provenance":{"sig_hash":"a"},"validation_results":[{}]}`:     false,
		`{"provenance":{"sig_hash":"a"},"provenance":{"sig_hash":"a"}}`: false,
	} {
		if _, got := readRecord([]byte(line)); got != want {
			t.Errorf("%s: got %t", line, got)
		}
	}
}

func TestAnAnswerHasAContentAndCountsWholeTokens(t *testing.T) {
	for said, want := range map[string]answer{
		`{"content":"c"}`:            {content: "c"},
		`{"content":"c","usage":{}}`: {content: "c"},
		`{"content":"c","usage":{"prompt_tokens":3,"completion_tokens":4}}`: {"c", 3, 4},
	} {
		if got, err := readAnswer([]byte(said)); err != nil || got != want {
			t.Errorf("%s: got %v, %v", said, got, err)
		}
	}
	for _, said := range []string{"", "[]", "{}", `{"content":1}`, `{"content":"c","usage":[]}`, `{"content":"c","usage":{"prompt_tokens":1.5}}`} {
		if got, err := readAnswer([]byte(said)); err != errNoAnswer {
			t.Errorf("%s: got %v, %v", said, got, err)
		}
	}
}
