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
	// Held is an ALARM that a mute keeps from being told. What still fires when the mute ends is told then.
	Held *Held `json:"held,omitempty"`
	// Found is the newest state that a tick found out by asking: its notification may still come.
	Found *Found `json:"found,omitempty"`
	// Alert is the newest that people were told: its message is written anew from it, rules are asked about it, and those are told it
	// who are told of the trouble late.
	Alert Packed `json:"a,omitempty"`
	// Behind are earlier troubles whose messages show less than what became of them, oldest first: they took no change when it came.
	Behind []Behind `json:"behind,omitempty"`
	// Parent is the composite alarm that this one made fire last.
	Parent *Parent `json:"parent,omitempty"`
}

// Held is an alert that is not told now.
type Held struct {
	Alert Packed    `json:"a"`
	At    time.Time `json:"at"` // when it changed
}

// Found is a state of an alarm, and when the alarm came into it: at some time between two where CloudWatch does not tell when.
type Found struct {
	State alert.State `json:"s"`
	From  time.Time   `json:"f"`
	To    time.Time   `json:"t"`
}

// Behind is a trouble whose message has to be changed yet.
type Behind struct {
	Episode Episode `json:"e"`
	Alert   Packed  `json:"a,omitempty"` // the newest of it
}

// maxBehind is how many of them are kept. An alarm that has so many messages in which nothing can be changed would have no end of them.
const maxBehind = 4

// Parent is a composite alarm and the message that shows it.
type Parent struct {
	Key     string `json:"k"` // of its [ID]
	Name    string `json:"n"`
	Message Ref    `json:"m,omitzero"`
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

// IsTrouble reports whether people have to know of it: it is not over, or it is held back.
func (i *Incident) IsTrouble() bool { return i.IsOpen() || i.Episode.IsOpen() || i.Held != nil }

// IsListed reports whether somebody has to look after it.
func (i *Incident) IsListed() bool { return i.IsTrouble() || len(i.Behind) > 0 }

// Leave notes that a trouble's message has to be changed later, once, however often it took no change. The alert is the newest of it.
func (i *Incident) Leave(e *Episode, newest Packed) {
	i.CaughtUp(e.Message)
	i.Behind = append(i.Behind, Behind{*e.clone(), newest})
	i.Behind = i.Behind[max(0, len(i.Behind)-maxBehind):]
}

// Overtakes puts into a trouble that was left behind what has become of it since. It returns false while the trouble goes on in
// another message.
func (i *Incident) Overtakes(b *Behind) bool {
	at, e := b.Episode.Message, i.Episode
	switch {
	case e != nil && e.Began.Equal(b.Episode.Began):
		if e.IsOpen() {
			return false
		}
		b.Episode = *e.clone()
		b.Episode.Message = at
		if i.Alert != nil {
			b.Alert = i.Alert
		}
	case b.Episode.IsOpen():
		b.Episode.Unseen = true
	}
	return true
}

// Lose notes that a message is no more, or can't be changed any more.
func (i *Incident) Lose(at Ref) {
	if i.Episode != nil && i.Episode.Message.Place() == at.Place() {
		i.Episode.Message = Ref{}
	}
	i.CaughtUp(at)
}

// CaughtUp notes that a message need not be changed later.
func (i *Incident) CaughtUp(at Ref) {
	i.Behind = slices.DeleteFunc(slices.Clone(i.Behind), func(b Behind) bool { return b.Episode.Message.Place() == at.Place() })
}

// foundWithin is how far apart the times may be that an alarm's description and its notification give for one change.
const foundWithin = 2 * time.Second

// WasFound reports whether a tick found a's change out, and told it, before its notification came.
func (i *Incident) WasFound(a *alert.Alert) bool {
	f := i.Found
	return f != nil && f.State == a.State && !a.ChangedAt.Before(f.From.Add(-foundWithin)) && !a.ChangedAt.After(f.To.Add(foundWithin))
}

// Knows reports whether nobody has to be told a state that was found out: people know it, or something newer, or hear of it when a
// mute ends.
func (i *Incident) Knows(a *alert.Alert) bool {
	return i.Held != nil || i.Newest.State == a.State || i.Newest.State != "" && !i.Newest.At.Before(a.ChangedAt)
}

// Settle notes what an alarm has become where nobody is told of that.
func (i *Incident) Settle(a *alert.Alert, now time.Time) {
	i.advance(a, now)
	if i.Episode != nil {
		i.Episode.enter(a, i.Newest.At)
	}
	i.Keep(a)
}

// Keep keeps the newest alert that people were told.
func (i *Incident) Keep(a *alert.Alert) {
	if a.State == i.Newest.State && !a.ChangedAt.Before(i.Newest.At) {
		i.Alert = Pack(a)
	}
}

// Hold keeps in mind what a mute keeps from being told: the newest, if that is an ALARM.
func (i *Incident) Hold(held []*alert.Alert) {
	for _, a := range held {
		switch {
		case i.Held != nil && i.Held.At.After(a.ChangedAt):
		case a.State == alert.StateAlarm:
			i.Held = &Held{Alert: Pack(a), At: a.ChangedAt}
		default:
			i.Held = nil
		}
	}
}

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
		i.Newest, i.Since, i.Alert = other.Newest, other.Since, other.Alert
	}
	if i.Flood == nil {
		i.Flood = other.Flood
	}
	for _, b := range other.Behind {
		i.Leave(&b.Episode, b.Alert)
	}
	if other.Episode != nil && (i.Episode == nil || i.Episode.At.Before(other.Episode.At)) {
		i.Episode = other.Episode
	}
}
