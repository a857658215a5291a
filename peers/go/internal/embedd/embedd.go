// Package embedd gives texts their vectors. Its one model needs no download, and the same text always has the same vector.
package embedd

import (
	_ "embed"
	"fmt"
	"net/http"
	"sync/atomic"

	"lakehouse/internal/service"
)

// Model is the name of the only model.
const Model = "hash-384"

const (
	mostTexts   = 4096
	longestText = 32_768 // characters
)

//go:embed schemas.json
var schemas []byte

// Embedder embeds texts for the daemons of the same process, and for requests.
type Embedder struct {
	model *hashing
	texts atomic.Int64
}

// New makes an embedder.
func New() *Embedder {
	return &Embedder{model: newHashing()}
}

// Embed returns the vector of a text, of unit length and with six decimals.
func (e *Embedder) Embed(text string) []float64 {
	e.texts.Add(1)
	return e.model.embed(text)
}

// Daemon answers requests with it.
func (e *Embedder) Daemon() *service.Daemon {
	return &service.Daemon{
		Name:    "embedd",
		Schemas: schemas,
		Routes: []service.Route{
			{
				Method: http.MethodPost, Path: "/embed", Summary: "Return a vector for each text; the same text always has the same vector.",
				Body: "Texts", Answers: map[int]string{200: "Embedded", 422: "Problem"}, Handle: e.answer,
			},
			{
				Method: http.MethodGet, Path: "/embed/models", Summary: "List the models.",
				Answers: map[int]string{200: "ModelList"}, Handle: list,
			},
		},
		Gauges: map[string]func() float64{"embedd_texts": func() float64 { return float64(e.texts.Load()) }},
	}
}

func (e *Embedder) answer(w http.ResponseWriter, r *http.Request) *service.Problem {
	body, faults, refused := service.ReadDocument(w, r)
	if refused != nil {
		return refused
	}
	texts := readTexts(body)
	model, isChosen := body.Text("model", false, nil)
	body.OnlyKnows("texts", "model")
	if isChosen && model != Model {
		body.Unfit("/model", "there is no such model; there are "+Model)
	}
	if refused := faults.Problem(http.StatusUnprocessableEntity); refused != nil {
		return refused
	}
	answered := embedded{Model: Model, Dim: Dim}
	for _, text := range texts {
		answered.Vectors = append(answered.Vectors, e.Embed(text))
	}
	service.Answer(w, http.StatusOK, answered)
	return nil
}

func readTexts(body *service.Fields) []string {
	elements := body.List("texts", 1, mostTexts)
	texts := make([]string, 0, len(elements))
	for i, element := range elements {
		text, isString := element.(string)
		if !isString || len([]rune(text)) > longestText {
			body.Fault(fmt.Sprintf("/texts/%d", i), fmt.Sprintf("expected a string of at most %d characters", longestText))
		}
		texts = append(texts, text)
	}
	return texts
}

func list(w http.ResponseWriter, _ *http.Request) *service.Problem {
	service.Answer(w, http.StatusOK, modelList{
		Default: Model,
		Models:  []modelState{{Name: Model, Dim: Dim, About: "words and pieces of words, hashed", IsInstalled: true}},
	})
	return nil
}

type embedded struct {
	Model   string   `json:"model"`
	Dim     int      `json:"dim"`
	Vectors []vector `json:"vectors"`
}

// vector writes its numbers without one call for each, since there are 384 of them.
type vector []float64

func (v vector) MarshalJSON() ([]byte, error) {
	const perNumber = 10 // bytes, about
	text := append(make([]byte, 0, perNumber*len(v)), '[')
	for i, number := range v {
		if i > 0 {
			text = append(text, ',')
		}
		text = service.AppendReal(text, number)
	}
	return append(text, ']'), nil
}

type modelList struct {
	Default string       `json:"default"`
	Models  []modelState `json:"models"`
}

type modelState struct {
	Name        string `json:"name"`
	Dim         int    `json:"dim"`
	About       string `json:"about"`
	IsInstalled bool   `json:"is_installed"`
}
