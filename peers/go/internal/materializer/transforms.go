package materializer

import (
	"strings"

	"lakehouse/internal/rfc8785"
	"lakehouse/internal/strictjson"
)

// transform is how one source becomes evidence: the members that it reads, in the order that decides which reason a bad row
// is given; which of them is its time; and what it makes of a row.
type transform struct {
	source  string
	time    string
	members []member
	build   func(row) fields
}

func needs(kind kind, names ...string) []member {
	members := make([]member, len(names))
	for i, name := range names {
		members[i] = member{name: name, kind: kind, required: true}
	}
	return members
}

func has(kind kind, names ...string) []member {
	members := needs(kind, names...)
	for i := range members {
		members[i].required = false
	}
	return members
}

func needsOneOf(name string, words ...string) []member {
	return []member{{name: name, required: true, words: words}}
}

func all(groups ...[]member) []member {
	var members []member
	for _, group := range groups {
		members = append(members, group...)
	}
	return members
}

// transforms in the order in which sources are read.
var transforms = []*transform{
	{"distilled_facts", "ts", all(
		needs(aString, "fact_id"), needs(aTime, "ts"), needs(aString, "fact"), has(listOfStrings, "source_files"),
		has(aString, "model"), has(aNumber, "confidence"),
	), distilledFact},
	{"distilled_procedures", "ts", all(
		needs(aString, "procedure_id"), needs(aTime, "ts"), needs(aString, "title"), needs(listOfStrings, "steps"),
		has(listOfStrings, "commands"), has(aString, "model"),
	), distilledProcedure},
	{"distilled_config_hints", "ts", all(
		needs(aString, "hint_id"), needs(aTime, "ts"), needs(aString, "path", "key"), has(anything, "value"), has(aString, "reason"),
	), configHint},
	{"contract_analyses", "analyzed_at", all(
		needs(aString, "analysis_id"), needs(aTime, "analyzed_at"), needs(aString, "contract"), needs(aBoolean, "passed"),
		has(listOfStrings, "findings"), has(aString, "model", "provider"), has(tokens, "tokens"),
	), contractAnalysis},
	{"mode_experiments", "ts", all(
		needs(aString, "experiment_id"), needs(aTime, "ts"), needs(aString, "mode"), needsOneOf("outcome", "success", "failure"),
		has(aString, "model", "provider"), has(aNumber, "score", "latency_ms", "cost_usd"),
	), modeExperiment},
	{"scrum_reviews", "reviewed_at", all(
		needs(aString, "review_id"), needs(aTime, "reviewed_at"), needs(aString, "file"),
		needsOneOf("verdict", "pass", "needs_patch", "fail"), needs(aString, "summary"), has(aString, "reviewer_model"),
		has(anInteger, "findings_count"),
	), scrumReview},
	{"observer_escalations", "ts", all(
		needs(aString, "escalation_id"), needs(aTime, "ts"), needs(aString, "task", "from_model", "to_model", "reason"),
	), observerEscalation},
	{"audit_facts", "extracted_at", all(
		needs(aString, "head_sha"), needs(aTime, "extracted_at"), needs(listOfStrings, "facts"), has(anInteger, "pr"),
		has(aString, "extractor_model"),
	), auditFacts},
	{"auto_apply", "ts", all(
		needs(aString, "apply_id"), needs(aTime, "ts"), needs(aString, "file"), needsOneOf("action", "applied", "reverted", "skipped"),
		has(aString, "reason"), has(listOfStrings, "commands"),
	), autoApply},
	{"observer_reviews", "ts", all(
		needs(aString, "review_id"), needs(aTime, "ts"), needs(aString, "artifact"),
		needsOneOf("verdict", "accept", "reject", "override"), needs(aString, "reviewer"), has(aString, "note"),
	), observerReview},
	{"audits", "created_at", all(
		needs(aString, "audit_id"), needs(aTime, "created_at"), needs(aString, "check"), needsOneOf("severity", "block", "warn", "info"),
		needs(aString, "evidence"), has(anInteger, "pr"),
	), audit},
	{"outcomes", "finished_at", all(
		needs(aString, "task_id"), needs(aTime, "finished_at"), needs(aBoolean, "ok"), has(aString, "text", "model", "provider"),
		has(anInteger, "prompt_tokens", "completion_tokens"), has(aNumber, "latency_ms", "cost_usd"),
	), outcome},
}

// mark notes a marker of success or of failure.
func (f *fields) mark(good bool, success, failure string) {
	if good {
		f.successMarkers = []any{success}
	} else {
		f.failureMarkers = []any{failure}
	}
}

func distilledFact(r row) fields {
	return fields{
		taskID: r.text("fact_id"), text: r.Values["fact"], sourceFiles: r.list("source_files"), modelName: r.Values["model"],
		modelRole: "distiller", metadata: r.picked("confidence"),
	}
}

