package matrixd

import (
	"encoding/json"
	"strings"
	"testing"

	"lakehouse/internal/embedd"
	"lakehouse/internal/service/servicetest"
	"lakehouse/internal/vectord"
)

func start(t *testing.T) *servicetest.Lab {
	t.Helper()
	indexes, err := vectord.Open("side-store", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { indexes.Stop() })
	l := servicetest.New(t, New(embedd.New(), indexes), indexes.Daemon())
	for name, items := range map[string]string{
		"workers": `{"id":"ada","vector":[1,0],"metadata":{"city":"Reno"}},{"id":"ben","vector":[3,4]},{"id":"cy","vector":[0,1]}`,
		"rules":   `{"id":"rule","vector":[4,3]}`,
	} {
		l.Expect("POST", "/vectors/index", `{"name":"`+name+`","dim":2}`, 201, `{…`)
		l.Expect("POST", "/vectors/index/"+name+"/add", `{"items":[`+items+`]}`, 200, `{…`)
	}
	return l
}

const (
	ada  = `{"corpus":"workers","id":"ada","score":1.0,"boost":0.0,"metadata":{"city":"Reno"}}`
	rule = `{"corpus":"rules","id":"rule","score":0.8,"boost":0.0,"metadata":{}}`
	ben  = `{"corpus":"workers","id":"ben","score":0.6,"boost":0.0,"metadata":{}}`
	cy   = `{"corpus":"workers","id":"cy","score":0.0,"boost":0.0,"metadata":{}}`
)

func TestOneListOfAllCorpora(t *testing.T) {
	l := start(t)
	for search, want := range map[string][]string{
		`"corpora":["workers","rules"],"k":9`:                                          {ada, rule, ben, cy},
		`"corpora":["workers","rules"],"k":2`:                                          {ada, rule},
		`"corpora":["workers","rules"],"k":9,"per_corpus_k":1`:                         {ada, rule},
		`"corpora":["workers"],"k":9,"exclude_ids":["ada","nobody"]`:                   {ben, cy},
		`"corpora":["workers"],"k":9,"filter":{"city":["Reno",1]},"use_playbook":true`: {ada},
	} {
		l.Expect("POST", "/v1/matrix/search", `{"vector":[1,0],`+search+`}`, 200,
			`{"results":[`+strings.Join(want, ",")+`],"playbooks":0}`)
	}
	l.Expect("GET", "/matrix/corpora", "", 200,
		`{"corpora":[{"name":"rules","dim":2,"metric":"cosine","count":1},{"name":"workers","dim":2,"metric":"cosine","count":3}]}`)
}

func TestRecordedAnswersComeFirst(t *testing.T) {
	l := start(t)
	l.Expect("POST", "/vectors/index", `{"name":"texts","dim":384}`, 201, `{…`)
	for _, one := range []string{"night shift", "day shift"} {
		vector, err := json.Marshal(embedd.New().Embed(one))
		if err != nil {
			t.Fatal(err)
		}
		l.Expect("POST", "/vectors/index/texts/add", `{"items":[{"id":"`+one+`","vector":`+string(vector)+`}]}`, 200, `{…`)
	}
	// The digest of ["night shift","texts","day shift"], as the reference writes it.
	const recorded = "f284979f178430e46a9f9c31ccd1d80587336d617a6f429f995dae460bc5dbe3"
	const warm = `{"query_text":"night shift","corpora":["texts"],"k":2,"use_playbook":true}`
	l.Expect("POST", "/matrix/search", warm, 200, `{"results":[{"corpus":"texts","id":"night shift",…`)
	record := `{"query_text":"night shift","answer_id":"day shift","answer_corpus":"texts","score":1}`
	l.Expect("POST", "/matrix/playbooks/record", record, 200,
		`{"playbook_id":"`+recorded+`","index":"playbook_memory","updated":false}`)
	l.Expect("POST", "/matrix/playbooks/record", record, 200, `{"playbook_id":"`+recorded+`",…`)
	_, body := l.Ask("POST", "/matrix/search", warm)
	if !strings.HasPrefix(body, `{"results":[{"corpus":"texts","id":"day shift",`) || !strings.Contains(body, `"boost":1.0,`) ||
		!strings.HasSuffix(body, `"playbooks":1}`) {
		t.Errorf("got %s", body)
	}
	l.Expect("GET", "/matrix/corpora", "", 200, `{"corpora":[{"name":"rules","dim":2,"metric":"cosine","count":1},{"name":"texts",…`)
	l.Expect("DELETE", "/vectors/index/playbook_memory", "", 200, `{…`)
	l.Expect("POST", "/matrix/playbooks/record", record, 200,
		`{"playbook_id":"`+recorded+`","index":"playbook_memory","updated":false}`)
}

