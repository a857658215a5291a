package validatord

// The rules of messages to a worker: email {to, subject, body} and sms {to, body}.

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"lakehouse/internal/strictjson"
)

// messageForm is what tells an email from an SMS.
type messageForm struct {
	members         []string    // must be there, in the order they are tried
	limits          []textLimit // texts whose content is judged
	addressedByMail bool
}

type textLimit struct {
	member     string
	characters int
}

var (
	email = messageForm{
		members:         []string{"to", "subject", "body"},
		limits:          []textLimit{{"subject", 78}, {"body", 4000}},
		addressedByMail: true,
	}
	sms = messageForm{
		members: []string{"to", "body"},
		limits:  []textLimit{{"body", 160}},
	}
)

func (m messageForm) judge(artifact strictjson.Object, given judgeContext, workers Roster) ([]finding, *ValidationError) {
	for _, check := range []func(strictjson.Object) *ValidationError{m.checkSchema, m.checkCompleteness, m.checkPolicy} {
		if failed := check(artifact); failed != nil {
			return nil, failed
		}
	}
	if given.workerID == nil {
		return []finding{noWorker}, nil
	}
	body, _ := artifact.Text("body")
	return nil, checkAddressee(body, *given.workerID, workers)
}

func (m messageForm) checkSchema(artifact strictjson.Object) *ValidationError {
	for _, member := range m.members {
		if text, _ := artifact.Text(member); text == "" {
			return schemaError(member, "must be a non-empty string")
		}
	}
	if to, _ := artifact.Text("to"); m.addressedByMail && strings.Count(to, "@") != 1 {
		return schemaError("to", "must hold exactly one @")
	}
	return nil
}

func (m messageForm) checkCompleteness(artifact strictjson.Object) *ValidationError {
	for _, limit := range m.limits {
		text, _ := artifact.Text(limit.member)
		if count := utf8.RuneCountInString(text); count > limit.characters {
			return completenessError(fmt.Sprintf(
				"%s has %d characters, at most %d are allowed", limit.member, count, limit.characters))
		}
	}
	return nil
}

func (m messageForm) checkPolicy(artifact strictjson.Object) *ValidationError {
	rules := []struct {
		holds func(string) bool
		what  string
	}{
		{holdsSocialSecurityNumber, "a US social security number"},
		{holdsPayRate, "a pay rate"},
	}
	for _, rule := range rules {
		for _, limit := range m.limits {
			if text, _ := artifact.Text(limit.member); rule.holds(text) {
				return policyError(fmt.Sprintf("%s holds %s", limit.member, rule.what))
			}
		}
	}
	return nil
}

// checkAddressee is the Consistency group: the worker exists and is called by the first name.
func checkAddressee(body, workerID string, workers Roster) *ValidationError {
	addressee := workers.find(workerID)
	if addressee == nil {
		return consistencyError(fmt.Sprintf("worker %s is not on the roster", workerID))
	}
	if !strings.Contains(body, addressee.firstName()) {
		return consistencyError(fmt.Sprintf("body does not hold the first name of worker %s", workerID))
	}
	return nil
}
