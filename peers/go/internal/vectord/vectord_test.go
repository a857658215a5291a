package vectord

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"lakehouse/internal/service/servicetest"
)

// lab is a daemon on a directory.
type lab struct {
	*servicetest.Lab
	stop func() error
}

func start(t *testing.T, kind, path string) *lab {
	t.Helper()
	opened, err := Open(kind, path)
	if err != nil {
		t.Fatal(err)
	}
	return &lab{servicetest.New(t, opened.Daemon()), opened.Stop}
}

const (
	shifts = "/v1/vectors/index/shifts"
	empty  = `{"name":"shifts","dim":2,"metric":"l2","m":16,"ef_construction":200,"count":0,"searched":"by graph",` +
		`"generation":0,"is_saved":true}`
)

func TestAnIndexLives(t *testing.T) {
	l := start(t, "side-store", t.TempDir())
	defer l.stop()
	l.Expect("POST", "/vectors/index", `{"name":"shifts","dim":2,"metric":"l2"}`, 201, empty)
	l.Expect("POST", "/vectors/index", `{"name":"shifts","dim":2,"metric":"l2"}`, 200, empty)
	l.Expect("POST", "/vectors/index", `{"name":"shifts","dim":3}`, 409, `{"type":"about:blank","title":"Conflict",…`)
	l.Expect("GET", "/vectors/index", "", 200, `{"indexes":[`+empty+`]}`)
	l.Expect("POST", shifts+"/add", `{"items":[{"id":"a","vector":[3,4]},{"id":"b","vector":[0,1]}]}`, 200, `{"added":2,"updated":0}`)
	l.Expect("POST", shifts+"/add", `{"items":[{"id":"a","vector":[0,2],"metadata":{"z":1.0,"a":["<"]}}]}`, 200,
		`{"added":0,"updated":1}`)
	l.Expect("POST", shifts+"/search", `{"vector":[0,0],"k":9}`, 200,
		`{"metric":"l2","results":[{"id":"b","distance":1.0,"metadata":{}},{"id":"a","distance":2.0,"metadata":{"z":1.0,"a":["\u003c"]}}]}`)
	l.Expect("DELETE", shifts+"/items/b", "", 200, `{"id":"b","deleted":true}`)
	l.Expect("DELETE", shifts+"/items/b", "", 404, `{"type":"about:blank","title":"Not Found",…`)
	l.Expect("POST", shifts+"/save", "", 200, `{"name":"shifts","generation":1,"count":1}`)
	l.Expect("POST", shifts+"/save", "", 200, `{"name":"shifts","generation":1,"count":1}`)
	l.Expect("GET", "/vectors/index/no%20name", "", 404, `{"type":"about:blank","title":"Not Found",…`)
	l.Expect("DELETE", shifts, "", 200, `{"name":"shifts","deleted":true}`)
	l.Expect("GET", shifts, "", 404, `{"type":"about:blank","title":"Not Found",…`)
	l.Expect("POST", shifts+"/add", `{"items":[{"id":"a","vector":[3,4]}]}`, 404, `{"type":"about:blank",…`)
	l.Expect("GET", "/vectors/index", "", 200, `{"indexes":[]}`)
}

