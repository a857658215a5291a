package vectord

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"os/exec"
	"strings"
	"testing"
)

var playbooks = definition{Name: "playbook_memory", Dim: 16, Metric: "cosine", M: 16, EfConstruction: 200}

// sustain drives a small index with upserts, searches and deletes, and counts the operations and those that failed. It
// stops early when work takes the process with it.
func sustain(opened *index, operations int) (failed map[string]int) {
	random := rand.New(rand.NewSource(1))
	failed = map[string]int{}
	note := func(what string, err error) {
		if err != nil {
			failed[what]++
		}
	}
	for range operations {
		id := fmt.Sprintf("playbook-%d", random.Intn(50))
		vector := randomVector(random, opened.Dim)
		switch random.Intn(4) {
		case 0, 1:
			note("add", opened.do(func(held substrate) error { return held.add([]*item{{id: id, vector: vector}}) }))
		case 2:
			note("search", opened.do(func(held substrate) error {
				_, err := held.search(&query{vector: vector, k: 5, ef: 64})
				return err
			}))
		case 3:
			note("delete", opened.do(func(held substrate) error {
				_, err := held.remove(id)
				return err
			}))
		}
	}
	return failed
}

func randomVector(random *rand.Rand, dim int) []float32 {
	numbers := make([]float64, dim)
	for i := range numbers {
		numbers[i] = random.NormFloat64()
	}
	normalize(numbers, 1)
	vector := make([]float32, dim)
	for i, number := range numbers {
		vector[i] = float32(number)
	}
	return vector
}

// TestBareTakesTheProcessWithIt runs itself in a process of its own, which must die of the library's nil dereference.
func TestBareTakesTheProcessWithIt(t *testing.T) {
	const child = "VECTORD_TEST_BARE"
	if os.Getenv(child) != "" {
		sustain(open(playbooks, Substrates["bare"](playbooks)), 100_000)
		return
	}
	command := exec.Command(os.Args[0], "-test.run=^TestBareTakesTheProcessWithIt$", "-test.timeout=20s")
	command.Env = append(os.Environ(), child+"=1")
	output, err := command.CombinedOutput()
	if err == nil {
		t.Fatal("100,000 operations, and the process lives")
	}
	for _, want := range []string{"nil pointer dereference", "hnsw.(*layerNode[...]).search", "graph.go:95", "(*index).own"} {
		if !strings.Contains(string(output), want) {
			t.Errorf("no %q in %.3000s", want, output)
		}
	}
}

func TestRecoverKeepsTheProcessAndMendsNothing(t *testing.T) {
	opened := open(playbooks, Substrates["recover"](playbooks))
	defer opened.close()
	failed := sustain(opened, 2000)
	if failed["add"] == 0 || failed["search"] == 0 {
		t.Errorf("adds and searches fail for ever once the graph is broken; got %v of 2,000", failed)
	}
	t.Logf("failed of 2,000: %v", failed)
}

func TestSideStoreFailsNothing(t *testing.T) {
	for _, size := range []int{50, 1000} {
		held := newSideStore(playbooks)
		writeAndSearch(t, held, size)
		if held.rebuilds == 0 {
			t.Error("no rebuild")
		}
		t.Logf("%d rebuilds at up to %d items", held.rebuilds, size)
	}
}

func TestCellsFailNothing(t *testing.T) {
	for _, size := range []int{50, 5000} {
		held := newCellStore(playbooks)
		for i := range size {
			held.add([]*item{{id: fmt.Sprint(i), vector: randomVector(rand.New(rand.NewSource(int64(i))), playbooks.Dim)}})
		}
		for i := range size {
			held.remove(fmt.Sprint(i))
		}
		writeAndSearch(t, held, size)
	}
}

// writeAndSearch checks every answer of a substrate that begins empty while it is written to.
func writeAndSearch(t *testing.T, held substrate, size int) {
	t.Helper()
	random := rand.New(rand.NewSource(2))
	live := map[string][]float32{}
	for range 4000 {
		id := fmt.Sprint(random.Intn(size))
		vector := randomVector(random, playbooks.Dim)
		switch random.Intn(4) {
		case 0, 1:
			if err := held.add([]*item{{id: id, vector: vector}}); err != nil {
				t.Fatal(err)
			}
			live[id] = vector
		case 2:
			if found, err := held.remove(id); err != nil || found != (live[id] != nil) {
				t.Fatalf("%t, %v", found, err)
			}
			delete(live, id)
		case 3:
			checkSearch(t, held, live, vector)
		}
	}
	if held.size() != len(live) || len(held.items()) != len(live) {
		t.Errorf("%d items, %d listed, %d live", held.size(), len(held.items()), len(live))
	}
}

// checkSearch: as many as there are up to k, none that was deleted, each at the distance of its present vector.
func checkSearch(t *testing.T, held substrate, live map[string][]float32, vector []float32) {
	t.Helper()
	hits, err := held.search(&query{vector: vector, k: 5, ef: 64})
	if err != nil || len(hits) != min(5, len(live)) {
		t.Fatalf("%d hits of %d live, %v", len(hits), len(live), err)
	}
	for i, found := range hits {
		stored := live[found.item.id]
		if stored == nil || found.distance != distances["cosine"](stored, vector) {
			t.Fatalf("%s at %v", found.item.id, found.distance)
		}
		if i > 0 && hits[i-1].distance > found.distance {
			t.Fatal("not in the order of distance")
		}
	}
}

func TestEuclideanIsExactTo32Bits(t *testing.T) {
	for _, vectors := range [][2][]float32{{{1, 0}, {6, 8}}, {{3, 0}, {0, 4}}, {{1e15, 0}, {0, 1e15}}, {{0.1, 0.2}, {0.1, 0.2}}} {
		a, b := vectors[0], vectors[1]
		want := float32(math.Hypot(float64(a[0]-b[0]), float64(a[1]-b[1])))
		if got := euclidean(a, b); got != want {
			t.Errorf("euclidean(%v, %v) = %v, want %v", a, b, got, want)
		}
	}
}
