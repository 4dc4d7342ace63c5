package relay

import (
	"slices"
	"sync"

	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

// redirect returns what goes to the fallback, because the destination is dead. Who is
// told the same there already is not told twice.
func (s *session) redirect(book *places) (redirected []*telling) {
	for _, t := range s.tellings {
		if t.fate != dead || t.same != nil || t.held != "" {
			continue
		}
		other, ok := s.Rules.Fallback(t.delivery)
		if !ok {
			continue
		}
		s.Log.ErrorContext(s.work, "redirected", "alert", t.alert.Key, "destination", s.name, "fallback", other.Destination, "error", t.why)
		next := t.at(other)
		if t.same = book.claim(next); t.same == nil {
			t.same = next
			redirected = append(redirected, next)
		}
	}
	return redirected
}

// at is the same alert for the fallback of its destination.
func (t *telling) at(other rule.Delivery) *telling {
	return &telling{
		piece: t.piece, alert: t.alert, severity: t.severity, runbook: t.runbook,
		delivery: other, instead: t.delivery.Destination, fate: pending, why: errNoTime,
		found: t.found, escalated: t.escalated, tallied: t.tallied,
	}
}

// places knows which alert is told where, by rules or instead of a dead destination.
type places struct {
	mu    sync.Mutex
	taken map[place]claim
}

type place struct {
	piece       *piece
	key, change string
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
		if t.held == "" {
			book.claim(t)
		}
	}
	return book
}

// claim takes the place that t is for. When it is taken, and t would ping nobody
// else there, it returns who has it.
func (p *places) claim(t *telling) (by *telling) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := place{t.piece, t.alert.Key, t.alert.Change, t.delivery.Destination}
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
