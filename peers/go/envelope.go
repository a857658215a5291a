package main

// The envelope of a request: {kind, artifact, context?}, read strictly. In: the bytes of a body. Out: a typed envelope,
// or one sentence saying which member is malformed.

import (
	"errors"
	"fmt"
)

type envelope struct {
	kind     string
	artifact object
	context  judgeContext
}

// judgeContext holds what an artifact is judged against; nil is what the request does not say.
type judgeContext struct {
	roster      *roster
	workerID    *string
	city        *string
	state       *string
	role        *string
	targetCount *uint64
}

func readEnvelope(body []byte) (envelope, error) {
	value, err := parseJSON(body)
	if err != nil {
		return envelope{}, err
	}
	members, isObject := value.(object)
	if !isObject {
		return envelope{}, errors.New("body must be an object")
	}
	if name, found := members.unknownMember("kind", "artifact", "context"); found {
		return envelope{}, fmt.Errorf("unknown member \"%s\" in the body", name)
	}
	var read envelope
	read.kind, _ = members.text("kind")
	if _, known := judges[read.kind]; !known {
		return envelope{}, errors.New("kind must be one of email, sms, fill, playbook")
	}
	read.artifact, isObject = members.values["artifact"].(object)
	if !isObject {
		return envelope{}, errors.New("artifact must be an object")
	}
	if value, given := members.values["context"]; given {
		read.context, err = readContext(value)
	}
	return read, err
}

func readContext(value any) (judgeContext, error) {
	var read judgeContext
	members, isObject := value.(object)
	if !isObject {
		return read, errors.New("context must be an object")
	}
	if name, found := members.unknownMember("roster", "worker_id", "city", "state", "role", "target_count"); found {
		return read, fmt.Errorf("unknown member \"%s\" in context", name)
	}
	if value, given := members.values["roster"]; given {
		own, err := readRoster(value, "context.roster")
		if err != nil {
			return read, err
		}
		read.roster = &own
	}
	texts := []struct {
		name  string
		value **string
	}{
		{"worker_id", &read.workerID},
		{"city", &read.city},
		{"state", &read.state},
		{"role", &read.role},
	}
	for _, member := range texts {
		if _, given := members.values[member.name]; !given {
			continue
		}
		text, isString := members.text(member.name)
		if !isString {
			return read, fmt.Errorf("context.%s must be a string", member.name)
		}
		*member.value = &text
	}
	if value, given := members.values["target_count"]; given {
		count, isCount := countOf(value)
		if !isCount {
			return read, errors.New("context.target_count must be a non-negative integer")
		}
		read.targetCount = &count
	}
	return read, nil
}
