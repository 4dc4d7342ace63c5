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

// maxCaughtUp is how many messages a tick brings up to date at a destination: others wait meanwhile, and Discord takes five edits in two
// seconds.
const maxCaughtUp = 10

// catchUp changes what it may of the messages of incidents that are behind, each once. What it returns is the trouble that the service
// is in.
func (s *session) catchUp(ids []incident.ID) (trouble error) {
	var entries []*entry
	for _, id := range ids {
		for _, b := range s.incidents[id].Is.Behind {
			if e, over := s.overtaken(id, &b); e != nil {
				entries = append(entries, e)
			} else if over {
				s.caughtUp(id, b.Episode.Message)
			}
		}
	}
	requests, _ := s.edits(entries) // none where it is not known now what a message shows
	for _, r := range requests[:min(len(requests), maxCaughtUp)] {
		if !s.mayBegin() {
			return nil
		}
		at, err := s.send(r)
		switch {
		case err == nil:
			s.destination.Is.Works()
			s.notePost(r, at)
		case isOldMessage(err):
			return nil // the limit is on all of them
		case cannotBeEdited(err):
			s.Log.WarnContext(s.work, "message left as it is", "destination", s.name, "error", err)
		default:
			return err
		}
		for _, e := range r.entries {
			s.caughtUp(e.id, *r.edit)
		}
	}
	return nil
}

// caughtUp notes that nothing more is to be done about an old message of an incident.
func (s *session) caughtUp(id incident.ID, at Ref) {
	s.incidents[id].Is.CaughtUp(at)
	s.changed[id] = true
}

// overtaken is an entry that has an old message show what became of a trouble; nil while that goes on in another message, and where there
// is nothing to be done any more, which is over.
func (s *session) overtaken(id incident.ID, b *incident.Behind) (e *entry, over bool) {
	i := &s.incidents[id].Is
	if i.Episode != nil && i.Episode.Message.Place() == b.Episode.Message.Place() {
		return nil, true // it shows what came later
	}
	if !i.Overtakes(b) {
		return nil, false
	}
	a, err := b.Alert.Unpack()
	if err != nil {
		return nil, true // nothing could be shown of it, now or later
	}
	d, _ := s.deliveryOf(a)
	return &entry{id: id, plan: &incident.Plan{Edit: &b.Episode, Known: *i}, item: s.itemOf(a), voice: d.Voice, newest: b.Alert}, false
}
