package main

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/relay/fake"
)

// exchange is a request and its answer.
type exchange struct {
	fake.Exchange
	took  time.Duration
	about *seen    // nil for none
	tells []string // the keys of the alerts that it tells, as far as anybody can tell
}

// exchanged is told of each request to the fakes.
func (w *watch) exchanged(e fake.Exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e.Sent = nil // the message has it
	x := &exchange{Exchange: e, took: w.now().Sub(e.At)}
	destination := w.senders[e.Webhook]
	w.keep(x)
	switch key := aboutKey(e); {
	case key == "" && e.Message == "" && isPost(e):
		x.tells = w.tellsOf(destination, e.Request)
		w.pending[destination] = append(w.pending[destination], x)
	case key != "" || e.Message != "":
		w.attach(x, destination, key+e.Message)
	}
	w.stream.Tell(page.KindExchange, page.Exchanged{
		Destination: destination, Method: e.Method, Status: e.Status, Error: failure(e), At: e.At.UTC(),
		RetryAfter: e.RetryAfter().Seconds(),
	})
	w.touch()
}

// aboutKey is the message that a request which came to nothing was to change; empty for none, and for what did as it was asked.
func aboutKey(e fake.Exchange) string {
	if e.Message != "" {
		return ""
	}
	if path, _, _ := strings.Cut(e.Path, "?"); strings.Contains(path, "/messages/") {
		_, id, _ := strings.Cut(path, "/messages/")
		return id
	}
	if strings.HasSuffix(e.Path, "/chat.update") {
		var body struct{ Channel, TS string }
		if json.Unmarshal(e.Request, &body) == nil {
			return slackKey(body.Channel, body.TS)
		}
	}
	return ""
}

func isPost(e fake.Exchange) bool {
	path, _, _ := strings.Cut(e.Path, "?")
	return e.Method == "POST" && (!strings.Contains(path, "/api/") || strings.Contains(path, "/webhooks/") || strings.HasSuffix(path, "/chat.postMessage"))
}

// keep adds an exchange and drops the oldest where there are too many.
func (w *watch) keep(x *exchange) {
	w.exchanges = append(w.exchanges, x)
	if len(w.exchanges) <= maxExchanges {
		return
	}
	oldest := w.exchanges[0]
	w.exchanges[0] = nil
	w.exchanges = w.exchanges[1:]
	same := func(other *exchange) bool { return other == oldest }
	if oldest.about != nil {
		oldest.about.requests = slices.DeleteFunc(oldest.about.requests, same)
	}
	for name := range w.pending {
		w.pending[name] = slices.DeleteFunc(w.pending[name], same)
	}
}

// failure is the code of an answer of Slack's Web API that says with status 200 that it failed: https://docs.slack.dev/apis/web-api
func failure(e fake.Exchange) string {
	var said struct {
		OK    *bool
		Error string
	}
	if e.Status != http.StatusOK || json.Unmarshal(e.Answer, &said) != nil || said.OK == nil || *said.OK {
		return ""
	}
	return cmp.Or(said.Error, "not ok")
}

// tellsOf are the keys of the alerts that a request tells: of those that who speaks at the destination was handed.
func (w *watch) tellsOf(destination string, request []byte) (keys []string) {
	i := w.speaking[destination]
	if i == nil {
		return nil
	}
	all := i.all()
	if len(all) > 1 {
		all = named(all, lettersOf(string(request)))
	}
	for _, t := range all {
		keys = append(keys, t.alert.Key)
	}
	return keys
}

// claim takes what came to nothing at a destination and told one of these alerts, or nobody knows what.
func (w *watch) claim(destination string, keys []string) (failed []*exchange) {
	isOurs := func(x *exchange) bool {
		return len(keys) == 0 || len(x.tells) == 0 || slices.ContainsFunc(x.tells, func(key string) bool { return slices.Contains(keys, key) })
	}
	for _, x := range w.pending[destination] {
		if isOurs(x) {
			failed = append(failed, x)
		}
	}
	w.pending[destination] = slices.DeleteFunc(w.pending[destination], isOurs)
	return failed
}

// attach notes what an exchange was about. What came to nothing before, also of an earlier invocation, was about the same where it
// told the same alerts.
func (w *watch) attach(x *exchange, destination, key string) {
	m := w.at(key)
	if isPost(x.Exchange) {
		for _, failed := range w.claim(destination, w.tellsOf(destination, x.Request)) {
			failed.about = m
			m.requests = append(m.requests, failed)
		}
	}
	x.about = m
	m.requests = append(m.requests, x)
	slices.SortStableFunc(m.requests, func(a, b *exchange) int { return a.At.Compare(b.At) })
	if i := w.speaking[destination]; i != nil && x.Message != "" && !slices.Contains(m.said, i) {
		m.said = append(m.said, i)
		if len(m.said) > maxSaid {
			m.said = slices.Delete(m.said, 1, 2)
		}
	}
}

// request is the exchange for the page.
func (x *exchange) request() page.Request {
	return page.Request{
		Method: x.Method, Path: x.Path, Headers: x.Asked, Body: readable(x.Request), Files: x.Files,
		Status: x.Status, AnswerHeaders: x.Header, Answer: readable(x.Answer), Why: x.Why, Fault: string(x.Fault),
		At: x.At.UTC(), Took: x.took.Milliseconds(),
	}
}

// readable is JSON as it is, and everything else as a text.
func readable(body []byte) any {
	if json.Valid(body) {
		return json.RawMessage(body)
	}
	return string(body)
}
