package relay

import (
	"errors"

	"alarmrelay/relay/incident"
)

// tellAnew tells entries whose message takes no change any more in a new one.
func (s *session) tellAnew(entries []*entry) error {
	for _, b := range bundled(s.plannedAnew(entries)) {
		if trouble := s.tell(b); trouble != nil {
			return trouble
		}
	}
	return nil
}

// plannedAnew plans again for entries whose message is no more.
func (s *session) plannedAnew(entries []*entry) (anew []*entry) {
	for _, e := range entries {
		s.incidents[e.id].Is.Lose(e.plan.Edit.Message)
		s.changed[e.id] = true
		e.plan = &incident.Plan{}
		if len(e.tellings) > 0 {
			anew = append(anew, s.planned(e.tellings)...)
		}
	}
	return anew
}

// unedited gives up entries whose messages cannot be written anew, because of a bug.
func (s *session) unedited(entries []*entry) {
	for _, e := range entries {
		if e.plan != nil && e.plan.Edit != nil {
			s.end(e.tellings, hopeless, errPanic)
		}
	}
}

// patienceWithOld is how often what belongs into an old message waits for that before it is told in a new one.
const patienceWithOld = 3

func isOldMessage(err error) bool {
	limit := (*LimitError)(nil)
	return errors.As(err, &limit) && limit.Message
}

// waitForOldMessage puts off a change of a message that was changed too often of late: nothing else has to wait for that. What nobody
// would bring back, and what has waited already, is told in a new message.
func (s *session) waitForOldMessage(r request, err error) error {
	limit := (*LimitError)(nil)
	errors.As(err, &limit)
	var anew []*entry
	for _, e := range r.entries {
		switch {
		case len(e.tellings) == 0:
			continue // the next that comes shows it
		case e.plan.Post != nil: // what is new does not wait for what is old to be closed
			e.plan.Known.Leave(e.plan.Edit, e.plan.Known.Alert)
			continue
		}
		if p := e.tellings[0].piece; !p.comesBack() || p.receives() > patienceWithOld {
			anew = append(anew, e)
			continue
		}
		for _, t := range e.tellings {
			t.postpone(s.Now().Add(limit.RetryAfter), err)
		}
	}
	s.destination.Is.LastTrouble = s.Now()
	return s.tellBeside(anew)
}

// tellBeside tells entries in a new message whose old one is to show it later.
func (s *session) tellBeside(entries []*entry) error {
	left := map[incident.ID]incident.Behind{}
	for _, e := range entries {
		known := e.plan.Known
		for _, t := range e.tellings {
			if e.plan.Post == nil { // else it is news of another trouble
				known.Keep(t.alert)
			}
		}
		left[e.id] = incident.Behind{Episode: *e.plan.Edit, Alert: known.Alert}
	}
	err := s.tellAnew(entries)
	for id, b := range left {
		s.incidents[id].Is.Leave(&b.Episode, b.Alert)
	}
	return err
}
