package validatord

// The roster: the workers who exist. From a request's context or from the configured file.

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"lakehouse/internal/service"
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
	whole, faults := service.NewFields()
	read := readRoster(whole, "", value)
	if refused := faults.Problem(0); refused != nil {
		return nil, errors.New(refused.Detail)
	}
	return read, nil
}

// readRoster reads a roster at a pointer below the members; its faults are noted with theirs.
func readRoster(members *service.Fields, pointer string, value any) Roster {
	entries, isList := value.([]any)
	if !isList {
		members.Fault(pointer, "expected an array")
	}
	workers := make(Roster, 0, len(entries))
	for i, value := range entries {
		if entry, isObject := members.Below(fmt.Sprintf("%s/%d", pointer, i), value); isObject {
			workers = append(workers, readWorker(entry))
		}
	}
	return workers
}

// readWorker reads an entry, which may have more members.
func readWorker(entry *service.Fields) worker {
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
		*member.value, _ = entry.Text(member.name, true, nil)
	}
	return read
}
