package rfc8785

import (
	"testing"

	"lakehouse/internal/strictjson"
)

func TestWhatIsReadIsWrittenInItsOneForm(t *testing.T) {
	for text, want := range map[string]string{
		`1.0`: "1", `-0`: "0", `-0.0`: "0", `1e-7`: "1e-7", `0.000001`: "0.000001", `1.5e-10`: "1.5e-10", `12e-1`: "1.2", `1E3`: "1000",
		`9007199254740991`: "9007199254740991", `5e-324`: "5e-324", `1e20`: "100000000000000000000", `1e21`: "1e+21", `333333333.33333329`: "333333333.3333333",
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

func TestMembersKeepTheirOrder(t *testing.T) {
	got := string(Append(nil, Members{{"z", 1}, {"a", []string{"<"}}, {"m", []Members{{{"k", false}}}}}))
	if want := `{"z":1,"a":["<"],"m":[{"k":false}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
