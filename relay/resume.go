package relay

import (
	"errors"
	"maps"
	"slices"

	"alarmrelay/alert"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// resume tells what a mute kept from being told, once that is over. What CloudWatch says is over itself, or what the rules tell nobody
// any more, is forgotten.
func (r *round) resume(some []*trouble) error {
	var tellings []*telling
	stale := map[string][]incident.ID{}
	for _, t := range some {
		if t.known.Held == nil {
			continue
		}
		switch one := r.resumed(t); {
		case one == nil:
			stale[t.id.Destination] = append(stale[t.id.Destination], t.id)
		case one.held == "":
			tellings = append(tellings, one)
		}
	}
	r.say(tellings)
	return r.forget(stale)
}

// resumed is how what is held back is told now: held by a mute that lasts, or not at all where it is nil.
func (r *round) resumed(t *trouble) *telling {
	a, err := t.known.Held.Alert.Unpack()
	if err != nil {
		return nil
	}
	now, asked := r.aws.of(a)
	if asked && now.State != alert.StateAlarm {
		return nil
	}
	a.AfterMute = true
	one := r.tellingAt(t, a)
	if one == nil || one.held == ignored || one.held == follows {
		return nil
	}
	if _, ordered := r.mutes.Active(r.Now(), a.Name, rule.Matches); ordered || now.quiet != "" {
		one.held = muted
	}
	return one
}

// forget drops what was held back and is not to be told any more.
func (r *round) forget(stale map[string][]incident.ID) error {
	var failed []error
	for _, destination := range slices.Sorted(maps.Keys(stale)) {
		ids := stale[destination]
		failed = append(failed, r.run(errand{destination: destination, incidents: ids, unsaid: true, do: func(s *session) error {
			for _, id := range ids {
				s.incidents[id].Is.Held = nil
				s.changed[id] = true
			}
			return nil
		}}))
	}
	return errors.Join(failed...)
}
