package validatord

import (
	"testing"

	"lakehouse/internal/service"
)

func TestWireForms(t *testing.T) {
	schema := *schemaError("a<b>&c", "must be a string")
	policy := *policyError("body holds a pay rate")
	completeness := *completenessError("1 fills for a target of 2")
	consistency := *consistencyError("worker W9 is not on the roster")
	for _, c := range []struct {
		form   string
		failed ValidationError
		want   string
	}{
		{"exported", schema, `{"Kind":"schema","Field":"a<b>&c","Reason":"a<b>&c must be a string"}`},
		{"exported", policy, `{"Kind":"policy","Field":"","Reason":"body holds a pay rate"}`},
		{"serde", schema, `{"Schema":{"field":"a<b>&c","reason":"a<b>&c must be a string"}}`},
		{"serde", completeness, `{"Completeness":{"reason":"1 fills for a target of 2"}}`},
		{"serde", policy, `{"Policy":{"reason":"body holds a pay rate"}}`},
		{"serde", consistency, `{"Consistency":{"reason":"worker W9 is not on the roster"}}`},
		{"lowercase", schema, `{"schema":{"field":"a<b>&c","reason":"a<b>&c must be a string"}}`},
		{"lowercase", consistency, `{"consistency":{"reason":"worker W9 is not on the roster"}}`},
	} {
		got, err := service.Encode(WireForms[c.form](c.failed))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s (%v), want %s", c.form, got, err, c.want)
		}
	}
}
