package relay

import (
	"cmp"
	"slices"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

// planned decides what becomes of an alarm's changes: its message is changed, a new one is posted, or what is old news by now is
// told as such.
func (s *session) planned(group []*telling) (entries []*entry) {
	group = inOrder(group)
	id := group[0].id()
	known := s.incidents[id].Is
	plan := incident.Decide(known, alertsOf(group), s.manners(group), s.Now())
	if late, rest := partLate(group, plan.Late); len(late) > 0 {
		if group = rest; len(group) > 0 {
			// They left no trace in the plan but that they were heard of, and that they are told is to be seen yet.
			plan = incident.Decide(known, alertsOf(group), s.manners(group), s.Now())
		}
		if entries = append(entries, s.oldNews(late, plan.Known.Newest)); len(group) == 0 {
			return entries
		}
	}
	if group = s.hold(id, group, plan.Held); len(group) == 0 {
		return entries
	}
	e := s.entry(group)
	e.id, e.plan = id, &plan
	s.depict(e, &known)
	return append(entries, e)
}

func alertsOf(group []*telling) (alerts []*alert.Alert) {
	for _, t := range group {
		alerts = append(alerts, t.alert)
	}
	return alerts
}

func partLate(group []*telling, old []*alert.Alert) (late, rest []*telling) {
	for _, t := range group {
		if slices.Contains(old, t.alert) {
			late = append(late, t)
			continue
		}
		rest = append(rest, t)
	}
	return late, rest
}

// manners are how the rule that decided last wants the alarm to be told. Where it wants nothing to be posted, what came with it is told
// without a line.
func (s *session) manners(group []*telling) incident.Manners {
	newest := group[len(group)-1]
	m := incident.Manners{
		Edits: s.canEdit && !s.blind, Muted: true, Flap: s.Rules.Incidents.Flap, RepeatPing: s.Rules.Incidents.RepeatPing,
		Recovery: incident.Recovery(newest.delivery.Recovery),
	}
	for _, t := range group {
		m.Muted = m.Muted && t.held != ""
	}
	m.Lines = newest.held == follows && !newest.ordered
	if newest.held != "" && !m.Lines {
		m.Recovery = incident.RecoveryEdit
	}
	return m
}

// hold ends what is not told, keeps in mind what a mute holds back, and returns the rest.
func (s *session) hold(id incident.ID, group []*telling, held []*alert.Alert) (rest []*telling) {
	var kept []*alert.Alert
	for _, t := range group {
		if !slices.Contains(held, t.alert) {
			rest = append(rest, t)
			continue
		}
		t.end(silent, nil)
		if t.held == muted {
			kept = append(kept, t.alert)
		}
	}
	if len(kept) > 0 {
		s.incidents[id].Is.Hold(kept)
		s.changed[id] = true
	}
	return rest
}

// oldNews tells changes of which people know what came after them.
func (s *session) oldNews(group []*telling, newest incident.Change) *entry {
	e := s.entry(group)
	for _, t := range group[:len(group)-1] {
		e.item.Trail = append(e.item.Trail, formatter.Step{State: t.alert.State, At: t.alert.ChangedAt})
	}
	e.late, e.item.Mentions = true, nil
	e.item.Later = &formatter.Step{State: newest.State, At: newest.At}
	return e
}

// depict gives an entry's card what the plan says of the trouble.
func (s *session) depict(e *entry, known *incident.Incident) {
	plan := e.plan
	e.mention()
	shown := cmp.Or(plan.Post, plan.Edit)
	if shown == nil {
		return
	}
	before := known.Episode
	e.short = plan.Post != nil && plan.Edit == nil && before != nil && before.Began.Equal(shown.Began) &&
		shown.Fires > 0 && shown.State == alert.StateOK && before.State != alert.StateOK
	show(&e.item, shown)
	if plan.Post != nil && shown.State == alert.StateAlarm && shown.Fires == 1 && known.IsOpen() && shown.Began.After(known.Newest.At) {
		e.item.Unseen = known.Newest.At
	}
	e.item.Related = s.related(e.id, &e.item.Alert, known)
}

// show puts what an episode tells onto a card.
func show(it *formatter.Item, e *incident.Episode) {
	it.Trail, it.Fires, it.Closed, it.Acked = slices.Clone(e.Trail), e.Fires, e.Unseen, e.Acked
	if e.Fires > 0 && (e.State == alert.StateOK || e.Fires > 1) {
		it.Since = e.Began
	}
}

// mention pings everybody whom one of the changes would have pinged, where the plan says so. Whom a rule wants to hear of
// other states is pinged with the newest.
func (e *entry) mention() {
	newest := e.tellings[len(e.tellings)-1]
	e.item.Mentions = nil
	if newest.held == "" && newest.alert.State != alert.StateAlarm {
		e.item.Mentions = newest.delivery.Mentions
	}
	if !e.plan.Ping {
		return
	}
	for _, t := range e.tellings {
		for _, m := range t.delivery.Mentions {
			if t.held == "" && !slices.Contains(e.item.Mentions, m) {
				e.item.Mentions = append(slices.Clip(e.item.Mentions), m)
			}
		}
	}
}

// inOrder puts one alarm's changes in their order.
func inOrder(group []*telling) []*telling {
	of := make(map[*alert.Alert]*telling, len(group))
	alerts := make([]*alert.Alert, len(group))
	for i, t := range group {
		alerts[i], of[t.alert] = t.alert, t
	}
	for i, a := range incident.InOrder(alerts) {
		group[i] = of[a]
	}
	return group
}
