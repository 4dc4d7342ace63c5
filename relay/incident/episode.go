package incident

import (
	"slices"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
)

// Episode is one trouble of an alarm as people at a destination see it: one message, from its first ALARM to the
// recovery, and while the alarm flaps. An alarm that never fired has episodes without an ALARM: a grey or green card.
type Episode struct {
	Message Ref         `json:"m,omitzero"`  // what shows it; zero where nothing can be edited
	State   alert.State `json:"s"`           // what the alarm is
	At      time.Time   `json:"at"`          // since when
	Began   time.Time   `json:"b,omitzero"`  // its first ALARM; zero while none is known
	Left    time.Time   `json:"l,omitzero"`  // when it last stopped being in ALARM; zero while it is
	Fires   int         `json:"f,omitempty"` // how often it came into ALARM
	// Trail are the last few of its earlier states, oldest first.
	Trail  []formatter.Step `json:"tr,omitempty"`
	Pinged time.Time        `json:"p,omitzero"`  // when it was last told in a message that may ping
	Unseen bool             `json:"u,omitempty"` // it fired anew, and nobody saw it recover
	// Ahead is whether its message may show what does not count as told: the line that goes with an edit was not said, or no answer came.
	Ahead bool `json:"ah,omitempty"`

	Acked     *formatter.Acked `json:"ack,omitempty"` // who takes care of it; nil for nobody
	Reminded  time.Time        `json:"rem,omitzero"`  // when people were last reminded of it
	Escalated bool             `json:"esc,omitempty"` // those whom it escalates to were told
	// Alone is since when somebody could take care of it and nobody does, where that is later than its beginning: people were told
	// late, or it recovered and fired anew.
	Alone time.Time `json:"al,omitzero"`
}

// maxTrail is how many earlier states an episode remembers. Its message shows fewer.
const maxTrail = 8

// IsOpen reports whether the trouble lasts: it fired, and neither recovered nor was followed by another.
func (e *Episode) IsOpen() bool {
	return e != nil && e.Fires > 0 && e.State != alert.StateOK && !e.Unseen
}

// IsAhead reports whether an episode has a message that may show more than was told.
func (e *Episode) IsAhead() bool { return e != nil && e.Ahead }

// begin makes the episode of a change that belongs to none.
func begin(a *alert.Alert, at time.Time) *Episode {
	e := &Episode{State: a.State, At: at}
	switch {
	case a.State == alert.StateAlarm:
		e.Began, e.Fires = at, 1
	case a.Previous == alert.StateAlarm: // its ALARM was not told, or is still to come
		e.Began, e.Left, e.Fires = a.PreviousAt, at, 1
	}
	return e
}

// follow has an episode's history begin with that of the one before it.
func (e *Episode) follow(before *Episode) {
	for _, step := range before.Trail {
		e.remember(step)
	}
	e.remember(formatter.Step{State: before.State, At: before.At})
}

// takes reports whether a newer change belongs to the episode. An ALARM never belongs to one that did not fire: nobody
// would notice an edit.
func (e *Episode) takes(a *alert.Alert, at time.Time, flap time.Duration) bool {
	recent := at.Sub(e.left()) <= flap
	switch {
	case a.State == alert.StateAlarm && e.State == alert.StateAlarm:
		// Else it has recovered, and nobody told us: between these two, however short that was.
		return a.Previous == alert.StateAlarm || at.Sub(e.At) <= flap
	case a.State == alert.StateAlarm:
		return e.Fires > 0 && recent
	default:
		return e.State != alert.StateOK || recent || e.Ahead // which may show the ALARM that this ends
	}
}

// left is when it stopped being in ALARM, or the last that is known of it.
func (e *Episode) left() time.Time {
	if e.Left.IsZero() {
		return e.At
	}
	return e.Left
}

// enter notes the newest state. It reports whether the alarm came into ALARM, or recovered.
func (e *Episode) enter(a *alert.Alert, at time.Time) (fired, over bool) {
	fired = a.State == alert.StateAlarm && (e.State != alert.StateAlarm || a.Previous != alert.StateAlarm)
	over = a.State == alert.StateOK && (e.State != alert.StateOK || a.Previous == alert.StateAlarm)
	if a.State != e.State || a.Previous != a.State { // else nothing lies between
		e.remember(formatter.Step{State: e.State, At: e.At})
	}
	switch {
	case fired:
		e.Fires++
		e.Left = time.Time{}
		if a.Previous == alert.StateOK || e.hadRecovered() {
			e.abandon(at)
		}
	case a.State != alert.StateAlarm && e.Fires > 0 && (e.State == alert.StateAlarm || a.Previous == alert.StateAlarm):
		e.Left = at // where its ALARM has not come yet, too
	}
	e.State, e.At = a.State, at
	return fired, over
}

// hadRecovered reports whether the alarm was OK since its last ALARM, by the trail.
func (e *Episode) hadRecovered() bool {
	for _, step := range slices.Backward(e.Trail) {
		if step.State != alert.StateInsufficientData {
			return step.State == alert.StateOK
		}
	}
	return false
}

// abandon has somebody take care of it anew, and those whom it escalates to be told anew: what they were told of was over.
func (e *Episode) abandon(at time.Time) {
	if e.Acked != nil {
		e.Acked, e.Alone = nil, at
	}
	e.Escalated = false
}

// complete adds a state that is older than the newest. It reports false where that is no matter of this episode: it lies further before
// its beginning than the flap window reaches.
func (e *Episode) complete(a *alert.Alert, flap time.Duration) bool {
	fired, at := a.State == alert.StateAlarm, a.ChangedAt
	if fired && e.Fires > 0 && e.Began.IsZero() {
		e.Began = at // the ALARM of a recovery that came first
		e.remember(formatter.Step{State: a.State, At: at})
		return true
	}
	begins := e.Began
	if begins.IsZero() {
		begins = e.At
	}
	if at.Before(begins.Add(-flap)) {
		return false
	}
	if fired && !at.Equal(e.Began) {
		e.Fires++
		if e.Began.IsZero() || at.Before(begins) {
			e.Began = at
		}
	}
	e.remember(formatter.Step{State: a.State, At: at})
	return true
}

// remember puts a step into the trail, in its place.
func (e *Episode) remember(step formatter.Step) {
	i, known := slices.BinarySearchFunc(e.Trail, step, func(a, b formatter.Step) int { return a.At.Compare(b.At) })
	if known && e.Trail[i].State == step.State {
		return
	}
	e.Trail = slices.Insert(e.Trail, i, step)
	e.Trail = e.Trail[max(0, len(e.Trail)-maxTrail):]
}

// clone returns a copy that shares nothing; nil of nil.
func (e *Episode) clone() *Episode {
	if e == nil {
		return nil
	}
	c := *e
	c.Trail = slices.Clone(e.Trail)
	return &c
}
