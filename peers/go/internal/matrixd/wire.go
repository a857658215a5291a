package matrixd

// The bodies on the wire: how each is read, and the types of those that are answered.

import (
	"fmt"
	"net/http"

	"lakehouse/internal/service"
	"lakehouse/internal/strictjson"
	"lakehouse/internal/vectord"
)

const (
	longestText   = 32_768 // characters
	longestID     = 512
	longestVector = 4096
	mostCorpora   = 16
	largestK      = 1000
	mostExcluded  = 10_000
	mostTags      = 64
	mostPassages  = 1000
)

// search is the body of a search.
type search struct {
	text        string
	isText      bool // Else there is a vector.
	vector      []float64
	corpora     []string
	k           int
	perCorpusK  int // 0 where it was not given
	excluded    []string
	filter      any
	usePlaybook bool
}

type matrixFound struct {
	Results   []matrixHit `json:"results"`
	Playbooks int         `json:"playbooks"`
}

type matrixHit struct {
	Corpus   string            `json:"corpus"`
	ID       string            `json:"id"`
	Score    service.Real      `json:"score"`
	Boost    service.Real      `json:"boost"`
	Metadata strictjson.Object `json:"metadata"`
}

// playbook is the body of a record: how well an item of a corpus answered a query.
type playbook struct {
	query, answer, corpus string
	score                 float64
	tags                  []string
}

type recordedPlaybook struct {
	PlaybookID string `json:"playbook_id"`
	Index      string `json:"index"`
	Updated    bool   `json:"updated"`
}

// relevance is the body of a question for ratings.
type relevance struct {
	query    string
	passages []passage
}

type passage struct {
	id, text string
}

type rated struct {
	Ratings []rating `json:"ratings"`
}

type rating struct {
	ID     string       `json:"id"`
	Score  service.Real `json:"score"`
	Rating string       `json:"rating"`
}

type corpusList struct {
	Corpora []vectord.Summary `json:"corpora"`
}

func readSearch(w http.ResponseWriter, r *http.Request) (search, *service.Problem) {
	body, faults, refused := service.ReadDocument(w, r)
	if refused != nil {
		return search{}, refused
	}
	var read search
	read.corpora = readCorpora(body)
	read.k = body.Integer("k", 1, largestK, -1)
	_, read.isText = body.Object.Values["query_text"]
	if read.isText {
		read.text, _ = body.Characters("query_text", 1, longestText)
	}
	_, hasVector := body.Object.Values["vector"]
	if hasVector {
		read.vector = body.Numbers("vector", body.List("vector", 1, longestVector))
	}
	if _, given := body.Object.Values["per_corpus_k"]; given {
		read.perCorpusK = body.Integer("per_corpus_k", 1, largestK, -1)
	}
	read.excluded = body.Strings("exclude_ids", mostExcluded)
	if value, given := body.Object.Values["filter"]; given {
		body.Below("/filter", value) // It must be an object; its members are vectord's to read.
		read.filter = value
	}
	read.usePlaybook = body.Boolean("use_playbook")
	body.OnlyKnows("corpora", "k", "query_text", "vector", "per_corpus_k", "exclude_ids", "filter", "use_playbook")
	if refused := faults.Problem(http.StatusUnprocessableEntity); refused != nil {
		return read, refused
	}
	if read.isText == hasVector {
		return read, misfit("/query_text", "exactly one of query_text and vector is wanted")
	}
	if isRepeated(read.corpora) {
		return read, misfit("/corpora", "a corpus stands twice")
	}
	return read, nil
}

func readCorpora(body *service.Fields) []string {
	elements := body.List("corpora", 1, mostCorpora)
	corpora := make([]string, 0, len(elements))
	for i, element := range elements {
		name, isString := element.(string)
		if length := len([]rune(name)); !isString || length < 1 || length > longestID {
			body.Fault(fmt.Sprintf("/corpora/%d", i), fmt.Sprintf("expected a string of 1 to %d characters", longestID))
		}
		corpora = append(corpora, name)
	}
	return corpora
}

func isRepeated(names []string) bool {
	seen := map[string]bool{}
	for _, name := range names {
		seen[name] = true
	}
	return len(seen) < len(names)
}

// misfit is the problem of one member whose value cannot be used.
func misfit(pointer, detail string) *service.Problem {
	fields, faults := service.NewFields()
	fields.Unfit(pointer, detail)
	return faults.Problem(http.StatusUnprocessableEntity)
}

func readPlaybook(w http.ResponseWriter, r *http.Request) (playbook, *service.Problem) {
	body, faults, refused := service.ReadDocument(w, r)
	if refused != nil {
		return playbook{}, refused
	}
	var read playbook
	read.query, _ = body.Characters("query_text", 1, longestText)
	read.answer, _ = body.Characters("answer_id", 1, longestID)
	read.corpus, _ = body.Characters("answer_corpus", 1, longestID)
	read.score = body.Number("score", 0, 1)
	read.tags = body.Strings("tags", mostTags)
	body.OnlyKnows("query_text", "answer_id", "answer_corpus", "score", "tags")
	return read, faults.Problem(http.StatusUnprocessableEntity)
}

func readRelevance(w http.ResponseWriter, r *http.Request) (relevance, *service.Problem) {
	body, faults, refused := service.ReadDocument(w, r)
	if refused != nil {
		return relevance{}, refused
	}
	var read relevance
	read.query, _ = body.Characters("query_text", 1, longestText)
	for i, element := range body.List("passages", 1, mostPassages) {
		entry, isObject := body.Below(fmt.Sprintf("/passages/%d", i), element)
		if !isObject {
			continue
		}
		id, _ := entry.Characters("id", 1, longestID)
		text, _ := entry.Characters("text", 1, longestText)
		entry.OnlyKnows("id", "text")
		read.passages = append(read.passages, passage{id, text})
	}
	body.OnlyKnows("query_text", "passages")
	return read, faults.Problem(http.StatusUnprocessableEntity)
}
