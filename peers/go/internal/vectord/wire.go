package vectord

// The bodies on the wire: how each is read, and the types of those that are answered.

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strconv"

	"lakehouse/internal/service"
	"lakehouse/internal/strictjson"
)

const (
	longestID    = 512
	longest      = 4096 // dimensions
	largestK     = 1000
	largestEf    = 4000
	mostExcluded = 10_000
	mostItems    = 1_000_000 // more than a body can hold
	// largestNumber bounds the numbers of a vector: beyond it, distances overflow 32 bits.
	largestNumber = 1e15
	defaultEf     = 96
)

var indexName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)

type indexState struct {
	Name           string `json:"name"`
	Dim            int    `json:"dim"`
	Metric         string `json:"metric"`
	M              int    `json:"m"`
	EfConstruction int    `json:"ef_construction"`
	Count          int    `json:"count"`
	Searched       string `json:"searched"`
	Generation     uint64 `json:"generation"`
	IsSaved        bool   `json:"is_saved"`
}

type indexList struct {
	Indexes []indexState `json:"indexes"`
}

type indexDeleted struct {
	Name    string `json:"name"`
	Deleted bool   `json:"deleted"`
}

type itemsAdded struct {
	Added   int `json:"added"`
	Updated int `json:"updated"`
}

type itemDeleted struct {
	ID      string `json:"id"`
	Deleted bool   `json:"deleted"`
}

type found struct {
	Metric  string     `json:"metric"`
	Results []foundHit `json:"results"`
}

type foundHit struct {
	ID       string            `json:"id"`
	Distance float64           `json:"distance"`
	Metadata strictjson.Object `json:"metadata"`
}

type saved struct {
	Name       string `json:"name"`
	Generation uint64 `json:"generation"`
	Count      int    `json:"count"`
}

func readDefinition(w http.ResponseWriter, r *http.Request) (definition, *service.Problem) {
	body, refused := readFields(w, r, "name", "dim", "metric", "m", "ef_construction")
	if refused != nil {
		return definition{}, refused
	}
	read := definition{
		Name:           body.text("name", indexName),
		Dim:            body.integer("dim", 1, longest, -1),
		Metric:         "cosine",
		M:              body.integer("m", 2, 64, 16),
		EfConstruction: body.integer("ef_construction", 8, 800, 200),
	}
	if value, given := body.object.Values["metric"]; given {
		read.Metric, _ = value.(string)
		if distances[read.Metric] == nil {
			body.fault("/metric", "expected cosine, l2 or dot")
		}
	}
	return read, body.problem()
}

func readItems(w http.ResponseWriter, r *http.Request, defined definition) ([]*item, *service.Problem) {
	body, refused := readFields(w, r, "items")
	if refused != nil {
		return nil, refused
	}
	values := body.list("items", 1, mostItems)
	items := make([]*item, 0, len(values))
	places := map[string]int{}
	for i, value := range values {
		entry := &fields{place: fmt.Sprintf("/items/%d", i), faults: body.faults}
		var isObject bool
		if entry.object, isObject = entry.asObject(value, "id", "vector", "metadata"); !isObject {
			continue
		}
		read := &item{id: entry.id("id"), vector: entry.vector(defined), metadata: entry.metadata()}
		if first, twice := places[read.id]; twice {
			entry.fault("/id", fmt.Sprintf("the same id as /items/%d", first))
		}
		places[read.id] = i
		items = append(items, read)
	}
	return items, body.problem()
}

func (f *fields) metadata() strictjson.Object {
	value, given := f.object.Values["metadata"]
	object, isObject := value.(strictjson.Object)
	if given && !isObject {
		f.fault("/metadata", "expected an object")
	}
	return object
}

// vector reads a vector as the index keeps it: under cosine of unit length.
func (f *fields) vector(defined definition) []float32 {
	values := f.list("vector", 1, longest)
	if len(values) != defined.Dim {
		if len(values) > 0 {
			f.fault("/vector", fmt.Sprintf("the index wants %d numbers, got %d", defined.Dim, len(values)))
		}
		return nil
	}
	numbers := make([]float64, len(values))
	largest := 0.0
	for i, value := range values {
		lexeme, isNumber := value.(json.Number)
		number, err := lexeme.Float64()
		if !isNumber || err != nil || math.Abs(number) > largestNumber {
			f.fault("/vector/"+strconv.Itoa(i), fmt.Sprintf("expected a number within ±%g", largestNumber))
			return nil
		}
		numbers[i] = number
		largest = max(largest, math.Abs(number))
	}
	if defined.Metric == "cosine" {
		if largest == 0 {
			f.fault("/vector", "a zero vector has no direction, which cosine needs")
			return nil
		}
		normalize(numbers, largest)
	}
	vector := make([]float32, len(numbers))
	for i, number := range numbers {
		vector[i] = float32(number)
	}
	return vector
}

// normalize gives the numbers unit length; the largest is divided out first, since squares of tiny numbers vanish.
func normalize(numbers []float64, largest float64) {
	sum := 0.0
	for i := range numbers {
		numbers[i] /= largest
		sum += numbers[i] * numbers[i]
	}
	length := math.Sqrt(sum)
	for i := range numbers {
		numbers[i] /= length
	}
}

func readQuery(w http.ResponseWriter, r *http.Request, defined definition) (*query, *service.Problem) {
	body, refused := readFields(w, r, "vector", "k", "ef", "exclude_ids", "filter")
	if refused != nil {
		return nil, refused
	}
	read := &query{
		vector:   body.vector(defined),
		k:        body.integer("k", 1, largestK, -1),
		ef:       body.integer("ef", 1, largestEf, defaultEf),
		excluded: map[string]bool{},
	}
	for i, value := range body.list("exclude_ids", 0, mostExcluded) {
		id, isString := value.(string)
		if !isString {
			body.fault(fmt.Sprintf("/exclude_ids/%d", i), "expected a string")
		}
		read.excluded[id] = true
	}
	read.filter = body.filter()
	return read, body.problem()
}

func (f *fields) filter() filter {
	value, given := f.object.Values["filter"]
	if !given {
		return nil
	}
	named := &fields{place: f.place + "/filter", faults: f.faults}
	conditions, _ := named.asObject(value)
	read := filter{}
	for _, name := range conditions.Names {
		read[name] = named.condition(name, conditions.Values[name])
	}
	return read
}

func (f *fields) condition(name string, value any) condition {
	switch value := value.(type) {
	case []any:
		for _, one := range value {
			if !isScalar(one) {
				f.fault("/"+escaped(name), "expected an array of scalars")
			}
		}
		return isOneOf(value)
	case strictjson.Object:
		for bound, limit := range value.Values {
			_, isNumber := limit.(json.Number)
			if _, isString := limit.(string); boundNames[bound] == nil || !isNumber && !isString {
				f.fault("/"+escaped(name)+"/"+escaped(bound), "expected gt, gte, lt or lte with a number or a string")
			}
		}
		return isWithin(value)
	}
	return equals(value)
}
