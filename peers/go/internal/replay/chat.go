package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lakehouse/internal/rfc8785"
	"lakehouse/internal/strictjson"
)

const (
	timeout  = 30 * time.Second
	maxBytes = 8 << 20
)

// errNoAnswer is what any exchange gets that brings no answer of a model.
var errNoAnswer = errors.New("no answer")

// client asks as it is told: no proxy of the environment, no redirect, no compression.
var client = &http.Client{
	Timeout:       timeout,
	Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// answer is what a gateway answers.
type answer struct {
	content          string
	promptTokens     int
	completionTokens int
}

// ask asks one model through a gateway; the error says what came instead.
func ask(gateway, model, bundle, task string) (answer, error) {
	var messages []rfc8785.Members
	if bundle != "" {
		messages = append(messages, message("system", bundle))
	}
	body := rfc8785.Append(nil, rfc8785.Members{
		{Name: "model", Value: model},
		{Name: "messages", Value: append(messages, message("user", task))},
		{Name: "temperature", Value: 0},
		{Name: "max_tokens", Value: 512},
	})
	response, err := client.Post(strings.TrimRight(gateway, "/")+"/v1/chat", "application/json", bytes.NewReader(body))
	if err != nil {
		return answer{}, errNoAnswer
	}
	defer response.Body.Close()
	said, err := io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	if err != nil || len(said) > maxBytes {
		return answer{}, errNoAnswer
	}
	if response.StatusCode != http.StatusOK {
		return answer{}, errors.New(strconv.Itoa(response.StatusCode))
	}
	return readAnswer(said)
}

func message(role, content string) rfc8785.Members {
	return rfc8785.Members{{Name: "role", Value: role}, {Name: "content", Value: content}}
}

func readAnswer(said []byte) (answer, error) {
	value, err := strictjson.Parse(said)
	row, _ := value.(strictjson.Object)
	content, isText := row.Text("content")
	usage, hasUsage := optional(row, "usage", strictjson.Object{})
	prompt, countsPrompt := optional(usage, "prompt_tokens", json.Number("0"))
	completion, countsCompletion := optional(usage, "completion_tokens", json.Number("0"))
	if err != nil || !isText || !hasUsage || !countsPrompt || !countsCompletion {
		return answer{}, errNoAnswer
	}
	promptTokens, promptErr := strconv.Atoi(prompt.String())
	completionTokens, completionErr := strconv.Atoi(completion.String())
	if promptErr != nil || completionErr != nil {
		return answer{}, errNoAnswer
	}
	return answer{content, promptTokens, completionTokens}, nil
}
