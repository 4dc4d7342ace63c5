package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/relay/incident"
)

// Message implements [page.Show].
func (l *live) Message(id string) (page.Details, bool) {
	a := l.current()
	m, ok := a.watch.find(id)
	if !ok {
		return page.Details{}, false
	}
	a.mu.Lock()
	known, store := append([]told(nil), a.known...), a.base.Store
	a.mu.Unlock()
	d := page.Details{Message: m.message, Alerts: []page.Alert{}, Requests: []page.Request{}, Store: []page.Item{}}
	alerts := alertsIn(m, known)
	for _, t := range alerts {
		d.Alerts = append(d.Alerts, t.explained())
	}
	for _, x := range m.requests {
		d.Requests = append(d.Requests, x.request())
	}
	d.Store = itemsOf(l.ctx, store, m.message.Destination, alerts)
	return d, true
}

// maxItems is how many items of one message are shown.
const maxItems = 50

// itemsOf is what the store keeps of alerts at a destination, and of the destination itself.
func itemsOf(ctx context.Context, store incident.Store, destination string, alerts []told) []page.Item {
	ids := []incident.ID{}
	add := func(id incident.ID) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, t := range alerts[:min(len(alerts), maxItems)] {
		id := incident.IDOf(destination, &t.alert)
		add(id)
		if items, err := store.Read(ctx, id); err == nil {
			if i, err := incident.Read[incident.Incident](items[0]); err == nil && i.Is.Episode != nil {
				add(incident.PostID(destination, i.Is.Episode.Message.Place()))
			}
		}
	}
	add(incident.ID{Destination: destination})
	all := []page.Item{}
	items, err := store.Read(ctx, ids...)
	if err != nil {
		return all // the demo has ended
	}
	for _, item := range items {
		if item.Version > 0 {
			all = append(all, page.Item{ID: item.Destination + " " + item.Key, Facts: legible(item.Facts)})
		}
	}
	return all
}

// legible are an item's facts with the alert in them unpacked.
func legible(facts []byte) json.RawMessage {
	var members map[string]any
	if json.Unmarshal(facts, &members) != nil {
		return facts
	}
	if text, ok := members["a"].(string); ok {
		if data, err := base64.StdEncoding.DecodeString(text); err == nil {
			if a, err := incident.Packed(data).Unpack(); err == nil {
				members["a"] = a
			}
		}
	}
	return mustJSON(members)
}

// File implements [page.Show].
func (l *live) File(id string) (page.File, bool) {
	l.mu.Lock()
	f, ok := l.files[id]
	a := l.act
	l.mu.Unlock()
	if ok {
		return f, true
	}
	return a.watch.file(id)
}
