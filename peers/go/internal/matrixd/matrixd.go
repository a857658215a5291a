// Package matrixd searches several corpora at once, which are indexes of vectord, and lifts the answers that served before.
package matrixd

import (
	_ "embed"
	"net/http"

	"lakehouse/internal/service"
	"lakehouse/internal/strictjson"
	"lakehouse/internal/vectord"
)

//go:embed schemas.json
var schemas []byte

// Embedder gives a text its vector.
type Embedder interface {
	Embed(text string) []float64
}

// Indexes find what is near to a vector, and keep playbooks.
type Indexes interface {
	Search(name string, wanted vectord.Search) (vectord.Found, *service.Problem)
	Put(name, id string, vector []float64, metadata strictjson.Object) (bool, *service.Problem)
	Make(name string, dim int) *service.Problem
	List() []vectord.Summary
}

type daemon struct {
	embedder Embedder
	indexes  Indexes
}

// New makes the daemon.
func New(embedder Embedder, indexes Indexes) *service.Daemon {
	serving := &daemon{embedder, indexes}
	return &service.Daemon{
		Name:    "matrixd",
		Schemas: schemas,
		Routes: []service.Route{
			{
				Method: http.MethodPost, Path: "/matrix/search", Body: "MatrixSearch",
				Summary: "Find the best items of several corpora, recorded answers first where playbooks are used.",
				Answers: map[int]string{200: "MatrixFound", 422: "Problem", 500: "Problem"}, Handle: serving.answerSearch,
			},
			{
				Method: http.MethodPost, Path: "/matrix/playbooks/record", Body: "Playbook",
				Summary: "Record that an item answered a query; recorded again, it is replaced.",
				Answers: map[int]string{200: "Recorded", 409: "Problem", 422: "Problem", 500: "Problem"}, Handle: serving.answerRecord,
			},
			{
				Method: http.MethodPost, Path: "/matrix/relevance", Body: "Relevance", Summary: "Rate how relevant passages are to a query.",
				Answers: map[int]string{200: "Rated", 422: "Problem"}, Handle: serving.answerRelevance,
			},
			{
				Method: http.MethodGet, Path: "/matrix/corpora", Summary: "List what can be searched.",
				Answers: map[int]string{200: "CorpusList"}, Handle: serving.answerCorpora,
			},
		},
	}
}

func (d *daemon) answerSearch(w http.ResponseWriter, r *http.Request) *service.Problem {
	asked, refused := readSearch(w, r)
	if refused != nil {
		return refused
	}
	found, refused := d.search(asked)
	if refused == nil {
		service.Answer(w, http.StatusOK, found)
	}
	return refused
}

func (d *daemon) answerRecord(w http.ResponseWriter, r *http.Request) *service.Problem {
	recorded, refused := readPlaybook(w, r)
	if refused != nil {
		return refused
	}
	isUpdated, refused := d.record(recorded)
	if refused == nil {
		service.Answer(w, http.StatusOK, recordedPlaybook{recorded.id(), playbookIndex, isUpdated})
	}
	return refused
}

func (d *daemon) answerRelevance(w http.ResponseWriter, r *http.Request) *service.Problem {
	asked, refused := readRelevance(w, r)
	if refused == nil {
		service.Answer(w, http.StatusOK, d.rate(asked))
	}
	return refused
}

func (d *daemon) answerCorpora(w http.ResponseWriter, _ *http.Request) *service.Problem {
	listed := corpusList{Corpora: []vectord.Summary{}}
	for _, index := range d.indexes.List() {
		if index.Name != playbookIndex {
			listed.Corpora = append(listed.Corpora, index)
		}
	}
	service.Answer(w, http.StatusOK, listed)
	return nil
}
