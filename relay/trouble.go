package relay

import (
	"cmp"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// trouble is an incident that somebody has to look after: its alarm is in ALARM as far as people know, or a mute holds it back.
type trouble struct {
	id      incident.ID
	instead string            // the dead destination that it was for
	known   incident.Incident // when it was read
	alert   *alert.Alert      // the newest that people were told; for what is held back alone, that
	expires time.Time
	over    bool // CloudWatch says that it is not in ALARM any more
	quiet   bool // CloudWatch says that its actions are held back now
}

// looked is how many incidents are read at once.
const looked = 100

// troubles reads what people have to know of.
func (c *call) troubles() ([]*trouble, error) {
	all, err := c.listed()
	return slices.DeleteFunc(all, func(t *trouble) bool { return !t.known.IsTrouble() }), err
}

// listed reads what has to be looked after at destinations that are still there. Where that is more than there is time for, it begins somewhere
// else each time.
func (c *call) listed() (all []*trouble, err error) {
	ids, err := c.Store.Open(c.work)
	if err != nil {
		return nil, wrap("list what is open", err)
	}
	ids = slices.DeleteFunc(ids, func(id incident.ID) bool {
		_, ok := c.Rules.Destination(id.Destination)
		return !ok
	})
	slices.SortFunc(ids, func(a, b incident.ID) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), strings.Compare(a.Destination, b.Destination))
	})
	if many := mathrand.IntN(len(ids) + 1); len(ids) > 10*looked {
		ids = slices.Concat(ids[many:], ids[:many])
	}
	for some := range slices.Chunk(ids, looked) {
		if !c.mayBegin() {
			c.Log.WarnContext(c.work, "not everything that is open was looked at", "open", len(ids), "looked", len(all))
			break
		}
		items, err := c.Store.Read(c.work, some...)
		if err != nil {
			return nil, wrap("read what is open", err)
		}
		all = append(all, c.troublesIn(items)...)
	}
	return all, nil
}

func (c *call) troublesIn(items []incident.Item) (all []*trouble) {
	for _, item := range items {
		i, err := incident.Read[incident.Incident](item)
		if err != nil {
			c.Log.ErrorContext(c.work, "incident not looked at", "alert", item.Key, "destination", item.Destination, "error", err)
			continue
		}
		if !i.Is.IsListed() {
			continue
		}
		t := &trouble{id: item.ID, known: i.Is, expires: item.Expires}
		if at := strings.LastIndex(item.Key, insteadOf("")); at >= 0 {
			t.instead = item.Key[at+len(insteadOf("")):]
		}
		t.alert = t.told()
		all = append(all, t)
	}
	return all
}

// told is the alert that people were told, or are to be told; where it was not kept, what its key tells of it.
func (t *trouble) told() *alert.Alert {
	kept := t.known.Alert
	if kept == nil && t.known.Held != nil {
		kept = t.known.Held.Alert
	}
	if kept != nil {
		if a, err := kept.Unpack(); err == nil {
			return a
		}
	}
	key := strings.TrimSuffix(t.id.Key, insteadOf(t.instead))
	_, name, _ := strings.Cut(key, ":alarm:")
	a := alert.Described(alert.Alert{
		Kind: alert.KindMetricAlarm, Name: name, ARN: key,
		State: t.known.Newest.State, Previous: t.known.Newest.Previous, ChangedAt: t.known.Newest.At,
	}, "")
	return &a
}

// isOpen reports whether people were told that it fires.
func (t *trouble) isOpen() bool { return t.known.IsOpen() || t.known.Episode.IsOpen() }

// began is when the trouble began.
func (t *trouble) began() time.Time {
	switch {
	case t.isOpen() && t.known.Episode != nil && !t.known.Episode.Began.IsZero():
		return t.known.Episode.Began
	case t.isOpen():
		return t.known.Since
	}
	return t.known.Held.At
}

// message is what shows it; zero where nothing does.
func (t *trouble) message() Ref {
	if t.known.Episode == nil {
		return Ref{}
	}
	return t.known.Episode.Message
}

// telling is what the rules say of an alert to those who see the trouble. It is nil where they say nothing to them.
func (c *call) tellingAt(t *trouble, a *alert.Alert) *telling {
	p, routing := &piece{ticked: true}, c.Rules.Route(a, c.Now())
	for n, d := range routing.Deliveries {
		if one := newTelling(p, a, d); one.id() == t.id {
			one.tallied = n == 0
			return one
		}
		if other, ok := c.Rules.Fallback(d); ok && newTelling(p, a, d).at(other).id() == t.id {
			return newTelling(p, a, d).at(other)
		}
	}
	for _, one := range c.followers(p, a, &routing) {
		if one.id() == t.id {
			return one
		}
	}
	return nil
}

// delivery is how the rules want a trouble to be told where it is shown; ok is false where nothing is to be posted about it now: no
// rule tells it there any more, or it is muted.
func (c *call) deliveryTo(t *trouble, mutes *incident.Mutes) (d rule.Delivery, ok bool) {
	if _, muted := mutes.Active(c.Now(), t.alert.Name, rule.Matches); muted {
		return rule.Delivery{}, false
	}
	one := c.tellingAt(t, t.alert)
	if one == nil || one.held != "" {
		return rule.Delivery{}, false
	}
	return one.delivery, true
}

// open is a trouble as it is listed. Its link is added where the list is said.
func (t *trouble) open(severity alert.Severity) formatter.Open {
	o := formatter.Open{Since: t.began()}
	o.Alert, o.Severity = *t.alert, severity
	if e := t.known.Episode; e != nil && t.isOpen() {
		o.Fires, o.Acked = e.Fires, e.Acked
	}
	return o
}
