package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

// fill puts in three letters: the newest first, and the last one as the input queue itself gave it up.
func (p *postOffice) fill(t *testing.T) (ids []string) {
	t.Helper()
	p.input.Put(strings.Replace(rawAlarm, "03:12:01", "02:00:00", 1), nil)
	for range 3 {
		p.input.Take(10)
		time.Sleep(time.Minute) // of the bubble
	}
	if p.input.Take(10); p.dead.Len() != 1 {
		t.Fatal("the queue did not give up its message")
	}
	for _, l := range []struct{ name, at, destination string }{{"dev-disk", "05:30:00", "backend"}, {"prod-api-cpu-high", "03:12:01", "ops"}} {
		body := strings.ReplaceAll(strings.Replace(rawAlarm, "03:12:01", l.at, 1), "prod-api-cpu-high", l.name)
		p.dead.Put(body, map[string]string{
			relay.AttributeDestination: l.destination, relay.AttributeReason: "webhook is dead: status 404", relay.AttributeAttempts: "2",
			relay.AttributeFirst: "2026-11-22T03:12:02Z", relay.AttributeLast: "2026-11-22T03:20:00Z",
		})
	}
	all := p.dead.All()
	return []string{all[0].ID, all[1].ID, all[2].ID}
}

func TestDeadListsTheOldestFirstAndTakesNothing(t *testing.T) {
	for name, row := range map[string]struct {
		args []string
		held int // somebody else has them
		want string
	}{
		"everything": {
			nil, 0, `
when              alert                    destination       reason                                     tries  id
2026-11-22 02:00  ALARM prod-api-cpu-high  all that lack it  handed out 4 times without being finished      4  ID0
2026-11-22 03:12  ALARM prod-api-cpu-high  ops               webhook is dead: status 404                    2  ID2
2026-11-22 05:30  ALARM dev-disk           backend           webhook is dead: status 404                    2  ID1
3 letters in alarms-dead
`,
		},
		"what passes a filter": {
			[]string{"--destination", "ops"}, 0, `
when              alert                    destination  reason                       tries  id
2026-11-22 03:12  ALARM prod-api-cpu-high  ops          webhook is dead: status 404      2  ID2
1 of 3 letters in alarms-dead
`,
		},
		"no more than a limit": {
			[]string{"--limit", "1"}, 0, `
when              alert                    destination       reason                                     tries  id
2026-11-22 02:00  ALARM prod-api-cpu-high  all that lack it  handed out 4 times without being finished      4  ID0
1 letter in alarms-dead; about 2 more were not looked at
`,
		},
		"not what somebody else looks at": {
			nil, 3, `
nothing in alarms-dead; about 3 more are in somebody's hands, look again in a minute
`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				ids := p.fill(t)
				p.dead.Take(row.held)
				e := p.env(append([]string{"dead", "--stack", "alarmrelay"}, row.args...)...)
				code := run(t.Context(), e.env)
				got := "\n" + e.out.String()
				for i, id := range ids {
					got = strings.ReplaceAll(got, id, "ID"+string(rune('0'+i)))
				}
				if diff := cmp.Diff(row.want, got); diff != "" || code != exitDone {
					t.Errorf("exit code %d, %s; output (-want +got):\n%s", code, e.err.String(), diff)
				}
				if visible := len(destinationsIn(p.dead)); visible != 3-row.held {
					t.Errorf("%d letters are visible afterwards", visible)
				}
			})
		})
	}
}

