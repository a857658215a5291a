// Package catalogd keeps which datasets there are, of which columns, in which objects. A dataset keeps its id as long as it
// keeps its schema; a changed schema is refused with both fingerprints.
package catalogd

import (
	_ "embed"
	"errors"
	"net/http"

	"lakehouse/internal/service"
)

//go:embed schemas.json
var schemas []byte

// Daemon answers requests with the catalog.
func (c *Catalog) Daemon() *service.Daemon {
	const dataset = "/catalog/datasets/{name}"
	return &service.Daemon{
		Name:    "catalogd",
		Schemas: schemas,
		Routes: []service.Route{
			{
				Method: http.MethodPost, Path: "/catalog/register", Body: "Registration",
				Summary: "Register a dataset, or new objects of one with the same schema; it keeps its id.",
				Answers: map[int]string{200: "Manifest", 201: "Manifest", 409: "SchemaConflictProblem", 422: "Problem", 500: "Problem"}, Handle: c.register,
			},
			{
				Method: http.MethodGet, Path: "/catalog/datasets", Summary: "List all datasets in the order of their names.",
				Answers: map[int]string{200: "Datasets"}, Handle: c.list,
			},
			{
				Method: http.MethodGet, Path: dataset, Summary: "Describe one dataset.",
				Answers: map[int]string{200: "Manifest", 404: "Problem"}, Handle: c.show,
			},
			{
				Method: http.MethodDelete, Path: dataset, Summary: "Delete a dataset. Its objects stay in storaged, where their owner deletes them.",
				Answers: map[int]string{204: "", 404: "Problem", 500: "Problem"}, Handle: c.forget,
			},
		},
		Gauges: map[string]func() float64{"catalogd_datasets": func() float64 { return float64(len(c.all())) }},
	}
}

func (c *Catalog) register(w http.ResponseWriter, r *http.Request) *service.Problem {
	sent, refused := readRegistration(w, r)
	if refused != nil {
		return refused
	}
	manifest, isNew, err := c.Register(sent)
	if err != nil {
		return Refusal(err)
	}
	status := http.StatusOK
	if isNew {
		status = http.StatusCreated
	}
	service.Answer(w, status, manifest)
	return nil
}

type fingerprints struct {
	Registered string `json:"registered_fingerprint"`
	Sent       string `json:"sent_fingerprint"`
}

// Refusal is what a caller gets for an error of Register.
func Refusal(err error) *service.Problem {
	var conflict *ConflictError
	if errors.As(err, &conflict) {
		return &service.Problem{
			Status:     http.StatusConflict,
			Detail:     "the dataset is registered with another schema",
			Extensions: fingerprints{conflict.Registered, conflict.Sent},
		}
	}
	return &service.Problem{Status: http.StatusInternalServerError, Detail: "the catalog could not be written"}
}

func (c *Catalog) list(w http.ResponseWriter, _ *http.Request) *service.Problem {
	service.Answer(w, http.StatusOK, datasets{c.all()})
	return nil
}

func (c *Catalog) show(w http.ResponseWriter, r *http.Request) *service.Problem {
	manifest, isKnown := c.find(r.PathValue("name"))
	if !isKnown {
		return unknown()
	}
	service.Answer(w, http.StatusOK, manifest)
	return nil
}

func (c *Catalog) forget(w http.ResponseWriter, r *http.Request) *service.Problem {
	wasKnown, err := c.remove(r.PathValue("name"))
	if err != nil {
		return Refusal(err)
	}
	if !wasKnown {
		return unknown()
	}
	service.NoContent(w)
	return nil
}

func unknown() *service.Problem {
	return &service.Problem{Status: http.StatusNotFound, Detail: "no dataset has this name"}
}
