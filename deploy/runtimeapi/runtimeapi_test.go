package runtimeapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/deploy/runtimeapi"
)

const functionARN = "arn:aws:lambda:eu-west-1:111122223333:function:watched"

// ask makes one request of a function without a socket.
func ask(t *testing.T, e *runtimeapi.Environment, method, path, body string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(t.Context(), method, "/2018-06-01/runtime/"+path, strings.NewReader(body))
	e.ServeHTTP(recorder, request)
	return recorder
}

type outcome struct {
	Payload string
	Took    time.Duration
	Err     string
}

// invoke returns a channel for what becomes of an event.
func invoke(t *testing.T, e *runtimeapi.Environment, event string) <-chan outcome {
	out := make(chan outcome, 1)
	go func() {
		answer, err := e.Invoke(t.Context(), []byte(event))
		o := outcome{Payload: string(answer.Payload), Took: answer.Took}
		if err != nil {
			o.Err = err.Error()
		}
		out <- o
	}()
	return out
}

func TestAnInvocationIsHandedOutWithItsDeadlineAndAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := runtimeapi.NewEnvironment(functionARN, 7*time.Second)
		out := invoke(t, e, `{"n":1}`)
		got := ask(t, e, "GET", "invocation/next", "")
		want := http.Header{
			"Content-Type":                        {"application/json"},
			"Lambda-Runtime-Aws-Request-Id":       {"00000000-0000-4000-8000-000000000001"},
			"Lambda-Runtime-Deadline-Ms":          {"946684807000"}, // a bubble begins at the year 2000
			"Lambda-Runtime-Invoked-Function-Arn": {functionARN},
			"Lambda-Runtime-Trace-Id":             {"Root=1-00000000-000000000000000000000000;Sampled=0"},
		}
		if diff := cmp.Diff(want, got.Header()); diff != "" {
			t.Errorf("headers (-want +got):\n%s", diff)
		}
		if got.Body.String() != `{"n":1}` {
			t.Errorf("event %s", got.Body)
		}
		time.Sleep(2 * time.Second)
		if got := ask(t, e, "POST", "invocation/00000000-0000-4000-8000-000000000001/response", `"done"`); got.Code != http.StatusAccepted {
			t.Errorf("answer acknowledged with %d", got.Code)
		}
		if diff := cmp.Diff(outcome{Payload: `"done"`, Took: 2 * time.Second}, <-out); diff != "" {
			t.Errorf("outcome (-want +got):\n%s", diff)
		}
	})
}

func TestHowAnInvocationEndsOtherwise(t *testing.T) {
	const id = "invocation/00000000-0000-4000-8000-000000000001/"
	tooLong := strings.Repeat("x", 6<<20+1)
	for name, row := range map[string]struct {
		path, body string
		status     int
		want       outcome
	}{
		"the function's error": {
			id + "error", `{"errorType":"RefusedError","errorMessage":"no"}`,
			http.StatusAccepted,
			outcome{Err: "function error RefusedError: no"},
		},
		"an error that cannot be read": {
			id + "error", `<`,
			http.StatusAccepted,
			outcome{Err: "function error Function.Unreadable: the function's error is no JSON"},
		},
		"an answer over 6 MB": {
			id + "response", tooLong,
			http.StatusRequestEntityTooLarge,
			outcome{Err: "function error Function.ResponseSizeTooLarge: the answer exceeds 6 MB"},
		},
		"an answer of exactly 6 MB": {
			id + "response", tooLong[1:],
			http.StatusAccepted,
			outcome{Payload: tooLong[1:]},
		},
		"an answer to something else": {
			"invocation/00000000-0000-4000-8000-000000000002/response", `1`,
			http.StatusBadRequest,
			outcome{Err: "function timed out"},
		},
		"the next request without an answer to the last": {
			"", "", http.StatusForbidden, outcome{Err: "function timed out"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := runtimeapi.NewEnvironment(functionARN, time.Second)
				out := invoke(t, e, "{}")
				ask(t, e, "GET", "invocation/next", "")
				method, path := "POST", row.path
				if path == "" {
					method, path = "GET", "invocation/next"
				}
				if got := ask(t, e, method, path, row.body); got.Code != row.status {
					t.Errorf("status %d, want %d", got.Code, row.status)
				}
				if diff := cmp.Diff(row.want, <-out); diff != "" {
					t.Errorf("outcome (-want +got):\n%.500s", diff)
				}
			})
		})
	}
}