func TestDeadTellsProgramsEverything(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		ids := p.fill(t)
		e := p.env("dead", "--stack", "alarmrelay", "--json", "--alert", "prod-*", "--destination", "ops")
		if code := run(t.Context(), e.env); code != exitDone {
			t.Fatalf("exit code %d: %s", code, e.err.String())
		}
		var got deadReport
		if err := json.Unmarshal(e.out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		want := deadReport{LookedAt: 3, Letters: []letter{{
			ID: ids[2], When: at("2026-11-22T03:12:01Z"), Alerts: []letterAlert{cpuHigh()}, Destination: "ops", Reason: "webhook is dead: status 404",
			Tries: 2, First: at("2026-11-22T03:12:02Z"), Last: at("2026-11-22T03:20:00Z"), Sent: time.Now().Add(-askedFor).UTC(),
		}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("report (-want +got):\n%s", diff)
		}
	})
}

// askedFor is how long a walk waits to be sure that there is nothing more.
const askedFor = time.Second

func TestDeadFails(t *testing.T) {
	for name, row := range map[string]struct {
		args   []string
		getenv map[string]string
		fault  fake.Fault
		code   int
		want   string
	}{
		"without a queue": {
			args: []string{"dead"}, code: exitMisuse,
			want: "alarmrelay dead: which dead-letter queue? --stack NAME, --dead-letter-queue URL, or ALARMRELAY_DEAD_LETTER_QUEUE_URL\nsee alarmrelay dead --help\n",
		},
		"with a name instead of a URL": {
			args: []string{"dead", "--dead-letter-queue", "alarms-dead"}, code: exitMisuse,
			want: "alarmrelay dead: --dead-letter-queue: alarms-dead is no queue's URL; one reads https://sqs.REGION.amazonaws.com/ACCOUNT/NAME\nsee alarmrelay dead --help\n",
		},
		"with a bad variable": {
			args: []string{"dead"}, getenv: map[string]string{"ALARMRELAY_DEAD_LETTER_QUEUE_URL": "x"}, code: exitMisuse,
			want: "alarmrelay dead: ALARMRELAY_DEAD_LETTER_QUEUE_URL: x is no queue's URL; one reads https://sqs.REGION.amazonaws.com/ACCOUNT/NAME\nsee alarmrelay dead --help\n",
		},
		"with an unknown stack": {
			args: []string{"dead", "--stack", "relay"}, code: exitFailure,
			want: "alarmrelay dead: read the outputs of stack relay: there is no such stack in ap-northeast-2 (AWS_REGION says where to look)\n",
		},
		"with an unknown queue": {
			args: []string{"dead", "--dead-letter-queue", "https://" + sqsHost + "/111122223333/alarm-dead"}, code: exitFailure,
			want: "alarmrelay dead: ask queue alarm-dead for its depth: no such queue, or these credentials may not see it (The specified queue does not exist)\n",
		},
		"without a permission": {
			args: []string{"dead", "--stack", "alarmrelay"}, fault: fake.Fault{Kind: fake.Forbidden, Method: "ReceiveMessage"}, code: exitFailure,
			want: "alarmrelay dead: receive from queue alarms-dead: access denied: it takes sqs:ReceiveMessage (User is not authorized to perform: this on resource: this queue)\n",
		},
		"a redrive without a queue to move to": {
			args: []string{"redrive", "--all", "--yes"}, getenv: map[string]string{"ALARMRELAY_DEAD_LETTER_QUEUE_URL": "https://" + sqsHost + "/111122223333/alarms-dead"},
			code: exitMisuse,
			want: "alarmrelay redrive: to which queue? --stack NAME, --queue URL, or ALARMRELAY_QUEUE_URL\nsee alarmrelay redrive --help\n",
		},
		"a redrive with a stack that lacks an output": {
			args: []string{"redrive", "--stack", "half", "--all", "--yes"}, code: exitFailure,
			want: "alarmrelay redrive: stack half has no output QueueUrl: is it alarmrelay's?\n",
		},
		"a redrive in a circle": {
			args: []string{"redrive", "--stack", "alarmrelay", "--queue", "https://" + sqsHost + "/111122223333/alarms-dead", "--all", "--yes"}, code: exitFailure,
			want: "alarmrelay redrive: https://" + sqsHost + "/111122223333/alarms-dead is both the dead-letter queue and the queue to move to\n",
		},
		"a redrive in a circle under two addresses": {
			args: []string{"redrive", "--stack", "alarmrelay", "--queue", "https://ap-northeast-2.queue.amazonaws.com/111122223333/alarms-dead/", "--all", "--yes"}, code: exitFailure,
			want: "alarmrelay redrive: https://" + sqsHost + "/111122223333/alarms-dead is both the dead-letter queue and the queue to move to\n",
		},
		"with the input queue instead": {
			args: []string{"dead", "--dead-letter-queue", "https://" + sqsHost + "/111122223333/alarms"}, code: exitFailure,
			want: "alarmrelay dead: queue alarms is no dead-letter queue: what it gives up goes to alarms-dead\n",
		},
		"a redrive the wrong way round": {
			args: []string{
				"redrive", "--dead-letter-queue", "https://" + sqsHost + "/111122223333/alarms",
				"--queue", "https://" + sqsHost + "/111122223333/alarms-dead", "--all", "--yes",
			}, code: exitFailure,
			want: "alarmrelay redrive: queue alarms is no dead-letter queue: what it gives up goes to alarms-dead\n",
		},
		"a redrive of all that can't ask": {
			args: []string{"redrive", "--stack", "alarmrelay", "--all"}, code: exitMisuse,
			want: "alarmrelay redrive: --all asks before it moves, and there is no terminal to ask on: say --yes\nsee alarmrelay redrive --help\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, p *postOffice) {
				if row.fault.Kind != "" {
					p.sqs.Break(row.fault)
				}
				e := p.env(row.args...)
				e.getenv = func(name string) string { return row.getenv[name] }
				p.input.Put(rawAlarm, nil)
				code := run(t.Context(), e.env)
				if diff := cmp.Diff(row.want, e.err.String()); diff != "" || code != row.code || e.out.Len() > 0 {
					t.Errorf("exit code %d, output %q, error (-want +got):\n%s", code, e.out.String(), diff)
				}
				if alerts := p.input.All(); len(alerts) != 1 || alerts[0].Receives != 0 {
					t.Errorf("the function's queue was touched: %+v", alerts)
				}
			})
		})
	}
}

