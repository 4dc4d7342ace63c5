package chat_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/secret"
)

// Addresses of nobody. Tests look for these ids and tokens in everything that is printed.
const (
	discordID    = "112233445566778899"
	discordToken = "d0nt-pRint_me-wHErevEr-yOu-4re-000000000000000000000000000000000000"
	slackIDs     = "T0AAAAAA1/B0BBBBBB2"
	slackToken   = "s1ackT0kenThatNobodySees"

	discordURL = "https://discord.com/api/webhooks/" + discordID + "/" + discordToken
	slackURL   = "https://hooks.slack.com/services/" + slackIDs + "/" + slackToken

	discordPath = "/api/v10/webhooks/" + discordID + "/" + discordToken
	slackPath   = "/services/" + slackIDs + "/" + slackToken
)

// wire is a service without a network: it answers one request after another
// and keeps what was asked. The last reply is given again and again.
type wire struct {
	mu      sync.Mutex
	replies []reply
	asked   []asked
}

type reply func(*http.Request) (*http.Response, error)

type asked struct {
	Method, URL, Body string
	Header            http.Header
	At                time.Time
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body.Close()
	}
	w.mu.Lock()
	w.asked = append(w.asked, asked{r.Method, r.URL.String(), string(body), r.Header, time.Now()})
	play := w.replies[min(len(w.asked), len(w.replies))-1]
	w.mu.Unlock()
	return play(r)
}

// says replies with a status, a body and headers ("Name: value").
func says(status int, body string, headers ...string) reply {
	return func(r *http.Request) (*http.Response, error) {
		wrote(r)
		response := &http.Response{
			StatusCode: status, Header: http.Header{}, Request: r,
			Body: io.NopCloser(strings.NewReader(body)),
		}
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			response.Header.Set(name, value)
		}
		return response, nil
	}
}

// wrote tells the client, as net/http does, that the request is on its way.
func wrote(r *http.Request) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
}

// unreachable fails before anything was sent.
func unreachable(*http.Request) (*http.Response, error) {
	return nil, errors.New("dial tcp 192.0.2.1:443: connect: connection refused")
}

// silent takes the request and never answers.
func silent(r *http.Request) (*http.Response, error) {
	wrote(r)
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// bodies returns what was sent, in order.
func (w *wire) bodies() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var sent []string
	for _, a := range w.asked {
		sent = append(sent, a.Body)
	}
	return sent
}

const (
	postedID = "998877665544332211"
	channel  = "123123123123123123"
	posted   = `{"type":0,"content":"","embeds":[{"title":"x"}],"id":"` + postedID + `","channel_id":"` + channel + `"}`
)

var postedRef = relay.Ref{Message: postedID, Channel: channel}

func known(address string) func(context.Context) (secret.Value, error) {
	return func(context.Context) (secret.Value, error) { return secret.New(address), nil }
}

// on connects a webhook of the service to replies.
func on(service formatter.Service, o chat.Options, replies ...reply) (*chat.Webhook, *wire) {
	w := &wire{replies: replies}
	o.HTTP = &http.Client{Transport: w}
	address := discordURL
	if service == formatter.ServiceSlack {
		address = slackURL
	}
	return chat.New(service, known(address), o), w
}

// message has a rich form and a plain one.
func message() formatter.Message {
	return formatter.Message{
		Payload: map[string]any{"embeds": []any{map[string]any{"title": "rich"}}},
		Plain:   func() any { return map[string]any{"content": "plain"} },
	}
}

const (
	rich  = `{"embeds":[{"title":"rich"}]}`
	plain = `{"content":"plain"}`
)

func nul(n int) string { return string(bytes.Repeat([]byte{0}, n)) }

func deadline(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
