package validatord

// The envelope of a request: {kind, artifact, context?}, read strictly. In: the bytes of a body. Out: a typed envelope,
// or one sentence saying which member is malformed.

import (
	"errors"
	"fmt"

	"lakehouse/internal/strictjson"
)

type envelope struct {
	kind     string
	artifact strictjson.Object
	context  judgeContext
}

// judgeContext holds what an artifact is judged against; nil is what the request does not say.
type judgeContext struct {
	roster      *Roster
	workerID    *string
	city        *string
	state       *string
	role        *string
	targetCount *uint64
}

func readEnvelope(body []byte) (envelope, error) {
	value, err := strictjson.Parse(body)
	if err != nil {
		return envelope{}, err
	}
	members, isObject := value.(strictjson.Object)
	if !isObject {
		return envelope{}, errors.New("body must be an object")
	}
	if name, found := members.UnknownMember("kind", "artifact", "context"); found {
		return envelope{}, fmt.Errorf("unknown member \"%s\" in the body", name)
	}
	var read envelope
	read.kind, _ = members.Text("kind")
	if _, known := judges[read.kind]; !known {
		return envelope{}, errors.New("kind must be one of email, sms, fill, playbook")
	}
	read.artifact, isObject = members.Values["artifact"].(strictjson.Object)
	if !isObject {
		return envelope{}, errors.New("artifact must be an object")
	}
	if value, given := members.Values["context"]; given {
		read.context, err = readContext(value)
	}
	return read, err
}

func readContext(value any) (judgeContext, error) {
	var read judgeContext
	members, isObject := value.(strictjson.Object)
	if !isObject {
		return read, errors.New("context must be an object")
	}
	if name, found := members.UnknownMember("roster", "worker_id", "city", "state", "role", "target_count"); found {
		return read, fmt.Errorf("unknown member \"%s\" in context", name)
	}
	if value, given := members.Values["roster"]; given {
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
		if _, given := members.Values[member.name]; !given {
			continue
		}
		text, isString := members.Text(member.name)
		if !isString {
			return read, fmt.Errorf("context.%s must be a string", member.name)
		}
		*member.value = &text
	}
	if value, given := members.Values["target_count"]; given {
		count, isCount := strictjson.CountOf(value)
		if !isCount {
			return read, errors.New("context.target_count must be a non-negative integer")
		}
		read.targetCount = &count
	}
	return read, nil
}
