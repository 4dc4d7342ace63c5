package relay

import (
	"errors"
	"maps"
	"slices"

	"alarmrelay/relay/incident"
)

// behind are the incidents that have messages which took no change when it came, by destination.
func behind(all []*trouble) map[string][]incident.ID {
	ids := map[string][]incident.ID{}
	for _, t := range all {
		if len(t.known.Behind) > 0 {
			ids[t.id.Destination] = append(ids[t.id.Destination], t.id)
		}
	}
	return ids
}

// catchUp changes the messages that took no change when it came.
func (r *round) catchUp() error {
	var failed []error
	for _, destination := range slices.Sorted(maps.Keys(r.behind)) {
		if !r.mayBegin() {
			return errors.Join(append(failed, errNoTime)...)
		}
		ids := r.behind[destination]
		failed = append(failed, r.run(errand{destination: destination, incidents: ids, do: func(s *session) error { return s.catchUp(ids) }}))
	}
	return errors.Join(failed...)
}

// catchUp changes what it may of the messages of incidents that are behind. What it returns is the trouble that the service is in.
func (s *session) catchUp(ids []incident.ID) (trouble error) {
	for _, id := range ids {
		for _, b := range s.incidents[id].Is.Behind {
			if !s.mayBegin() {
				return nil
			}
			done, err := s.bringUp(id, b)
			if isOldMessage(err) {
				return nil // the limit is on all of them
			}
			if err != nil {
				return err
			}
			if done {
				s.incidents[id].Is.CaughtUp(b.Episode.Message)
				s.changed[id] = true
			}
		}
	}
	return nil
}

// bringUp has a message show what became of a trouble. It is done also where that can't be any more.
func (s *session) bringUp(id incident.ID, b incident.Behind) (done bool, trouble error) {
	i := &s.incidents[id].Is
	if i.Episode != nil && i.Episode.Message.Place() == b.Episode.Message.Place() {
		return true, nil // it shows what came later
	}
	if !i.Overtakes(&b) {
		return false, nil // another message shows what it is; this one shows it when it is over
	}
	a, err := b.Alert.Unpack()
	if err != nil {
		return true, nil // nothing could be shown of it, now or later
	}
	d, _ := s.deliveryOf(a)
	e := &entry{id: id, plan: &incident.Plan{Edit: &b.Episode, Known: *i}, item: s.itemOf(a), voice: d.Voice, newest: b.Alert}
	requests, _ := s.edits([]*entry{e})
	for _, r := range requests { // none where it is not known now what the message shows
		at, err := s.send(r)
		switch {
		case err == nil:
			s.destination.Is.Works()
			s.notePost(r, at)
		case !cannotBeEdited(err):
			return false, err
		}
		done = true
	}
	return done, nil
}
