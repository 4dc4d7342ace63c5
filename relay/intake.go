package relay

import (
	"time"

	"alarmrelay/relay/incident"
)

// trusted is how often a message may have been handed out before it is suspected of stopping the relay.
const trusted = 2

// sort parts what may be told at once from what has come so often that it may be what stopped the
// relay each time. A message that does so is handed out again when its visibility ends, no sooner than the
// invocation would have.
func (c *call) sort(pieces []*piece) (fresh, suspects []*piece) {
	for _, p := range pieces {
		if p.message.Receives > trusted && c.Now().Sub(p.message.SentAt) >= trusted*c.time {
			suspects = append(suspects, p)
			continue
		}
		fresh = append(fresh, p)
	}
	return fresh, suspects
}

// separate has each suspect handled alone, after what is done has been deleted. Those that came back because a
// destination was in trouble are none, and are told together.
func (c *call) separate(suspects []*piece) (groups [][]*piece) {
	if len(suspects) == 0 {
		return nil
	}
	c.deleteDone()
	trouble := c.lastTrouble()
	var explained []*piece
	for _, p := range suspects {
		if p.message.SentAt.Before(trouble) {
			explained = append(explained, p)
			continue
		}
		groups = append(groups, []*piece{p})
	}
	if len(explained) > 0 {
		groups = append([][]*piece{explained}, groups...)
	}
	return groups
}

// lastTrouble returns when a destination last had something wait. While the store does not
// tell, everything is explained by that.
func (c *call) lastTrouble() (last time.Time) {
	var ids []incident.ID
	for _, d := range c.Rules.Destinations {
		ids = append(ids, incident.ID{Destination: d.Name})
	}
	items, err := c.Store.Read(c.work, ids...)
	if err != nil {
		return c.Now()
	}
	for _, item := range items {
		d, err := incident.Read[incident.Destination](item)
		if err != nil {
			return c.Now()
		}
		if d.Is.LastTrouble.After(last) {
			last = d.Is.LastTrouble
		}
	}
	return last
}
