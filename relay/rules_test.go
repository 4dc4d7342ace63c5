package relay_test

import (
	"context"
	"encoding/json"
	"errors"
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
	"alarmrelay/relay/incident"
)

// The tests of this file are the rules of state in docs/architecture.md.

// another returns a second instance of the function: the same store, queue and chat, but its own relay, whose counts
// nobody adds up.
func (m *mapping) another() *relay.Relay {
	r := *m.Relay
	r.Measure = relay.NoMeasure{}
	return &r
}

func TestWhileAnotherInstanceSpeaksAlertsGoBackToTheQueueAndAreNeverDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.discord.Fail(fake.Fault{Kind: fake.Slow, After: 4900 * time.Millisecond})
		body := alarm("a")
		m.put(body)
		first := m.queue.Take(10)
		done := make(chan struct{})
		go func() {
			defer close(done)
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			answer, err := m.another().Handle(ctx, fake.BatchEvent(m.queue.ARN(), first))
			raw, _ := json.Marshal(answer)
			if err := m.queue.Settle(first, raw, err); err != nil {
				t.Error(err)
			}
		}()
		time.Sleep(100 * time.Millisecond)
		m.put(body) // the queue hands the same alert to a second instance
		m.once(t)
		if m.queue.Len() != 2 {
			t.Errorf("%d messages are left", m.queue.Len())
		}
		at, _ := m.queue.NextVisible()
		if back := time.Until(at); back < time.Second || back > 5*time.Second {
			t.Errorf("comes back in %v", back)
		}
		<-done
		m.run(t, time.Minute)
		if diff := cmp.Diff([]string{"🔴 ALARM a"}, m.titles("ops")); diff != "" || m.queue.Len() != 0 {
			t.Errorf("%d left, -want +got\n%s", m.queue.Len(), diff)
		}
	})
}

// stopping is a store through which an instance is stopped: from a moment on it does nothing any more.
type stopping struct {
	incident.Store
	stopped atomic.Bool
}

var errStopped = errors.New("the instance is gone")

func (s *stopping) Write(ctx context.Context, items ...*incident.Item) ([]int, error) {
	if s.stopped.Load() {
		return nil, errStopped
	}
	return s.Store.Write(ctx, items...)
}

// stopsAfterPost stops the instance when a message was posted, before that is noted.
type stopsAfterPost struct {
	relay.Channel
	store *stopping
}

func TestAnInstanceThatWasStoppedInTheMiddleIsRelievedAndItsAlertsAreDoubtful(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		gone := m.another()
		store := &stopping{Store: m.Store}
		gone.Store, gone.Queue = store, nil
		gone.Channels = map[string]relay.Channel{"ops": stopsAfterPost{m.Channels["ops"], store}}
		m.put(alarm("a"))
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if _, err := gone.Handle(ctx, fake.BatchEvent(m.queue.ARN(), m.queue.Take(10))); err != nil {
			t.Error(err)
		}
		m.put(alarm("b")) // has to wait until the lease ends, and no longer
		m.run(t, 40*time.Second)
		if diff := cmp.Diff([]string{"🔴 ALARM a", "🔴 ALARM b"}, m.titles("ops")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		m.run(t, 5*time.Minute)
		if m.queue.Len() != 0 || m.counts.sum.Delivered != 2 || m.counts.sum.Doubtful != 1 || len(m.titles("ops")) != 3 {
			t.Errorf("%d left, shown %v, counted %+v", m.queue.Len(), m.titles("ops"), m.counts.sum)
		}
	})
}

func (c stopsAfterPost) Post(ctx context.Context, m formatter.Message) (relay.Ref, error) {
	ref, err := c.Channel.Post(ctx, m)
	c.store.stopped.Store(true)
	return ref, err
}

func TestADeadDestinationGetsOneDeadLetterNotOneForEachRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, twoChannels)
		m.slack.RemoveWebhook(m.slacks["backend"].ID)
		m.discord.Break(fake.Fault{Kind: fake.Down, Status: 503})
		m.put(alarm("a"))
		m.run(t, 10*time.Minute)
		if m.letters.Len() != 1 || m.queue.Len() != 1 {
			t.Errorf("%d letters, %d in the queue", m.letters.Len(), m.queue.Len())
		}
		m.discord.Mend()
		m.run(t, 30*time.Minute)
		if m.letters.Len() != 1 || m.queue.Len() != 0 || len(m.titles("ops")) != 1 {
			t.Errorf("%d letters, %d in the queue, Discord shows %v", m.letters.Len(), m.queue.Len(), m.titles("ops"))
		}
	})
}

func TestTheChangesOfOneBatchAreToldInOneMessageInTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.put(change("a", "ALARM", "OK", 20*time.Second), change("a", "OK", "ALARM", 0), change("a", "OK", "ALARM", 30*time.Second))
		m.run(t, time.Minute)
		if diff := cmp.Diff([]string{"🔴 ALARM a"}, m.titles("ops")); diff != "" || m.queue.Len() != 0 {
			t.Errorf("%d left, -want +got\n%s", m.queue.Len(), diff)
		}
	})
}

