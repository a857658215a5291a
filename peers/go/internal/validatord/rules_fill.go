package validatord

// The rules of fill {fills: [{worker_id, name}]}: a proposal of workers for a job.

import (
	"fmt"

	"lakehouse/internal/strictjson"
)

type fill struct {
	workerID, name string
}

func judgeFill(artifact strictjson.Object, given judgeContext, workers Roster) ([]finding, *ValidationError) {
	fills, failed := readFills(artifact)
	if failed != nil {
		return nil, failed
	}
	if given.targetCount != nil && uint64(len(fills)) != *given.targetCount {
		return nil, completenessError(fmt.Sprintf("%d fills for a target of %d", len(fills), *given.targetCount))
	}
	used := make(map[string]bool, len(fills))
	for _, proposed := range fills {
		if failed := proposed.check(given, workers); failed != nil {
			return nil, failed
		}
		if used[proposed.workerID] {
			return nil, inconsistent(proposed.workerID, "is used more than once")
		}
		used[proposed.workerID] = true
	}
	if given.targetCount == nil {
		return []finding{noTarget}, nil
	}
	return nil, nil
}

// readFills reads the fills: the Schema group.
func readFills(artifact strictjson.Object) ([]fill, *ValidationError) {
	entries, _ := artifact.Values["fills"].([]any)
	if len(entries) == 0 {
		return nil, schemaError("fills", "must be a non-empty list")
	}
	// Every entry is an object before any member is looked at.
	for i, value := range entries {
		if _, isObject := value.(strictjson.Object); !isObject {
			return nil, schemaError(fmt.Sprintf("fills[%d]", i), "must be an object")
		}
	}
	fills := make([]fill, 0, len(entries))
	for i, value := range entries {
		place := fmt.Sprintf("fills[%d]", i)
		entry := value.(strictjson.Object)
		workerID, isString := entry.Text("worker_id")
		if !isString {
			return nil, schemaError(place+".worker_id", "must be a string")
		}
		name, isString := entry.Text("name")
		if !isString {
			return nil, schemaError(place+".name", "must be a string")
		}
		fills = append(fills, fill{workerID, name})
	}
	return fills, nil
}

// check judges one fill against the roster and the context.
func (f fill) check(given judgeContext, workers Roster) *ValidationError {
	found := workers.find(f.workerID)
	if found == nil {
		return inconsistent(f.workerID, "is not on the roster")
	}
	if found.name != f.name {
		return inconsistent(f.workerID, fmt.Sprintf("is on the roster as %s, not %s", found.name, f.name))
	}
	if found.status != "active" {
		return inconsistent(f.workerID, fmt.Sprintf("has status %s, not active", found.status))
	}
	wanted := []struct {
		what   string
		actual string
		wanted *string
	}{
		{"city", found.city, given.city},
		{"state", found.state, given.state},
		{"role", found.role, given.role},
	}
	for _, place := range wanted {
		if place.wanted != nil && *place.wanted != place.actual {
			return inconsistent(f.workerID, fmt.Sprintf("has %s %s, not %s", place.what, place.actual, *place.wanted))
		}
	}
	return nil
}

func inconsistent(workerID, rest string) *ValidationError {
	return consistencyError(fmt.Sprintf("worker %s %s", workerID, rest))
}
