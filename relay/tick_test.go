package relay_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
)

func TestATickWithoutCloudWatchRemindsAllTheSame(t *testing.T) {
	for name, breaks := range map[string]func(*watch){
		"it refuses": func(w *watch) { w.err = errors.New("DescribeAlarms: AccessDenied") },
		"it hangs":   func(w *watch) { w.hangs = true },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newTicking(t, reminding)
				m.changes(t, 0, "db", "OK", "ALARM")
				breaks(m.watch)
				m.tick(t, time.Hour)
				m.wants(t, "🔴 ALARM db (pings)", "@oncall ⏰ **db** is still in ALARM after **1 h** →#1 (pings)")
				contains(t, m.log.String(), "ask CloudWatch")
				if m.counts.ticks != 1 {
					t.Errorf("%d ticks", m.counts.ticks)
				}
			})
		})
	}
}

func TestATickWithoutTheStoreFailsAndIsNoSignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, reminding)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.Store = deadStore{}
		time.Sleep(time.Hour)
		if _, err := m.order(t, relay.Order{Do: relay.OrderTick}); err == nil || m.counts.ticks != 0 {
			t.Errorf("error %v, %d ticks", err, m.counts.ticks)
		}
		m.wants(t, "🔴 ALARM db (pings)")
	})
}

// deadStore is a table that does not answer.
type deadStore struct{}

var errDeadStore = errors.New("no such table")

func (deadStore) Read(context.Context, ...incident.ID) ([]incident.Item, error) {
	return nil, errDeadStore
}

func (deadStore) Write(context.Context, ...*incident.Item) (stale []int, _ error) {
	return nil, errDeadStore
}
func (deadStore) Open(context.Context) ([]incident.ID, error) { return nil, errDeadStore }

func TestADeadDestinationKeepsNobodyElseWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {dead: {discord: "ssm:/dead"}, hung: {slack: "ssm:/hung"}, ops: {discord: "ssm:/ops"}}
rules: [{to: [dead, hung, ops], remind: 1h}]
`)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, 0, "web", "OK", "ALARM")
		time.Sleep(30 * time.Minute)
		m.is("web", alert.StateOK)
		m.discord.RemoveWebhook(m.hooks["dead"].ID)
		m.slack.Break(fake.Fault{Kind: fake.Hang})
		defer m.slack.Close()
		m.tick(t, 30*time.Minute)
		m.wants(t, "🔴 ALARM db", "🟢 RESOLVED web (edited 1)", "✅ web recovered after 30 min →#2 (silent)", "⏰ **db** is still in ALARM after **1 h** →#1")
		m.tick(t, 5*time.Minute)
		if n := len(m.channel("ops")); n != 4 {
			t.Errorf("the channel shows %d messages", n)
		}
	})
}

func TestTwoTicksAtOnceSayEverythingOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, reminding)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, 0, "web", "OK", "ALARM")
		m.is("new", alert.StateAlarm)
		time.Sleep(30 * time.Minute)
		m.is("web", alert.StateOK)
		time.Sleep(30 * time.Minute)
		var wait sync.WaitGroup
		for range 3 {
			wait.Go(func() { m.tick(t, 0) })
		}
		wait.Wait()
		m.tick(t, 0)
		m.wants(t,
			"🔴 ALARM db (pings)", "🟢 RESOLVED web (edited 1) (pings)", "✅ web recovered after 30 min →#2 (silent)",
			"🔴 ALARM new (pings)", "@oncall ⏰ **db** is still in ALARM after **1 h** →#1 (pings)",
		)
	})
}

func TestAnEndlessListOfOpenAlarmsIsWorkedThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, "destinations: {ops: {discord: \"ssm:/ops\"}}\nrules: [{to: [ops]}]\n")
		for _, body := range storm(250) {
			m.put(body)
		}
		m.run(t, time.Minute)
		time.Sleep(time.Hour)
		for i := range 250 {
			m.is(strings.Split(storm(i + 1)[i], `"`)[3], alert.StateOK)
		}
		for range 3 {
			m.tick(t, 5*time.Minute)
		}
		m.wantsOpen(t, 0)
		if m.refusedForLimits() > 0 {
			t.Errorf("%d requests over a limit", m.refusedForLimits())
		}
	})
}
