package relay_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
)

// slowToSave is a table that, as tables may, writes what it is given in any order: here destinations at once, and what
// has a key a second later.
type slowToSave struct{ incident.Store }

func (s slowToSave) Write(ctx context.Context, items ...*incident.Item) (stale []int, err error) {
	for _, keyed := range []bool{false, true} {
		for n, item := range items {
			if (item.Key != "") != keyed {
				continue
			}
			if keyed {
				time.Sleep(time.Second)
			}
			changed, err := s.Store.Write(ctx, item)
			if err != nil {
				return stale, err
			}
			if len(changed) > 0 {
				stale = append(stale, n)
			}
		}
	}
	return stale, nil
}

func TestTheLeaseEndsWhenTheOutcomesAreSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.Store = slowToSave{m.Store}
		body := alarm("a")
		m.put(body)
		first := m.queue.Take(10)
		done := make(chan struct{})
		go func() {
			defer close(done)
			if _, err := m.another().Handle(t.Context(), fake.BatchEvent(m.queue.ARN(), first)); err != nil {
				t.Error(err)
			}
		}()
		time.Sleep(500 * time.Millisecond) // it is told, and being saved
		m.put(body)
		m.run(t, time.Minute)
		<-done
		if n := len(m.titles("ops")); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}

// failsOnce is a table that once cannot save outcomes.
type failsOnce struct {
	incident.Store
	failed bool
}

func (s *failsOnce) Write(ctx context.Context, items ...*incident.Item) ([]int, error) {
	for _, item := range items {
		if item.Key != "" && !s.failed {
			s.failed = true
			return nil, errDown
		}
	}
	return s.Store.Write(ctx, items...)
}

func TestOnlyWhatWasToldIsInDoubtWhenItsOutcomeIsNotSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {discord: "ssm:/ops"}}
rules: [{match: {alarm: a}, to: [ops], username: calm}, {to: [ops]}]
`)
		m.Store = &failsOnce{Store: m.Store}
		m.discord.Fail(fake.Fault{Kind: fake.Slow}, fake.Fault{Kind: fake.Limited, After: time.Minute}) // a is told, b waits
		m.put(alarm("a"), alarm("b"))
		m.run(t, 5*time.Minute)
		if diff := cmp.Diff([]string{"🔴 ALARM a", "🔴 ALARM b"}, m.titles("ops")); diff != "" || m.counts.sum.Doubtful != 0 {
			t.Errorf("counted %+v, -want +got\n%s", m.counts.sum, diff)
		}
	})
}
