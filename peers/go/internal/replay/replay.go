// Package replay runs one task: retrieve, bundle, ask, validate, escalate, log. In: arguments. Out: a line in the shared log,
// and an exit code: 0 when an answer passed, 1 when none did or the line could not be written, 2 for a wrong command line.
// docs/distillation.md says what it does, and how any number of runtimes append to that log.
package replay

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"lakehouse/internal/durable"
	"lakehouse/internal/rfc8785"
)

const maxCharacters = 4_000

// Main runs one replay and returns its exit code.
func Main(arguments []string, stdout, stderr io.Writer) int {
	chosen, err := readOptions(arguments, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "replay: %v\n", err)
		return 2
	}
	tried, line, err := run(chosen)
	if err == nil && !chosen.dryRun {
		err = durable.Append(filepath.Join(chosen.root, "data/_kb/replay_runs.jsonl"), line)
	}
	if err == nil {
		_, err = fmt.Fprintln(stdout, said(tried, chosen, line))
	}
	if err != nil {
		fmt.Fprintf(stderr, "replay: %v\n", err)
		return 1
	}
	if tried.passed || chosen.dryRun {
		return 0
	}
	return 1
}

// attempt is what came of asking one model after the other.
type attempt struct {
	asked            []string
	reasons          []string
	passed           bool
	promptTokens     int
	completionTokens int
	taken            time.Duration
}

// run does all but keep the line.
func run(chosen options) (attempt, []byte, error) {
	var records []remembered
	if !chosen.noRetrieval {
		found, err := retrieve(chosen.root, chosen.task)
		if err != nil {
			return attempt{}, nil, err
		}
		records = found
	}
	bundle := makeBundle(records, chosen.budget)
	tried := attempt{asked: []string{}, reasons: []string{"dry run"}}
	if !chosen.dryRun {
		tried = askInTurn(chosen, bundle)
	}
	return tried, lineOf(chosen, records, bundle, tried), nil
}

func askInTurn(chosen options, bundle string) attempt {
	tried := attempt{reasons: []string{}}
	for _, model := range chosen.models {
		tried.asked = append(tried.asked, model)
		started := time.Now()
		given, err := ask(chosen.gateway, model, bundle, chosen.task)
		tried.taken += time.Since(started)
		tried.promptTokens += given.promptTokens
		tried.completionTokens += given.completionTokens
		reason := ""
		if err != nil {
			reason = "the model could not be asked: " + err.Error()
		} else {
			reason = faultOf(given.content, chosen.task)
		}
		if reason == "" {
			tried.passed = true
			return tried
		}
		tried.reasons = append(tried.reasons, reason)
	}
	return tried
}

// faultOf returns the first reason why an answer does not pass, if there is one.
func faultOf(answer, task string) string {
	if strings.Trim(answer, " \t\r\n") == "" {
		return "the answer is empty"
	}
	if utf8.RuneCountInString(answer) > maxCharacters {
		return fmt.Sprintf("the answer is longer than %d characters", maxCharacters)
	}
	if shared(wordsOf(task), wordsOf(answer)) == 0 {
		return "the answer has no word of the task"
	}
	return ""
}

func lineOf(chosen options, records []remembered, bundle string, tried attempt) []byte {
	retrieved := []string{}
	for _, record := range records {
		retrieved = append(retrieved, record.sigHash)
	}
	sum := sha256.Sum256([]byte(chosen.task))
	return rfc8785.Append(nil, rfc8785.Members{
		{Name: "schema", Value: "replay_run.v1"},
		{Name: "run_id", Value: chosen.runID},
		{Name: "task", Value: chosen.task},
		{Name: "task_hash", Value: hex.EncodeToString(sum[:])},
		{Name: "retrieved", Value: retrieved},
		{Name: "bundle_chars", Value: utf8.RuneCountInString(bundle)},
		{Name: "model", Value: lastAsked(chosen, tried)},
		{Name: "escalation_path", Value: tried.asked},
		{Name: "passed", Value: tried.passed},
		{Name: "reasons", Value: tried.reasons},
		{Name: "prompt_tokens", Value: tried.promptTokens},
		{Name: "completion_tokens", Value: tried.completionTokens},
		{Name: "latency_ms", Value: int(tried.taken.Round(time.Millisecond).Milliseconds())},
		{Name: "recorded_at", Value: chosen.now},
	})
}

func lastAsked(chosen options, tried attempt) string {
	if len(tried.asked) == 0 {
		return chosen.models[0]
	}
	return tried.asked[len(tried.asked)-1]
}

func said(tried attempt, chosen options, line []byte) string {
	if chosen.asJSON {
		return string(line)
	}
	if tried.passed {
		return "passed with " + lastAsked(chosen, tried)
	}
	return "failed: " + tried.reasons[len(tried.reasons)-1]
}
