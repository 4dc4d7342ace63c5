package incident

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"alarmrelay/alert"
)

// shows is what people see and hear of an alarm: its messages, and what woke them.
type shows struct {
	Messages              []card
	Pings, Again, Resolve int
}

type card struct {
	State alert.State
	At    time.Time
	Fires int
}

// model is what somebody would do who hears of each change in time: one message for each trouble, which lasts until the alarm has been
// well for the flap window.
type model struct {
	shows
	left, pinged time.Time // when the last trouble last stopped firing, and when it last woke somebody by name
}

func (m *model) hear(a *alert.Alert) {
	last := &card{}
	if n := len(m.Messages); n > 0 {
		last = &m.Messages[n-1]
	}
	fires, recent := a.State == fired, a.ChangedAt.Sub(m.left) <= manners.Flap
	goesOn := last.State == fired || recent && (!fires || last.Fires > 0) || last.State == none && !fires
	was := last.State
	if !goesOn || len(m.Messages) == 0 {
		m.Messages, m.pinged, m.left, was = append(m.Messages, card{}), time.Time{}, a.ChangedAt, ""
		last = &m.Messages[len(m.Messages)-1]
	}
	last.State, last.At = a.State, a.ChangedAt
	switch {
	case fires:
		last.Fires++
		if was != "" {
			m.Again++
		}
		if a.ChangedAt.Sub(m.pinged) >= manners.RepeatPing {
			m.Pings++
			m.pinged = a.ChangedAt
		}
	case was == fired, last.Fires == 0:
		m.left = a.ChangedAt
	}
	if a.State == ok && was != "" && was != ok && last.Fires > 0 {
		m.Resolve++
	}
}

// seen is what people see and hear of plans.
func (b *board) seen(plans []Plan) (s shows) {
	for n := range len(b.shows) {
		e := b.shows[Ref{Message: fmt.Sprint(n + 1)}]
		s.Messages = append(s.Messages, card{e.State, e.At, e.Fires})
	}
	for _, p := range plans {
		if p.Ping {
			s.Pings++
		}
		switch p.Line {
		case LineAgain:
			s.Again++
		case LineRecovered:
			s.Resolve++
		}
	}
	return s
}

func TestInOrderTheMachineDoesWhatTheModelDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := course(t, 0, 1, 2, 4, 5, 7, 10, 11, 15, 300)
		var m model
		var b board
		var plans []Plan
		for _, a := range all {
			m.hear(a)
			b.at = a.ChangedAt
			plans = append(plans, b.tell(manners, a))
		}
		if diff := cmp.Diff(m.shows, b.seen(plans)); diff != "" {
			t.Fatalf("-model +machine\n%s", diff)
		}
	})
}

func TestInBatchesTheLastMessageIsWhatTheModelShows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := course(t, 0, 1, 4, 10, 11, 300)
		var m model
		var b board
		for rest := all; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "batch")
			for _, a := range rest[:n] {
				m.hear(a)
			}
			b.at = rest[n-1].ChangedAt
			b.tell(manners, rest[:n]...)
			rest = rest[n:]
		}
		e := b.shows[b.known.Episode.Message]
		if diff := cmp.Diff(m.Messages[len(m.Messages)-1], card{e.State, e.At, e.Fires}); diff != "" {
			t.Fatalf("-model +machine\n%s", diff)
		}
		for ref, e := range b.shows {
			if at := (card{e.State, e.At, e.Fires}); ref != b.known.Episode.Message && !slices.Contains(m.Messages, at) {
				t.Fatalf("message %v says %+v, the model shows %+v", ref, at, m.Messages)
			}
		}
	})
}

// isOrdered reports whether the times of changes, and their states where those are equal, tell their order.
func isOrdered(all []*alert.Alert) bool {
	for i := range all[1:] {
		a, b := all[i], all[i+1]
		thereAndBack := a.Previous == b.State
		third := i > 0 && all[i-1].ChangedAt.Equal(a.ChangedAt)
		if a.ChangedAt.Equal(b.ChangedAt) && (thereAndBack || third) {
			return false
		}
	}
	return true
}

// TestInAnyOrderNothingIsLostOrTwiceOrRed tells a course one by one, in any order and some of it twice, with two changes at one time here
// and there.
func TestInAnyOrderNothingIsLostOrTwiceOrRed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.Custom(func(t *rapid.T) []*alert.Alert { return course(t, 0, 1, 4, 10, 11, 300) }).Filter(isOrdered).Draw(t, "course")
		var m model
		for _, a := range all {
			m.hear(a)
		}
		var b board
		alarms, lateAlarms, accounted := 0, 0, map[string]int{}
		b.at = all[len(all)-1].ChangedAt.Add(time.Hour)
		for _, a := range rapid.Permutation(slices.Concat(all, all[:len(all)/2])).Draw(t, "order") {
			if b.known.WasTold(a.Change) {
				continue
			}
			if a.State == fired {
				alarms++
			}
			accounted[a.Change]++
			p := b.tell(manners, a)
			for _, late := range p.Late {
				if late.State == fired {
					lateAlarms++
				}
			}
			if p.Edit == nil && p.Post == nil && len(p.Late) == 0 {
				t.Fatalf("nobody is told of %s", a.Change)
			}
		}
		want, got := m.Messages[len(m.Messages)-1], b.shows[b.known.Episode.Message]
		if got.State != want.State || !got.At.Equal(want.At) {
			t.Fatalf("people see %s since %v, the model shows %+v", got.State, got.At, want)
		}
		counted := lateAlarms
		for ref, e := range b.shows {
			counted += e.Fires
			if ref != b.known.Episode.Message && e.State == fired && !e.Unseen {
				t.Fatalf("message %v stays red", ref)
			}
		}
		if counted < alarms || len(accounted) != len(all) {
			t.Fatalf("%d ALARMs are counted of %d, %d changes of %d", counted, alarms, len(accounted), len(all))
		}
	})
}
