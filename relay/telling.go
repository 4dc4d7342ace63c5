package relay

import (
	"errors"
	"slices"
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
	held     hold   // why nothing new is posted for it
	ordered  bool   // somebody's order mutes its alarm

	found     *incident.Found // a tick found it out by asking; nil for what came
	escalated time.Duration   // for how long nobody has taken care of it: why it is told here; 0 for another reason
	tallied   bool            // of several destinations that are told it, this is the one where the alarm is counted

	fate  fate
	why   error     // for fates that are no success
	again time.Time // later: when to try again
	same  *telling  // who tells the same here, or at the fallback; then that one's fate counts

	redriven bool // somebody put it, or one that came with it and is the same, back from the dead-letter queue
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
	silent                // nobody is told of it, as the configuration or somebody's order wants
)

// hold is what keeps a telling from being posted. A message that shows the alarm already is changed all the same.
type hold string

const (
	ignored hold = "ignored" // by a rule
	muted   hold = "muted"   // for a while: what still fires then is told then
	follows hold = "follows" // it is for people who are told of the alarm only now and then: what they were told is kept true
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

// isCopyOf reports whether t is the same as another that came in one batch with it, for the same destination.
func (t *telling) isCopyOf(other *telling) bool {
	return t != other && t.delivery.Destination == other.delivery.Destination
}

// isDone reports whether nothing more is to be done about it.
func (t *telling) isDone() bool {
	switch t.last().fate {
	case told, known, buried, silent:
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
		id.Key += insteadOf(t.instead)
	}
	return id
}

// insteadOf ends the key of what is told at a fallback.
func insteadOf(destination string) string { return "|instead of " + destination }

// change names it among everything that a destination is told.
func (t *telling) change() string { return t.id().Key + "|" + t.alert.Change }

func changesOf(tellings []*telling) (all []string) {
	for _, t := range tellings {
		all = append(all, t.change())
	}
	return all
}

// once leaves out what came twice in one batch: it gets the fate of the first, which pings its people too.
func once(tellings []*telling) (distinct []*telling) {
	first := make(map[string]*telling, len(tellings))
	for _, t := range tellings {
		if t.same = first[t.change()]; t.same == nil {
			first[t.change()] = t
			distinct = append(distinct, t)
		}
		t.last().join(t)
	}
	return distinct
}

// join takes over what only one of two that are the same says.
func (t *telling) join(other *telling) {
	m := other.piece.message
	t.delivery.Graph = t.delivery.Graph || other.delivery.Graph
	if other.held == "" {
		t.held = ""
	}
	t.redriven = t.redriven || m != nil && m.Attributes[AttributeDestination] == t.delivery.Destination
	for _, who := range other.delivery.Mentions {
		if !slices.Contains(t.delivery.Mentions, who) {
			t.delivery.Mentions = append(slices.Clip(t.delivery.Mentions), who)
		}
	}
}

// item is what the formatter is given.
func (t *telling) item() formatter.Item {
	it := formatter.Item{Alert: *t.alert, Mentions: t.delivery.Mentions, Wording: t.delivery.Wording}
	it.Severity, it.Runbook, it.Escalated = t.severity, t.runbook, t.escalated
	return it
}

// since is when the relay first had the alert, as far as the queue tells.
func (t *telling) since(otherwise time.Time) time.Time {
	if m := t.piece.message; m != nil && !m.SentAt.IsZero() {
		return m.SentAt
	}
	return otherwise
}
