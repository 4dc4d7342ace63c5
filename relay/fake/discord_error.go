package fake

import (
	"encoding/json"
	"net/http"
	"time"
)

// oldEdits is the code of the limit on editing messages older than an hour.
const oldEdits = 30046

func jsonReply(status int, body any) reply {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // our own types
	}
	return reply{status: status, body: text}.with("Content-Type", "application/json")
}

// apiError is Discord's answer to a request it refuses as a whole.
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
func apiError(status, code int, message string) reply {
	r := jsonReply(status, map[string]any{"code": code, "message": message})
	r.why = []string{itoa(code) + ": " + message}
	return r
}

// invalidForm is Discord's 50035: a tree in the form of the body, with what is wrong at its leaves.
// https://docs.discord.com/developers/reference#error-messages
func invalidForm(refused ...refusal) reply {
	tree := map[string]any{}
	var why []string
	for _, r := range refused {
		node := tree
		for _, name := range r.path {
			next, ok := node[name].(map[string]any)
			if !ok {
				next = map[string]any{}
				node[name] = next
			}
			node = next
		}
		found, _ := node["_errors"].([]any)
		node["_errors"] = append(found, map[string]any{"code": r.code, "message": r.message})
		why = append(why, r.String())
	}
	r := jsonReply(http.StatusBadRequest, map[string]any{"code": 50035, "message": "Invalid Form Body", "errors": tree})
	r.why = why
	return r
}

// limitReply is Discord's 429. A scope is user, shared or global; code is 0 for the usual limits.
// https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit
func limitReply(after time.Duration, scope string, code int) reply {
	message := "You are being rate limited."
	body := map[string]any{"retry_after": after.Seconds(), "global": scope == "global"}
	if code == oldEdits {
		message = "Maximum number of edits to messages older than 1 hour reached. Try again later."
	}
	if code != 0 {
		body["code"] = code
	}
	body["message"] = message
	r := jsonReply(http.StatusTooManyRequests, body).with("Retry-After", wholeSeconds(after))
	r = r.with("X-RateLimit-Scope", scope)
	if scope == "global" {
		r = r.with("X-RateLimit-Global", "true")
	}
	r.why = []string{message}
	return r
}
