package vectord

// The bodies on the wire: how each is read, and the types of those that are answered.

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
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

	defaultM              = 16
	defaultEfConstruction = 200
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

// Found is what a search answers: the nearest items, the nearest first.
type Found struct {
	Metric  string `json:"metric"`
	Results []Hit  `json:"results"`
}

// Hit is one item that was found.
type Hit struct {
	ID       string            `json:"id"`
	Distance service.Real      `json:"distance"`
	Metadata strictjson.Object `json:"metadata"`
}

type saved struct {
	Name       string `json:"name"`
	Generation uint64 `json:"generation"`
	Count      int    `json:"count"`
}

func readDefinition(w http.ResponseWriter, r *http.Request) (definition, *service.Problem) {
	body, faults, refused := readFields(w, r)
	if refused != nil {
		return definition{}, refused
	}
	read := definition{Metric: "cosine"}
	read.Name, _ = body.Text("name", true, indexName)
	read.Dim = body.Integer("dim", 1, longest, -1)
	if value, given := body.Object.Values["metric"]; given {
		read.Metric, _ = value.(string)
		if distances[read.Metric] == nil {
			body.Fault("/metric", "expected cosine, l2 or dot")
		}
	}
	read.M = body.Integer("m", 2, 64, defaultM)
	read.EfConstruction = body.Integer("ef_construction", 8, 800, defaultEfConstruction)
	body.OnlyKnows("name", "dim", "metric", "m", "ef_construction")
	return read, faults.Problem(http.StatusUnprocessableEntity)
}

func readItems(w http.ResponseWriter, r *http.Request, defined definition) ([]*item, *service.Problem) {
	body, faults, refused := readFields(w, r)
	if refused != nil {
		return nil, refused
	}
	values := body.List("items", 1, mostItems)
	items := make([]*item, 0, len(values))
	places := map[string]int{}
	for i, value := range values {
		object, isObject := body.Below(fmt.Sprintf("/items/%d", i), value)
		if !isObject {
			continue
		}
		entry := fields{object}
		read := &item{id: entry.id("id")}
		if first, twice := places[read.id]; twice {
			entry.Unfit("/id", fmt.Sprintf("the same id as /items/%d", first))
		} else {
			places[read.id] = i
		}
		read.vector = entry.vector(defined)
		read.metadata = entry.metadata()
		entry.OnlyKnows("id", "vector", "metadata")
		items = append(items, read)
	}
	body.OnlyKnows("items")
	return items, faults.Problem(http.StatusUnprocessableEntity)
}

// vector reads a vector as the index keeps it.
func (f fields) vector(defined definition) []float32 {
	return f.kept(f.Numbers("vector", f.List("vector", 1, longest)), defined)
}

// kept gives the numbers of a vector as the index keeps them: under cosine of unit length.
func (f fields) kept(given []float64, defined definition) []float32 {
	numbers := slices.Clone(given)
	largest := 0.0
	for _, number := range numbers {
		largest = max(largest, math.Abs(number))
	}
	if !f.admits(numbers, largest, defined) {
		return nil
	}
	if defined.Metric == "cosine" {
		normalize(numbers, largest)
	}
	vector := make([]float32, len(numbers))
	for i, number := range numbers {
		vector[i] = float32(number)
	}
	return vector
}

// admits is false, and says why, where the index cannot have a vector of these numbers.
func (f fields) admits(numbers []float64, largest float64, defined definition) bool {
	switch {
	case len(numbers) != defined.Dim:
		f.Unfit("/vector", fmt.Sprintf("the index wants %d numbers, got %d", defined.Dim, len(numbers)))
		return false
	case largest > largestNumber:
		for i, number := range numbers {
			if math.Abs(number) > largestNumber {
				f.Unfit("/vector/"+strconv.Itoa(i), fmt.Sprintf("not within ±%g", largestNumber))
			}
		}
		return false
	case defined.Metric == "cosine" && largest == 0:
		f.Unfit("/vector", "a zero vector has no direction, which cosine needs")
		return false
	}
	return true
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
	body, faults, refused := readFields(w, r)
	if refused != nil {
		return nil, refused
	}
	read := &query{
		vector:   body.vector(defined),
		k:        body.Integer("k", 1, largestK, -1),
		ef:       body.Integer("ef", 1, largestEf, defaultEf),
		excluded: map[string]bool{},
	}
	for _, id := range body.Strings("exclude_ids", mostExcluded) {
		read.excluded[id] = true
	}
	if value, given := body.Object.Values["filter"]; given {
		read.filter = body.filter(value)
	}
	body.OnlyKnows("vector", "k", "ef", "exclude_ids", "filter")
	return read, faults.Problem(http.StatusUnprocessableEntity)
}

func (f fields) filter(value any) filter {
	conditions, _ := f.Below("/filter", value)
	named := fields{conditions}
	read := filter{}
	for _, name := range named.Object.Names {
		read[name] = named.condition(name, named.Object.Values[name])
	}
	return read
}

func (f fields) condition(name string, value any) condition {
	at := service.Pointer(name)
	switch value := value.(type) {
	case []any:
		for i, one := range value {
			if !isScalar(one) {
				f.Fault(fmt.Sprintf("%s/%d", at, i), "expected a scalar")
			}
		}
		return isOneOf(value)
	case strictjson.Object:
		bounds, _ := f.Below(at, value)
		for _, bound := range [...]string{"gt", "gte", "lt", "lte"} {
			limit, given := bounds.Member(bound, false)
			_, isNumber := limit.(json.Number)
			if _, isString := limit.(string); given && !isNumber && !isString {
				bounds.Fault(service.Pointer(bound), "expected a number or a string")
			}
		}
		bounds.OnlyKnows("gt", "gte", "lt", "lte")
		return isWithin(value)
	}
	return equals(value)
}
