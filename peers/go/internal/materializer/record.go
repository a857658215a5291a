package materializer

import "lakehouse/internal/rfc8785"

const recordSchema = "evidence_record.v1"

// provenance tells which row a record comes from, and when it was read.
type provenance struct {
	file       string
	lineOffset int
	sigHash    string
	recordedAt string
}

// fields are what a transform makes of a row; nil and empty ones are left out.
type fields struct {
	taskID            string
	modelName         any
	modelRole         string
	modelProvider     any
	text              any
	sourceFiles       []any
	commandsRun       []any
	successMarkers    []any
	failureMarkers    []any
	humanOverride     rfc8785.Members
	validationResults []rfc8785.Members
	costUSD           any
	latencyMS         any
	promptTokens      any
	completionTokens  any
	metadata          rfc8785.Members
}

// recordLine writes one line of evidence, its end included.
func recordLine(runID, timestamp string, from provenance, made fields) []byte {
	members := rfc8785.Members{
		{Name: "run_id", Value: runID},
		{Name: "task_id", Value: made.taskID},
		{Name: "timestamp", Value: timestamp},
		{Name: "schema_version", Value: recordSchema},
		{Name: "provenance", Value: rfc8785.Members{
			{Name: "source_file", Value: from.file},
			{Name: "line_offset", Value: from.lineOffset},
			{Name: "sig_hash", Value: from.sigHash},
			{Name: "recorded_at", Value: from.recordedAt},
		}},
		{Name: "model_name", Value: made.modelName},
		{Name: "model_role", Value: made.modelRole},
		{Name: "model_provider", Value: made.modelProvider},
		{Name: "text", Value: made.text},
		{Name: "source_files", Value: some(made.sourceFiles)},
		{Name: "commands_run", Value: some(made.commandsRun)},
		{Name: "success_markers", Value: some(made.successMarkers)},
		{Name: "failure_markers", Value: some(made.failureMarkers)},
		{Name: "human_override", Value: some(present(made.humanOverride))},
		{Name: "validation_results", Value: some(made.validationResults)},
		{Name: "cost_usd", Value: made.costUSD},
		{Name: "latency_ms", Value: made.latencyMS},
		{Name: "prompt_tokens", Value: made.promptTokens},
		{Name: "completion_tokens", Value: made.completionTokens},
		{Name: "metadata", Value: some(present(made.metadata))},
	}
	return append(rfc8785.Append(nil, present(members)), '\n')
}

// present returns the members that are there: null counts as absent.
func present(members rfc8785.Members) rfc8785.Members {
	there := members[:0:0]
	for _, each := range members {
		if each.Value != nil {
			there = append(there, each)
		}
	}
	return there
}

// some returns a list or an object as a value, and nil where nothing is in it.
func some[L ~[]T, T any](items L) any {
	if len(items) == 0 {
		return nil
	}
	return items
}
