package incident

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"time"

	"alarmrelay/alert"
)

// Incident is what is known of one alarm, or another thing that alerts are about, at
// one destination. It holds keys and facts, no texts.
type Incident struct {
	// Told are the outcomes of its changes, oldest first.
	Told []Outcome `json:"told,omitempty"`
	// Newest is the newest state that people were told.
	Newest Change `json:"newest,omitzero"`
	// Since is when the trouble began, while it lasts and until the next.
	Since time.Time `json:"since,omitzero"`
	Flood *Flood    `json:"flood,omitempty"`
	// Episode is the trouble that is told now, or was told last.
	Episode *Episode `json:"ep,omitempty"`
}

// Change is one change of an alarm's state.
type Change struct {
	State    alert.State `json:"state"`
	Previous alert.State `json:"previous,omitempty"`
	At       time.Time   `json:"at"`
}

// Outcome is a mark of a change that needs nothing more: it was told, or (with a "!") it lies in the dead-letter queue.
type Outcome string

// Flood is one message that counts what comes from a log group in a span of time.
type Flood struct {
	Began   time.Time `json:"began"`          // when it was posted
	First   time.Time `json:"first,omitzero"` // when the first of its lines was written
	Message Ref       `json:"message,omitzero"`
	Batches int       `json:"batches"`
	Lines   int       `json:"lines"`
}

// maxTold is how many changes of one alarm are remembered. Only the queue's duplicates and what is
// re-driven is looked for, and what is older than that is late.
const maxTold = 64

// mark is a change's id in few bytes.
func mark(change string) string {
	sum := sha256.Sum256([]byte(change))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// IDOf is where an alert's outcome is kept at a destination. Each happening of what has no state has an
// incident of its own: nothing that comes later changes it.
func IDOf(destination string, a *alert.Alert) ID {
	if a.IsAlarm() {
		return ID{destination, a.Key}
	}
	return ID{destination, a.Key + "|" + a.Change}
}

// FloodID is where the flood of a log subscription is kept.
func FloodID(destination string, a *alert.Alert) ID { return ID{destination, a.Key} }

// WasTold reports whether people were told a change.
func (i *Incident) WasTold(change string) bool { return slices.Contains(i.Told, Outcome(mark(change))) }

// IsBuried reports whether a change lies in the dead-letter queue.
func (i *Incident) IsBuried(change string) bool {
	return slices.Contains(i.Told, Outcome(mark(change)+"!"))
}

// maxAhead is how far in the future a change is believed to be, which is more than clocks are apart.
const maxAhead = 5 * time.Minute

// Tell notes that people were told of a. A change from the future counts as one of now: nothing
// else would be newer until then.
func (i *Incident) Tell(a *alert.Alert, now time.Time) {
	i.note(Outcome(mark(a.Change)))
	if a.IsAlarm() && i.Precedes(a) {
		i.advance(a, now)
	}
}

// advance notes the newest change.
func (i *Incident) advance(a *alert.Alert, now time.Time) {
	switch {
	case a.State == alert.StateAlarm && (i.Newest.State != alert.StateAlarm || a.Previous != alert.StateAlarm):
		i.Since = a.ChangedAt
	case i.Since.IsZero() && a.Previous == alert.StateAlarm:
		i.Since = a.PreviousAt
	}
	i.Newest = Change{a.State, a.Previous, a.ChangedAt}
	if a.ChangedAt.Sub(now) > maxAhead {
		i.Newest.At = now
	}
}

// Bury notes that a change lies in the dead-letter queue.
func (i *Incident) Bury(change string) { i.note(Outcome(mark(change) + "!")) }

func (i *Incident) note(o Outcome) {
	other := o + "!"
	if o[len(o)-1] == '!' {
		other = o[:len(o)-1]
	}
	i.Told = slices.DeleteFunc(i.Told, func(known Outcome) bool { return known == o || known == other })
	i.Told = append(i.Told, o)
	if extra := len(i.Told) - maxTold; extra > 0 {
		i.Told = slices.Delete(i.Told, 0, extra)
	}
}

// IsOpen reports whether the trouble is not over, as far as people were told.
func (i *Incident) IsOpen() bool { return i.Newest.State == alert.StateAlarm }

// Precedes reports whether what is known came before a. At equal times it did when a's old state is the known one.
func (i *Incident) Precedes(a *alert.Alert) bool {
	return i.Newest.State == "" || i.Newest.At.Before(a.ChangedAt) ||
		i.Newest.At.Equal(a.ChangedAt) && i.Newest.State == a.Previous
}

// before orders changes by their time. At equal times the one whose old state is the other's state is the
// later, unless that holds for both.
func (c Change) before(d Change) bool {
	if !c.At.Equal(d.At) {
		return c.At.Before(d.At)
	}
	return c.State != d.State && d.Previous == c.State && c.Previous != d.State
}

// InOrder returns the alerts about one alarm, oldest first; those whose order nothing tells stay as they are.
func InOrder(alerts []*alert.Alert) []*alert.Alert {
	sorted := slices.Clone(alerts)
	slices.SortStableFunc(sorted, func(a, b *alert.Alert) int {
		x, y := Change{a.State, a.Previous, a.ChangedAt}, Change{b.State, b.Previous, b.ChangedAt}
		switch {
		case x.before(y):
			return -1
		case y.before(x):
			return 1
		}
		return 0
	})
	return sorted
}

// Merge adds what another invocation has told.
func (i *Incident) Merge(other Incident) {
	for _, o := range other.Told {
		if !slices.Contains(i.Told, o) {
			i.note(o)
		}
	}
	if i.Newest.State == "" || i.Newest.before(other.Newest) {
		i.Newest, i.Since = other.Newest, other.Since
	}
	if i.Flood == nil {
		i.Flood = other.Flood
	}
}
