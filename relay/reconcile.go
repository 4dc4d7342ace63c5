package relay

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"alarmrelay/alert"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// reconcile tells what became of alarms without anybody being told: a notification was lost, an alarm has no OK actions, or was deleted.
func (r *round) reconcile() error {
	var found []*telling
	for _, t := range r.open {
		if now, ok := r.aws.of(t.alert); ok && r.isNews(t, &now) {
			found = append(found, r.correction(t, &now))
		}
	}
	r.say(found)
	return r.settle(found)
}

// settle notes that an alarm is over where a rule ignores that and no message can show it: otherwise it would stay open.
func (r *round) settle(found []*telling) error {
	over := map[string][]*telling{}
	for _, t := range found {
		if t.fate == silent && t.held == ignored && t.alert.State == alert.StateOK {
			over[t.delivery.Destination] = append(over[t.delivery.Destination], t)
		}
	}
	var failed []error
	for _, destination := range slices.Sorted(maps.Keys(over)) {
		e := errand{destination: destination, unsaid: true}
		for _, t := range over[destination] {
			e.incidents = append(e.incidents, t.id())
		}
		e.do = func(s *session) error {
			for _, t := range over[destination] {
				if i := &s.incidents[t.id()].Is; !i.Knows(t.alert) {
					i.Settle(t.alert, s.Now())
					s.changed[t.id()] = true
				}
			}
			return nil
		}
		failed = append(failed, r.run(e))
	}
	return errors.Join(failed...)
}

// isNews reports whether an alarm has become something else than people know, and its notification would be here by now.
func (r *round) isNews(t *trouble, now *standing) bool {
	at, known := r.Now(), &t.known.Newest
	switch {
	case !t.isOpen(), now.State == known.State, at.Sub(known.At) < settled:
		return false
	case !now.vague && at.Sub(now.ChangedAt) < underway:
		return false
	}
	return now.State != alert.StateAlarm || now.quiet == ""
}

// correction tells those who see a trouble what has become of it, as CloudWatch would have done.
func (r *round) correction(t *trouble, now *standing) *telling {
	a, known := now.Alert, &t.known.Newest
	a.Previous, a.PreviousAt = known.State, known.At
	a.Tags, a.Origin = t.alert.Tags, t.alert.Origin
	found := &incident.Found{State: a.State, From: a.ChangedAt, To: a.ChangedAt}
	if now.vague {
		found.From = known.At
	}
	if a.ChangedAt.Before(known.At) {
		a.ChangedAt = known.At
	}
	a.Change = changeFound(&a)
	one := r.tellingAt(t, &a)
	if one == nil { // the rules have changed since
		one = r.unruled(t, &a)
	}
	one.found = found
	switch {
	case a.Deleted:
		one.delivery.Recovery = rule.RecoveryEdit
	case a.State == alert.StateInsufficientData && one.held == "":
		one.held = ignored // most alarms tell nobody of that; a message that is there shows it all the same
	}
	return one
}

// unruled tells a trouble's people what no rule tells them any more.
func (r *round) unruled(t *trouble, a *alert.Alert) *telling {
	place, _ := r.Rules.Destination(t.id.Destination)
	one := newTelling(&piece{ticked: true}, a, rule.Delivery{
		Destination: place.Name, Voice: place.Voice, Severity: a.Severity, Recovery: r.Rules.Incidents.Recovery,
	})
	one.instead, one.held = t.instead, follows
	return one
}

// changeFound names a change that was found out. CloudWatch's own have other names.
func changeFound(a *alert.Alert) string {
	return strings.Join([]string{"found", string(a.State), strconv.FormatInt(a.ChangedAt.UnixMilli(), 10)}, "|")
}