func distilledProcedure(r row) fields {
	return fields{
		taskID: r.text("procedure_id"), text: lines(append([]any{r.text("title")}, r.list("steps")...)),
		commandsRun: r.list("commands"), modelName: r.Values["model"], modelRole: "distiller",
	}
}

// lines joins strings, a line each.
func lines(items []any) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i], _ = item.(string)
	}
	return strings.Join(texts, "\n")
}

func configHint(r row) fields {
	return fields{
		taskID: r.text("hint_id"), text: r.text("path") + ": " + r.text("key"), sourceFiles: []any{r.text("path")},
		modelRole: "distiller", metadata: r.picked("key", "value", "reason"),
	}
}

func contractAnalysis(r row) fields {
	counts, _ := r.Values["tokens"].(strictjson.Object)
	made := fields{
		taskID: r.text("analysis_id"), text: r.Values["contract"], modelName: r.Values["model"], modelProvider: r.Values["provider"],
		modelRole:         "analyst",
		validationResults: []rfc8785.Members{{{Name: "check", Value: "contract"}, {Name: "passed", Value: r.Values["passed"]}}},
		promptTokens:      counts.Values["prompt"], completionTokens: counts.Values["completion"],
	}
	made.mark(r.Values["passed"] == true, "contract_holds", "contract_broken")
	if findings := r.list("findings"); made.failureMarkers != nil && len(findings) > 0 {
		made.failureMarkers = findings
	}
	return made
}

func modeExperiment(r row) fields {
	made := fields{
		taskID: r.text("experiment_id"), text: r.Values["mode"], modelName: r.Values["model"], modelProvider: r.Values["provider"],
		modelRole: "candidate", costUSD: r.Values["cost_usd"], latencyMS: r.Values["latency_ms"], metadata: r.picked("score"),
	}
	marker := "mode:" + r.text("mode")
	made.mark(r.text("outcome") == "success", marker, marker)
	return made
}

func scrumReview(r row) fields {
	made := fields{
		taskID: r.text("review_id"), text: r.Values["summary"], sourceFiles: []any{r.text("file")}, modelName: r.Values["reviewer_model"],
		modelRole: "reviewer", metadata: r.picked("findings_count"),
	}
	marker := "verdict:" + r.text("verdict")
	made.mark(r.text("verdict") == "pass", marker, marker)
	return made
}

func observerEscalation(r row) fields {
	return fields{
		taskID: r.text("task"), text: r.Values["reason"], modelName: r.Values["to_model"], modelRole: "escalation",
		failureMarkers: []any{"escalated_from:" + r.text("from_model")}, metadata: r.picked("escalation_id"),
	}
}

func auditFacts(r row) fields {
	return fields{
		taskID: r.text("head_sha"), text: lines(r.list("facts")), modelName: r.Values["extractor_model"], modelRole: "extractor",
		metadata: r.picked("pr"),
	}
}

func autoApply(r row) fields {
	made := fields{
		taskID: r.text("apply_id"), text: r.Values["reason"], sourceFiles: []any{r.text("file")}, commandsRun: r.list("commands"),
		modelRole: "applier",
	}
	if action := r.text("action"); action != "skipped" {
		made.mark(action == "applied", "applied", "reverted")
	}
	return made
}

func observerReview(r row) fields {
	made := fields{
		taskID: r.text("review_id"), text: r.Values["note"], sourceFiles: []any{r.text("artifact")}, modelRole: "observer",
	}
	if verdict := r.text("verdict"); verdict == "override" {
		made.humanOverride = rfc8785.Members{{Name: "by", Value: r.Values["reviewer"]}, {Name: "note", Value: r.Values["note"]}}
	} else {
		made.mark(verdict == "accept", "accepted", "rejected")
	}
	return made
}

func audit(r row) fields {
	blocks := r.text("severity") == "block"
	made := fields{
		taskID: r.text("audit_id"), text: r.Values["evidence"], modelRole: "auditor", metadata: r.picked("pr"),
		validationResults: []rfc8785.Members{append(r.picked("check", "severity"), rfc8785.Member{Name: "passed", Value: !blocks})},
	}
	if blocks {
		made.failureMarkers = []any{r.Values["check"]}
	}
	return made
}

func outcome(r row) fields {
	made := fields{
		taskID: r.text("task_id"), text: r.Values["text"], modelName: r.Values["model"], modelProvider: r.Values["provider"],
		modelRole: "executor", costUSD: r.Values["cost_usd"], latencyMS: r.Values["latency_ms"],
		promptTokens: r.Values["prompt_tokens"], completionTokens: r.Values["completion_tokens"],
	}
	made.mark(r.Values["ok"] == true, "ok", "failed")
	return made
}
