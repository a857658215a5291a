package replay

import (
	"slices"
	"strings"
	"unicode/utf8"
)

var lineEnds = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ")

// makeBundle returns what a model is told of some records, the best first; empty where nothing fits the budget.
func makeBundle(records []remembered, left uint64) string {
	var examples, failures, checks []string
	for _, record := range records {
		if record.failed {
			failures = append(failures, record.text)
		} else {
			examples = append(examples, record.text)
		}
		for _, check := range record.checks {
			if !slices.Contains(checks, check) {
				checks = append(checks, check)
			}
		}
	}
	var lines []string
	for _, part := range []struct {
		heading string
		texts   []string
	}{{"Examples:", examples}, {"Failures:", failures}, {"Validation steps:", checks}} {
		entries := []string{part.heading}
		for _, text := range part.texts {
			entry := lineEnds.Replace(text)
			cost := uint64(utf8.RuneCountInString(entry)+charactersAToken-1) / charactersAToken
			if cost <= left {
				left -= cost
				entries = append(entries, "- "+entry)
			}
		}
		if len(entries) > 1 {
			lines = append(lines, entries...)
		}
	}
	return strings.Join(lines, "\n")
}
