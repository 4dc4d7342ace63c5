package relay

import (
	"fmt"
	"slices"
	"time"

	"alarmrelay/relay/incident"
)

// save writes the outcomes and the lines of digests.
func (s *session) save(now time.Time) error {
	items := slices.Clone(s.pages)
	for id := range s.changed {
		i := s.incidents[id]
		i.Open = i.Is.IsOpen()
		items = append(items, i.Packed(now.Add(incident.Keep)))
	}
	if len(items) == 0 {
		return nil
	}
	stale, err := s.Store.Write(s.saving, items...)
	if err == nil && len(stale) > 0 {
		err = s.saveAgain(items, stale)
	}
	return err
}

func (s *session) notRemembered(why error) {
	s.Log.ErrorContext(s.saving, "not remembered", "destination", s.name, "error", why)
	s.mu.Lock()
	s.dark[s.name] = true
	s.mu.Unlock()
}

// saveAgain adds our outcomes to incidents that somebody changed in spite of our lease, which
// takes an instance that stood still for longer than its invocation lasts.
func (s *session) saveAgain(items []*incident.Item, stale []int) error {
	for _, n := range stale {
		if _, ours := s.incidents[items[n].ID]; !ours {
			s.Log.WarnContext(s.saving, "lines of a digest not saved", "destination", s.name)
			continue
		}
		if err := s.merge(items[n].ID); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) merge(id incident.ID) error {
	for range 3 {
		items, err := s.Store.Read(s.saving, id)
		if err != nil {
			return err
		}
		there, err := incident.Read[incident.Incident](items[0])
		if err != nil {
			return err
		}
		there.Is.Merge(s.incidents[id].Is)
		there.Open = there.Is.IsOpen()
		stale, err := s.Store.Write(s.saving, there.Packed(s.Now().Add(incident.Keep)))
		if err != nil || len(stale) == 0 {
			return err
		}
	}
	return fmt.Errorf("%s at %s changes faster than it can be saved", id.Key, id.Destination)
}
