package traffic

import (
	"slices"
	"time"

	"alarmrelay/alert"
)

// herd is how many alarms fire and recover together.
const herd = 50

// alarms has the alarms from a number on live, and returns how many those were.
func (d *day) alarms(number int) int {
	route := d.Routes[d.Rand.IntN(len(d.Routes))]
	switch left := d.Alarms - number; {
	case number%200 == 100 && left >= herd:
		d.herd(route, number)
		return herd
	case number%40 == 37 && left >= 3:
		d.family(route, number)
		return 3
	}
	d.single(route, number)
	return 1
}

// story is how an alarm goes on.
type story struct {
	states []alert.State
	slow   bool // it fires anew when the trouble before is forgotten
	rush   bool // all of it reaches the queue together
}

const (
	fires  = alert.StateAlarm
	fine   = alert.StateOK
	unseen = alert.StateInsufficientData
)

var stories = []story{
	{states: []alert.State{fires}},
	{states: []alert.State{fires, fine}},
	{states: []alert.State{fires, fine}},
	{states: []alert.State{fires, fine, fires}},
	{states: []alert.State{unseen, fine}},
	{states: []alert.State{fires, unseen, fine}},
	{states: []alert.State{fires, fine, fires, fine, fires, fine}},
	{states: []alert.State{fires, fine, fires, fine}, slow: true},
	{states: []alert.State{fires, fine, fires, fine, fires, fine, fires, fine}, rush: true},
}

// step is one change of an alarm, and how late it is.
type step struct {
	state   alert.State
	at      time.Time
	arrives time.Duration // after the start; 0 for the usual way
}

// Step is one change of an alarm: what it becomes, when, and when that reaches the queue, both from the start. A step that arrives
// at 0 does so at once.
type Step struct {
	State       alert.State
	At, Arrives time.Duration
}

// Incident returns what an alarm sends that changes step by step, from a start on. It is a composite alarm where it has children, which
// are alarms of the same route, by their numbers.
func Incident(start time.Time, route Route, number int, children []int, steps ...Step) []Parcel {
	d := day{Options: Options{Start: start}, plain: true}
	a := newAlarm(route.Name, number)
	for _, n := range children {
		a.children = append(a.children, newAlarm(route.Name, n))
	}
	var course []step
	for _, s := range steps {
		course = append(course, step{s.State, start.Add(s.At), max(s.At, s.Arrives, 1)})
	}
	d.live(a, route, course)
	return d.parcels
}

// single has one alarm live alone.
func (d *day) single(route Route, number int) {
	s := stories[d.Rand.IntN(len(stories))]
	begins := d.Start.Add(d.begins())
	course := d.course(s, begins)
	for !isDistinct(course) {
		course = d.course(s, begins)
	}
	d.delay(s, course)
	d.live(newAlarm(route.Name, number), route, course)
}

// course draws when a story's changes happen.
func (d *day) course(s story, at time.Time) (course []step) {
	// At times two changes are of the same moment. Their old states tell the order, unless each is the other's.
	sameMoment := len(s.states) > 1 && s.states[1] != fine && d.Rand.IntN(4) == 0
	for turn, state := range s.states {
		switch {
		case turn == 0, turn == 1 && sameMoment:
		case s.rush:
			at = at.Add(time.Second + d.upTo(rushes))
		case s.slow && turn == 2:
			at = at.Add(d.Flap + time.Second + d.upTo(d.Gap))
		case turn == 1 && d.Long > 0 && d.Rand.IntN(30) == 0:
			at = at.Add(d.Long)
		default:
			at = at.Add(time.Second + d.upTo(d.Gap))
		}
		at = at.Truncate(time.Millisecond)
		course = append(course, step{state: state, at: at})
	}
	return course
}

// rushes is the longest time between two changes of an alarm that reach the queue together.
const rushes = 10 * time.Second

// isDistinct reports whether no two troubles of an alarm, from any ALARM to any later recovery, take as long in words: a short line tells
// nothing else of which it is about.
func isDistinct(course []step) bool {
	seen := map[time.Duration]bool{}
	for i, fired := range course {
		for _, over := range course[i:] {
			if fired.state != fires || over.state != fine {
				continue
			}
			took := over.at.Sub(fired.at).Truncate(time.Second)
			if took >= 5*time.Minute {
				took = took.Truncate(time.Minute)
			}
			if seen[took] {
				return false
			}
			seen[took] = true
		}
	}
	return true
}

