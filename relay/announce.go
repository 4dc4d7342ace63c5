package relay

import (
	"context"
	"errors"
	"slices"
	"strings"

	"alarmrelay/alert"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// announce tells of alarms that are in ALARM although nobody was told: their notification was lost, or they fired before they led
// here. Those that CloudWatch would not tell us are none of our business.
func (r *round) announce() (err error) {
	if r.Alarms == nil || len(r.sources) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(r.work, asking)
	defer cancel()
	if r.firing, err = r.Alarms.Firing(ctx); err != nil {
		return wrap("ask what is in ALARM", err)
	}
	lost, failed := r.leadingHere(ctx)
	var tellings []*telling
	for _, a := range lost {
		tellings = append(tellings, r.announced(a)...)
	}
	tellings, err = r.unheard(tellings)
	r.say(tellings)
	return errors.Join(failed, err)
}

// leadingHere returns the alarms, and series of alarms, that have been in ALARM for a while, and that would have been told us.
func (r *round) leadingHere(ctx context.Context) (all []*alert.Alert, failed error) {
	for _, s := range r.firing {
		i := slices.IndexFunc(r.sources, func(source string) bool { return slices.Contains(s.Actions, source) })
		if _, ordered := r.mutes.Active(r.Now(), s.Name, rule.Matches); i < 0 || s.Quiet != "" || ordered || !r.isOurs(&s.Alert) {
			continue
		}
		some := []alert.Alert{s.Alert}
		if s.Many {
			series, err := r.Alarms.Contributors(ctx, s)
			if err != nil {
				failed = errors.Join(failed, wrap("ask for the series of an alarm", err))
			}
			some = series
		}
		for _, a := range some {
			if r.Now().Sub(a.ChangedAt) < settled {
				continue
			}
			if strings.Contains(r.sources[i], ":sns:") {
				a.Origin.Topic = r.sources[i]
			}
			a.Change = changeFound(&a)
			all = append(all, &a)
		}
	}
	return all, failed
}

// announced are the tellings of an alarm that nobody may have been told of.
func (r *round) announced(a *alert.Alert) (all []*telling) {
	p, routing := &piece{ticked: true}, r.Rules.Route(a, r.Now())
	for n, d := range routing.Deliveries {
		t := newTelling(p, a, d)
		t.tallied = n == 0
		t.found = &incident.Found{State: a.State, From: a.ChangedAt, To: a.ChangedAt}
		all = append(all, t)
	}
	return all
}

// unheard returns the tellings of which people know nothing, neither at their destination nor where they would be told instead.
func (r *round) unheard(tellings []*telling) (lost []*telling, err error) {
	known, err := r.incidentsOf(tellings)
	for _, t := range tellings {
		if !slices.ContainsFunc(r.placesOf(t), func(id incident.ID) bool { return known[id] == nil || known[id].Knows(t.alert) }) {
			lost = append(lost, t)
		}
	}
	return lost, err
}

// placesOf are the incidents by which people may know what a telling is about.
func (r *round) placesOf(t *telling) []incident.ID {
	ids := []incident.ID{t.id()}
	if other, ok := r.Rules.Fallback(t.delivery); ok {
		ids = append(ids, t.at(other).id())
	}
	return ids
}

// incidentsOf reads what is known of what tellings are about. What can't be read is missing.
func (r *round) incidentsOf(tellings []*telling) (map[incident.ID]*incident.Incident, error) {
	known := map[incident.ID]*incident.Incident{}
	var ids []incident.ID
	for _, t := range tellings {
		for _, id := range r.placesOf(t) {
			if _, twice := known[id]; !twice {
				known[id] = nil
				ids = append(ids, id)
			}
		}
	}
	var failed []error
	for some := range slices.Chunk(ids, looked) {
		items, err := r.Store.Read(r.work, some...)
		if err != nil {
			return known, wrap("read what people know of alarms in ALARM", err)
		}
		for _, item := range items {
			i, err := incident.Read[incident.Incident](item)
			if err != nil {
				failed = append(failed, err)
				continue
			}
			known[item.ID] = &i.Is
		}
	}
	return known, errors.Join(failed...)
}
