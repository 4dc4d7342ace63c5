package mapping_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/deploy/mapping"
	"alarmrelay/relay/fake"
)

// hello is a function that answers null to everything.
func hello(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "bootstrap")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-o", binary, "alarmrelay/deploy/bench/hello").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// until waits for something that happens in other goroutines and processes.
func until(t *testing.T, happened func() bool) {
	t.Helper()
	end, bounded := t.Deadline()
	for !happened() {
		if bounded && time.Until(end) < 10*time.Second {
			t.Fatal("it did not happen")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestAMappingEmptiesItsQueueInBatchesOfTen(t *testing.T) {
	queue := fake.NewQueue(fake.QueueOptions{Name: "alarms"})
	for i := range 25 {
		queue.Put(fmt.Sprint("message ", i), nil)
	}
	m := mapping.New(mapping.Options{
		Binary: hello(t), Instances: 2, Timeout: 30 * time.Second, Queue: queue, Env: func(int, int) []string { return nil },
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	until(t, func() bool { return queue.Len() == 0 })
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	messages := 0
	for _, c := range m.Calls() {
		messages += c.Messages
		if c.Messages > 10 || c.End != mapping.Answered || c.Took <= 0 {
			t.Errorf("call %+v", c)
		}
	}
	if messages != 25 || m.Peak() == 0 && runtime.GOOS == "linux" {
		t.Errorf("%d messages were handed over; the instances held %d bytes", messages, m.Peak())
	}
}

func TestAKilledInstanceSettlesNothingAndIsReplaced(t *testing.T) {
	queue := fake.NewQueue(fake.QueueOptions{Name: "alarms", Visibility: time.Second})
	queue.Put("the message", nil)
	var m *mapping.Mapping
	var mu sync.Mutex
	var lives []int
	m = mapping.New(mapping.Options{
		Binary: hello(t), Instances: 1, Timeout: 30 * time.Second, Queue: queue,
		Env: func(_, life int) []string {
			mu.Lock()
			defer mu.Unlock()
			lives = append(lives, life)
			return nil
		},
		Began: func(c *mapping.Call) {
			if c.ID == "1" {
				m.Kill(c.Slot)
			}
		},
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	until(t, func() bool { return queue.Len() == 0 })
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	var ends []mapping.End
	for _, c := range m.Calls() {
		ends = append(ends, c.End)
	}
	if diff := cmp.Diff([]mapping.End{mapping.Killed, mapping.Answered}, ends); diff != "" {
		t.Errorf("ends (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 2}, lives); diff != "" {
		t.Errorf("processes (-want +got):\n%s", diff)
	}
}

func TestAFunctionThatEndsByItselfIsAnError(t *testing.T) {
	queue := fake.NewQueue(fake.QueueOptions{Name: "alarms"})
	queue.Put("the message", nil)
	binary, err := exec.LookPath("false")
	if err != nil {
		t.Fatal(err)
	}
	m := mapping.New(mapping.Options{
		Binary: binary, Instances: 1, Timeout: 30 * time.Second, Queue: queue, Env: func(int, int) []string { return nil },
	})
	if err := m.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "nobody killed it") {
		t.Errorf("got %v", err)
	}
}

// TestAFrontSaysWhoAskedAndStrikesWhenItIsTold asks a front four times, and has the third strike.
func TestAFrontSaysWhoAskedAndStrikesWhenItIsTold(t *testing.T) {
	for _, done := range []bool{false, true} {
		t.Run(fmt.Sprintf("the request is done: %v", done), func(t *testing.T) {
			var mu sync.Mutex // a connection that is cut orders nothing
			var asked []string
			service := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				asked = append(asked, r.Header.Get("User-Agent"))
				mu.Unlock()
				fmt.Fprint(w, "yes")
			})
			var kills atomic.Int32
			f := mapping.NewFront(mapping.World{Discord: service}, func() { kills.Add(1) })
			defer f.Close()
			f.Begin("7", mapping.Strike{Request: 3, Done: done})
			var answers []string
			for range 4 {
				answers = append(answers, ask(t, f.URL()+"/api/v10/gateway", "", ""))
			}
			if diff := cmp.Diff([]string{"yes", "yes", "", "yes"}, answers); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
			want := []string{"test invocation/7", "test invocation/7", "test invocation/7"}
			if done {
				want = append(want, "test invocation/7")
			}
			mu.Lock()
			defer mu.Unlock()
			if diff := cmp.Diff(want, asked); diff != "" || kills.Load() != 1 {
				t.Errorf("%d kills; asked (-want +got):\n%s", kills.Load(), diff)
			}
		})
	}
}

func TestAFrontNotesWhatTheTableAnswers(t *testing.T) {
	answers := []struct {
		status int
		body   string
	}{{200, "{}"}, {500, "{}"}, {400, `{"__type":"...#ConditionalCheckFailedException"}`}, {400, `{"__type":"...#ThrottlingException"}`}}
	var asked atomic.Int32
	table := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := int(asked.Add(1)) - 1
		if n == len(answers) {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(answers[n].status)
		fmt.Fprint(w, answers[n].body)
	})
	f := mapping.NewFront(mapping.World{Table: table}, func() {})
	defer f.Close()
	f.Begin("3", mapping.Strike{})
	for range len(answers) + 1 {
		ask(t, f.URL()+"/", "DynamoDB_20120810.PutItem", `{"Item":{"pk":{"S":"ops|some key"},"sk":{"S":"state"}}}`)
	}
	var got []mapping.Asked
	for _, a := range f.Asked() {
		a.At = time.Time{}
		got = append(got, a)
	}
	var want []mapping.Asked
	for _, ok := range []bool{true, false, true, false, false} {
		want = append(want, mapping.Asked{Call: "3", Operation: "PutItem", Destination: "ops", OK: ok})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// ask makes one request; where the connection is cut there is no answer.
func ask(t *testing.T, address, target, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", "test")
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
