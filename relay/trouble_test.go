package relay_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

func TestWhenTheServiceGoesDownInMidLetterTheRestIsNotTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, oneChannel)
		d.discord.Fail(fake.Fault{Kind: fake.Filtered}) // all together: refused, so each alone
		d.discord.Break(fake.Fault{Kind: fake.Unknown})
		answer, _ := d.handle(t, batch(many(10)...))
		if n := strings.Count(answer, "itemIdentifier"); n != 10 {
			t.Errorf("%d of 10 records come back", n)
		}
		if n := len(d.discord.Log()); n != 2 {
			t.Errorf("a dead webhook was asked %d times", n-1)
		}
	})
}

func TestTwoVoicesNeverContradictEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, `
destinations: {ops: {discord: "ssm:/ops"}}
rules: [{match: {state: OK}, to: [ops], username: calm}, {to: [ops]}]
`)
		recovered := func(name string) string {
			return strings.Replace(alarm(name), `"NewStateValue":"ALARM","OldStateValue":"OK"`, `"NewStateValue":"OK","OldStateValue":"ALARM"`, 1)
		}
		if _, err := d.handle(t, batch(recovered("a"), alarm("b"), recovered("c"), recovered("b"), alarm("d"))); err != nil {
			t.Error(err)
		}
		// b's ALARM and its recovery came together: it is told once, in the voice of what it is now.
		want := []string{"🟢 RESOLVED a", "🟢 RESOLVED b", "🟢 RESOLVED c", "🔴 ALARM d"}
		if diff := cmp.Diff(want, d.titles("ops")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

// brittle is a channel with a bug: it panics the first times that it is asked for its service,
// which is when a letter is formatted, or whenever it posts.
type brittle struct {
	relay.Channel
	formats atomic.Int32 // how many panic
	posts   bool
}

func (b *brittle) Service() formatter.Service {
	if b.formats.Add(-1) >= 0 {
		panic("about Threshold Crossed")
	}
	return b.Channel.Service()
}

func (b *brittle) Post(ctx context.Context, m formatter.Message) (relay.Ref, error) {
	if b.posts {
		panic("about Threshold Crossed")
	}
	return b.Channel.Post(ctx, m)
}

func TestABugThatOneAlertRunsIntoCostsNobodyElse(t *testing.T) {
	for _, test := range []struct {
		name    string
		formats int32
		posts   bool
		answer  string
		shown   []string
	}{
		{"in formatting all together", 1, false, `{"batchItemFailures":[]}`, []string{"🔴 ALARM a", "🔴 ALARM b"}},
		{"in formatting the first", 2, false, `{"batchItemFailures":[{"itemIdentifier":"id-1"}]}`, []string{"🔴 ALARM b"}},
		{"in posting", 0, true, `{"batchItemFailures":[{"itemIdentifier":"id-1"},{"itemIdentifier":"id-2"}]}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, twoChannels)
				bug := &brittle{Channel: d.Channels["ops"], posts: test.posts}
				bug.formats.Store(test.formats)
				d.Channels["ops"] = bug
				answer, err := d.handle(t, batch(alarm("a"), alarm("b")))
				if answer != test.answer || err != nil {
					t.Errorf("%s, %v", answer, err)
				}
				if diff := cmp.Diff(test.shown, d.titles("ops")); diff != "" {
					t.Errorf("-want +got\n%s", diff)
				}
				if n := len(d.slack.Messages(d.slacks["backend"].Channel)); n != 1 {
					t.Errorf("the other destination shows %d messages", n)
				}
				if log := d.log.String(); !strings.Contains(log, "brittle") || strings.Contains(log, "Threshold") {
					t.Errorf("the log lacks the stack, or holds what was being said:\n%s", log)
				}
			})
		})
	}
}

func TestTheFunctionsTimeIsUsedAsFarAsItGoes(t *testing.T) {
	for _, limit := range []time.Duration{time.Second, 3 * time.Second, 10 * time.Second, 30 * time.Second} {
		t.Run(limit.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, oneChannel)
				handle := func(event string) string {
					ctx, cancel := context.WithTimeout(t.Context(), limit)
					defer cancel()
					out, err := d.Handle(ctx, json.RawMessage(event))
					if err != nil || ctx.Err() != nil {
						t.Errorf("error %v, context %v", err, ctx.Err())
					}
					raw, err := json.Marshal(out)
					if err != nil {
						t.Fatal(err)
					}
					return string(raw)
				}
				if answer := handle(batch(alarm("a"))); answer != `{"batchItemFailures":[]}` {
					t.Errorf("delivered: %s", answer)
				}
				d.discord.Break(fake.Fault{Kind: fake.Hang})
				defer d.discord.Close()
				if answer := handle(batch(alarm("b"))); answer != `{"batchItemFailures":[{"itemIdentifier":"id-1"}]}` {
					t.Errorf("the service hangs: %s", answer)
				}
			})
		})
	}
}

func TestWhatOneDestinationIsSparedIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, `
destinations: {ops: {discord: "ssm:/ops"}, backend: {discord: "ssm:/backend"}}
rules: [{match: {alarm: a}, to: [backend], ignore: [ALARM], continue: true}, {to: [ops]}]
`)
		if _, err := d.handle(t, batch(alarm("a"))); err != nil {
			t.Error(err)
		}
		if log := d.log.String(); !strings.Contains(log, `msg="held back"`) || !strings.Contains(log, "destination=backend") || len(d.titles("backend")) > 0 {
			t.Errorf("log:\n%s", log)
		}
	})
}

func TestARecordOfSeveralAlertsComesBackOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, `
destinations: {ops: {discord: "ssm:/ops"}, lost: {discord: "ssm:/lost/missing"}}
rules: [{match: {alarm: "lost*"}, to: [lost]}, {to: [ops]}]
`)
		notification := func(message string) string {
			return fmt.Sprintf(`{"EventSource":"aws:sns","Sns":{"Type":"Notification","MessageId":"m","Message":%q}}`, message)
		}
		several := `{"Records":[` + strings.Join([]string{notification(alarm("lost-1")), notification(alarm("a")), notification(alarm("lost-2"))}, ",") + `]}`
		if answer, err := d.handle(t, batch(several, alarm("b"))); answer != `{"batchItemFailures":[{"itemIdentifier":"id-1"}]}` || err != nil {
			t.Errorf("%s, %v", answer, err)
		}
		if diff := cmp.Diff([]string{"🔴 ALARM a", "🔴 ALARM b"}, d.titles("ops")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		// Without a queue the same is one error that names both, and nothing of where they were to go.
		_, err := d.handle(t, several)
		if err == nil || strings.Count(err.Error(), "deliver to lost: ") != 2 || strings.Contains(err.Error(), d.hooks["ops"].Token) {
			t.Errorf("error %v", err)
		}
	})
}
