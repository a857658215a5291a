package ingestd

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"lakehouse/internal/catalogd"
	"lakehouse/internal/service/servicetest"
)

// lab is an ingestd and the catalog that it registers in.
type lab struct {
	*servicetest.Lab
	folder string
}

func start(t *testing.T) *lab {
	t.Helper()
	folder := t.TempDir()
	catalog, err := catalogd.Open(filepath.Join(folder, "catalogd"))
	if err != nil {
		t.Fatal(err)
	}
	made, err := New(filepath.Join(folder, "objects"), catalog)
	if err != nil {
		t.Fatal(err)
	}
	return &lab{servicetest.New(t, made, catalog.Daemon()), filepath.Join(folder, "objects")}
}

func (l *lab) ingest(name, file string) (int, string) {
	return l.AskAs("text/csv; charset=utf-8", "POST", "/v1/ingest?name="+name, file)
}

func (l *lab) objects() []string {
	files, err := filepath.Glob(filepath.Join(l.folder, "*", "*", "*"))
	if err != nil {
		l.Fatal(err)
	}
	return files
}

func TestTheFirstRowsDecideTheTypes(t *testing.T) {
	for file, want := range map[string]string{
		"a\n1\n-2\n":                           "BIGINT",
		"a\n1\n\"\"\n":                         "BIGINT",
		"a\n9223372036854775808\n1\n":          "DECIMAL(38,0)",
		"a\n-1.5\n1e3\n7\n":                    "DOUBLE",
		"a\n01\n":                              "VARCHAR",
		"a\n+1\n":                              "VARCHAR",
		"a\n\"\"\n":                            "VARCHAR",
		"a\ntrue\nFALSE\nt\n":                  "BOOLEAN",
		"a\n10:00:00\n23:59:59.5\n":            "TIME",
		"a\n2026-01-05\n":                      "DATE",
		"a\n2026-02-30\n":                      "VARCHAR",
		"a\n2026-01-05 10:00:00\n":             "TIMESTAMP",
		"a\n2026-01-05T10:00:00.25\n":          "TIMESTAMP",
		"\ufeffa\r\n2026-01-05\r\n2026-01-06T": "VARCHAR",
	} {
		read, err := readTable([]byte(file))
		if err != nil {
			t.Errorf("%q: %v", file, err)
			continue
		}
		if got := read.schema()[0]; got != (catalogd.Column{Name: "a", Type: want}) {
			t.Errorf("%q: got %v, want %s", file, got, want)
		}
	}
}

func TestAFileBecomesADataset(t *testing.T) {
	l := start(t)
	code, body := l.ingest("workers", "b,a\n1,x\n,\"y, \"\"z\"\"\"\n")
	var done ingested
	if err := json.Unmarshal([]byte(body), &done); err != nil || code != 201 {
		t.Fatalf("got %d %s", code, body)
	}
	files := l.objects()
	if done.Rows != 2 || len(done.Objects) != 1 || len(files) != 1 {
		t.Fatalf("got %s, and %v", body, files)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(content)
	stored := done.Objects[0]
	if stored.SHA256 != hex.EncodeToString(digest[:]) || stored.SizeBytes != len(content) || !strings.HasSuffix(files[0], stored.Key) {
		t.Errorf("got %+v for a file of %d bytes", stored, len(content))
	}
	if rows := readParquet(t, content); rows != `[1 x] [<null> y, "z"]` {
		t.Errorf("the object holds %s", rows)
	}
	l.Expect("GET", "/catalog/datasets/workers", "", 200, fmt.Sprintf(`{"dataset_id":"%s","name":"workers",…`, done.DatasetID))
}

func readParquet(t *testing.T, content []byte) string {
	t.Helper()
	file, err := parquet.OpenFile(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	rows := file.RowGroups()[0].Rows()
	defer rows.Close()
	buffer := make([]parquet.Row, 10)
	count, _ := rows.ReadRows(buffer) // It ends with io.EOF.
	var told []string
	for _, row := range buffer[:count] {
		var values []string
		for _, value := range row {
			values = append(values, value.String())
		}
		told = append(told, "["+strings.Join(values, " ")+"]")
	}
	return strings.Join(told, " ")
}

func TestABadFileLeavesNothing(t *testing.T) {
	l := start(t)
	for file, want := range map[string]string{
		"\n":                                  "line 1: there is no header",
		"a,\n1,2\n":                           "line 1: a column has no name",
		"a,A\n1,2\n":                          "line 1: two columns have one name, whatever their case",
		"a,b\n1,\"first\nof two lines\"\n2\n": "line 4: it has fewer values than the header has columns",
		"a,b\n1,2,3\n":                        "line 2: it has more values than the header has columns",
		"a,b\n1,\"x\n":                        "line 2: a quoted value does not end with its quote",
		"a,b\n1,\xff\n":                       "line 2: it is not UTF-8",
		"a\n" + strings.Repeat("1\n", deciding) + "x\n": "line 20482: the value of column a does not have the column's type",
	} {
		code, body := l.ingest("bad", file)
		line := strings.TrimSuffix(strings.Fields(want)[1], ":")
		if code != 422 || !strings.Contains(body, `"detail":"`+want+`"`) || !strings.HasSuffix(body, `,"line":`+line+`}`) {
			t.Errorf("%.30q: got %d %s", file, code, body)
		}
	}
	l.Expect("GET", "/catalog/datasets", "", 200, `{"datasets":[]}`)
	if left := l.objects(); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestAnotherSchemaIsRefusedAndLeavesNothing(t *testing.T) {
	l := start(t)
	l.ingest("workers", "a\n1\n")
	code, body := l.ingest("workers", "a\nx\n")
	if code != 409 || !strings.Contains(body, `"detail":"the dataset is registered with another schema","instance":"/v1/ingest"}`) {
		t.Errorf("got %d %s", code, body)
	}
	if code, body := l.ingest("workers", "a\n2\n3\n"); code != 201 || !strings.Contains(body, `"rows":2`) {
		t.Errorf("got %d %s", code, body)
	}
	if left := l.objects(); len(left) != 2 {
		t.Errorf("objects: %v", left)
	}
}

func TestTheQueryNamesTheDataset(t *testing.T) {
	l := start(t)
	for query, want := range map[string]string{
		"":                "/name: the member is missing",
		"?name=Workers":   "/name: expected a string that fits",
		"?name=a&name=b":  "/name: it stands more than once",
		"?name=a&no/such": "/no~1such: an unknown member",
	} {
		code, body := l.AskAs("text/csv", "POST", "/ingest"+query, "a\n1\n")
		if code != 422 || !strings.Contains(body, "the query parameters do not fit: "+want) {
			t.Errorf("%q: got %d %s", query, code, body)
		}
	}
	if code, body := l.AskAs("text/csv", "POST", "/ingest?name=%", "a\n1\n"); code != 400 {
		t.Errorf("got %d %s", code, body)
	}
	if code, body := l.Ask("POST", "/ingest?name=a", "a\n1\n"); code != 415 {
		t.Errorf("got %d %s", code, body)
	}
}
