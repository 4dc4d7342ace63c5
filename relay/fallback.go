package relay

import (
	"context"
	"errors"
	"slices"
	"sync"

	"alarmrelay/formatter"
)

// redirect returns those of a letter's tellings that go to the fallback, because
// the destination is dead. Who reads the same there already is not told twice.
func (r *Relay) redirect(ctx context.Context, l *letter, book *places) (redirected []*telling) {
	for _, t := range l.tellings {
		if !errors.As(t.outcome, new(*DeadError)) {
			continue
		}
		other, ok := r.Rules.Fallback(t.delivery)
		if !ok {
			continue
		}
		r.Log.ErrorContext(ctx, "redirected", "alert", t.alert.Key, "destination", l.destination, "fallback", other.Destination, "error", t.outcome)
		t.delivery, t.outcome = other, errNotTried
		if t.same = book.claim(t); t.same == nil {
			redirected = append(redirected, t)
		}
	}
	return redirected
}

// places knows which alert is told where, by rules or instead of a dead destination.
type places struct {
	mu    sync.Mutex
	taken map[place]claim
}

type place struct {
	record      int
	destination string
}

// claim is who tells an alert at a place, and whom that pings.
type claim struct {
	by       *telling
	mentions []formatter.Mention
}

func newPlaces(told []*telling) *places {
	book := &places{taken: make(map[place]claim, len(told))}
	for _, t := range told {
		book.claim(t)
	}
	return book
}

// claim takes the place that t is for. When it is taken, and t would ping nobody
// else there, it returns who has it.
func (p *places) claim(t *telling) (by *telling) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := place{t.record, t.delivery.Destination}
	earlier, taken := p.taken[at]
	if !taken {
		p.taken[at] = claim{t, t.delivery.Mentions}
		return nil
	}
	for _, m := range t.delivery.Mentions {
		if !slices.Contains(earlier.mentions, m) {
			return nil
		}
	}
	return earlier.by
}
