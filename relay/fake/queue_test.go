package fake

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/relay"
)

// wallClock is a clock that a test sets.
type wallClock struct{ at time.Time }

func newWallClock() *wallClock { return &wallClock{time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)} }

func (c *wallClock) now() time.Time { return c.at }

func (c *wallClock) pass(d time.Duration) { c.at = c.at.Add(d) }

// filled returns a queue that holds messages with the bodies 1 to n.
func filled(o QueueOptions, n int) *Queue {
	q := NewQueue(o)
	for i := range n {
		q.Put(itoa(i+1), nil)
	}
	return q
}

// handed lists bodies and receive counts.
func handed(messages []alert.Message) []string {
	said := []string{}
	for _, m := range messages {
		said = append(said, fmt.Sprintf("%s/%d", m.Body, m.Receives))
	}
	return said
}

func wantHanded(t *testing.T, messages []alert.Message, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), handed(messages)); diff != "" {
		t.Errorf("handed out (-want +got):\n%s", diff)
	}
}

func TestWhatIsNotDeletedComesBackAfterTheVisibilityTimeout(t *testing.T) {
	clock := newWallClock()
	q := filled(QueueOptions{Name: "alarms", Clock: clock.now, Visibility: time.Minute}, 3)
	first := q.Take(2)
	wantHanded(t, first, "1/1", "2/1")
	wantHanded(t, q.Take(10), "3/1")
	wantHanded(t, q.Take(10))
	if next, ok := q.NextVisible(); !ok || next != clock.at.Add(time.Minute) {
		t.Errorf("next visible at %v", next)
	}
	if err := q.Delete(t.Context(), first[0]); err != nil {
		t.Error(err)
	}
	clock.pass(time.Minute - 1)
	wantHanded(t, q.Take(10))
	q.Put("4", nil)
	clock.pass(1)
	wantHanded(t, q.Take(10), "4/1", "2/2", "3/2")
	if q.Len() != 3 {
		t.Errorf("%d messages are left", q.Len())
	}
}

func TestMessagesAreWholeAndOfTheirOwn(t *testing.T) {
	clock := newWallClock()
	q := NewQueue(QueueOptions{Name: "alarms", Clock: clock.now})
	id := q.Put("body", map[string]string{"team": "shop"})
	clock.pass(time.Second)
	got := q.Take(1)
	want := alert.Message{
		ID: id, Receipt: got[0].Receipt, Body: "body", Receives: 1, SentAt: clock.at.Add(-time.Second), Attributes: map[string]string{"team": "shop"},
	}
	got[0].Attributes["team"] = "changed"
	held := []Held{{Message: want, InFlight: true, VisibleAt: clock.at.Add(30 * time.Second)}}
	if diff := cmp.Diff(held, q.All()); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	clock.pass(30 * time.Second)
	held[0].InFlight = false
	if diff := cmp.Diff(held, q.All()); diff != "" {
		t.Errorf("held afterwards (-want +got):\n%s", diff)
	}
	if other := NewQueue(QueueOptions{Name: "other"}).Put("body", nil); other == id || len(other) != len("5707a1a2-0000-4000-8000-000000000001") {
		t.Errorf("two queues gave the ids %s and %s", id, other)
	}
}

func TestWhatWasHandedOutTooOftenGoesToTheDeadLetters(t *testing.T) {
	clock := newWallClock()
	dead := NewQueue(QueueOptions{Name: "dead", Clock: clock.now})
	q := NewQueue(QueueOptions{Name: "alarms", Clock: clock.now, Visibility: time.Second, MaxReceives: 2, DeadLetters: dead})
	id := q.Put("poison", map[string]string{"team": "shop"})
	sent := clock.at
	for range 2 {
		wantHanded(t, dead.Take(10))
		q.Take(10)
		clock.pass(time.Second)
	}
	q.Put("fresh", nil)
	wantHanded(t, q.Take(1), "fresh/1") // what goes away takes nobody's place
	want := []Held{{Message: alert.Message{ID: id, Body: "poison", Receives: 2, SentAt: sent, Attributes: map[string]string{"team": "shop"}}, VisibleAt: clock.at}}
	if diff := cmp.Diff(want, dead.All()); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
	if q.Len() != 1 {
		t.Errorf("the queue holds %d messages", q.Len())
	}
}