func TestAnAnswerAfterTheTimeoutIsRefusedAndTheNextEventGoesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := runtimeapi.NewEnvironment(functionARN, time.Second)
		late := invoke(t, e, "{}")
		ask(t, e, "GET", "invocation/next", "")
		if diff := cmp.Diff(outcome{Err: "function timed out"}, <-late); diff != "" {
			t.Errorf("late (-want +got):\n%s", diff)
		}
		if got := ask(t, e, "POST", "invocation/00000000-0000-4000-8000-000000000001/response", "1"); got.Code != http.StatusBadRequest {
			t.Errorf("late answer acknowledged with %d", got.Code)
		}
		next := invoke(t, e, "{}")
		ask(t, e, "GET", "invocation/next", "")
		ask(t, e, "POST", "invocation/00000000-0000-4000-8000-000000000002/response", "2")
		if diff := cmp.Diff(outcome{Payload: "2"}, <-next); diff != "" {
			t.Errorf("next (-want +got):\n%s", diff)
		}
	})
}

func TestAFailedInitIsReported(t *testing.T) {
	e := runtimeapi.NewEnvironment(functionARN, time.Second)
	ask(t, e, "POST", "init/error", `{"errorType":"Runtime.ExitError","errorMessage":"no configuration"}`)
	_, err := e.Ready(t.Context())
	want := &runtimeapi.FunctionError{Type: "Runtime.ExitError", Message: "no configuration"}
	if got, ok := errors.AsType[*runtimeapi.FunctionError](err); !ok || *got != *want {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestARealFunctionRuns(t *testing.T) {
	f := start(t, build(t, "alarmrelay/deploy/bench/hello"), runtimeapi.Options{})
	took, err := f.Ready(t.Context())
	if err != nil || took <= 0 {
		t.Fatalf("ready after %v: %v", took, err)
	}
	for range 3 {
		answer, err := f.Invoke(t.Context(), []byte(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		if string(answer.Payload) != "null" || answer.Took <= 0 {
			t.Errorf("answered %q in %v", answer.Payload, answer.Took)
		}
	}
	f.Stop()
	if _, err := f.Invoke(t.Context(), []byte(`{}`)); !errors.Is(err, runtimeapi.ErrExited) {
		t.Errorf("a function that was stopped: %v", err)
	}
}

// TestTheRelayWithoutAConfigurationExits shows how a function that gives up in its init looks from here.
func TestTheRelayWithoutAConfigurationExits(t *testing.T) {
	var log bytes.Buffer
	f := start(t, build(t, "alarmrelay/cmd/lambda"), runtimeapi.Options{Output: &log})
	if _, err := f.Ready(t.Context()); !errors.Is(err, runtimeapi.ErrExited) || !strings.HasSuffix(err.Error(), "exit status 1") {
		t.Errorf("ready: %v", err)
	}
	f.Stop()
	var line struct{ Level, Message string }
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatalf("%v in %q", err, log.String())
	}
	if line.Level != "ERROR" || line.Message != "configuration refused" {
		t.Errorf("logged %+v", line)
	}
}

func start(t *testing.T, binary string, o runtimeapi.Options) *runtimeapi.Function {
	t.Helper()
	f, err := runtimeapi.Start(context.WithoutCancel(t.Context()), binary, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Stop)
	return f
}

func build(t *testing.T, function string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "bootstrap")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-o", binary, function).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}
