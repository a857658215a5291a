package validatord

import (
	"strings"
	"testing"

	"lakehouse/internal/service"
	"lakehouse/internal/strictjson"
)

const rosterJSON = `[
	{"worker_id":"W1","name":"Ana Ruiz","status":"active","city":"Reno","state":"NV","role":"welder"},
	{"worker_id":"W2","name":"Bo","status":"on_leave","city":"Reno","state":"NV","role":"welder"}
]`

// judged returns the findings and "" for a pass, else kind|field|reason of the rule that fails.
func judged(t *testing.T, body string) ([]finding, string) {
	t.Helper()
	value, err := strictjson.Parse([]byte(rosterJSON))
	if err != nil {
		t.Fatal(err)
	}
	whole, _ := service.NewFields()
	configured := readRoster(whole, "", value)
	parsed, err := strictjson.Parse([]byte(body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	asked, refused := readEnvelope(parsed)
	if refused != nil {
		t.Fatalf("%s: %s", body, refused.Detail)
	}
	findings, failed := judge(asked, configured)
	if failed == nil {
		return findings, ""
	}
	return findings, strings.Join([]string{failed.Kind, failed.Field, failed.Reason}, "|")
}

func message(kind, artifact, context string) string {
	return `{"kind":"` + kind + `","artifact":` + artifact + `,"context":` + context + `}`
}

// expect maps a request's body to the outcome of judging it.
func expect(t *testing.T, outcomes map[string]string) {
	t.Helper()
	for body, want := range outcomes {
		if _, got := judged(t, body); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

func TestMessageRules(t *testing.T) {
	letters := func(count int) string { return strings.Repeat("é", count) }
	mail := func(subject, body, context string) string {
		return message("email", `{"to":"a@b.c","subject":"`+subject+`","body":"`+body+`"}`, context)
	}
	text := func(body string) string { return message("sms", `{"to":"555-123-4567","body":"`+body+`"}`, `{}`) }
	expect(t, map[string]string{
		mail("Shift", "Hello Ana", `{"worker_id":"W1"}`):    "",
		message("email", `{"to":"a","body":7}`, `{}`):       "schema|subject|subject must be a non-empty string",
		message("email", `{"To":"a@b","body":"b"}`, `{}`):   "schema|to|to must be a non-empty string",
		strings.Replace(mail("s", "b", `{}`), "@", "", 1):   "schema|to|to must hold exactly one @",
		strings.Replace(mail("s", "b", `{}`), "@", "@@", 1): "schema|to|to must hold exactly one @",
		text(letters(160)):                                 "",
		text(letters(161)):                                 "completeness||body has 161 characters, at most 160 are allowed",
		mail(letters(79), letters(4001), `{}`):             "completeness||subject has 79 characters, at most 78 are allowed",
		mail(letters(78), letters(4001), `{}`):             "completeness||body has 4001 characters, at most 4000 are allowed",
		mail("$25/hr", "123-45-6789", `{}`):                "policy||body holds a US social security number",
		mail("$25/hr", "$25/hr", `{}`):                     "policy||subject holds a pay rate",
		text("Call 1-555-123-4567"):                        "",
		mail("s", "Hello Ana", `{"worker_id":"W9"}`):       "consistency||worker W9 is not on the roster",
		mail("s", "Hi", `{"worker_id":"W1"}`):              "consistency||body does not hold the first name of worker W1",
		mail("s", "Ana", `{"worker_id":"W1","roster":[]}`): "consistency||worker W1 is not on the roster",
	})
}

func TestFillRules(t *testing.T) {
	const ana = `{"worker_id":"W1","name":"Ana Ruiz"}`
	fills := func(fills, context string) string { return message("fill", `{"fills":`+fills+`}`, context) }
	expect(t, map[string]string{
		fills(`[`+ana+`]`, `{"target_count":1,"city":"Reno","state":"NV","role":"welder"}`): "",
		fills(`[]`, `{}`):                                  "schema|fills|fills must be a non-empty list",
		fills(`[{"worker_id":1},1]`, `{}`):                 "schema|fills[1]|fills[1] must be an object",
		fills(`[{"name":1}]`, `{}`):                        "schema|fills[0].worker_id|fills[0].worker_id must be a string",
		fills(`[{"worker_id":"W1"}]`, `{}`):                "schema|fills[0].name|fills[0].name must be a string",
		fills(`[`+ana+`]`, `{"target_count":2}`):           "completeness||1 fills for a target of 2",
		fills(`[`+ana+`]`, `{"target_count":-0}`):          "completeness||1 fills for a target of 0",
		fills(`[{"worker_id":"W9","name":"Ana"}]`, `{}`):   "consistency||worker W9 is not on the roster",
		fills(`[{"worker_id":"W1","name":"Ana"}]`, `{}`):   "consistency||worker W1 is on the roster as Ana Ruiz, not Ana",
		fills(`[{"worker_id":"W2","name":"Bo"}]`, `{}`):    "consistency||worker W2 has status on_leave, not active",
		fills(`[`+ana+`]`, `{"role":"cook","state":"CA"}`): "consistency||worker W1 has state NV, not CA",
		fills(`[`+ana+`,`+ana+`]`, `{}`):                   "consistency||worker W1 is used more than once",
	})
}

func TestPlaybookRules(t *testing.T) {
	hex := strings.Repeat("aB", 32)
	playbook := func(operation, names, target, fingerprint string) string {
		return message("playbook", `{"operation":"`+operation+`","endorsed_names":`+names+`,"target_count":`+target+
			`,"fingerprint":"`+fingerprint+`"}`, `{}`)
	}
	expect(t, map[string]string{
		playbook("fill: x", `["Ana","Bo"]`, "1", hex):       "",
		playbook("fill:", "1", "0", ""):                     "schema|operation|operation must have the form verb: text",
		playbook(`a: \u000bx`, "1", "0", ""):                "schema|operation|operation must have the form verb: text",
		playbook("a: é", "1", "0", ""):                      "schema|endorsed_names|endorsed_names must be a list",
		playbook("a: x", `["b",""]`, "0", ""):               "schema|endorsed_names[1]|endorsed_names[1] must be a non-empty string",
		playbook("a: x", `[]`, "1.0", ""):                   "schema|target_count|target_count must be a positive integer",
		playbook("a: x", `[]`, "1e0", ""):                   "schema|target_count|target_count must be a positive integer",
		playbook("a: x", `[]`, "-1", ""):                    "schema|target_count|target_count must be a positive integer",
		playbook("a: x", `[]`, "18446744073709551616", hex): "schema|target_count|target_count must be a positive integer",
		playbook("a: x", `[]`, "1", hex[1:]):                "schema|fingerprint|fingerprint must be 64 hexadecimal digits",
		playbook("a: x", `[]`, "3", hex):                    "completeness||0 endorsed names, between 1 and 6 are wanted",
		playbook("a: x", `["a","b","c"]`, "1", hex):         "completeness||3 endorsed names, between 1 and 2 are wanted",
		playbook("a: x", `["a"]`, "9007199254740991", hex):  "",
		playbook("a: x", `[]`, "9007199254740991", hex):     "completeness||0 endorsed names, between 1 and 18014398509481982 are wanted",
	})
}

func TestFindingsSayWhatWasNotChecked(t *testing.T) {
	findings, _ := judged(t, message("sms", `{"to":"x","body":"b"}`, `{}`))
	if len(findings) != 1 || findings[0] != noWorker {
		t.Errorf("got %v", findings)
	}
	findings, _ = judged(t, message("fill", `{"fills":[{"worker_id":"W1","name":"Ana Ruiz"}]}`, `{}`))
	if len(findings) != 1 || findings[0] != noTarget {
		t.Errorf("got %v", findings)
	}
}
