package catalogd

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lakehouse/internal/service/servicetest"
)

const (
	workers = `{"name":"workers","schema":[{"name":"id","type":"BIGINT"},{"name":"city","type":"VARCHAR"}],"objects":[],"row_count":0}`
	// known is the SHA-256 of [{"name":"id","type":"BIGINT"},{"name":"city","type":"VARCHAR"}].
	known = "42f9a672ee038270a82870459307d2e1a58d7e62cd1783b43883b57434998043"
)

func start(t *testing.T, folder string) *servicetest.Lab {
	t.Helper()
	opened, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return servicetest.New(t, opened.Daemon())
}

func register(l *servicetest.Lab, body string, status int) Manifest {
	l.Helper()
	code, text := l.Ask("POST", "/v1/catalog/register", body)
	var manifest Manifest
	if err := json.Unmarshal([]byte(text), &manifest); err != nil || code != status {
		l.Fatalf("got %d %s, want %d", code, text, status)
	}
	return manifest
}

func TestADatasetKeepsItsIDWithItsSchema(t *testing.T) {
	l := start(t, t.TempDir())
	first := register(l, workers, 201)
	if first.Fingerprint != known {
		t.Errorf("fingerprint %s", first.Fingerprint)
	}
	again := register(l, strings.Replace(workers, `"row_count":0`, `"row_count":3`, 1), 200)
	if again.DatasetID != first.DatasetID || again.RegisteredAt != first.RegisteredAt || again.RowCount != 3 {
		t.Errorf("got %+v after %+v", again, first)
	}
	code, conflict := l.Ask("POST", "/catalog/register", strings.Replace(workers, "BIGINT", "INTEGER", 1))
	if code != 409 || !strings.Contains(conflict, `,"instance":"/catalog/register","registered_fingerprint":"`+known+`","sent_fingerprint":"`) {
		t.Errorf("got %d %s", code, conflict)
	}
	l.Expect("DELETE", "/catalog/datasets/workers", "", 204, "")
	l.Expect("DELETE", "/catalog/datasets/workers", "", 404, `{"type":"about:blank","title":"Not Found",…`)
	l.Expect("GET", "/catalog/datasets", "", 200, `{"datasets":[]}`)
	if fresh := register(l, workers, 201); fresh.DatasetID == first.DatasetID {
		t.Error("a deleted dataset came back under its id")
	}
}

func TestDatasetsSurviveAStop(t *testing.T) {
	folder := t.TempDir()
	l := start(t, folder)
	kept := register(l, workers, 201)
	register(l, strings.Replace(workers, "workers", "gone", 1), 201)
	l.Expect("DELETE", "/catalog/datasets/gone", "", 204, "")
	if err := os.WriteFile(filepath.Join(folder, ".half.json.tmp"), []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}

	again := start(t, folder)
	again.Expect("GET", "/catalog/datasets", "", 200, `{"datasets":[{"dataset_id":"`+kept.DatasetID+`","name":"workers",…`)
	again.Expect("GET", "/catalog/datasets/gone", "", 404, `{…`)
	if left, _ := filepath.Glob(filepath.Join(folder, ".*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestADamagedFileStopsTheStart(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "damaged.json"), []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(folder); err == nil || !strings.Contains(err.Error(), "damaged.json") {
		t.Errorf("got %v", err)
	}
}

func TestBodiesThatDoNotFitNameEachPlace(t *testing.T) {
	l := start(t, t.TempDir())
	for body, fault := range map[string]string{
		`{}`: "/name: the member is missing; /schema: the member is missing; /objects: the member is missing; /row_count: the member is missing",
		`{"name":"A","schema":[],"objects":{},"row_count":-1}`: "/name: expected a string that fits ^[a-z_][a-z0-9_.-]{0,127}$; " +
			"/schema: expected an array of 1 to 1000000 elements; /objects: expected an array of 0 to 1000000 elements; " +
			"/row_count: expected an integer from 0 to 9007199254740991",
		`{"name":"a","schema":[{"name":"","type":1,"x":0},5],"objects":[{"bucket":"b","key":"k","sha256":"E","size_bytes":1.0}],"row_count":0}`: "/schema/0/name: expected a string of 1 to 256 characters; " +
			"/schema/0/type: expected a string of 1 to 65536 characters; /schema/0/x: an unknown member; /schema/1: expected an object; " +
			"/objects/0/sha256: expected a string that fits ^[0-9a-f]{64}$; /objects/0/size_bytes: expected an integer",
		`{"name":"a","schema":[{"name":"Straße","type":"A"},{"name":"STRASSE","type":"B"}],"objects":[],"row_count":0}`: "/schema/1/name: a column before it has this name",
	} {
		l.Expect("POST", "/catalog/register", body, 422,
			`{"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"the body does not fit: `+fault+"…")
	}
}
