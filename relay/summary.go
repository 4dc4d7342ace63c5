package relay

import (
	"errors"
	"maps"
	"slices"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// daySummary is what a day's summary says, before it is known where.
type daySummary struct {
	open  []*reminder // each alarm once, the worst first
	day   formatter.Day
	muted []formatter.Quiet
}

// summarise tells the daily summary when its time has come. Who can't be told is tried again with the next ticks, for some hours.
func (r *round) summarise(clock *incident.Clock) error {
	s := r.Rules.Summary
	if s == nil || !incident.SummaryDue(clock.LastSummary, r.Now(), s.At, r.Rules.Zone(s.Timezone)) {
		clock.Summarised = nil
		return nil
	}
	sum, err := r.sumUp()
	if err != nil {
		return err
	}
	var failed []error
	for _, to := range s.To {
		switch {
		case slices.Contains(clock.Summarised, to):
		case !r.mayBegin():
			return errors.Join(append(failed, errNoTime)...)
		default:
			if err := r.summariseAt(to, &sum); err != nil {
				failed = append(failed, err)
				continue
			}
			clock.Summarised = append(clock.Summarised, to)
		}
	}
	if len(failed) == 0 {
		clock.LastSummary, clock.Summarised = r.Now(), nil
	}
	return errors.Join(failed...)
}

// sumUp collects what there is to say, after all that this tick has changed.
func (r *round) sumUp() (sum daySummary, err error) {
	troubles, err := r.troubles()
	if err != nil {
		return sum, err
	}
	sum.open = r.inAlarm(troubles)
	sum.muted = r.muted()
	sum.day, err = r.day()
	return sum, err
}

// inAlarm are the alarms that are in ALARM, whoever knows of them.
func (r *round) inAlarm(troubles []*trouble) (open []*reminder) {
	at := map[string]*reminder{}
	for _, t := range troubles {
		if now, ok := r.aws.of(t.alert); ok && now.State != t.alert.State {
			continue
		}
		one := &reminder{trouble: t}
		if told := r.tellingAt(t, t.alert); told != nil {
			one.delivery = told.delivery
		}
		if same := at[t.alert.Key]; same == nil {
			at[t.alert.Key] = one
			open = append(open, one)
		} else {
			same.join(one)
		}
	}
	worstFirst(open)
	return open
}

// join makes one of what two destinations are told of an alarm.
func (one *reminder) join(other *reminder) {
	if other.began().Before(one.began()) {
		*one, *other = *other, *one
	}
	mine, its := one.known.Episode, other.known.Episode
	if mine != nil && its != nil && mine.Acked == nil {
		mine.Acked = its.Acked
	}
	if other.delivery.Severity.Rank() > one.delivery.Severity.Rank() {
		one.delivery.Severity = other.delivery.Severity
	}
	one.others = append(append(one.others, other.trouble), other.others...)
}

// linkAt is where a destination's own message about an alarm is.
func (s *session) linkAt(one *reminder) string {
	for _, t := range append([]*trouble{one.trouble}, one.others...) {
		if t.id.Destination == s.name {
			return s.linkTo(t.message())
		}
	}
	return ""
}

// day is what came of the last day's alerts at all destinations.
func (r *round) day() (formatter.Day, error) {
	var ids []incident.ID
	for i := range r.Rules.Destinations {
		ids = append(ids, incident.TallyID(r.Rules.Destinations[i].Name))
	}
	items, err := r.Store.Read(r.work, ids...)
	if err != nil {
		return formatter.Day{}, wrap("read what happened", err)
	}
	var days []formatter.Day
	for _, item := range items {
		tally, err := incident.Read[incident.Tally](item)
		if err != nil {
			return formatter.Day{}, err
		}
		days = append(days, tally.Is.Sum(r.Now()))
	}
	return incident.Merge(days...), nil
}

// muted is what is not told now: by order, by rules, and at CloudWatch.
func (r *round) muted() (all []formatter.Quiet) {
	for _, m := range r.mutes.InForce(r.Now()) {
		all = append(all, formatter.Quiet{What: m.Alarm, Until: m.Until, By: m.By, Why: m.Why})
	}
	for _, m := range r.Rules.MutedRules(r.Now()) {
		all = append(all, formatter.Quiet{What: m.Rule, Until: m.Until, Why: m.Window})
	}
	quiet := map[string]string{}
	for _, s := range r.firing {
		quiet[s.Name] = s.Quiet
	}
	for name, s := range r.aws.alarms {
		quiet[name] = s.Quiet
	}
	for _, name := range slices.Sorted(maps.Keys(quiet)) {
		if quiet[name] != "" {
			all = append(all, formatter.Quiet{What: name, Why: quiet[name]})
		}
	}
	return all
}

// summariseAt tells the summary at a destination, or at the one that stands in for it.
func (r *round) summariseAt(destination string, sum *daySummary) error {
	err := r.run(errand{destination: destination, do: func(s *session) error {
		_, err := s.tellAll(s.summaryOf(sum, r.Now()))
		return err
	}})
	if other, ok := r.Rules.Fallback(rule.Delivery{Destination: destination}); ok && errors.As(err, new(*DeadError)) {
		return r.summariseAt(other.Destination, sum)
	}
	return err
}

func (s *session) summaryOf(sum *daySummary, now time.Time) []formatter.Message {
	said := formatter.Summary{Day: sum.day, Muted: sum.muted, Arrived: now}
	for n, one := range sum.open {
		open := one.open(one.delivery.Severity)
		if n < maxLinks {
			open.Link = s.linkAt(one)
		}
		said.Open = append(said.Open, open)
	}
	place, _ := s.Rules.Destination(s.name)
	return formatter.SummaryOf(s.service, said, s.Rules.Style(s.name, place.Voice))
}