func TestPlaybooksOfAnotherModel(t *testing.T) {
	l := start(t)
	l.Expect("POST", "/vectors/index", `{"name":"playbook_memory","dim":2}`, 201, `{…`)
	l.Expect("POST", "/matrix/playbooks/record", `{"query_text":"a","answer_id":"b","answer_corpus":"c","score":0.5}`, 409,
		`{"type":"about:blank","title":"Conflict","status":409,"detail":"index playbook_memory holds vectors of another model;…`)
	// What is no playbook vouches for nothing.
	l.Expect("POST", "/vectors/index/playbook_memory/add",
		`{"items":[{"id":"x","vector":[1,0],"metadata":{"answer_corpus":"workers","answer_id":1,"score":1}}]}`, 200, `{…`)
	l.Expect("POST", "/matrix/search", `{"vector":[1,0],"corpora":["workers"],"k":1,"use_playbook":true}`, 200, `{"results":[`+ada+`],"playbooks":0}`)
}

func TestPassagesAreRatedInTheirOrder(t *testing.T) {
	start(t).Expect("POST", "/matrix/relevance", `{"query_text":"forklift operator, night shift","passages":[
		{"id":"far","text":"Registered nurse in a clinic"},{"id":"same","text":"Night shift: forklift operator"},
		{"id":"near","text":"Night shift at the clinic"}]}`, 200, `{"ratings":[{"id":"far","score":-0.139741,"rating":"none"},`+
		`{"id":"same","score":1.0,"rating":"high"},{"id":"near","score":0.399779,"rating":"some"}]}`)
}

func TestBodiesThatDoNotFitNameEachPlace(t *testing.T) {
	l := start(t)
	for _, one := range []struct{ path, body, fault string }{
		{"search", `{}`, "/corpora: the member is missing; /k: the member is missing"},
		{"search", `{"corpora":[1,""],"k":0,"query_text":"","vector":[],"per_corpus_k":1001,"exclude_ids":[1],"filter":[],"use_playbook":1,"x":1}`,
			"/corpora/0: expected a string of 1 to 512 characters; /corpora/1: expected a string of 1 to 512 characters; " +
				"/k: expected an integer from 1 to 1000; /query_text: expected a string of 1 to 32768 characters; " +
				"/vector: expected an array of 1 to 4096 elements; /per_corpus_k: expected an integer from 1 to 1000; " +
				"/exclude_ids/0: expected a string; /filter: expected an object; /use_playbook: expected a boolean; /x: an unknown member"},
		{"search", `{"corpora":["workers"],"k":1}`, "/query_text: exactly one of query_text and vector is wanted"},
		{"search", `{"corpora":["workers"],"k":1,"query_text":"a","vector":[1]}`, "/query_text: exactly one of"},
		{"search", `{"corpora":["workers","workers"],"k":1,"vector":[1,0]}`, "/corpora: a corpus stands twice"},
		{"search", `{"corpora":["workers","nobody"],"k":1,"vector":[1,0]}`, "/corpora/1: there is no corpus nobody"},
		{"search", `{"corpora":["workers"],"k":1,"vector":[1]}`, "/vector: the index wants 2 numbers, got 1"},
		{"search", `{"corpora":["workers"],"k":1,"vector":[1,0],"filter":{"a":{"b":1}}}`, "/filter/a/b: an unknown member"},
		{"playbooks/record", `{"query_text":1,"score":2,"tags":[1]}`,
			"/query_text: expected a string of 1 to 32768 characters; /answer_id: the member is missing; " +
				"/answer_corpus: the member is missing; /score: expected a number from 0 to 1; /tags/0: expected a string"},
		{"relevance", `{"query_text":"a","passages":[]}`, "/passages: expected an array of 1 to 1000 elements"},
		{"relevance", `{"query_text":"a","passages":[{"id":"x"},1]}`, "/passages/0/text: the member is missing; /passages/1: expected an object"},
	} {
		l.Expect("POST", "/matrix/"+one.path, one.body, 422,
			`{"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"the body does not fit: `+one.fault+"…")
	}
}
