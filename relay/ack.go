package relay

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// ack carries out an OrderAck: whoever took care of the alarms before, somebody else does now.
func (c *call) ack(o Order, answer *OrderAnswer) error {
	open, err := c.troubles()
	if err != nil {
		return err
	}
	open = slices.DeleteFunc(open, func(t *trouble) bool { return !t.known.Episode.IsOpen() })
	some := matching(open, func(name string) bool { return name == o.Alarm || rule.Matches(o.Alarm, name) })
	if len(some) == 0 {
		answer.Instead = namesOf(open)
		return nil
	}
	by := formatter.Acked{By: strings.TrimSpace(o.By), At: c.Now()}
	at := map[string][]*trouble{}
	for _, t := range some {
		at[t.id.Destination] = append(at[t.id.Destination], t)
	}
	var failed []error
	for _, destination := range slices.Sorted(maps.Keys(at)) {
		acked, err := c.ackAt(destination, at[destination], by)
		answer.Acked = append(answer.Acked, acked...)
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// ackAt notes at a destination who takes care of alarms, also while nothing can be said there, and has their messages show it.
func (c *call) ackAt(destination string, some []*trouble, by formatter.Acked) (acked []AckedAlarm, err error) {
	var ids []incident.ID
	for _, t := range some {
		ids = append(ids, t.id)
	}
	err = c.run(errand{destination: destination, incidents: ids, unsaid: true, do: func(s *session) error {
		for _, t := range some {
			e := s.incidents[t.id].Is.Episode
			if !e.IsOpen() { // it has recovered meanwhile
				continue
			}
			e.Acked = &by
			s.changed[t.id] = true
			acked = append(acked, AckedAlarm{Alarm: t.alert.Name, Destination: destination, Since: t.began()})
		}
		if !s.canSpeak() {
			return nil
		}
		if err := s.retouch(ids, nil); err != nil {
			// It counts all the same, and the next change of the message shows it.
			s.Log.WarnContext(s.work, "message does not show who takes care of it", "destination", destination, "error", err)
			s.fail(nil, err)
		}
		return nil
	}})
	slices.SortStableFunc(acked, func(a, b AckedAlarm) int { return cmp.Compare(a.Alarm, b.Alarm) })
	return acked, err
}

// namesOf are the names of alarms, each once.
func namesOf(all []*trouble) (names []string) {
	for _, t := range all {
		names = append(names, t.alert.Name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return names[:min(len(names), MaxInstead)]
}
