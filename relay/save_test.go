package relay_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

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
