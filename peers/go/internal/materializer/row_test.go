package materializer

import (
	"strings"
	"testing"
)

func transformOf(t *testing.T, source string) *transform {
	t.Helper()
	for _, each := range transforms {
		if each.source == source {
			return each
		}
	}
	t.Fatalf("no transform %s", source)
	return nil
}

func TestALineThatIsNoRowHasAReason(t *testing.T) {
	for line, want := range map[string]string{
		`{}`: "", `{"a":9007199254740991}`: "", `{"a":1e15}`: "", `{"a":-0.0}`: "",
		``: "not JSON", `{`: "not JSON", `{"a":1,"a":1}`: "not JSON", `{"a":"\ud800"}`: "not JSON", `{"a":01}`: "not JSON", "\xef\xbb\xbf{}": "not JSON",
		`{"a":9007199254740992}`: "a number is out of range", `{"a":[{"b":-1e400}]}`: "a number is out of range", `1e16`: "a number is out of range",
		`[]`: "not an object", `null`: "not an object", `"a"`: "not an object", `1`: "not an object",
		strings.Repeat("[", 201) + strings.Repeat("]", 201): "not JSON", strings.Repeat("[", 200) + strings.Repeat("]", 200): "not an object",
	} {
		_, err := readRow([]byte(line))
		if got := reason(err); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}

func TestTheFirstMemberThatIsWrongIsTheReason(t *testing.T) {
	for _, each := range []struct{ source, line, want string }{
		{"audits", `{}`, "member audit_id is missing"},
		{"audits", `{"audit_id":null,"created_at":1}`, "member audit_id is missing"},
		{"audits", `{"audit_id":1}`, "member audit_id is not a string"},
		{"audits", `{"audit_id":"","created_at":1}`, "member audit_id is empty"},
		{"audits", `{"audit_id":"u","created_at":1}`, "member created_at is not a string"},
		{"audits", `{"audit_id":"u","created_at":""}`, "member created_at is empty"},
		{"audits", `{"audit_id":"u","created_at":"2026-02-30T10:00:00Z"}`, "member created_at is not a time"},
		{"audits", `{"audit_id":"u","created_at":"2026-02-03T10:00:00Z","check":"c","severity":"bad"}`, "member severity is not one of block, warn, info"},
		{"audits", `{"audit_id":"u","created_at":"2026-02-03T10:00:00Z","check":"c","severity":"info","evidence":"e","pr":1.5}`, "member pr is not an integer"},
		{"audits", `{"audit_id":"u","created_at":"2026-02-03T10:00:00Z","check":"c","severity":"info","evidence":"e","pr":1.0}`, ""},
		{"audit_facts", `{"head_sha":"h","extracted_at":"2026-02-03T10:00:00Z","facts":[]}`, "member facts is empty"},
		{"audit_facts", `{"head_sha":"h","extracted_at":"2026-02-03T10:00:00Z","facts":["a",1]}`, "member facts is not a list of strings"},
		{"outcomes", `{"task_id":"t","finished_at":"2026-02-03T10:00:00Z","ok":1}`, "member ok is not a boolean"},
		{"outcomes", `{"task_id":"t","finished_at":"2026-02-03T10:00:00Z","ok":true,"cost_usd":"1"}`, "member cost_usd is not a number"},
		{"contract_analyses", `{"analysis_id":"c","analyzed_at":"2026-02-03T10:00:00Z","contract":"c","passed":true,"tokens":[]}`, "member tokens is not an object"},
		{"contract_analyses", `{"analysis_id":"c","analyzed_at":"2026-02-03T10:00:00Z","contract":"c","passed":true,"tokens":{"prompt":1.5}}`, "member tokens is not an object"},
		{"contract_analyses", `{"analysis_id":"c","analyzed_at":"2026-02-03T10:00:00Z","contract":"c","passed":true,"tokens":{"prompt":null}}`, ""},
	} {
		read, err := readRow([]byte(each.line))
		if err == nil {
			err = read.check(transformOf(t, each.source).members)
		}
		if got := reason(err); got != each.want {
			t.Errorf("%s: got %q, want %q", each.line, got, each.want)
		}
	}
}

func TestASignatureIsOfTheWholeRowHoweverItIsSpelled(t *testing.T) {
	signatures := map[string]bool{}
	for _, line := range []string{`{"a":1,"b":"é"}`, ` {"b" : "\u00e9", "a" : 1.0} `, `{"a":1,"b":"é","c":null}`} {
		read, err := readRow([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		signatures[read.signature()] = true
	}
	if len(signatures) != 2 {
		t.Errorf("got %v", signatures)
	}
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
