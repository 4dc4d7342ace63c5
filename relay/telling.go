package relay

import (
	"errors"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// telling is one alert for one destination, and what became of it.
type telling struct {
	piece    *piece
	alert    *alert.Alert
	severity alert.Severity // as the rules say
	runbook  string
	delivery rule.Delivery
	instead  string // the dead destination that it was for

	fate  fate
	why   error     // for fates that are no success
	again time.Time // later: when to try again
	same  *telling  // who tells the same at the fallback already; then that one's fate counts
}

// fate is what became of a telling.
type fate int

const (
	pending   fate = iota // not tried
	told                  // the service has accepted it
	known                 // had been told, or dead-lettered, before
	postponed             // to be tried again, not before telling.again
	dead                  // the webhook is dead: for the fallback
	hopeless              // no further try would help
	buried                // dead-lettered
)

// errNoTime is why something is pending in the end.
var errNoTime = errors.New("no time left to deliver it")

// last follows a telling to the one that counts. Fallbacks form no circle, so it comes to an end.
func (t *telling) last() *telling {
	for t.same != nil {
		t = t.same
	}
	return t
}

// isDone reports whether nothing more is to be done about it.
func (t *telling) isDone() bool {
	switch t.last().fate {
	case told, known, buried:
		return true
	}
	return false
}

// postpone puts a telling off.
func (t *telling) postpone(until time.Time, why error) {
	t.fate, t.again, t.why = postponed, until, why
}

// end gives a telling its fate.
func (t *telling) end(f fate, why error) { t.fate, t.why = f, why }

// id is where its outcome is kept. What is told at a fallback is kept apart from what the rules
// tell there: it may ping other people.
func (t *telling) id() incident.ID {
	id := incident.IDOf(t.delivery.Destination, t.alert)
	if t.instead != "" {
		id.Key += "|instead of " + t.instead
	}
	return id
}

// change names it among everything that a destination is told.
func (t *telling) change() string { return t.id().Key + "|" + t.alert.Change }

// isRedriven reports whether somebody put it back from the dead-letter queue.
func (t *telling) isRedriven() bool {
	m := t.piece.message
	return m != nil && m.Attributes[AttributeDestination] == t.delivery.Destination
}

// item is what the formatter is given.
func (t *telling) item() formatter.Item {
	it := formatter.Item{Alert: *t.alert, Mentions: t.delivery.Mentions}
	it.Severity, it.Runbook = t.severity, t.runbook
	return it
}

// since is when the relay first had the alert, as far as the queue tells.
func (t *telling) since(otherwise time.Time) time.Time {
	if m := t.piece.message; m != nil && !m.SentAt.IsZero() {
		return m.SentAt
	}
	return otherwise
}
