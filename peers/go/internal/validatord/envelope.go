package validatord

// The envelope of a request: {kind, artifact, context?}, read strictly. In: the JSON of a body. Out: a typed envelope,
// or every member that is malformed.

import (
	"net/http"

	"lakehouse/internal/service"
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

// readEnvelope reads the JSON of a body.
func readEnvelope(value any) (envelope, *service.Problem) {
	body, faults := service.ReadFields(value)
	var read envelope
	if kind, given := body.Member("kind", true); given {
		read.kind, _ = kind.(string)
		if _, known := judges[read.kind]; !known {
			body.Fault("/kind", "expected one of email, sms, fill, playbook")
		}
	}
	if artifact, given := body.Member("artifact", true); given {
		opened, _ := body.Below("/artifact", artifact)
		read.artifact = opened.Object
	}
	if context, given := body.Member("context", false); given {
		opened, _ := body.Below("/context", context)
		read.context = readContext(opened)
	}
	body.OnlyKnows("kind", "artifact", "context")
	return read, faults.Problem(http.StatusBadRequest)
}

func readContext(members *service.Fields) judgeContext {
	var read judgeContext
	if value, given := members.Member("roster", false); given {
		own := readRoster(members, "/roster", value)
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
		if text, isString := members.Text(member.name, false, nil); isString {
			*member.value = &text
		}
	}
	if value, given := members.Member("target_count", false); given {
		count, isCount := strictjson.CountOf(value)
		if !isCount {
			members.Fault("/target_count", "expected a non-negative integer")
		}
		read.targetCount = &count
	}
	members.OnlyKnows("roster", "worker_id", "city", "state", "role", "target_count")
	return read
}
