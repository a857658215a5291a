package validatord

// The rules of playbook {operation, endorsed_names, target_count, fingerprint}.

import (
	"fmt"
	"regexp"

	"lakehouse/internal/strictjson"
)

var (
	operationForm   = regexp.MustCompile(`^[A-Za-z][A-Za-z_-]*: [^\s\v]`) // \s lacks the vertical tab in Go.
	fingerprintForm = regexp.MustCompile(`^[0-9A-Fa-f]{64}$`)
)

func judgePlaybook(artifact strictjson.Object, _ judgeContext, _ Roster) ([]finding, *ValidationError) {
	names, targetCount, failed := checkPlaybookSchema(artifact)
	if failed != nil {
		return nil, failed
	}
	most := 2 * targetCount
	if names < 1 || uint64(names) > most {
		return nil, completenessError(fmt.Sprintf("%d endorsed names, between 1 and %d are wanted", names, most))
	}
	return nil, nil
}

// checkPlaybookSchema checks the Schema group; the number of endorsed names and the target are what the next group
// needs.
func checkPlaybookSchema(artifact strictjson.Object) (int, uint64, *ValidationError) {
	operation, _ := artifact.Text("operation")
	if !operationForm.MatchString(operation) {
		return 0, 0, schemaError("operation", "must have the form verb: text")
	}
	names, isList := artifact.Values["endorsed_names"].([]any)
	if !isList {
		return 0, 0, schemaError("endorsed_names", "must be a list")
	}
	for i, name := range names {
		if text, _ := name.(string); text == "" {
			return 0, 0, schemaError(fmt.Sprintf("endorsed_names[%d]", i), "must be a non-empty string")
		}
	}
	targetCount, isCount := strictjson.CountOf(artifact.Values["target_count"])
	if !isCount || targetCount < 1 {
		return 0, 0, schemaError("target_count", "must be a positive integer")
	}
	fingerprint, _ := artifact.Text("fingerprint")
	if !fingerprintForm.MatchString(fingerprint) {
		return 0, 0, schemaError("fingerprint", "must be 64 hexadecimal digits")
	}
	return len(names), targetCount, nil
}
