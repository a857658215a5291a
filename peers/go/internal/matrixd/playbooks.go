package matrixd

// Playbooks: which answer served which query, kept in an index of vectord like any other item. A playbook vouches for its
// answer when its query is near to the one that is asked, with nearness times recorded score, the largest of them where there
// are several. A boost lifts what the corpora found and adds nothing to it. The index is made by the first record, and again
// by the next one after it was deleted.

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"lakehouse/internal/embedd"
	"lakehouse/internal/rfc8785"
	"lakehouse/internal/service"
	"lakehouse/internal/strictjson"
	"lakehouse/internal/vectord"
)

const (
	playbookIndex = "playbook_memory"
	// near is the least cosine of two queries; it is part of the wire (docs/retrieval.md).
	near = 0.75
	// mostPlaybooks is how many of the nearest are looked at.
	mostPlaybooks = 64
	// rounds bounds the tries: the index may be made and deleted by others meanwhile.
	rounds = 3
)

// id is the digest of a JSON list, in which no two triples look alike.
func (p playbook) id() string {
	digest := sha256.Sum256(rfc8785.Append(nil, []string{p.query, p.corpus, p.answer}))
	return hex.EncodeToString(digest[:])
}

// metadata is what the item of a playbook says about it.
func (p playbook) metadata() strictjson.Object {
	tags := make([]any, len(p.tags))
	for i, tag := range p.tags {
		tags[i] = tag
	}
	return strictjson.Object{
		Names: []string{"query_text", "answer_id", "answer_corpus", "score", "tags"},
		Values: map[string]any{
			"query_text": p.query, "answer_id": p.answer, "answer_corpus": p.corpus,
			"score": json.Number(service.AppendReal(nil, p.score)), "tags": tags,
		},
	}
}

// record keeps a playbook, and tells whether it was kept before.
func (d *daemon) record(kept playbook) (bool, *service.Problem) {
	vector := d.embedder.Embed(kept.query)
	for range rounds {
		isUpdated, refused := d.indexes.Put(playbookIndex, kept.id(), vector, kept.metadata())
		switch {
		case refused == nil:
			return isUpdated, nil
		case refused.Status == http.StatusUnprocessableEntity:
			return false, conflict("index " + playbookIndex + " holds vectors of another model; DELETE /vectors/index/" +
				playbookIndex + ", and the next record makes it")
		case refused.Status != http.StatusNotFound:
			return false, refused
		}
		if refused := d.indexes.Make(playbookIndex, embedd.Dim); refused != nil {
			return false, refused
		}
	}
	return false, conflict("index " + playbookIndex + " is deleted as fast as it is made")
}

func conflict(detail string) *service.Problem {
	return &service.Problem{Status: http.StatusConflict, Detail: detail}
}

// answer is an item of a corpus.
type answer struct {
	corpus, id string
}

// boosts are what near playbooks add to the scores of their answers.
type boosts struct {
	count int // of near playbooks
	of    map[answer]float64
}

// boosts finds the playbooks near to a query: none where nothing was recorded, or only for vectors of another length.
func (d *daemon) boosts(vector []float64, corpora []string) (boosts, *service.Problem) {
	wanted := make([]any, len(corpora))
	for i, corpus := range corpora {
		wanted[i] = corpus
	}
	filter := strictjson.Object{Names: []string{"answer_corpus"}, Values: map[string]any{"answer_corpus": wanted}}
	found, refused := d.indexes.Search(playbookIndex, vectord.Search{Vector: vector, K: mostPlaybooks, Filter: filter})
	lifted := boosts{of: map[answer]float64{}}
	if refused != nil {
		if refused.Status == http.StatusNotFound || refused.Status == http.StatusUnprocessableEntity {
			return lifted, nil
		}
		return lifted, refused
	}
	for _, hit := range found.Results {
		nearness := 1 - float64(hit.Distance)
		served, score, isPlaybook := remembered(hit.Metadata)
		if nearness < near || !isPlaybook {
			continue
		}
		lifted.count++
		lifted.of[served] = max(lifted.of[served], rounded(nearness*score))
	}
	return lifted, nil
}

// remembered reads what an item says; false where it is no playbook, since any client of vectord may put it there.
func remembered(metadata strictjson.Object) (answer, float64, bool) {
	id, hasID := metadata.Text("answer_id")
	corpus, hasCorpus := metadata.Text("answer_corpus")
	lexeme, isNumber := metadata.Values["score"].(json.Number)
	score, err := lexeme.Float64()
	return answer{corpus, id}, score, hasID && hasCorpus && isNumber && err == nil
}
