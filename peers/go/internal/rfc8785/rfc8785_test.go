package rfc8785

import (
	"encoding/json"
	"os"
	"testing"

	"lakehouse/internal/strictjson"
)

func TestWhatIsReadIsWrittenInItsOneForm(t *testing.T) {
	for text, want := range map[string]string{
		`"\u003c\u2028\u007f\/\u0007\b\u000A"`:    "\"<\u2028\u007f/\\u0007\\b\\n\"",
		`"\ud83d\ude00"`:                          "\"\U0001F600\"",
		`{"b":[],"a":{"z":null,"":true}}`:         `{"a":{"":true,"z":null},"b":[]}`,
		"{\"\ufb33\":1,\"\U0001F600\":2,\"a\":3}": "{\"a\":3,\"\U0001F600\":2,\"\ufb33\":1}",
	} {
		value, err := strictjson.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(Append(nil, value)); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// The table is that of all languages: what is written, and its one form.
func TestANumberHasOneSpelling(t *testing.T) {
	raw, err := os.ReadFile("../../../rfc8785_numbers.json")
	if err != nil {
		t.Fatal(err)
	}
	var numbers [][2]string
	if err := json.Unmarshal(raw, &numbers); err != nil || len(numbers) == 0 {
		t.Fatal(err, numbers)
	}
	for _, number := range numbers {
		value, err := strictjson.Parse([]byte(number[0]))
		if got := string(Append(nil, value)); err != nil || got != number[1] {
			t.Errorf("%s: got %s, %v, want %s", number[0], got, err, number[1])
		}
	}
}

func TestMembersKeepTheirOrder(t *testing.T) {
	got := string(Append(nil, Members{{"z", 1}, {"a", []string{"<"}}, {"m", []Members{{{"k", false}}}}}))
	if want := `{"z":1,"a":["<"],"m":[{"k":false}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
