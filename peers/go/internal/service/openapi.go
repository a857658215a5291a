package service

// The OpenAPI document, made from the routes that are served, so that neither can differ. Schemas are named by the
// routes and written by each daemon; the problems that every route may answer are added here.

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// plainText and anyObject stand in a route's answers where a schema would say nothing.
const (
	plainText = "text/plain"
	anyObject = "object"
)

//go:embed schemas.json
var sharedSchemas []byte

type node = map[string]any

// describe writes the document of the routes.
func describe(name string, routes []Route, schemas [][]byte) []byte {
	paths := map[string]node{}
	for _, route := range routes {
		if paths[route.Path] == nil {
			paths[route.Path] = node{}
		}
		for _, method := range route.methods() {
			paths[route.Path][strings.ToLower(method)] = route.describe(method)
		}
	}
	named := map[string]json.RawMessage{}
	for _, text := range schemas {
		if err := json.Unmarshal(text, &named); err != nil {
			panic(err) // They are part of the program.
		}
	}
	document, err := Encode(node{
		"openapi": "3.1.0",
		"info": node{
			"title": name, "version": Version,
			"description": "Other paths answer 404 with an application/problem+json document.",
		},
		"servers":    []node{{"url": "/"}, {"url": "/v1"}},
		"paths":      paths,
		"components": node{"schemas": named},
	})
	if err != nil {
		panic(err)
	}
	return document
}

func (r *Route) describe(method string) node {
	described := node{
		"operationId": strings.ToLower(method) + strings.NewReplacer("/", "_", "{", "", "}", "", ".", "_").Replace(r.Path),
		"summary":     r.Summary,
		"responses":   r.responses(method),
	}
	if r.Body != "" {
		described["requestBody"] = node{"required": true, "content": content(cmp.Or(r.MediaType, "application/json"), r.Body)}
	}
	var parameters []node
	for _, segment := range strings.Split(r.Path, "/") {
		if name, isSlot := slot(segment); isSlot {
			text := node{"type": "string", "minLength": 1}
			parameters = append(parameters, node{"name": name, "in": "path", "required": true, "schema": text})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Query)) {
		reference := node{"$ref": "#/components/schemas/" + r.Query[name]}
		parameters = append(parameters, node{"name": name, "in": "query", "required": true, "schema": reference})
	}
	if parameters != nil {
		described["parameters"] = parameters
	}
	return described
}

func (r *Route) responses(method string) node {
	answers := map[int]string{
		http.StatusBadRequest:         "Problem",
		http.StatusForbidden:          "Problem",
		http.StatusMethodNotAllowed:   "Problem",
		http.StatusMisdirectedRequest: "Problem",
	}
	if r.Body != "" {
		answers[http.StatusRequestTimeout] = "Problem"
		answers[http.StatusRequestEntityTooLarge] = "Problem"
		answers[http.StatusUnsupportedMediaType] = "Problem"
	}
	maps.Copy(answers, r.Answers)
	described := node{}
	for status, schema := range answers {
		response := node{"description": title(status)}
		if method != http.MethodHead && schema != "" {
			mediaType := "application/json"
			if strings.HasSuffix(schema, "Problem") {
				mediaType = "application/problem+json"
			}
			if schema == plainText {
				mediaType = plainText
			}
			response["content"] = content(mediaType, schema)
		}
		described[strconv.Itoa(status)] = response
	}
	return described
}

func content(mediaType, schema string) node {
	switch schema {
	case plainText:
		return node{mediaType: node{"schema": node{"type": "string"}}}
	case anyObject:
		return node{mediaType: node{"schema": node{"type": "object"}}}
	}
	return node{mediaType: node{"schema": node{"$ref": "#/components/schemas/" + schema}}}
}
