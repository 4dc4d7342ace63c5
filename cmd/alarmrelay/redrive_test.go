package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

// put puts letters for destinations into the dead-letter queue and returns their ids.
func (p *postOffice) put(destinations ...string) (ids []string) {
	for i, name := range destinations {
		body := strings.Replace(rawAlarm, "03:12:01", fmt.Sprintf("03:12:%02d", i), 1)
		ids = append(ids, p.dead.Put(body, map[string]string{relay.AttributeDestination: name, relay.AttributeReason: "webhook is dead"}))
	}
	return ids
}

func (p *postOffice) redrive(args ...string) *testEnv {
	return p.env(append([]string{"redrive", "--stack", "alarmrelay"}, args...)...)
}

// destinationsIn lists for whom the messages are that can be received from a queue.
func destinationsIn(q *fake.Queue) (names []string) {
	for _, m := range q.All() {
		if !m.InFlight {
			names = append(names, m.Attributes[relay.AttributeDestination])
		}
	}
	slices.Sort(names)
	return names
}

func TestRedriveMovesWhatIsChosenAndLeavesTheRestVisible(t *testing.T) {
	for name, row := range map[string]struct {
		args        func(ids []string) []string
		moved, left []string
		said        string
	}{
		"all": {
			func([]string) []string { return []string{"--all", "--yes"} },
			[]string{"backend", "ops", "ops"},
			nil, "✓ 3 letters moved from alarms-dead to alarms, 0 left\n",
		},
		"one destination's": {
			func([]string) []string { return []string{"--destination", "ops"} },
			[]string{"ops", "ops"},
			[]string{"backend"},
			"✓ 2 letters moved from alarms-dead to alarms, 1 left\n",
		},
		"one by its id": {
			func(ids []string) []string { return ids[1:2] },
			[]string{"backend"},
			[]string{"ops", "ops"},
			"✓ 1 letter moved from alarms-dead to alarms, 2 left\n",
		},
		"none": {
			func([]string) []string { return []string{"--reason", "rate limit"} },
			nil,
			[]string{"backend", "ops", "ops"},
			"✓ no letter is chosen, 3 left\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				e := p.redrive(row.args(p.put("ops", "backend", "ops"))...)
				code := run(t.Context(), e.env)
				if diff := cmp.Diff(row.said, e.out.String()); diff != "" || code != exitDone {
					t.Errorf("exit code %d, %s; output (-want +got):\n%s", code, e.err.String(), diff)
				}
				if diff := cmp.Diff([][]string{row.moved, row.left}, [][]string{destinationsIn(p.input), destinationsIn(p.dead)}); diff != "" {
					t.Errorf("moved and left (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestWhatFailsStaysAndIsNamed(t *testing.T) {
	const denied = "access denied: it takes sqs:%s (User is not authorized to perform: this on resource: this queue)"
	for name, row := range map[string]struct {
		fault       fake.Fault
		letters     int
		moved, left int
		failed      int
		errors      []string
	}{
		"some could not be sent": {
			fake.Fault{Kind: fake.PartlyFailed, Method: "SendMessageBatch"},
			12, 6, 6, 6,
			[]string{"InternalError: An internal error occurred."},
		},
		"none could be sent": {
			fake.Fault{Kind: fake.Forbidden, Method: "SendMessageBatch"},
			42, 0, 42, 42,
			[]string{"not tried, since none of many before it could be sent", "send to queue alarms: " + fmt.Sprintf(denied, "SendMessage")},
		},
		"copies could not be deleted": {
			fake.Fault{Kind: fake.Forbidden, Method: "DeleteMessageBatch"},
			12, 12, 12, 12,
			[]string{"sent, but a copy stays in the dead-letter queue: delete from queue alarms-dead: " + fmt.Sprintf(denied, "DeleteMessage")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				p.put(slices.Repeat([]string{"ops"}, row.letters)...)
				p.sqs.Break(row.fault)
				e := p.redrive("--all", "--yes", "--json")
				if code := run(t.Context(), e.env); code != exitFailure {
					t.Errorf("exit code %d: %s", code, e.err.String())
				}
				if moved, left := len(destinationsIn(p.input)), len(destinationsIn(p.dead)); moved != row.moved || left != row.left {
					t.Errorf("%d are in the queue and %d in the other, want %d and %d", moved, left, row.moved, row.left)
				}
				var report redriveReport
				if err := json.Unmarshal(e.out.Bytes(), &report); err != nil {
					t.Fatal(err)
				}
				var errors []string
				for _, l := range report.Letters {
					errors = append(errors, l.Error)
				}
				slices.Sort(errors)
				if errors = slices.Compact(errors); errors[0] == "" {
					errors = errors[1:]
				}
				got := redriveReport{Moved: report.Moved, Failed: report.Failed, Left: report.Left}
				want := redriveReport{Moved: row.letters - row.failed, Failed: row.failed, Left: row.failed}
				if diff := cmp.Diff(want, got) + cmp.Diff(row.errors, errors); diff != "" {
					t.Errorf("report (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// again puts a letter into the dead-letter queue whenever one is sent to the other, as a relay does whose webhook is still dead.
type again struct {
	http.Handler
	dead *fake.Queue
}

func (a again) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.Handler.ServeHTTP(w, r)
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".SendMessageBatch") {
		for range 3 {
			a.dead.Put(rawAlarm, map[string]string{relay.AttributeDestination: "again"})
		}
	}
}

func TestLettersThatFailAgainDoNotGoRoundInCircles(t *testing.T) {
	inOffice(t, testCircle)
}

func testCircle(t *testing.T, p *postOffice) {
	p.put("ops", "ops", "ops")
	e := p.envBehind(again{p, p.dead}, "redrive", "--stack", "alarmrelay", "--all", "--yes")
	if code := run(t.Context(), e.env); code != exitDone {
		t.Errorf("exit code %d: %s", code, e.err.String())
	}
	want := [][]string{{"ops", "ops", "ops"}, {"again", "again", "again"}}
	if diff := cmp.Diff(want, [][]string{destinationsIn(p.input), destinationsIn(p.dead)}); diff != "" {
		t.Errorf("moved and left (-want +got):\n%s", diff)
	}
}

// onWrite calls what waits for a text as soon as that is written.
type onWrite struct {
	io.Writer
	text string
	call func()
}

func (w onWrite) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if strings.Contains(string(p), w.text) {
		w.call()
	}
	return n, err
}

func TestRedriveOfAllAsks(t *testing.T) {
	const question = "move 2 letters from alarms-dead to alarms, to be told now? [y/N] "
	for name, row := range map[string]struct {
		answer    string
		interrupt bool
		code      int
		moved     int
		said      string // on stderr
	}{
		"yes":                     {answer: " Yes\n", code: exitDone, moved: 2, said: question},
		"no":                      {answer: "n\n", code: exitFailure, said: question + "alarmrelay redrive: nothing was moved\n"},
		"an empty line":           {answer: "\n", code: exitFailure, said: question + "alarmrelay redrive: nothing was moved\n"},
		"the end of the input":    {answer: "", code: exitFailure, said: question + "\nalarmrelay redrive: nothing was moved\n"},
		"an interrupt, no answer": {interrupt: true, code: exitFailure, said: question + "\nalarmrelay redrive: interrupted: context canceled\n"},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				p.put("ops", "backend")
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				e := p.redrive("--all")
				e.asking, e.stdin = true, strings.NewReader(row.answer)
				if row.interrupt {
					silent, keyboard := io.Pipe()
					defer func() { _ = keyboard.Close() }() // never fails
					e.stdin, e.stderr = silent, onWrite{&e.err, "[y/N]", cancel}
				}
				code := run(ctx, e.env)
				if diff := cmp.Diff(row.said, e.err.String()); diff != "" || code != row.code {
					t.Errorf("exit code %d, want %d; said (-want +got):\n%s", code, row.code, diff)
				}
				if moved, left := len(destinationsIn(p.input)), len(destinationsIn(p.dead)); moved != row.moved || left != 2-row.moved {
					t.Errorf("%d moved, %d left", moved, left)
				}
			})
		})
	}
}

func TestAnInterruptedRedriveSaysWhatIsMoved(t *testing.T) {
	inOffice(t, testInterrupted)
}

func testInterrupted(t *testing.T, p *postOffice) {
	p.put(slices.Repeat([]string{"ops"}, 25)...)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	e := p.redrive("--all", "--yes")
	e.watching, e.stderr = true, onWrite{&e.err, "10 of 25 moved", cancel}
	if code := run(ctx, e.env); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	if moved, left := len(destinationsIn(p.input)), len(destinationsIn(p.dead)); moved != 10 || left != 15 {
		t.Errorf("%d moved, %d left", moved, left)
	}
	if said := e.out.String(); !strings.HasSuffix(said, "✗ 10 letters moved from alarms-dead to alarms, 15 failed, 15 left\n") || strings.Count(said, "interrupted") != 15 {
		t.Errorf("said %s", said)
	}
}

// smaller is a queue that takes requests of up to 256 KB only, as older ones do.
type smaller struct{ http.Handler }

func (s smaller) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".SendMessageBatch") && r.ContentLength > 256<<10 {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"__type":"com.amazonaws.sqs#BatchRequestTooLong","message":"Batch requests cannot be longer than 262144 bytes."}`)
		return
	}
	s.Handler.ServeHTTP(w, r)
}

func TestALetterThatTheQueueDoesNotTakeStopsNoOther(t *testing.T) {
	large := strings.Repeat("x", 300<<10)
	for name, bodies := range map[string][]string{"the first": {large, rawAlarm}, "the last": {rawAlarm, large}} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				first := p.dead.Put(bodies[0], map[string]string{relay.AttributeDestination: "ops"})
				for range 30 { // so that the chosen ones come one at a time
					p.dead.Put(rawAlarm, map[string]string{relay.AttributeDestination: "backend"})
				}
				last := p.dead.Put(bodies[1], map[string]string{relay.AttributeDestination: "ops"})
				e := p.envBehind(smaller{p}, "redrive", "--stack", "alarmrelay", first, last)
				code := run(t.Context(), e.env)
				if diff := cmp.Diff([]string{"ops"}, destinationsIn(p.input)); diff != "" || code != exitFailure {
					t.Errorf("exit code %d: %s%s; moved (-want +got):\n%s", code, e.out.String(), e.err.String(), diff)
				}
				if said := e.out.String(); !strings.Contains(said, "262144") || strings.Contains(said, "not tried") {
					t.Errorf("said %s", said)
				}
			})
		})
	}
}
