package judge

import (
	"bytes"
	"encoding/json"
	"strings"

	"alarmrelay/relay/fake"
)

// readRefusal notes what a request that was not accepted says of the place and of the message that it was to change.
func (there *scene) readRefusal(e fake.Exchange) {
	code := codeOf(e)
	message := messageIn(e)
	switch {
	case isDeath(e, code):
		there.dead = true
	case message != "" && (e.Status == 400 || e.Status == 404 || code == "30046" || isOfMessage(code)):
		if _, known := there.stuck[message]; !known {
			there.stuck[message] = e.At
		}
	case message == "" && e.Status >= 400 && e.Status < 500 && e.Status != 429:
		there.refused = append(there.refused, e.At)
	}
}

// codeOf is Discord's code in an answer, or the Web API's error.
func codeOf(e fake.Exchange) string {
	var said struct {
		Code  json.Number
		Error string
	}
	decoder := json.NewDecoder(bytes.NewReader(e.Answer))
	if decoder.Decode(&said) != nil {
		return ""
	}
	return said.Code.String() + said.Error
}

// isDeath reports whether an answer says that nothing can be posted there any more.
func isDeath(e fake.Exchange, code string) bool {
	switch code {
	case "channel_not_found", "invalid_auth", "restricted_action", "is_archived":
		return true
	case "10008": // the message is gone, and not the webhook
		return false
	}
	return e.Status == 401 || e.Status == 403 || e.Status == 404 || e.Status == 410
}

func isOfMessage(code string) bool {
	return code == "message_not_found" || code == "cant_update_message"
}

// messageIn is the message that a request was to change, as the log names it; empty for a post.
func messageIn(e fake.Exchange) string {
	path, _, _ := strings.Cut(e.Path, "?")
	if _, message, ok := strings.Cut(path, "/messages/"); ok {
		return message
	}
	if !strings.HasSuffix(path, "/chat.update") {
		return ""
	}
	var of struct{ Channel, TS string }
	if json.Unmarshal(e.Request, &of) != nil {
		return ""
	}
	return MessageOf(of.Channel, of.TS)
}

// MessageOf is the name in the log of fake.Slack for the message that the Web API calls ts.
func MessageOf(channel, ts string) string {
	_, number, _ := strings.Cut(ts, ".")
	return channel + "/" + strings.TrimLeft(number, "0")
}
