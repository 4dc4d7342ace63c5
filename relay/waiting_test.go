package relay_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
)

const slackChannel = "destinations: {ops: {slack: \"ssm:/ops\"}}\nrules: [{to: [ops]}]\n"

func TestAWaitOfOursIsNotGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, slackChannel+"retry: {give_up: 1m, longest: 1m, first: 1s}\nstorm: {window: 5m}\n")
		for i := range 20 {
			m.put(logBatch("/aws/lambda/orders", i))
			m.put(storm(20 * (i + 1))[20*i:]...)
			m.run(t, time.Second)
			time.Sleep(10 * time.Second)
		}
		m.run(t, time.Hour)
		if m.letters.Len() != 0 || m.queue.Len() != 0 {
			t.Errorf("%d letters, the first %+v; %d left", m.letters.Len(), m.deadLetters()[0], m.queue.Len())
		}
	})
}

func TestAStormWithholdsNothingThatNobodyWouldBringBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newDesk(t, slackChannel)
		for _, body := range storm(30) {
			if _, err := m.handle(t, body); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Second)
		}
		if n := m.refusedForLimits(); n > 0 {
			t.Errorf("%d requests over a limit", n)
		}
	})
}

func TestAFloodOfLogsHoldsUpNoAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		groups := func(round int) (bodies []string) {
			for i := range 30 {
				bodies = append(bodies, logBatch(fmt.Sprintf("/aws/lambda/f%d", i), round*100+i))
			}
			return bodies
		}
		for i, body := range groups(0) {
			if i == 4 {
				time.Sleep(2 * time.Minute)
			}
			m.put(body)
			m.run(t, time.Second)
			time.Sleep(time.Minute / 2)
		}
		m.put(groups(1)[20:]...)
		m.put(alarm("database"))
		at := time.Now()
		done := make(chan time.Duration)
		go func() {
			for !strings.Contains(m.text("ops"), "database") && time.Since(at) < time.Minute {
				time.Sleep(100 * time.Millisecond)
			}
			done <- time.Since(at)
		}()
		m.run(t, time.Minute)
		if took := <-done; took > time.Second {
			t.Errorf("the alarm took %v", took)
		}
	})
}

func TestWhatWaitedForItsTurnIsToldTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		item := incident.Known[incident.Destination]{Item: incident.Item{ID: incident.ID{Destination: "ops"}}}
		item.Is.Take("another", time.Now(), time.Now().Add(32*time.Second), nil)
		if _, err := m.Store.Write(t.Context(), item.Packed(time.Now().Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
		m.put(storm(9)...)
		m.run(t, 50*time.Second)
		if n := m.accepted(http.MethodPost) + m.accepted(http.MethodPatch); n != 4 || m.queue.Len() != 0 {
			t.Errorf("%d requests, %d left", n, m.queue.Len())
		}
	})
}

func TestWhatRunsOutOfTimeIsNotTakenForADeafStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {discord: "ssm:/ops"}, backend: {slack: "ssm:/backend"}, slow: {discord: "ssm:/slow"}}
rules: [{match: {alarm: "z*"}, to: [slow]}, {to: [ops, backend]}]
`)
		m.slack.Break(fake.Fault{Kind: fake.Down, Status: 503})
		slow := m.Channels["slow"]
		channels := map[string]relay.Channel{"slow": lingering{slow}, "ops": m.Channels["ops"], "backend": m.Channels["backend"]}
		m.Channels = channels
		m.put(alarm("a"), alarm("z1"), alarm("z2"))
		for range 2 { // batches that were never finished
			m.queue.Take(10)
			time.Sleep(4 * time.Minute)
		}
		m.once(t)
		if m.letters.Len() != 0 {
			t.Errorf("letters %+v", m.deadLetters())
		}
	})
}

// lingering is a channel that does not come back before its time is over.
type lingering struct{ relay.Channel }

func (c lingering) Post(ctx context.Context, _ formatter.Message) (relay.Ref, error) {
	<-ctx.Done()
	return relay.Ref{}, ctx.Err()
}

func TestTheDrainTakesNoMoreThanMemoryHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.queue = fake.NewQueue(fake.QueueOptions{Name: "input", Visibility: 3 * time.Minute, MaxReceives: 200, DeadLetters: m.letters})
		m.Queue = m.queue
		big := strings.Repeat("x", 200<<10)
		for range 300 {
			m.put(big)
		}
		m.once(t)
		if taken := 300 - m.queue.Len(); taken > 200 {
			t.Errorf("%d large messages at once", taken)
		}
	})
}

func TestLogsThatWaitedInSlackAreToldWhenTheirTimeIsOver(t *testing.T) {
	for _, window := range []time.Duration{5 * time.Minute, time.Hour} {
		t.Run(window.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMapping(t, slackChannel+"storm: {messages: 20}\nlogs: {window: "+window.String()+"}\n")
				start := time.Now()
				for i := range 9 {
					m.put(logBatch("/aws/lambda/orders", i))
					m.run(t, 30*time.Second)
					time.Sleep(time.Duration(i) * 100 * time.Millisecond) // so they come back within a second, and not at once
				}
				m.run(t, window+2*time.Minute-time.Since(start))
				if posts := m.accepted(http.MethodPost); posts > 9 || m.queue.Len() != 0 {
					t.Errorf("%d posts, %d left", posts, m.queue.Len())
				}
			})
		})
	}
}
