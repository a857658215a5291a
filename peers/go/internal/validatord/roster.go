package validatord

// The roster: the workers who exist. From a request's context or from the configured file.

import (
	"fmt"
	"os"
	"strings"

	"lakehouse/internal/strictjson"
)

type worker struct {
	workerID, name, status, city, state, role string
}

// Roster is in the order in which it was written.
type Roster []worker

// firstName is the name up to its first space.
func (w worker) firstName() string {
	first, _, _ := strings.Cut(w.name, " ")
	return first
}

// find returns the first worker under this id, nil if there is none.
func (r Roster) find(workerID string) *worker {
	for i := range r {
		if r[i].workerID == workerID {
			return &r[i]
		}
	}
	return nil
}

// LoadRoster reads a roster from a JSON file.
func LoadRoster(file string) (Roster, error) {
	body, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	value, err := strictjson.Parse(body)
	if err != nil {
		return nil, err
	}
	return readRoster(value, "roster")
}

// readRoster reads a roster; place names it in the error's sentence.
func readRoster(value any, place string) (Roster, error) {
	entries, isList := value.([]any)
	if !isList {
		return nil, fmt.Errorf("%s must be a list", place)
	}
	workers := make(Roster, 0, len(entries))
	for i, value := range entries {
		place := fmt.Sprintf("%s[%d]", place, i)
		entry, isObject := value.(strictjson.Object)
		if !isObject {
			return nil, fmt.Errorf("%s must be an object", place)
		}
		read, err := readWorker(entry, place)
		if err != nil {
			return nil, err
		}
		workers = append(workers, read)
	}
	return workers, nil
}

func readWorker(entry strictjson.Object, place string) (worker, error) {
	var read worker
	members := []struct {
		name  string
		value *string
	}{
		{"worker_id", &read.workerID},
		{"name", &read.name},
		{"status", &read.status},
		{"city", &read.city},
		{"state", &read.state},
		{"role", &read.role},
	}
	for _, member := range members {
		text, isString := entry.Text(member.name)
		if !isString {
			return worker{}, fmt.Errorf("%s.%s must be a string", place, member.name)
		}
		*member.value = text
	}
	return read, nil
}
