package main

import (
	"context"
	"fmt"

	"alarmrelay/deploy/judge"
	"alarmrelay/deploy/traffic"
	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

// memories reads what a store holds of the alarms that were sent.
func (t *town) memories(ctx context.Context, store incident.Store, sent []traffic.Parcel) (all []judge.Memory, err error) {
	seen := map[incident.ID]bool{}
	for _, p := range sent {
		if p.Change == nil || p.Change.Key == "" {
			continue
		}
		for i := range t.channels {
			for _, id := range t.ids(&t.channels[i], p.Change) {
				if seen[id] {
					continue
				}
				seen[id] = true
				m, ok, err := recall(ctx, store, &t.channels[i], id)
				if err != nil {
					return nil, fmt.Errorf("read what the store holds: %w", err)
				}
				if m.Name = p.Change.Name; ok {
					all = append(all, m)
				}
			}
		}
	}
	return all, nil
}

// ids are those under which a channel's part in a change is kept: its own, and that instead of those that fall back to it.
func (t *town) ids(c *channel, change *traffic.Change) (all []incident.ID) {
	for _, to := range change.To {
		for _, other := range t.channels {
			switch {
			case other.name == to && c.name == to:
				all = append(all, incident.ID{Destination: c.name, Key: change.Key})
			case other.name == to && other.fallback == c.name:
				all = append(all, incident.ID{Destination: c.name, Key: change.Key + "|instead of " + to})
			}
		}
	}
	return all
}

// recall returns what is kept of an alarm's message; ok is false where there is none.
func recall(ctx context.Context, store incident.Store, c *channel, id incident.ID) (m judge.Memory, ok bool, err error) {
	items, err := store.Read(ctx, id)
	if err != nil {
		return m, false, err
	}
	known, err := incident.Read[incident.Incident](items[0])
	if err != nil || known.Is.Episode == nil || known.Is.Episode.Message == (incident.Ref{}) {
		return m, false, err
	}
	e := known.Is.Episode
	m = judge.Memory{Place: c.name, Message: e.Message.Message, State: e.State, At: e.At, Closed: e.Unseen}
	if c.service == formatter.ServiceSlack {
		m.Message = judge.MessageOf(e.Message.Channel, e.Message.Message)
	}
	return m, true, nil
}