func TestOnlyTheNewestReceiptCounts(t *testing.T) {
	clock := newWallClock()
	q := filled(QueueOptions{Name: "alarms", Clock: clock.now, Visibility: time.Second}, 1)
	older := q.Take(1)[0]
	clock.pass(time.Second)
	newer := q.Take(1)[0]
	if err := q.Delete(t.Context(), older); err != nil || q.Len() != 1 {
		t.Errorf("the older receipt: %v, %d left", err, q.Len())
	}
	clock.pass(time.Second) // in nobody's hands, but the newest receipt is as good as before
	for range 2 {
		if err := q.Delete(t.Context(), newer); err != nil || q.Len() != 0 {
			t.Errorf("the newest receipt: %v, %d left", err, q.Len())
		}
	}
	foreign := filled(QueueOptions{Name: "other"}, 1).Take(1)[0]
	for _, m := range []alert.Message{{}, {Receipt: "AQEB"}, foreign} {
		err := q.Delete(t.Context(), older, m)
		if err == nil || !strings.HasPrefix(err.Error(), "delete from the queue: 1 of 2 messages: ReceiptHandleIsInvalid: ") {
			t.Errorf("receipt %q: %v", m.Receipt, err)
		}
	}
}

func TestPostponingCountsFromNowInWholeSeconds(t *testing.T) {
	for name, row := range map[string]struct {
		waited, delay, want time.Duration
	}{
		"later":             {0, 90 * time.Second, 90 * time.Second},
		"sooner":            {20 * time.Second, time.Second, time.Second},
		"at once":           {0, 0, 0},
		"in the past":       {0, -time.Hour, 0},
		"rounded up":        {0, 1001 * time.Millisecond, 2 * time.Second},
		"twelve hours":      {0, 12 * time.Hour, 12 * time.Hour},
		"more than that":    {10 * time.Second, 20 * time.Hour, 12*time.Hour - 10*time.Second},
		"with a part of it": {1500 * time.Millisecond, 12 * time.Hour, 12*time.Hour - 2*time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			clock := newWallClock()
			q := filled(QueueOptions{Name: "alarms", Clock: clock.now}, 1)
			m := q.Take(1)[0]
			clock.pass(row.waited)
			if err := q.Postpone(t.Context(), relay.Postponed{Message: m, Delay: row.delay}); err != nil {
				t.Fatal(err)
			}
			next, _ := q.NextVisible()
			if got := next.Sub(clock.at); got != row.want {
				t.Errorf("visible after %v, want %v", got, row.want)
			}
		})
	}
}

