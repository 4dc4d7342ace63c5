package fake

import (
	"net/http"
	"slices"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The faults. Where a body is named, it is the service's own. A connection is cut as net/http
// asks for it, by a panic with http.ErrAbortHandler: that needs a server, or [Transport].
const (
	// Limited is 429 with retry_after [Fault.After] and the service's headers.
	Limited FaultKind = "limited"
	// LimitedGlobally is Discord's 429 with global:true. Slack answers as for Limited.
	LimitedGlobally FaultKind = "limited globally"
	// LimitedEdits is Discord's 429 with code 30046, for messages older than an hour.
	LimitedEdits FaultKind = "limited edits"
	// BlockedPage is Cloudflare's 429 as HTML ("error code: 1015"), without X-RateLimit
	// headers and without Retry-After.
	// https://github.com/discord/discord-api-docs/issues/5810
	BlockedPage FaultKind = "blocked page"
	// BlockedJSON is the same block as JSON with code 0.
	BlockedJSON FaultKind = "blocked json"
	// Down is [Fault.Status] (500 when it is 0) with a page of HTML. Slack's Web API answers 200 with internal_error
	// when Status is 200.
	Down FaultKind = "down"
	// Hang never answers, until the client gives up or the fake is closed.
	Hang FaultKind = "hang"
	// Slow answers as usual after [Fault.After].
	Slow FaultKind = "slow"
	// Reset cuts the connection before the request is read.
	Reset FaultKind = "reset"
	// AnswerLate does as asked and answers after [Fault.After].
	AnswerLate FaultKind = "answer late"
	// AnswerLost does as asked and cuts the connection instead of answering.
	AnswerLost FaultKind = "answer lost"
	// AnswerCut does as asked and cuts the connection half way through the answer.
	AnswerCut FaultKind = "answer cut"
	// Unknown is a webhook that was deleted: Discord 404 with 10015, Slack 404 no_service, its Web API channel_not_found.
	Unknown FaultKind = "unknown"
	// BadToken is Discord's 401 with 50027, Slack's 403 invalid_token, its Web API's invalid_auth.
	BadToken FaultKind = "bad token"
	// Forbidden is Discord's 403 with 50013, Slack's 403 action_prohibited, its Web API's restricted_action.
	Forbidden FaultKind = "forbidden"
	// Gone is a channel that is no more: Discord 404 with 10003, Slack 410 channel_is_archived, its Web API is_archived.
	Gone FaultKind = "gone"
	// Filtered is Discord's 400 with 200000 (blocked by AutoMod). Slack answers as for Forbidden.
	Filtered FaultKind = "filtered"
	// Redirect is 302 to another path of the same host.
	Redirect FaultKind = "redirect"
	// Flood is 200 with 32 MiB that are no JSON.
	Flood FaultKind = "flood"
)

const floodSize = 32 << 20

// Fault is one thing that goes wrong, and for whom.
type Fault struct {
	Kind    FaultKind
	Webhook string        // the id of the webhook or bot it befalls; empty for all requests
	Method  string        // POST, PATCH ..., and of Slack's Web API chat.update ...; empty for all
	After   time.Duration // of Limited, LimitedGlobally, LimitedEdits: retry_after; of Slow and AnswerLate: the delay
	Status  int           // of Down
}

func (f Fault) befalls(webhook, method string) bool {
	return (f.Webhook == "" || f.Webhook == webhook) && (f.Method == "" || f.Method == method)
}

// answersItself reports whether the fault has an answer of its own, so that the
// service does not see the request.
func (f Fault) answersItself() bool {
	switch f.Kind {
	case "", Slow, AnswerLate, AnswerLost, AnswerCut:
		return false
	}
	return true
}

// faultList holds the faults that wait for one request each and those that stay.
type faultList struct{ queued, standing []Fault }

// take returns the fault for a request: the first queued one that befalls it,
// which is then used up, or else the latest standing one.
func (l *faultList) take(webhook, method string) Fault {
	for i, f := range l.queued {
		if f.befalls(webhook, method) {
			l.queued = append(l.queued[:i:i], l.queued[i+1:]...)
			return f
		}
	}
	for _, f := range slices.Backward(l.standing) {
		if f.befalls(webhook, method) {
			return f
		}
	}
	return Fault{}
}

// Fail orders faults that befall one request each, in this order.
func (h *house) Fail(faults ...Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults.queued = append(h.faults.queued, faults...)
}

// Break orders a fault that befalls every request until [Discord.Mend] or [Slack.Mend].
func (h *house) Break(f Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults.standing = append(h.faults.standing, f)
}

// Mend takes back all faults, queued and standing.
func (h *house) Mend() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = faultList{}
}

// commonFault answers the faults that look alike on both services; ok is false for the others.
func commonFault(f Fault) (r reply, ok bool) {
	switch f.Kind {
	case Down:
		status := f.Status
		if status == 0 {
			status = http.StatusInternalServerError
		}
		name := itoa(status) + " " + http.StatusText(status)
		return htmlReply(status, "<html><head><title>"+name+"</title></head><body><center><h1>"+name+"</h1></center></body></html>"), true
	case Redirect:
		return htmlReply(http.StatusFound, "<html><body>Found</body></html>").with("Location", "/elsewhere"), true
	case Flood:
		return textReply(http.StatusOK, ""), true
	}
	return reply{}, false
}
