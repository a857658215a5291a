package validatord

// The answer to an artifact that passed, and the way to it.

import "lakehouse/internal/strictjson"

// finding is what a passing verdict did not look at.
type finding struct {
	Severity string `json:"severity"`
	Field    string `json:"field"`
	Message  string `json:"message"`
}

type verdict struct {
	// Findings is never nil: a nil slice would be written as null.
	Findings  []finding `json:"findings"`
	ElapsedMs int64     `json:"elapsed_ms"`
}

var (
	noWorker = finding{"info", "context.worker_id", "no worker_id: consistency was not checked"}
	noTarget = finding{"info", "context.target_count", "no target_count: completeness was not checked"}
)

// judges by kind. Groups are tried in the order Schema, Completeness, Policy, Consistency; the first rule that fails is
// the answer.
var judges = map[string]func(artifact strictjson.Object, given judgeContext, workers Roster) ([]finding, *ValidationError){
	"email":    email.judge,
	"sms":      sms.judge,
	"fill":     judgeFill,
	"playbook": judgePlaybook,
}

// judge returns what a passing artifact was not checked for, or the first rule that it fails. configured is the roster
// used when the request brings none.
func judge(asked envelope, configured Roster) ([]finding, *ValidationError) {
	workers := configured
	if asked.context.roster != nil {
		workers = *asked.context.roster
	}
	findings, failed := judges[asked.kind](asked.artifact, asked.context, workers)
	if findings == nil {
		findings = []finding{}
	}
	return findings, failed
}
