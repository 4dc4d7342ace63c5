package mapping

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"alarmrelay/relay"
)

// World is what the function talks to.
type World struct {
	Discord, Slack, Queues, Table http.Handler
}

// Front is the world as the instances of one slot see it: one address for all of it, on
// loopback. It notes who asked, by adding " invocation/ID" to the User-Agent, and what the table and the queues answered.
type Front struct {
	world  World
	kill   func()
	server *httptest.Server

	mu       sync.Mutex
	call     string
	requests int // of the call
	strike   Strike
	asked    []Asked
}

// Strike is the moment at which an instance is killed: at its invocation's request of this number, from 1 on; 0 for never.
type Strike struct {
	Request int
	Done    bool // after the request has been done, and before it is answered
}

// Asked is what an invocation asked of the table, or of a queue in a dead letter, about one destination.
type Asked struct {
	Call        string
	At          time.Time
	Operation   string // as "PutItem" or "SendMessage"
	Destination string
	OK          bool // it was answered; that a condition was not met is an answer, too
}

// NewFront opens an address. kill ends the instance behind it.
func NewFront(w World, kill func()) *Front {
	f := &Front{world: w, kill: kill}
	f.server = httptest.NewServer(f)
	return f
}

// Close closes the address.
func (f *Front) Close() { f.server.Close() }

// URL is the address: a scheme, a host and a port.
func (f *Front) URL() string { return f.server.URL }

// Host is the address's host and port.
func (f *Front) Host() string { return strings.TrimPrefix(f.server.URL, "http://") }

// Begin notes whose requests come from now on, and when it is to be killed.
func (f *Front) Begin(call string, s Strike) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.call, f.requests, f.strike = call, 0, s
}

// Asked returns what was asked so far, in order.
func (f *Front) Asked() []Asked {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Asked(nil), f.asked...)
}

// ServeHTTP implements http.Handler.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.requests++
	call, struck := f.call, f.requests == f.strike.Request
	done := f.strike.Done
	f.mu.Unlock()
	r.Header.Set("User-Agent", r.UserAgent()+" invocation/"+call)
	switch {
	case struck && done:
		f.swallow(r)
		fallthrough
	case struck:
		f.kill()
		panic(http.ErrAbortHandler)
	}
	f.pass(w, r, call)
}

// swallow has a request done and drops the answer.
func (f *Front) swallow(r *http.Request) {
	defer func() { _ = recover() }() // a fault that cuts the connection: it is cut anyway
	f.handler(r).ServeHTTP(httptest.NewRecorder(), r)
}

func (f *Front) handler(r *http.Request) http.Handler {
	switch target := r.Header.Get("X-Amz-Target"); {
	case strings.HasPrefix(target, "AmazonSQS."):
		return f.world.Queues
	case target != "":
		return f.world.Table
	case strings.HasPrefix(r.URL.Path, "/services/"), strings.HasPrefix(r.URL.Path, "/triggers/"), webAPI.MatchString(r.URL.Path):
		return f.world.Slack
	}
	return f.world.Discord
}

// webAPI is where Slack's methods lie, beside Discord's API.
var webAPI = regexp.MustCompile(`^/api/[a-z]+\.[a-zA-Z.]+$`)

// pass hands a request on, and notes what the table or a queue makes of it.
func (f *Front) pass(w http.ResponseWriter, r *http.Request, call string) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if operation == "" {
		f.handler(r).ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the client went away
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	seen := &watched{ResponseWriter: w}
	defer func() {
		p := recover()
		f.note(call, operation, destinationsIn(body), p == nil && seen.isAnswer())
		if p != nil {
			panic(p)
		}
	}()
	f.handler(r).ServeHTTP(seen, r)
}

func (f *Front) note(call, operation string, destinations []string, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range destinations {
		f.asked = append(f.asked, Asked{Call: call, At: time.Now(), Operation: operation, Destination: d, OK: ok})
	}
}

// keysIn finds the partition keys of relay/cloud's table, which are a destination alone or with what is told there behind
// it, and the destinations of dead letters.
var keysIn = regexp.MustCompile(`(?:"pk":\{"S":"|"` + relay.AttributeDestination + `":\{[^}]*"StringValue":")([^"|]*)`)

func destinationsIn(body []byte) (names []string) {
	for _, m := range keysIn.FindAllSubmatch(body, -1) {
		if name := string(m[1]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// watched keeps the status and the beginning of an answer.
type watched struct {
	http.ResponseWriter
	status int
	body   []byte
}

func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(p []byte) (int, error) {
	w.body = append(w.body, p[:min(len(p), 512-len(w.body))]...)
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// isAnswer reports whether the answer is of use.
func (w *watched) isAnswer() bool {
	return w.status < 400 || bytes.Contains(w.body, []byte("ConditionalCheckFailed"))
}
