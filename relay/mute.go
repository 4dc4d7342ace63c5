package relay

import (
	"context"
	"errors"
	"fmt"
	"time"

	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// readMutes reads what is muted by order.
func (c *call) readMutes(ctx context.Context) (incident.Mutes, error) {
	mutes, err := c.mutesItem(ctx)
	if err != nil {
		return nil, err
	}
	return mutes.Is.InForce(c.Now()), nil
}

func (c *call) mutesItem(ctx context.Context) (*incident.Known[incident.Mutes], error) {
	items, err := c.Store.Read(ctx, incident.MutesID())
	if err != nil {
		return nil, wrap("read what is muted", err)
	}
	return incident.Read[incident.Mutes](items[0])
}

// changeMutes changes what is muted by order; somebody else may do so at the same time.
func (c *call) changeMutes(change func(*incident.Mutes) error) error {
	const tries = 5
	for range tries {
		mutes, err := c.mutesItem(c.work)
		if err != nil {
			return err
		}
		if err := change(&mutes.Is); err != nil {
			return err
		}
		// Longer than the last of them, for a while in which clocks may differ.
		stale, err := c.Store.Write(c.work, mutes.Packed(latest(c.Now(), mutes.Is.End()).Add(time.Hour)))
		if err != nil || len(stale) == 0 {
			return wrap("save what is muted", err)
		}
	}
	return errors.New("others change what is muted at the same time: try again")
}

// mute carries out an OrderMute.
func (c *call) mute(o Order, long time.Duration, answer *OrderAnswer) error {
	now := c.Now()
	order := incident.Mute{Alarm: o.Alarm, Since: now, Until: now.Add(long), By: o.By, Why: o.Why}
	answer.Mutes = []incident.Mute{order}
	return c.changeMutes(func(m *incident.Mutes) error { return m.Add(now, order) })
}

// mutesNow carries out an OrderMutes.
func (c *call) mutesNow(answer *OrderAnswer) (err error) {
	answer.Mutes, err = c.readMutes(c.work)
	return err
}

// unmute carries out an OrderUnmute. What was muted by it alone and still fires is told at once.
func (c *call) unmute(o Order, answer *OrderAnswer) error {
	var left incident.Mutes
	err := c.changeMutes(func(m *incident.Mutes) error {
		answer.Mutes = m.Remove(c.Now(), o.Alarm, rule.Matches)
		left = *m
		return nil
	})
	if err != nil {
		return err
	}
	if len(answer.Mutes) == 0 {
		for _, m := range left[:min(len(left), MaxInstead)] {
			answer.Instead = append(answer.Instead, m.Alarm)
		}
		return nil
	}
	ended := incident.Mutes(answer.Mutes)
	r := &round{call: c, mutes: left}
	if r.open, err = r.troubles(); err == nil {
		r.open = matching(r.open, func(name string) bool {
			_, was := ended.Active(c.Now(), name, rule.Matches)
			return was
		})
		r.part("ask CloudWatch", r.ask)
		err = r.resume(r.open)
	}
	if err != nil { // the next tick does it
		c.Log.WarnContext(c.saving, "what was muted is not told yet", "error", fmt.Errorf("unmute: %w", err))
	}
	return nil
}

// matching are the troubles of alarms with some names.
func matching(all []*trouble, fits func(name string) bool) (some []*trouble) {
	for _, t := range all {
		if fits(t.alert.Name) {
			some = append(some, t)
		}
	}
	return some
}
