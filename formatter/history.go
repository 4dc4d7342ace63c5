package formatter

import (
	"time"

	"alarmrelay/alert"
)

// toTheSecond is a time with its seconds, and with its date where it is of another day than the news.
func (t teller) toTheSecond(at time.Time) text {
	const sameDay = 12 * time.Hour
	switch {
	case !isSet(at):
		return say(plain("–"))
	case isSet(t.arrived) && t.arrived.Sub(at).Abs() > sameDay:
		return say(span{face: faceDay, at: at}, plain(" "), span{face: faceSecond, at: at})
	}
	return say(span{face: faceSecond, at: at})
}

// shortened returns the first and the last of some steps, and nil for those between that are left out.
func shortened(steps []Step, most int) []*Step {
	var short []*Step
	for i := range steps {
		switch skipped := len(steps) - most; {
		case skipped <= 0, i == 0, i > skipped:
			short = append(short, &steps[i])
		case i == 1:
			short = append(short, nil)
		}
	}
	return short
}

const maxCourseSteps = 5

// course is everything that an alarm went through and this card tells, oldest first; nothing where it is only one change.
func (t teller) course(it *Item) text {
	steps := stepsBefore(it.Trail, Step{it.State, it.ChangedAt})
	if len(steps) == 0 {
		return nil
	}
	steps = append(steps, Step{it.State, it.ChangedAt})
	if it.Later != nil {
		steps = append(steps, *it.Later)
	}
	var s text
	switch {
	case firesIn(steps) < it.Fires: // what came first is forgotten
		s = say(plain(ellipsis + " → "))
	case len(steps) > maxCourseSteps:
		s = say(plain(t.Changes(len(steps)) + ": "))
	}
	for i, step := range shortened(steps, maxCourseSteps) {
		if i > 0 {
			s = s.with(plain(" → "))
		}
		if step == nil {
			s = s.with(plain(ellipsis))
			continue
		}
		s = append(s.with(plain(t.stateName(step.State)+" ")), t.toTheSecond(step.At)...)
	}
	return s
}

// firesIn counts how often an alarm comes into ALARM in some steps.
func firesIn(steps []Step) (n int) {
	for i, step := range steps {
		if step.State == alert.StateAlarm && (i == 0 || steps[i-1].State != alert.StateAlarm) {
			n++
		}
	}
	return n
}

// stateName is a state alone, whatever came before it.
func (t teller) stateName(s alert.State) string {
	switch s {
	case alert.StateAlarm:
		return t.Alarm
	case alert.StateOK:
		return t.OK
	case alert.StateInsufficientData:
		return t.NoData
	}
	return oneLine(string(s))
}

// firedIn returns when the trouble began that the end of a trail is still in: the oldest ALARM after its last OK.
func firedIn(trail []Step) (at time.Time) {
	for i := len(trail) - 1; i >= 0 && trail[i].State != alert.StateOK; i-- {
		if trail[i].State == alert.StateAlarm && isSet(trail[i].At) {
			at = trail[i].At
		}
	}
	return at
}

// overtaken turns the card of an alarm's change into that of an alarm that has become something else since: it
// looks like what the alarm is now, says what it was, and wakes nobody.
func (t teller) overtaken(it *Item, c card) card {
	a := &it.Alert
	now := *a
	now.State, now.Previous, now.ChangedAt = it.Later.State, a.State, it.Later.At
	c.tone = toneOf(&now)
	c.head = c.tone.emoji() + " " + t.stateWord(&now)
	c.title = c.head + " " + c.name
	c.summary = c.title
	c.quiet, c.alarm = true, false
	c.fields = nil
	if where := t.where(a); where != "" {
		c.fields = []field{t.field("Where", plain(where))}
	}
	c.body = paragraphs(t.Overtaken(t.passage(it)), t.course(it), t.why(it), t.remarks(it))
	return c
}

// passage is one state of an alarm and the one that has taken its place.
type passage struct {
	was, is         alert.State
	wasName, isName string
	at, since       text
	lasted          string // how long the ALARM took that is over; empty where that is not known
}

func (t teller) passage(it *Item) passage {
	p := passage{
		was: it.State, is: it.Later.State, wasName: t.stateName(it.State), isName: t.stateName(it.Later.State),
		at: t.toTheSecond(it.ChangedAt), since: t.toTheSecond(it.Later.At),
	}
	fired := it.ChangedAt
	if isSet(it.Since) && it.Since.Before(fired) {
		fired = it.Since
	}
	if took := it.Later.At.Sub(fired); p.was == alert.StateAlarm && p.is == alert.StateOK && isSet(fired) && took >= time.Second {
		p.lasted = t.duration(took)
	}
	return p
}
