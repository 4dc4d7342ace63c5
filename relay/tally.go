package relay

import (
	"errors"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay/incident"
)

// keepTally is for how long a tally is kept after something was counted: it counts a day.
const keepTally = 48 * time.Hour

// countTold counts a telling for the daily summary. An alarm that several destinations are told counts at one of them.
func (s *session) countTold(e *entry, t *telling) {
	s.happened.Delivered++
	if !t.tallied || e.plan == nil || e.late {
		return
	}
	episode := s.incidents[e.id].Is.Episode
	switch a := t.alert; {
	case a.State == alert.StateAlarm && a.Previous != alert.StateAlarm:
		s.happened.Fired = append(s.happened.Fired, a.Name)
	case a.State == alert.StateOK && a.Previous != alert.StateOK && episode != nil && episode.Fires > 0:
		s.happened.Recovered++
	}
}

// countRest counts what was not told. It reports whether there is anything to save.
func (s *session) countRest() bool {
	for _, t := range s.tellings {
		switch {
		case t.same != nil: // who tells it counts it
		case t.fate == known && t.piece.message != nil && t.piece.receives() == 1: // not brought back by ourselves
			s.happened.Duplicates++
		case t.fate == buried:
			s.happened.Failed++
			s.happened.DeadLettered++
		case t.fate == hopeless, t.fate == dead, t.fate == postponed && wasTried(t.why):
			s.happened.Failed++
		}
	}
	h := &s.happened
	return len(h.Fired)+h.Recovered+h.Delivered+h.Failed+h.DeadLettered+h.Duplicates > 0
}

// wasTried reports whether something waits because telling it failed.
func wasTried(why error) bool {
	for _, ours := range [...]error{errBusy, errTrouble, errStorm, errFlood, errNoTime} {
		if errors.Is(why, ours) {
			return false
		}
	}
	return true
}

// tallied is the tally with what happened in this session, to be saved.
func (s *session) tallied(now time.Time) *incident.Item {
	s.tally.Is.Add(now, s.happened)
	s.happened = incident.Happened{}
	return s.tally.Packed(now.Add(keepTally))
}

// saveDuplicates counts what only came again, and for which nobody took the lease. It is no loss where that fails.
func (s *session) saveDuplicates() {
	if s.blind || s.work.Err() != nil || !s.countRest() {
		return
	}
	if _, err := s.Store.Write(s.saving, s.tallied(s.Now())); err != nil {
		s.Log.WarnContext(s.saving, "duplicates not counted", "destination", s.name, "error", err)
	}
}
