// Package runtimeapi is Lambda's Runtime API on this machine, and the process
// of a function that asks it for work. Measurements and tests put the real
// binary of a function into it.
//
// It limits neither CPU nor memory, and it is none of the services that
// invoke functions: what an event holds is the caller's business.
package runtimeapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// maxPayload is the largest answer of a function in bytes.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxPayload = 6 << 20

// Environment is what one instance of a function sees of Lambda. Its handler
// serves the Runtime API:
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type Environment struct {
	arn     string
	timeout time.Duration
	routes  *http.ServeMux
	queue   chan *invocation
	asked   chan struct{} // closed by the first request for work
	refused chan struct{} // closed by an error of the init

	mu      sync.Mutex
	count   int
	askedAt time.Time
	initErr error
	running *invocation // handed out and not yet answered
}

type invocation struct {
	id        string
	event     []byte
	handedOut time.Time
	answer    Answer
	err       error
	done      chan struct{}
}

// Answer is what a function made of an event.
type Answer struct {
	Payload []byte
	Took    time.Duration // from handing out the event to the end of the answer
}

// FunctionError is what a function says went wrong: its handler returned an
// error or panicked, or its init failed.
type FunctionError struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

func (e *FunctionError) Error() string {
	return fmt.Sprintf("function error %s: %s", e.Type, e.Message)
}

// ErrTimeout means that a function did not answer within its timeout.
var ErrTimeout = errors.New("function timed out")

// NewEnvironment returns an environment in which nothing has been asked yet. timeout is
// what each invocation has from being handed out; arn is what the function is told that it is.
func NewEnvironment(arn string, timeout time.Duration) *Environment {
	e := &Environment{
		arn:     arn,
		timeout: timeout,
		routes:  http.NewServeMux(),
		queue:   make(chan *invocation),
		asked:   make(chan struct{}),
		refused: make(chan struct{}),
	}
	const base = "/2018-06-01/runtime/"
	e.routes.HandleFunc("GET "+base+"invocation/next", e.next)
	e.routes.HandleFunc("POST "+base+"invocation/{id}/response", e.response)
	e.routes.HandleFunc("POST "+base+"invocation/{id}/error", e.failure)
	e.routes.HandleFunc("POST "+base+"init/error", e.initFailure)
	return e
}

// ServeHTTP implements http.Handler.
func (e *Environment) ServeHTTP(w http.ResponseWriter, r *http.Request) { e.routes.ServeHTTP(w, r) }

// Ready waits until the function asks for its first event and returns when
// that was. It returns a [*FunctionError] when the function reports that its init failed.
func (e *Environment) Ready(ctx context.Context) (time.Time, error) {
	select {
	case <-e.asked:
	case <-e.refused:
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.askedAt, e.initErr
}

// Invoke hands the event to the function as soon as it asks for one, and waits
// for the answer. Several calls are served one after another, as one instance
// does. The error is a [*FunctionError], [ErrTimeout] or ctx's.
func (e *Environment) Invoke(ctx context.Context, event []byte) (Answer, error) {
	call := &invocation{event: event, done: make(chan struct{})}
	select {
	case e.queue <- call:
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
	timer := time.NewTimer(e.timeout)
	defer timer.Stop()
	select {
	case <-call.done:
		return call.answer, call.err
	case <-timer.C:
		e.giveUp(call)
		return Answer{}, ErrTimeout
	case <-ctx.Done():
		e.giveUp(call)
		return Answer{}, ctx.Err()
	}
}

// giveUp makes an answer that comes later one to nothing.
func (e *Environment) giveUp(call *invocation) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.running == call {
		e.running = nil
	}
}

// next hands out an event.
func (e *Environment) next(w http.ResponseWriter, r *http.Request) {
	if !e.idle() {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the last invocation is not answered")
		return
	}
	select {
	case call := <-e.queue:
		e.handOut(w, call)
	case <-r.Context().Done():
	}
}

// idle notes when the function first asked, and reports whether it may have an event.
func (e *Environment) idle() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.askedAt.IsZero() {
		e.askedAt = time.Now()
		close(e.asked)
	}
	return e.running == nil
}

func (e *Environment) handOut(w http.ResponseWriter, call *invocation) {
	e.mu.Lock()
	e.count++
	call.id = fmt.Sprintf("00000000-0000-4000-8000-%012d", e.count)
	call.handedOut = time.Now()
	e.running = call
	e.mu.Unlock()

	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Lambda-Runtime-Aws-Request-Id", call.id)
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(call.handedOut.Add(e.timeout).UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", e.arn)
	header.Set("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000;Sampled=0")
	w.Write(call.event)
}

func (e *Environment) response(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(io.LimitReader(r.Body, maxPayload+1))
	if err != nil {
		return // the function went away in mid-answer
	}
	if len(payload) > maxPayload {
		e.end(r.PathValue("id"), nil, &FunctionError{"Function.ResponseSizeTooLarge", "the answer exceeds 6 MB"})
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "the answer exceeds 6 MB")
		return
	}
	acknowledge(w, e.end(r.PathValue("id"), payload, nil))
}

func (e *Environment) failure(w http.ResponseWriter, r *http.Request) {
	acknowledge(w, e.end(r.PathValue("id"), nil, readError(r)))
}

// end answers the invocation that is running. It returns false when that is another one, or none.
func (e *Environment) end(id string, payload []byte, err error) bool {
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	call := e.running
	if call == nil || call.id != id {
		return false
	}
	e.running = nil
	call.answer, call.err = Answer{payload, now.Sub(call.handedOut)}, err
	close(call.done)
	return true
}

func (e *Environment) initFailure(w http.ResponseWriter, r *http.Request) {
	err := readError(r)
	e.mu.Lock()
	if e.initErr == nil {
		e.initErr = err
		close(e.refused)
	}
	e.mu.Unlock()
	acknowledge(w, true)
}

func readError(r *http.Request) error {
	said := &FunctionError{}
	if err := json.NewDecoder(io.LimitReader(r.Body, maxPayload)).Decode(said); err != nil {
		return &FunctionError{"Function.Unreadable", "the function's error is no JSON"}
	}
	return said
}

func acknowledge(w http.ResponseWriter, known bool) {
	if !known {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "no such invocation is running")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	w.Write([]byte(`{"status":"OK"}`))
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A map of texts is always JSON; a function that does not listen is none of ours.
	_ = json.NewEncoder(w).Encode(map[string]string{"errorType": kind, "errorMessage": message})
}