func TestWhoMayNotPutBackIsToldThatLettersStayHidden(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		p.put("ops")
		p.sqs.Break(fake.Fault{Kind: fake.Forbidden, Method: "ChangeMessageVisibilityBatch"})
		e := p.env("dead", "--stack", "alarmrelay")
		code := run(t.Context(), e.env)
		want := "the letters stay hidden for some time: put messages back into queue alarms-dead: access denied: it takes sqs:ChangeMessageVisibility " +
			"(User is not authorized to perform: this on resource: this queue)\n"
		if diff := cmp.Diff(want, e.err.String()); diff != "" || code != exitDone || !strings.HasSuffix(e.out.String(), "1 letter in alarms-dead\n") {
			t.Errorf("exit code %d, output %q, error (-want +got):\n%s", code, e.out.String(), diff)
		}
		time.Sleep(31 * time.Second) // of the bubble
		if visible := len(destinationsIn(p.dead)); visible != 1 {
			t.Errorf("%d letters are visible after half a minute", visible)
		}
	})
}

func TestAnInterruptedListIsPutBack(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		p.put(slices.Repeat([]string{"ops"}, 25)...)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		e := p.env("dead", "--stack", "alarmrelay")
		e.watching, e.stderr = true, onWrite{&e.err, "10 of about 25 looked at", cancel}
		code := run(ctx, e.env)
		if said := e.err.String(); code != exitFailure || !strings.HasSuffix(said, "alarmrelay dead: interrupted: context canceled\n") {
			t.Errorf("exit code %d: %q", code, said)
		}
		if visible := len(destinationsIn(p.dead)); visible != 25 {
			t.Errorf("%d letters are visible afterwards", visible)
		}
	})
}
