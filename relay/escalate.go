package relay

import (
	"errors"
	"maps"
	"slices"

	"alarmrelay/alert"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// neglect is a trouble that nobody has taken care of for so long that others are to know.
type neglect struct {
	*trouble
	tellings []*telling // to those who don't know of the alarm
}

// escalate tells those whom an alarm escalates to that nobody has taken care of it. Who sees it already is reminded of it, and those who
// are mentioned on this occasion are.
func (r *round) escalate() error {
	var due []*neglect
	var tellings []*telling
	again := reminders{}
	for _, t := range r.neglected() {
		d, ok := r.deliveryTo(t, &r.mutes)
		if !ok || d.Escalate == nil {
			continue
		}
		if _, escalates := incident.Due(t.known.Episode, nil, d.Escalate.After, r.Now()); !escalates {
			continue
		}
		n := &neglect{trouble: t}
		for _, next := range r.Rules.Escalated(d) {
			if shown := r.shownAt(next.Destination, t.alert); shown != nil {
				again.add(&reminder{trouble: shown, delivery: next, due: isUnattended})
				continue
			}
			n.tellings = append(n.tellings, r.escalated(t, next))
		}
		due, tellings = append(due, n), append(tellings, n.tellings...)
	}
	r.say(tellings)
	failed := r.post(again.once(), func(*incident.Episode) {})
	if failed != nil {
		due = slices.DeleteFunc(due, func(n *neglect) bool { return len(n.tellings) == 0 })
	}
	return errors.Join(failed, r.noteEscalated(due))
}

func isUnattended(e *incident.Episode) bool {
	return e.IsOpen() && e.State == alert.StateAlarm && e.Acked == nil
}

// shownAt is the trouble of an alarm as a destination shows it; nil where people there don't know of it.
func (r *round) shownAt(destination string, a *alert.Alert) *trouble {
	id := incident.IDOf(destination, a)
	i := slices.IndexFunc(r.open, func(t *trouble) bool { return t.id == id && t.known.Episode.IsOpen() })
	if i < 0 {
		return nil
	}
	return r.open[i]
}

func (r *round) escalated(t *trouble, to rule.Delivery) *telling {
	one := newTelling(&piece{ticked: true}, t.alert, to)
	one.escalated = r.Now().Sub(t.known.Episode.Neglected())
	return one
}

// once leaves out what is named twice, because several destinations escalate to the same one.
func (all reminders) once() reminders {
	distinct := reminders{}
	for destination, some := range all {
		for _, one := range some {
			if !slices.ContainsFunc(distinct[destination], func(other *reminder) bool { return other.id == one.id }) {
				distinct.add(one)
			}
		}
	}
	return distinct
}

// noteEscalated notes what has escalated: all those who are to know were told.
func (r *round) noteEscalated(due []*neglect) error {
	ids := map[string][]incident.ID{}
	for _, n := range due {
		if !slices.ContainsFunc(n.tellings, func(t *telling) bool { return !t.isDone() }) {
			ids[n.id.Destination] = append(ids[n.id.Destination], n.id)
		}
	}
	var failed []error
	for _, destination := range slices.Sorted(maps.Keys(ids)) {
		some := ids[destination]
		failed = append(failed, r.run(errand{destination: destination, incidents: some, unsaid: true, do: func(s *session) error {
			for _, id := range some {
				if e := s.incidents[id].Is.Episode; e.IsOpen() {
					e.Escalated, s.changed[id] = true, true
				}
			}
			return nil
		}}))
	}
	return errors.Join(failed...)
}
