package validatord

// The error that a failing rule answers with, and the forms in which it can go over the wire.

import (
	"strings"

	"lakehouse/internal/service"
)

// ValidationError is one failed rule. It has no tags and no MarshalJSON: encoding/json writes the exported fields, all
// three of them always. Kind is schema, completeness, policy or consistency; Field is empty except for schema.
type ValidationError struct {
	Kind   string
	Field  string
	Reason string
}

func schemaError(field, rest string) *ValidationError {
	return &ValidationError{Kind: "schema", Field: field, Reason: field + " " + rest}
}

func completenessError(reason string) *ValidationError {
	return &ValidationError{Kind: "completeness", Reason: reason}
}

func policyError(reason string) *ValidationError {
	return &ValidationError{Kind: "policy", Reason: reason}
}

func consistencyError(reason string) *ValidationError {
	return &ValidationError{Kind: "consistency", Reason: reason}
}

// WireForm gives an error the type whose JSON is the form.
type WireForm func(ValidationError) any

// WireForms are the forms by name.
var WireForms = map[string]WireForm{
	"exported":  func(failed ValidationError) any { return failed },
	"serde":     func(failed ValidationError) any { return serdeError(failed) },
	"lowercase": func(failed ValidationError) any { return lowercaseError(failed) },
}

// serdeError writes serde's externally tagged form: {"Schema":{"field":…,"reason":…}}, {"Policy":{"reason":…}}.
type serdeError ValidationError

func (e serdeError) MarshalJSON() ([]byte, error) {
	return marshalTagged(strings.ToUpper(e.Kind[:1])+e.Kind[1:], ValidationError(e))
}

// lowercaseError is wrong on purpose: the serde form but for the case of its tag. With it a gate can be shown to see
// that a botched repair is another difference, not the known one.
type lowercaseError ValidationError

func (e lowercaseError) MarshalJSON() ([]byte, error) {
	return marshalTagged(e.Kind, ValidationError(e))
}

func marshalTagged(tag string, failed ValidationError) ([]byte, error) {
	type content struct {
		Field  *string `json:"field,omitempty"`
		Reason string  `json:"reason"`
	}
	inner := content{Reason: failed.Reason}
	if failed.Kind == "schema" {
		inner.Field = &failed.Field
	}
	// Not json.Marshal: it would escape <, > and & whatever the outer encoder is told.
	return service.Encode(map[string]content{tag: inner})
}
