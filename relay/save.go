package relay

import (
	"errors"
	"fmt"
	"time"

	"alarmrelay/relay/incident"
)

// save writes the outcomes, and before them what messages show that show several alarms: who finds an outcome, as the other invocations
// do when this one is killed in between, finds that, too.
func (s *session) save(now time.Time) error {
	var items, before []*incident.Item
	for _, m := range s.posts {
		some := m.unsaved(now.Add(incident.Keep))
		if m != nil && (m.Is.Digest != nil || len(m.Is.Cards) > 1) {
			before = append(before, some...)
			continue
		}
		items = append(items, some...)
	}
	failed := s.write(before)
	for id := range s.changed {
		i := s.incidents[id]
		i.Open = i.Is.IsListed()
		items = append(items, i.Packed(now.Add(incident.Keep)))
	}
	if s.countRest() {
		items = append(items, s.tallied(now))
	}
	return errors.Join(failed, s.write(items))
}

func (s *session) write(items []*incident.Item) error {
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
		if items[n].ID == s.tally.ID {
			continue // counts that nobody misses
		}
		if _, ours := s.incidents[items[n].ID]; !ours {
			s.Log.WarnContext(s.saving, "what a message shows not saved", "destination", s.name)
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
		there.Open = there.Is.IsListed()
		stale, err := s.Store.Write(s.saving, there.Packed(s.Now().Add(incident.Keep)))
		if err != nil || len(stale) == 0 {
			return err
		}
	}
	return fmt.Errorf("%s at %s changes faster than it can be saved", id.Key, id.Destination)
}
