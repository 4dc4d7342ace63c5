package chat

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// verdict is what an answer means for what is done next.
type verdict struct {
	kind   kind
	code   string        // the service's own
	detail string        // what it said, short
	remedy string        // dead: what its owner does about it
	after  time.Duration // limited, blocked, down: how long it asks to wait; 0 when it does not say
	global bool          // limited: not this webhook alone
}

type kind int

const (
	accepted   kind = iota
	limited         // too many requests: wait as asked
	oldMessage      // too many edits of an old message: wait, but posts are free
	blocked         // the front door turned us away
	down            // may work in a moment
	refused         // this payload will never be taken
	misplaced       // the thread is wrong, or one is needed
	gone            // the message to edit is not there
	dead            // the webhook or the channel is not there, or we may not post
	redirected      // asked to go elsewhere, which we don't
	unclear         // success, but not in the service's words
	halved          // a refusal, and the rest of the answer, which says of what, is missing
)

// verdict is all that this package knows about the services' answers; judge knows what is one service's own.
func (l *line) verdict(a answer) verdict {
	switch {
	case a.isSuccess() && a.isPage():
		return verdict{kind: unclear} // a proxy's or a captive network's
	case a.status >= 300 && a.status < 400:
		return verdict{kind: redirected}
	case a.cut && a.status >= 400 && a.status < 500 && a.status != http.StatusTooManyRequests:
		return verdict{kind: halved}
	}
	return l.judge(a)
}

// judgeSlack reads the answers of incoming webhooks, which are a status and a word:
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
func judgeSlack(a answer) verdict {
	if a.isSuccess() {
		return verdict{kind: accepted}
	}
	var said struct {
		Error      string  `json:"error"`
		RetryAfter float64 `json:"retry_after"`
	}
	v := verdict{code: codeWord(strings.TrimSpace(string(a.body)))}
	if json.Unmarshal(a.body, &said) == nil {
		v.code = codeWord(said.Error)
	}
	v.detail = v.code
	v.after = max(wait(said.RetryAfter), a.seconds("Retry-After"))
	switch {
	case a.status == 429:
		v.kind = limited
	case a.status == 408 || a.status >= 500:
		v.kind = down
	case a.status == 403 && a.isPage():
		v.kind = blocked
	case a.status == 401 || a.status == 403 || a.status == 404 || a.status == 410:
		v.kind = dead
	default:
		v.kind = refused
	}
	return v
}
