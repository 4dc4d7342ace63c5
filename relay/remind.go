package relay

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// reminder is a trouble that people are reminded of where it is shown.
type reminder struct {
	*trouble
	delivery rule.Delivery
	due      func(*incident.Episode) bool // it is still to be said
	others   []*trouble                   // the same alarm at other destinations
}

// reminders are those of some destinations.
type reminders map[string][]*reminder

func (all reminders) add(one *reminder) {
	all[one.id.Destination] = append(all[one.id.Destination], one)
}

// remind reminds people of what is still in ALARM: in one message, whatever number of alarms that are.
func (r *round) remind() error {
	all := reminders{}
	for _, t := range r.neglected() {
		d, ok := r.deliveryTo(t, &r.mutes)
		due := func(e *incident.Episode) bool {
			remind, _ := incident.Due(e, d.Remind, 0, r.Now())
			return remind
		}
		if ok && due(t.known.Episode) {
			all.add(&reminder{trouble: t, delivery: d, due: due})
		}
	}
	return r.post(all, func(e *incident.Episode) { e.Reminded = r.Now() })
}

// neglected are the troubles that are in ALARM now, as far as anybody knows.
func (r *round) neglected() []*trouble {
	return slices.DeleteFunc(slices.Clone(r.open), func(t *trouble) bool {
		return t.over || t.quiet || !t.known.Episode.IsOpen() || t.known.Episode.State != alert.StateAlarm
	})
}

// post says reminders, destination by destination; said notes what was accepted.
func (r *round) post(all reminders, said func(*incident.Episode)) error {
	var failed []error
	for _, destination := range slices.Sorted(maps.Keys(all)) {
		if !r.mayBegin() {
			return errors.Join(append(failed, errNoTime)...)
		}
		some := all[destination]
		ids := make([]incident.ID, len(some))
		for i, one := range some {
			ids[i] = one.id
		}
		failed = append(failed, r.run(errand{destination: destination, incidents: ids, do: func(s *session) error {
			for _, group := range s.grouped(some) {
				if err := s.remindOf(group, said); err != nil {
					return err
				}
			}
			return nil
		}}))
	}
	return errors.Join(failed...)
}

// grouped puts reminders together that are one message: in one voice, and in one thread where each incident has its own. What
// somebody has taken care of meanwhile is left out.
func (s *session) grouped(some []*reminder) (groups [][]*reminder) {
	place := map[under]int{}
	for _, one := range some {
		e := s.incidents[one.id].Is.Episode
		if !one.due(e) {
			continue
		}
		u := under{voice: one.delivery.Voice}
		if u.voice.Thread == rule.ThreadIncident {
			u.thread = e.Message.Channel
		}
		i, ok := place[u]
		if !ok {
			i = len(groups)
			place[u] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], one)
	}
	return groups
}

// maxLinks is how many reminders, or lines of a summary, lead to their messages: services are asked for each address, and
// more lines than these have no link.
const maxLinks = 10

// remindOf posts one message.
func (s *session) remindOf(group []*reminder, said func(*incident.Episode)) error {
	worstFirst(group)
	style, beneath := s.reminderStyle(group)
	r := formatter.Reminders{Arrived: s.Now()}
	for n, one := range group {
		t := *one.trouble
		t.known = s.incidents[one.id].Is
		open := t.open(one.delivery.Severity)
		if n < maxLinks && !beneath {
			open.Link = s.linkTo(t.message())
		}
		r.Items = append(r.Items, open)
		for _, m := range one.delivery.Mentions {
			if !slices.Contains(r.Mentions, m) {
				r.Mentions = append(r.Mentions, m)
			}
		}
	}
	messages := formatter.RemindersOf(s.service, r, style)
	for i := range messages {
		messages[i].Broadcast = beneath && s.service == formatter.ServiceSlack
	}
	if _, err := s.tellAll(messages); err != nil {
		return err
	}
	for _, one := range group {
		said(s.incidents[one.id].Is.Episode)
		s.changed[one.id] = true
	}
	return nil
}

// reminderStyle is the style of reminders. That of one alarm stands beneath its message where there is such a place.
func (s *session) reminderStyle(group []*reminder) (style formatter.Style, beneath bool) {
	voice := group[0].delivery.Voice
	style = s.Rules.Style(s.name, voice)
	at := s.incidents[group[0].id].Is.Episode.Message
	switch {
	case at == Ref{}:
		return style, false
	case voice.Thread == rule.ThreadIncident:
		style.Thread, style.Opens = at.Channel, false
		return style, true
	case s.service == formatter.ServiceSlack && len(group) == 1:
		style.Thread = at.Message
		return style, true
	}
	return style, false
}

// worstFirst puts the worst first, and of equally bad ones the oldest.
func worstFirst(all []*reminder) {
	slices.SortStableFunc(all, func(a, b *reminder) int {
		return cmp.Or(
			cmp.Compare(b.delivery.Severity.Rank(), a.delivery.Severity.Rank()),
			a.began().Compare(b.began()), strings.Compare(a.alert.Name, b.alert.Name),
		)
	})
}