func TestSearchesExcludeAndFilter(t *testing.T) {
	l := start(t, "side-store", t.TempDir())
	defer l.stop()
	l.Expect("POST", "/vectors/index", `{"name":"shifts","dim":1,"metric":"l2"}`, 201, `{"name":…`)
	l.Expect("POST", shifts+"/add", `{"items":[{"id":"a","vector":[1],"metadata":{"city":"Reno","pay":20}},
		{"id":"b","vector":[2],"metadata":{"city":"Elko","pay":25.5,"tags":["night",true]}},
		{"id":"c","vector":[3],"metadata":{"city":null}}]}`, 200, `{"added":3,"updated":0}`)
	for search, want := range map[string]string{
		`"exclude_ids":["a","zz"]`:               "b c",
		`"filter":{}`:                            "a b c",
		`"filter":{"city":"Reno"}`:               "a",
		`"filter":{"city":["Elko",null]}`:        "b c",
		`"filter":{"pay":20.0}`:                  "a",
		`"filter":{"pay":{"gt":20,"lte":25.5}}`:  "b",
		`"filter":{"city":{"gte":"F"}}`:          "a",
		`"filter":{"tags":"night"}`:              "b",
		`"filter":{"tags":1}`:                    "",
		`"filter":{"city":"Reno","tags":"none"}`: "",
	} {
		_, body := l.Ask("POST", shifts+"/search", `{"vector":[0],"k":3,`+search+`}`)
		var answered struct{ Results []struct{ ID string } }
		if err := json.Unmarshal([]byte(body), &answered); err != nil {
			t.Fatalf("%s: %v", search, err)
		}
		var ids []string
		for _, hit := range answered.Results {
			ids = append(ids, hit.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: got %q, want %q", search, got, want)
		}
	}
}

func TestBodiesThatDoNotFitNameEachPlace(t *testing.T) {
	l := start(t, "side-store", t.TempDir())
	defer l.stop()
	l.Expect("POST", "/vectors/index", `{"name":"shifts","dim":2}`, 201, `{"name":…`)
	problem := func(detail string) string {
		return `{"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"the body does not fit: ` + detail
	}
	l.Expect("POST", "/vectors/index", `[]`, 422, problem(`(the whole document): expected an object","instance":"/vectors/index","errors":[{"pointer":"","detail":"expected an object"}]}`))
	l.Expect("POST", "/vectors/index", `{"dim":0,"metric":"cos","x/y":1}`, 422, problem(
		`/name: the member is missing; /dim: expected an integer from 1 to 4096; /metric: expected cosine, l2 or dot; `+
			`/x~1y: an unknown member",…`))
	for items, fault := range map[string]string{
		`{"items":[]}`:                                                        `/items: expected an array of 1 to 1000000 elements`,
		`{"items":[1]}`:                                                       `/items/0: expected an object`,
		`{"items":[{"id":"","vector":[1]}]}`:                                  `/items/0/id: expected a string of 1 to 512 characters`,
		`{"items":[{"id":"a","vector":[0,-0.0]}]}`:                            `/items/0/vector: a zero vector has no direction`,
		`{"items":[{"id":"a","vector":[1,1e16]}]}`:                            `/items/0/vector/1: not within ±1e+15`,
		`{"items":[{"id":"a","vector":[1,2]},{"id":"a","vector":[1]}]}`:       `/items/1/id: the same id as /items/0; /items/1/vector: the index wants 2 numbers, got 1`,
		`{"items":[{"id":"a","vector":[1,2],"metadata":[]}],"more":true}`:     `/items/0/metadata: expected an object; /more: an unknown member`,
		`{"items":[{"id":"a","vector":[1,"2"]},{"id":"b","vector":"[1,2]"}]}`: `/items/0/vector/1: expected a number; /items/1/vector: expected an array`,
	} {
		l.Expect("POST", shifts+"/add", items, 422, problem(fault+"…"))
	}
	l.Expect("POST", shifts+"/search", `{"vector":[1,2],"k":1001,"exclude_ids":[1],"filter":{"a":{"b":1},"c":[[]]}}`, 422, problem(
		`/k: expected an integer from 1 to 1000; /exclude_ids/0: expected a string; /filter/a/b: an unknown member; `+
			`/filter/c/0: expected a scalar",…`))
	l.Expect("GET", shifts, "", 200, `{"name":"shifts","dim":2,"metric":"cosine","m":16,"ef_construction":200,"count":0,…`)
}

func TestIndexesSurviveAStop(t *testing.T) {
	path := t.TempDir()
	first := start(t, "side-store", path)
	first.Expect("POST", "/vectors/index", `{"name":"shifts","dim":2,"metric":"dot"}`, 201, `{"name":…`)
	first.Expect("POST", "/vectors/index", `{"name":"gone","dim":2}`, 201, `{"name":…`)
	first.Expect("POST", shifts+"/add", `{"items":[{"id":"a","vector":[0.1,2],"metadata":{"n":1e2}}]}`, 200, `{"added":1,…`)
	first.Expect("DELETE", "/vectors/index/gone", "", 200, `{"name":…`)
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}

	second := start(t, "side-store", path)
	second.Expect("GET", "/vectors/index", "", 200,
		`{"indexes":[{"name":"shifts","dim":2,"metric":"dot","m":16,"ef_construction":200,"count":1,"searched":"by graph",`+
			`"generation":1,"is_saved":true}]}`)
	second.Expect("POST", shifts+"/search", `{"vector":[1,1],"k":1}`, 200,
		`{"metric":"dot","results":[{"id":"a","distance":-2.1,"metadata":{"n":1e2}}]}`)
	if err := second.stop(); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedFileStopsTheStart(t *testing.T) {
	path := t.TempDir()
	if err := os.WriteFile(path+"/damaged"+suffix, []byte("no gob"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open("side-store", path); err == nil || !strings.Contains(err.Error(), "damaged"+suffix) {
		t.Errorf("got %v", err)
	}
}

func TestADeletedIndexIsMadeAnew(t *testing.T) {
	l := start(t, "recover", t.TempDir())
	defer l.stop()
	l.Expect("POST", "/vectors/index", `{"name":"shifts","dim":1,"metric":"l2"}`, 201, `{"name":…`)
	l.Expect("POST", shifts+"/add", `{"items":[{"id":"a","vector":[1]}]}`, 200, `{"added":1,…`)
	// coder/hnsw never takes back the layer of a graph that lost its last node.
	l.Expect("DELETE", shifts+"/items/a", "", 200, `{"id":"a",…`)
	for range 2 {
		l.Expect("POST", shifts+"/add", `{"items":[{"id":"a","vector":[1]}]}`, 500,
			`{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"the index failed: add: runtime error: invalid…`)
	}
	l.Expect("DELETE", shifts, "", 200, `{"name":…`)
	l.Expect("POST", "/vectors/index", `{"name":"shifts","dim":1,"metric":"l2"}`, 201, `{"name":…`)
	l.Expect("POST", shifts+"/add", `{"items":[{"id":"a","vector":[1]}]}`, 200, `{"added":1,…`)
}

func TestSavesAreCoalesced(t *testing.T) {
	kept, err := openCatalog(Substrates["side-store"], &directory{path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.stop()
	opened, _, err := kept.create(playbooks)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	seen := map[*index]time.Time{}
	due := func(after time.Duration) int { return len(kept.due(seen, begun.Add(after), time.Hour)) }
	if due(0) != 0 || len(seen) != 0 {
		t.Error("a new index is saved as it is")
	}
	for _, after := range []time.Duration{0, time.Minute, 59 * time.Minute} {
		opened.change(func(substrate) error { return nil })
		if due(after) != 0 {
			t.Errorf("due after %s", after)
		}
	}
	if due(time.Hour) != 1 || len(seen) != 0 {
		t.Error("not due when the first change is as old as the pause")
	}
}