func TestOnlyWhatIsInFlightCanBePostponed(t *testing.T) {
	clock := newWallClock()
	q := filled(QueueOptions{Name: "alarms", Clock: clock.now, Visibility: time.Second}, 4)
	taken := q.Take(4)
	if err := q.Delete(t.Context(), taken[0]); err != nil {
		t.Fatal(err)
	}
	clock.pass(time.Second)
	again := q.Take(1)
	for what, row := range map[string]struct {
		message alert.Message
		why     string
	}{
		"deleted":         {taken[0], "InvalidParameterValue: Value " + taken[0].Receipt + " for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change."},
		"an old receipt":  {taken[1], "InvalidParameterValue: Value " + taken[1].Receipt + " for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change."},
		"visible already": {taken[2], "MessageNotInflight: The specified message isn't in flight."},
		"no receipt":      {alert.Message{}, `ReceiptHandleIsInvalid: The input receipt handle "" is not a valid receipt handle.`},
	} {
		err := q.Postpone(t.Context(), relay.Postponed{Message: again[0], Delay: time.Minute}, relay.Postponed{Message: row.message})
		if want := "postpone in the queue: 1 of 2 messages: " + row.why; err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
}

func TestDuplicatesComeThoughTheyWereDeleted(t *testing.T) {
	clock := newWallClock()
	q := filled(QueueOptions{
		Name: "alarms", Clock: clock.now, Visibility: time.Minute, Rand: rand.New(rand.NewPCG(1, 2)), Duplicates: 1,
	}, 50)
	twice := map[string]int{}
	for range 2 * 60 {
		for messages := q.Take(10); len(messages) > 0; messages = q.Take(10) {
			for _, m := range messages {
				twice[m.ID]++
			}
			if err := q.Delete(t.Context(), messages...); err != nil {
				t.Fatal(err)
			}
		}
		clock.pass(time.Second)
	}
	for id, times := range twice {
		if times != 2 {
			t.Errorf("%s was handed out %d times", id, times)
		}
	}
	if len(twice) != 50 || q.Len() != 0 {
		t.Errorf("%d messages were handed out, %d are left", len(twice), q.Len())
	}
}

func TestDuplicatesAreTheShareThatWasAskedFor(t *testing.T) {
	const n = 2000
	q := filled(QueueOptions{Name: "alarms", Rand: rand.New(rand.NewPCG(1, 2)), Duplicates: 0.1}, n)
	q.Take(n)
	if copies := q.Len() - n; copies < n/20 || copies > n/5 {
		t.Errorf("%d of %d are there twice", copies, n)
	}
}

func TestReorderedMessagesAllCome(t *testing.T) {
	q := filled(QueueOptions{Name: "alarms", Rand: rand.New(rand.NewPCG(1, 2)), Reorder: true}, 30)
	got := handed(q.Take(100))
	inOrder := handed(filled(QueueOptions{Name: "alarms"}, 30).Take(100))
	if slices.Equal(got, inOrder) {
		t.Error("they came in order")
	}
	slices.Sort(got)
	slices.Sort(inOrder)
	if diff := cmp.Diff(inOrder, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestAFullFlightIsTheEndOfTaking(t *testing.T) {
	clock := newWallClock()
	q := filled(QueueOptions{Name: "alarms", Clock: clock.now}, maxInFlight+15)
	taken := 0
	var last []alert.Message
	for messages := q.Take(10); len(messages) > 0; messages = q.Take(10) {
		taken, last = taken+len(messages), messages
	}
	if taken != maxInFlight {
		t.Errorf("%d messages are in flight", taken)
	}
	s := &sqsFake{SQS: NewSQS()}
	s.Add(q)
	full := answered{403, obj{"__type": "com.amazonaws.sqs#OverLimit", "message": "Too many messages in flight"}}
	if diff := cmp.Diff(full, s.ask(t, "ReceiveMessage", obj{})); diff != "" {
		t.Errorf("asked for more (-want +got):\n%s", diff)
	}
	if err := q.Delete(t.Context(), last[:4]...); err != nil {
		t.Error(err)
	}
	if err := q.Postpone(t.Context(), relay.Postponed{Message: last[4]}); err != nil {
		t.Error(err)
	}
	wantHanded(t, q.Take(10), "120001/1", "120002/1", "120003/1", "120004/1", "120005/1")
	clock.pass(30 * time.Second)
	if got := len(q.Take(20)); got != 20 {
		t.Errorf("%d messages after the timeout", got)
	}
}

func TestTheNextOfWhatNobodyHolds(t *testing.T) {
	c := newWallClock()
	q := NewQueue(QueueOptions{Clock: c.now, Visibility: time.Minute})
	first, second := q.Put("first", nil), q.Put("second", nil)
	q.Take(1)
	c.pass(10 * time.Second)
	q.Take(1)
	for name, row := range map[string]struct {
		but  map[string]bool
		next time.Duration
		ok   bool
	}{
		"all":      {nil, 50 * time.Second, true},
		"but one":  {map[string]bool{first: true}, time.Minute, true},
		"but both": {map[string]bool{first: true, second: true}, 0, false},
	} {
		next, ok := q.NextVisibleBut(row.but)
		if ok != row.ok || ok && next.Sub(c.now()) != row.next {
			t.Errorf("%s: in %v, %v", name, next.Sub(c.now()), ok)
		}
	}
}