func TestTwoTopicsThatRouteToTwoChannelsBothSpeak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {discord: "ssm:/ops"}, backend: {discord: "ssm:/backend"}}
rules: [{match: {topic: "*:backend"}, to: [backend]}, {to: [ops]}]
`)
		of := func(topic, message string) string {
			raw, _ := json.Marshal(map[string]string{"Type": "Notification", "MessageId": topic, "TopicArn": "arn:aws:sns:ap-northeast-2:111122223333:" + topic, "Message": message})
			return string(raw)
		}
		body := alarm("a")
		m.put(of("ops", body), of("backend", body), of("ops", body))
		m.run(t, time.Minute)
		if len(m.titles("ops")) != 1 || len(m.titles("backend")) != 1 {
			t.Errorf("ops shows %v, backend %v", m.titles("ops"), m.titles("backend"))
		}
	})
}

func TestWhatWasHeldBackIsNotRememberedAsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {discord: "ssm:/ops"}}
rules: [{match: {alarm: a, topic: "*"}, to: [ops], ignore: [ALARM]}, {to: [ops]}]
`)
		body := alarm("a")
		raw, _ := json.Marshal(map[string]string{"Type": "Notification", "MessageId": "m", "TopicArn": "arn:aws:sns:ap-northeast-2:111122223333:t", "Message": body})
		m.put(string(raw))
		m.run(t, time.Second)
		m.put(body) // the same change by a way that is not held back
		m.run(t, time.Minute)
		if diff := cmp.Diff([]string{"🔴 ALARM a"}, m.titles("ops")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestThatAnAlarmFiresAgainIsAlwaysPosted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		for range 3 {
			m.put(alarm("a"))
			m.run(t, time.Second)
			time.Sleep(2 * time.Minute)
		}
		m.wants(t, "🔴 ALARM a (edited 2)", "🔴 a fires again (2nd time) →#1", "🔴 a fires again (3rd time) →#1")
	})
}

// down is a store that does not answer.
type down struct{}

var errDown = errors.New("the table does not answer")

func (down) Read(context.Context, ...incident.ID) ([]incident.Item, error) { return nil, errDown }
func (down) Write(context.Context, ...*incident.Item) ([]int, error)       { return nil, errDown }
func (down) Open(context.Context) ([]incident.ID, error)                   { return nil, errDown }

func TestWhenTheStoreIsDownAlertsAreToldAnyway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.Store = down{}
		m.put(alarm("a"), alarm("b"))
		m.run(t, time.Minute)
		if diff := cmp.Diff([]string{"🔴 ALARM a", "🔴 ALARM b"}, m.titles("ops")); diff != "" || m.queue.Len() != 0 {
			t.Errorf("%d left, -want +got\n%s", m.queue.Len(), diff)
		}
	})
}

func TestWhatIsPartlyToldWhileTheStoreIsDownIsTriedThreeTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, twoChannels)
		m.Store = down{}
		m.slack.Break(fake.Fault{Kind: fake.Down, Status: 503})
		m.put(alarm("a"))
		m.run(t, time.Hour)
		letters := m.deadLetters()
		if len(m.titles("ops")) != 3 || m.queue.Len() != 0 || len(letters) != 1 || letters[0].Destination != "backend" {
			t.Errorf("Discord shows %v, %d left, letters %+v", m.titles("ops"), m.queue.Len(), letters)
		}
		if m.counts.sum.Doubtful != 2 {
			t.Errorf("counted %+v", m.counts.sum)
		}
	})
}

func TestWhatKeepsStoppingTheRelayIsHandledLastAndAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		for _, name := range []string{"innocent", "deadly", "bystander"} {
			m.put(alarm(name))
		}
		for range 2 { // two batches that were never finished
			m.queue.Take(10)
			time.Sleep(4 * time.Minute)
		}
		m.put(alarm("fresh"))
		m.once(t)
		var order []string
		for _, message := range m.discord.Messages(m.hooks["ops"].Channel) {
			var of []string
			for _, e := range message.Embeds {
				of = append(of, strings.TrimPrefix(e.Title, "🔴 ALARM "))
			}
			order = append(order, strings.Join(of, "+"))
		}
		if diff := cmp.Diff([]string{"fresh", "innocent", "deadly", "bystander"}, order); diff != "" {
			t.Errorf("messages: -want +got\n%s", diff)
		}
	})
}

func TestWhatCameBackForADestinationsTroubleIsToldTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.put(many(6)...)
		m.discord.Break(fake.Fault{Kind: fake.Down, Status: 503})
		m.run(t, 10*time.Minute)
		m.discord.Mend()
		m.run(t, time.Hour)
		if n := len(m.discord.Messages(m.hooks["ops"].Channel)); n != 4 || len(m.titles("ops")) != 6 {
			t.Errorf("%d messages show %v", n, m.titles("ops"))
		}
	})
}

func TestAnAlarmWhoseRecoveryWasNotSeenSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {discord: "ssm:/ops"}}
mentions: {oncall: {discord: ["role:123456789012345678"]}}
rules: [{to: [ops], mention: oncall}]
`)
		first := time.Now()
		m.put(alarm("a"))
		m.run(t, time.Second)
		time.Sleep(time.Hour)
		m.put(alarm("a")) // OK to ALARM once more
		m.run(t, time.Second)
		shown := m.discord.Messages(m.hooks["ops"].Channel)
		if len(shown) != 2 || len(shown[1].Pings) != 1 {
			t.Fatalf("shown %+v", shown)
		}
		contains(t, shown[1].Embeds[0].Description, fmt.Sprintf("<t:%d:T>", first.Unix()), "never told")
	})
}
