package matrixd

// Relevance: how much passages have to do with a query, the cosine of their vectors and a word for it.

import (
	"lakehouse/internal/service"
)

// Both are part of the wire (docs/retrieval.md).
const (
	high = 0.5
	some = 0.2
)

// rate rates the passages in their order.
func (d *daemon) rate(asked relevance) rated {
	query := d.embedder.Embed(asked.query)
	answered := rated{Ratings: make([]rating, 0, len(asked.passages))}
	for _, one := range asked.passages {
		product := 0.0
		for i, number := range d.embedder.Embed(one.text) {
			product += float64(query[i] * number) // The conversion keeps the compiler from fusing the two operations.
		}
		score := rounded(min(max(product, -1), 1)) // Rounded vectors are not quite of length 1.
		answered.Ratings = append(answered.Ratings, rating{one.id, service.Real(score), wordFor(score)})
	}
	return answered
}

func wordFor(score float64) string {
	switch {
	case score >= high:
		return "high"
	case score >= some:
		return "some"
	}
	return "none"
}
