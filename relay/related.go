package relay

import (
	"slices"
	"strings"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// maxChildren is how many of a composite alarm's children are linked, which is more than a card lists.
const maxChildren = 20

// childIDs are the incidents of the alarms that made a composite alarm fire, told in the same way as that one.
func (s *session) childIDs(of incident.ID, a *alert.Alert) (ids []incident.ID) {
	if !s.canEdit || a.Composite == nil {
		return nil
	}
	_, instead, ok := strings.Cut(of.Key, insteadOf(""))
	for _, child := range a.Composite.Children {
		if child.ARN == "" || child.State != alert.StateAlarm || len(ids) == maxChildren {
			continue
		}
		id := incident.ID{Destination: s.name, Key: child.ARN}
		if ok {
			id.Key += insteadOf(instead)
		}
		ids = append(ids, id)
	}
	return ids
}

// readBeside reads incidents that stand beside what the session is about, as far as it does not know them.
func (s *session) readBeside(ids []incident.ID) error {
	ids = slices.DeleteFunc(ids, func(id incident.ID) bool { return s.incidentAt(id) != nil })
	if len(ids) == 0 {
		return nil
	}
	items, err := s.Store.Read(s.work, ids...)
	if err != nil {
		return err
	}
	if s.beside == nil {
		s.beside = map[incident.ID]*incident.Incident{}
	}
	for _, item := range items {
		i, err := incident.Read[incident.Incident](item)
		if err != nil {
			return err
		}
		s.beside[item.ID] = &i.Is
	}
	return nil
}

// lookBeside reads the incidents whose cards share messages with those that change.
func (s *session) lookBeside(at []Ref) error {
	var ids []incident.ID
	for _, ref := range at {
		if m := s.posts[ref.Place()]; m != nil {
			for _, c := range m.Is.Cards {
				ids = append(ids, incident.ID{Destination: s.name, Key: c.Key})
			}
		}
	}
	return s.readBeside(ids)
}

// incidentAt returns what is known of an incident, and nil where it was not read.
func (s *session) incidentAt(id incident.ID) *incident.Incident {
	if i := s.incidents[id]; i != nil {
		return &i.Is
	}
	return s.beside[id]
}

// related links a card with the messages about the same trouble: of the composite alarm that it made fire, or of the children that made
// it fire.
func (s *session) related(id incident.ID, a *alert.Alert, known *incident.Incident) (all []formatter.Related) {
	if !s.canEdit {
		return nil
	}
	if p := known.Parent; p != nil {
		all = append(all, formatter.Related{Name: p.Name, State: alert.StateAlarm, Link: s.linkTo(p.Message), Parent: true})
	}
	for _, child := range s.childIDs(id, a) {
		i := s.incidentAt(child)
		if i == nil || !i.Episode.IsOpen() || i.Episode.Message == (Ref{}) {
			continue
		}
		all = append(all, formatter.Related{Name: nameOf(a.Composite, child.Key), State: i.Episode.State, Link: s.linkTo(i.Episode.Message)})
	}
	return all
}

func nameOf(c *alert.Composite, key string) string {
	for _, child := range c.Children {
		if strings.HasPrefix(key, child.ARN) {
			return child.Name
		}
	}
	return ""
}

func (s *session) linkTo(at Ref) string {
	if at.Message == "" {
		return ""
	}
	return s.channel.Link(s.work, at)
}

// relate has the children of a composite alarm that was told name it: those that are shown already are changed when everybody has been
// told.
func (s *session) relate(e *entry) {
	if len(e.tellings) == 0 || e.item.State != alert.StateAlarm {
		return
	}
	for _, id := range s.childIDs(e.id, &e.item.Alert) {
		child := s.incidents[id]
		if child == nil || child.Is.Episode == nil {
			continue
		}
		child.Is.Parent = &incident.Parent{Key: e.id.Key, Name: e.item.Name, Message: s.incidents[e.id].Is.Episode.Message}
		s.changed[id] = true
		if child.Is.Episode.IsOpen() && child.Is.Episode.Message != (Ref{}) {
			s.later(s.name, id, nil)
		}
	}
}

// deliveryOf is how the rules want an alarm to be told here that was told before.
func (s *session) deliveryOf(a *alert.Alert) (d rule.Delivery, ok bool) {
	routing := s.Rules.Route(a, s.Now())
	for _, d := range routing.Deliveries {
		if d.Destination == s.name {
			return d, true
		}
	}
	for _, h := range routing.Held {
		if h.Destination == s.name {
			return h.Delivery, true
		}
	}
	if len(routing.Deliveries) > 0 { // told here instead of there
		return routing.Deliveries[0], true
	}
	return rule.Delivery{}, false
}
