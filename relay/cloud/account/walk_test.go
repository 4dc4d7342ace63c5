package account_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
)

func TestAWalkMeetsEveryMessageOnceAndPutsItBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLetters(t)
		want := l.put(37)
		sent := time.Now()
		met := l.walk(t, 1000)
		if diff := cmp.Diff(want, bodiesOf(met)); diff != "" {
			t.Errorf("bodies (-want +got):\n%s", diff)
		}
		first := met[slices.IndexFunc(met, func(m account.Letter) bool { return m.Body == want[5] })].Message
		first.ID, first.Receipt = "", ""
		if first.Receives != 1 || !first.SentAt.Equal(sent) || !maps.Equal(first.Attributes, map[string]string{"number": "5"}) {
			t.Errorf("message %+v", first)
		}
		if n := visibleNow(l.dead); n != 0 {
			t.Errorf("%d messages are visible while they are looked at", n)
		}
		if err := l.from.PutBack(t.Context()); err != nil {
			t.Error(err)
		}
		if n := visibleNow(l.dead); n != 37 {
			t.Errorf("%d messages are visible again", n)
		}
		if took := time.Since(sent); took > 2*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestAWalkThatLastsLongMeetsNothingTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLetters(t)
		want := l.put(95)
		l.Break(fake.Fault{Kind: fake.Slow, Method: "ReceiveMessage", After: 8 * time.Second})
		if diff := cmp.Diff(want, bodiesOf(l.walk(t, 1000))); diff != "" {
			t.Errorf("bodies (-want +got):\n%s", diff)
		}
		if err := l.from.PutBack(t.Context()); err != nil {
			t.Error(err)
		}
		if n := visibleNow(l.dead); n != 95 {
			t.Errorf("%d messages are visible again", n)
		}
	})
}

func TestAWalkEnds(t *testing.T) {
	for name, row := range map[string]struct {
		put, most int
		held      int // somebody else has them
		want      int
	}{
		"in an empty queue":                     {0, 100, 0, 0},
		"when it is told to":                    {50, 15, 0, 20},
		"behind what somebody else has at hand": {12, 100, 5, 7},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLetters(t)
				l.put(row.put)
				l.dead.Take(row.held)
				if got := len(l.walk(t, row.most)); got != row.want {
					t.Errorf("met %d, want %d", got, row.want)
				}
			})
		})
	}
}

func TestAnInterruptedWalkHidesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLetters(t)
		l.put(35)
		l.Break(fake.Fault{Kind: fake.AnswerLate, Method: "ReceiveMessage", After: time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond) // within the second answer
		defer cancel()
		err := l.from.Walk(ctx, account.Depth{Visible: 35}, func([]account.Letter) bool { return true })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		if err := l.from.PutBack(ctx); err != nil {
			t.Error(err)
		}
		if n := visibleNow(l.dead); n != 35 {
			t.Errorf("%d messages are visible again", n)
		}
	})
}

// TestAWalkOverASlowLineMeetsAndShowsAll has every answer take as long as one from another continent.
func TestAWalkOverASlowLineMeetsAndShowsAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLetters(t)
		want := l.put(3000)
		l.Break(fake.Fault{Kind: fake.Slow, After: 400 * time.Millisecond})
		if diff := cmp.Diff(want, bodiesOf(l.walk(t, 10_000))); diff != "" {
			t.Errorf("bodies (-want +got):\n%s", diff)
		}
		if err := l.from.PutBack(t.Context()); err != nil {
			t.Error(err)
		}
		if n := visibleNow(l.dead); n != 3000 {
			t.Errorf("%d messages are visible again", n)
		}
		for _, h := range l.dead.All() {
			if h.Receives != 1 {
				t.Fatalf("%s was handed out %d times", h.Body, h.Receives)
			}
		}
	})
}

func TestAWalkHidesNothingForLongerThanSQSDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLetters(t)
		l.put(1)
		met := 0
		err := l.from.Walk(t.Context(), account.Depth{Visible: 10_000_000}, func(batch []account.Letter) bool {
			met += len(batch)
			return false
		})
		if err != nil || met != 1 {
			t.Errorf("met %d, %v", met, err)
		}
	})
}
