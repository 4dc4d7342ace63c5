package relay

import (
	"errors"
	"maps"
	"slices"
	"time"

	"alarmrelay/relay/incident"
)

// renewing is how long before the store forgets it an incident that lasts is saved once more: an alarm may stay in ALARM for months.
const renewing = 10 * 24 * time.Hour

// renew saves incidents that last, with what their messages show.
func (r *round) renew() error {
	old := map[string][]incident.ID{}
	for _, t := range r.open {
		if t.expires.Sub(r.Now()) < renewing {
			old[t.id.Destination] = append(old[t.id.Destination], t.id)
		}
	}
	var failed []error
	for _, destination := range slices.Sorted(maps.Keys(old)) {
		ids := old[destination]
		failed = append(failed, r.run(errand{destination: destination, incidents: ids, unsaid: true, do: func(s *session) error {
			for _, id := range ids {
				s.changed[id] = true
				if e := s.incidents[id].Is.Episode; e != nil && e.Message != (Ref{}) {
					if err := s.look(e.Message); err != nil {
						return err
					}
					s.posts[e.Message.Place()].renew()
				}
			}
			return nil
		}}))
	}
	return errors.Join(failed...)
}
