package embedd

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strings"
	"testing"

	"lakehouse/internal/service/servicetest"
)

// The digests are those of the reference's JSON for the same texts: any other bit of any number changes them.
func TestVectorsAreTheReferences(t *testing.T) {
	for text, want := range map[string]string{
		"Forklift operator in Columbus, night shift": "484c127c3a8960e3",
		"":                       "c5534499f6f28d43",
		" !!! ":                  "76212c1009e283e4",
		"Straße STRASSE ﬁne":     "2813d9450cfa2856",
		"İstanbul Σίσυφος ᏣᎳᎩ ꮳ": "ac427778a274bfd4",
		"１２３ ① ½ Ⅷ _a_":          "1908cfd359ffe41c",
		"क्षि e\u0301 \u00ad":    "c805768bfe8ab696",
		"\x1c\x1f":               "c5534499f6f28d43",
		strings.Repeat("x", 200): "f21a12649a6a81ea",
	} {
		body, err := vector(New().Embed(text)).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256(body)
		if got := hex.EncodeToString(digest[:8]); got != want {
			t.Errorf("%q: got %s, want %s: %.60s", text, got, want, body)
		}
	}
}

func TestVectorsHaveUnitLength(t *testing.T) {
	squares := 0.0
	for _, number := range New().Embed("Registered nurse in Miami") {
		squares += number * number
	}
	if math.Abs(squares-1) > 1e-4 {
		t.Errorf("the square of its length is %g", squares)
	}
}

func TestTheCacheOfWordsIsBounded(t *testing.T) {
	model := newHashing()
	for i := range mostKnownWords + 1 {
		model.features(strings.Repeat("a", i%60) + string(rune('b'+i/60)))
	}
	if len(model.known) > mostKnownWords {
		t.Errorf("%d words are kept", len(model.known))
	}
}

func TestRequests(t *testing.T) {
	l := servicetest.New(t, New().Daemon())
	l.Expect("POST", "/v1/embed", `{"texts":["a"]}`, 200, `{"model":"hash-384","dim":384,"vectors":[[0.0,…`)
	l.Expect("GET", "/embed/models", "", 200, `{"default":"hash-384","models":[{"name":"hash-384","dim":384,…`)
	problem := func(detail string) string {
		return `{"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"the body does not fit: ` + detail
	}
	for body, fault := range map[string]string{
		`{}`:                               `/texts: the member is missing`,
		`{"texts":[]}`:                     `/texts: expected an array of 1 to 4096 elements`,
		`{"texts":"a"}`:                    `/texts: expected an array`,
		`{"texts":["a",1],"model":2}`:      `/texts/1: expected a string of at most 32768 characters; /model: expected a string`,
		`{"texts":["a"],"x":1}`:            `/x: an unknown member`,
		`{"texts":["a"],"model":"clip"}`:   `/model: there is no such model; there are hash-384`,
		`{"texts":[1],"model":"clip"}`:     `/texts/0: expected a string`,
		`{"texts":["a"],"model":null}`:     `/model: expected a string`,
		`[{"texts":["a"],"model":"clip"}]`: `(the whole document): expected an object`,
	} {
		l.Expect("POST", "/embed", body, 422, problem(fault)+"…")
	}
}
