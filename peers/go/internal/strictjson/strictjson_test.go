package strictjson

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestParseRefusesDuplicateKeysAtAnyDepth(t *testing.T) {
	for body, key := range map[string]string{
		`{"a":1,"a":1}`:                 "a",
		`{"x":[{"b":1,"\u0062":2}]}`:    "b",
		`{"a":{"a":1},"A":1,"a":{}}`:    "a",
		`{"x":{"y":{"":null,"":null}}}`: "",
	} {
		_, err := Parse([]byte(body))
		if want := `body holds the key "` + key + `" twice`; err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
	if _, err := Parse([]byte(`{"a":{"a":1},"A":1}`)); err != nil {
		t.Error(err)
	}
}

func TestParseRefusesWhatIsNotJSON(t *testing.T) {
	for _, body := range []string{
		"", "{", "{} {}", `{"a":1,}`, "[NaN]", "[Infinity]", "[01]", "[1e309]", "[-1e999]", "\xef\xbb\xbf{}", "[\"\xff\"]", `["\ud800"]`,
		`{"a":{"\udc00":1}}`, "[\"\n\"]", `["\ud800\ud800"]`, `["\ud800\n"]`, `["\\\udfff"]`, `["\udc00\ud800"]`,
	} {
		if _, err := Parse([]byte(body)); err != ErrMalformed {
			t.Errorf("%q: got %v", body, err)
		}
	}
	for _, body := range []string{`["\ud83d\ude00"]`, `["\\ud800"]`, `["\u00e9\ud83d\ude00\ud83d\ude00\n"]`} {
		if _, err := Parse([]byte(body)); err != nil {
			t.Errorf("%q: got %v", body, err)
		}
	}
}

func TestParseBoundsTheNesting(t *testing.T) {
	nested := func(depth int) []byte {
		return []byte(strings.Repeat("[", depth) + strings.Repeat("]", depth))
	}
	if _, err := Parse(nested(MaxDepth)); err != nil {
		t.Error(err)
	}
	if _, err := Parse(nested(MaxDepth + 1)); err != ErrMalformed {
		t.Errorf("got %v", err)
	}
}

func TestCountOfTellsIntegersByTheirLiteral(t *testing.T) {
	for text, want := range map[string]uint64{"3": 3, "-0": 0, "9007199254740991": 1<<53 - 1} {
		value, _ := Parse([]byte(text))
		if count, isCount := CountOf(value); !isCount || count != want {
			t.Errorf("%s: got %d, %t", text, count, isCount)
		}
	}
	for _, text := range []string{"9007199254740992", "18446744073709551616", "-1", "1.0", "1e0", "-0.0", "1e300", `"1"`, "null"} {
		value, err := Parse([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if count, isCount := CountOf(value); isCount {
			t.Errorf("%s: got %d", text, count)
		}
	}
}

func TestObjectsAreWrittenAsTheyWereRead(t *testing.T) {
	const text = `{"z":"z","a":{"b":[1.50,null,true,"é"],"":1e2}}`
	value, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if written, err := json.Marshal(value); err != nil || string(written) != text {
		t.Errorf("got %s, %v", written, err)
	}
}
