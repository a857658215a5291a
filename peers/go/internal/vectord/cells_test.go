package vectord

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"sync"
	"testing"

	"lakehouse/internal/strictjson"
)

// clustered makes vectors around some directions, as those of texts are.
func clustered(random *rand.Rand, count, dim int) []*item {
	const directions = 200
	var around [][]float32
	for range directions {
		around = append(around, randomVector(random, dim))
	}
	items := make([]*item, count)
	for i := range items {
		numbers := make([]float64, dim)
		middle, away := around[random.Intn(directions)], randomVector(random, dim)
		for at := range numbers {
			numbers[at] = float64(middle[at]) + 0.7*float64(away[at])
		}
		normalize(numbers, 1)
		vector := make([]float32, dim)
		for at, number := range numbers {
			vector[at] = float32(number)
		}
		items[i] = &item{id: fmt.Sprint(i), vector: vector}
	}
	return items
}

func TestCellsFindTheNearest(t *testing.T) {
	const count, dim, queries, k = 10_000, 64, 200, 5
	for _, metric := range []string{"cosine", "l2", "dot"} {
		defined := definition{Name: "x", Dim: dim, Metric: metric}
		held, exact := newCellStore(defined), newCellStore(definition{Name: "x", Dim: dim, Metric: "dot"})
		exact.distance = held.distance
		random := rand.New(rand.NewSource(3))
		items := clustered(random, count+queries, dim)
		held.add(items[:count])
		exact.add(items[:count])
		found := 0
		for _, asked := range items[count:] {
			wanted := &query{vector: asked.vector, k: k, ef: defaultEf}
			truth, _ := exact.search(wanted)
			hits, _ := held.search(wanted)
			for _, one := range hits {
				if one.distance <= truth[k-1].distance {
					found++
				}
			}
		}
		recall := float64(found) / (k * queries)
		if least := map[string]float64{"cosine": 0.95, "l2": 0.95, "dot": 1}[metric]; recall < least {
			t.Errorf("%s: found %.3f of the nearest, in %d cells", metric, recall, len(held.cells))
		}
		t.Logf("%s: found %.3f of the nearest, in %d cells", metric, recall, len(held.cells))
	}
}

func TestWhatWasJustAddedIsFound(t *testing.T) {
	held := newCellStore(definition{Name: "x", Dim: 64, Metric: "cosine"})
	for _, added := range clustered(rand.New(rand.NewSource(4)), 10_000, 64) {
		held.add([]*item{added})
		hits, _ := held.search(&query{vector: added.vector, k: 1, ef: 1})
		if hits[0].item.id != added.id {
			t.Fatalf("%s was added, %s is found at %v", added.id, hits[0].item.id, hits[0].distance)
		}
	}
}

func TestTheSameWritesMakeTheSameAnswers(t *testing.T) {
	answers := map[string]bool{}
	for range 3 {
		held := newCellStore(definition{Name: "x", Dim: 16, Metric: "cosine"})
		held.add(clustered(rand.New(rand.NewSource(5)), 5000, 16))
		hits, _ := held.search(&query{vector: randomVector(rand.New(rand.NewSource(6)), 16), k: 50, ef: 1})
		text := ""
		for _, one := range hits {
			text += one.item.id + " "
		}
		answers[text] = true
	}
	if len(answers) != 1 {
		t.Errorf("%d different answers", len(answers))
	}
}

func TestItemsThatCannotBeToldApartAreNotSplit(t *testing.T) {
	held := newCellStore(definition{Name: "x", Dim: 2, Metric: "l2"})
	for i := range 3000 {
		held.add([]*item{{id: fmt.Sprint(i), vector: []float32{1, 2}}})
	}
	hits, _ := held.search(&query{vector: []float32{0, 0}, k: 1000, ef: 1})
	if len(held.cells) != 1 || len(hits) != 1000 {
		t.Errorf("%d cells, %d hits", len(held.cells), len(hits))
	}
}