// delay has a rush reach the queue together, and at times a first change long after the second.
func (d *day) delay(s story, course []step) {
	switch {
	case s.rush:
		together := course[len(course)-1].at.Sub(d.Start) + d.upTo(d.Drift)
		for i := range course {
			course[i].arrives = together
		}
	case len(course) > 1 && d.Rand.IntN(8) == 0:
		course[0].arrives = course[1].at.Sub(d.Start) + d.upTo(d.Gap)
	}
}

// herd has many alarms fire within seconds, and recover at once.
func (d *day) herd(route Route, number int) {
	begins := d.Start.Add(d.upTo(d.Span))
	over := begins.Add(10*time.Second + d.Gap/2)
	together := over.Sub(d.Start) + time.Second + d.upTo(d.Drift)
	for n := range herd {
		d.live(newAlarm(route.Name, number+n), route, []step{
			{state: fires, at: begins.Add(d.upTo(3 * time.Second)).Truncate(time.Millisecond)},
			{state: fine, at: over.Add(d.upTo(time.Second)).Truncate(time.Millisecond), arrives: together},
		})
	}
}

// family has two alarms make a composite alarm fire.
func (d *day) family(route Route, number int) {
	at := d.Start.Add(d.upTo(d.Span)).Truncate(time.Millisecond)
	children := []alarm{newAlarm(route.Name, number), newAlarm(route.Name, number+1)}
	parent := newAlarm(route.Name, number+2)
	parent.children = children
	for i := range children {
		children[i].account, children[i].place = parent.account, parent.place // a composite's children lie where it does
		fired := at.Add(time.Duration(i) * time.Second)
		d.live(children[i], route, []step{{state: fires, at: fired}, {state: fine, at: fired.Add(10*time.Second + d.upTo(d.Gap)).Truncate(time.Millisecond)}})
	}
	d.live(parent, route, []step{{state: fires, at: at.Add(2 * time.Second)}, {state: fine, at: at.Add(12*time.Second + d.Gap)}})
}

// live sends what becomes of an alarm.
func (d *day) live(a alarm, route Route, course []step) {
	previous, since := fine, course[0].at.Add(-time.Hour)
	for turn, s := range course {
		c := &Change{Name: a.name, Key: a.arn(), State: s.state, Previous: previous, At: s.at, Since: since, Turn: turn, To: slices.Clone(route.To)}
		d.send(a, c, s.arrives)
		previous, since = s.state, s.at
	}
}

// begins is when an alarm changes first: at any time, or with others.
func (d *day) begins() time.Duration {
	if d.Bursts == 0 || d.Rand.IntN(2) == 0 {
		return d.upTo(d.Span)
	}
	burst := d.Span / time.Duration(d.Bursts+1) * time.Duration(1+d.Rand.IntN(d.Bursts))
	return burst + d.upTo(3*time.Second)
}

// send puts a change into one envelope or another, and at times into two. What has no time to arrive at does so soon.
func (d *day) send(a alarm, c *Change, at time.Duration) {
	arrives := func() time.Duration {
		if at > 0 {
			return at
		}
		return max(0, c.At.Sub(d.Start)+d.upTo(2*d.Drift)-d.Drift/2)
	}
	d.serial++
	id := uuid(1, d.serial)
	if d.plain {
		d.add(Parcel{After: at, Body: a.notify(c, a.name+c.At.String()), Change: c})
		return
	}
	switch d.Rand.IntN(20) {
	case 0, 1:
		d.add(Parcel{After: arrives(), Body: a.message(c), Change: c}) // raw delivery
	case 2, 3:
		d.add(Parcel{After: arrives(), Body: a.event(c, id), Change: c})
	case 4: // two subscriptions bring the same news
		d.add(Parcel{After: arrives(), Body: a.notify(c, id), Change: c})
		d.add(Parcel{After: arrives(), Body: a.event(c, uuid(2, d.serial)), Change: c})
	default:
		d.add(Parcel{After: arrives(), Body: a.notify(c, id), Change: c})
	}
}
