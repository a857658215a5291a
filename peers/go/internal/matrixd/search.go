package matrixd

// Search: one query to all corpora at once, one list of what they found: the best items by score, equal ones by corpus and
// id. Each corpus gives its per_corpus_k nearest, else k, and with playbooks at least deep, so that one can lift what is
// further down.

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"lakehouse/internal/service"
	"lakehouse/internal/vectord"
)

// deep is part of the wire (docs/retrieval.md).
const deep = 50

// decimals of scores: those of vectord's distances, which they are made of.
const decimals = 6

func (d *daemon) search(asked search) (matrixFound, *service.Problem) {
	vector := asked.vector
	if asked.isText {
		vector = d.embedder.Embed(asked.text)
	}
	var lifted boosts
	if asked.usePlaybook {
		var refused *service.Problem
		if lifted, refused = d.boosts(vector, asked.corpora); refused != nil {
			return matrixFound{}, refused
		}
	}
	found, refused := d.searchCorpora(asked, vector)
	if refused != nil {
		return matrixFound{}, refused
	}
	return matrixFound{Results: merge(asked, found, lifted), Playbooks: lifted.count}, nil
}

// searchCorpora searches the corpora side by side; of several problems the first one is answered.
func (d *daemon) searchCorpora(asked search, vector []float64) ([]vectord.Found, *service.Problem) {
	found := make([]vectord.Found, len(asked.corpora))
	problems := make([]*service.Problem, len(asked.corpora))
	var searches sync.WaitGroup
	for place := range asked.corpora {
		searches.Add(1)
		go func() {
			defer searches.Done()
			found[place], problems[place] = d.searchCorpus(asked, vector, place)
		}()
	}
	searches.Wait()
	for _, problem := range problems {
		if problem != nil {
			return nil, problem
		}
	}
	return found, nil
}

func (d *daemon) searchCorpus(asked search, vector []float64, place int) (vectord.Found, *service.Problem) {
	name := asked.corpora[place]
	found, refused := d.indexes.Search(name, vectord.Search{
		Vector: vector, K: asked.wanted(), Excluded: asked.excluded, Filter: asked.filter,
	})
	if refused != nil && refused.Status == http.StatusNotFound {
		return found, misfit(fmt.Sprintf("/corpora/%d", place), "there is no corpus "+name)
	}
	return found, refused
}

// wanted is how many items each corpus gives.
func (s search) wanted() int {
	switch {
	case s.perCorpusK > 0:
		return s.perCorpusK
	case s.usePlaybook:
		return max(s.k, deep)
	}
	return s.k
}

func merge(asked search, found []vectord.Found, lifted boosts) []matrixHit {
	hits := []matrixHit{}
	for place, corpus := range asked.corpora {
		for _, one := range found[place].Results {
			boost := lifted.of[answer{corpus, one.ID}]
			score := rounded(score(found[place].Metric, float64(one.Distance)) + boost)
			hits = append(hits, matrixHit{corpus, one.ID, service.Real(score), service.Real(boost), one.Metadata})
		}
	}
	slices.SortFunc(hits, func(a, b matrixHit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Corpus, b.Corpus), cmp.Compare(a.ID, b.ID))
	})
	return hits[:min(asked.k, len(hits))]
}

// score of a distance: the larger, the better.
func score(metric string, distance float64) float64 {
	switch metric {
	case "l2":
		return 1 / (1 + distance)
	case "cosine":
		return 1 - distance
	}
	return -distance
}

// rounded gives a number six decimals, rounded from its exact value as the reference's language does.
func rounded(number float64) float64 {
	read, err := strconv.ParseFloat(strconv.FormatFloat(number, 'f', decimals, 64), 64)
	if err != nil { // It was written by the line above.
		panic(err)
	}
	return read + 0 // No minus zero.
}