func TestAFilterThatFewItemsFitLooksEverywhere(t *testing.T) {
	held := newCellStore(definition{Name: "x", Dim: 16, Metric: "cosine"})
	held.add(clustered(rand.New(rand.NewSource(7)), 5000, 16))
	wanted := &query{vector: randomVector(rand.New(rand.NewSource(8)), 16), k: 5, ef: 1, excluded: map[string]bool{}}
	for i := range 4997 {
		wanted.excluded[fmt.Sprint(i)] = true
	}
	if hits, _ := held.search(wanted); len(hits) != 3 {
		t.Errorf("%d hits of 3", len(hits))
	}
}

// TestReadersBesideAWriter is for `go test -race`, and demands that every reader sees whole states only.
func TestReadersBesideAWriter(t *testing.T) {
	defined := definition{Name: "x", Dim: 16, Metric: "cosine"}
	opened := open(defined, newCellStore(defined))
	defer opened.close()
	items := clustered(rand.New(rand.NewSource(9)), 3000, 16)
	opened.add(items[:10])
	var readers sync.WaitGroup
	for reader := range 4 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for i := range 500 {
				found, refused := opened.search(&query{vector: items[(reader+i)%10].vector, k: 5, ef: 1})
				if refused != nil || len(found.Results) != 5 || found.Results[0].Distance > 1e-6 {
					t.Errorf("%v, %v", found, refused)
					return
				}
			}
		}()
	}
	for _, added := range items[10:] {
		opened.add([]*item{added})
	}
	readers.Wait()
}

// TestFewFittingItemsAreAllFound compares a filtered search of cells with one of all items, while items come, change and go.
func TestFewFittingItemsAreAllFound(t *testing.T) {
	const count, dim, k = 6_000, 16, 5
	random := rand.New(rand.NewSource(5))
	held, exact := newCellStore(definition{Dim: dim, Metric: "cosine"}), newCellStore(definition{Dim: dim, Metric: "dot"})
	exact.distance = held.distance
	city := func() any {
		cities := []any{fmt.Sprint("city ", random.Intn(900)), fmt.Sprint("city ", random.Intn(900))}
		return []any{cities, cities[0]}[random.Intn(2)]
	}
	items := clustered(random, count, dim)
	for _, one := range items {
		one.metadata = strictjson.Object{Values: map[string]any{"city": city(), "kind": "all", "pay": json.Number("3")}}
	}
	held.add(items)
	exact.add(items)
	filters := []filter{
		{"city": equals("city 7")},
		{"city": isOneOf([]any{"city 8", "city 9", "city 10"}), "kind": equals("all")},
		{"city": isOneOf([]any{})},
		{"city": equals("nowhere")},
	}
	many := filter{"kind": equals("all"), "pay": equals(json.Number("3.0"))}
	for round := range 40 {
		for _, asked := range filters {
			wanted := &query{vector: items[random.Intn(count)].vector, k: k, ef: defaultEf, filter: asked}
			truth, _ := exact.search(wanted)
			hits, _ := held.search(wanted)
			if fmt.Sprint(ids(hits)) != fmt.Sprint(ids(truth)) {
				t.Fatalf("round %d: found %v of %v", round, ids(hits), ids(truth))
			}
		}
		for range 50 {
			one := *items[random.Intn(count)]
			one.metadata = strictjson.Object{Values: map[string]any{"city": city(), "kind": "all"}}
			for _, store := range [...]*cellStore{held, exact} {
				store.add([]*item{&one})
				store.remove(items[random.Intn(round+1)].id)
			}
		}
	}
	everyone := &query{vector: items[0].vector, k: count, filter: filters[0]}
	gone, _ := exact.search(everyone)
	for _, one := range gone {
		held.remove(one.item.id)
	}
	if left, _ := held.search(everyone); len(gone) == 0 || len(left) > 0 {
		t.Errorf("%d of %d are found after they were removed", len(left), len(gone))
	}
	if few, areFew := held.posted.few(many, held.places); areFew {
		t.Errorf("%d of %d are called few", len(few), held.size())
	}
}

func ids(hits []hit) []string {
	var named []string
	for _, one := range hits {
		named = append(named, one.item.id)
	}
	return named
}
