package relay

import (
	"context"
	"errors"
	"slices"
	"time"

	"alarmrelay/alert"
)

// standings are how some alarms are, as CloudWatch says. The zero value knows nothing.
type standings struct {
	at     time.Time
	asked  map[string]bool // names
	alarms map[string]Standing
	series map[string][]alert.Alert // those that are in ALARM, by the name of the alarm; missing where CloudWatch did not tell
}

// standingsOf asks CloudWatch about the alarms of troubles, as far as they are of the relay's own account and Region. After an error it
// returns what it was told before.
func (c *call) standingsOf(ctx context.Context, troubles []*trouble) (standings, error) {
	all := standings{at: c.Now(), asked: map[string]bool{}, alarms: map[string]Standing{}, series: map[string][]alert.Alert{}}
	var names, many []string
	for _, t := range troubles {
		name := t.alert.Name
		if !c.isOurs(t.alert) || name == "" {
			continue
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		if t.alert.Contributor != nil && !slices.Contains(many, name) {
			many = append(many, name)
		}
	}
	for some := range slices.Chunk(names, looked) {
		found, err := c.Alarms.Named(ctx, some)
		if err != nil {
			return all, wrap("ask how alarms stand", err)
		}
		for _, name := range some {
			all.asked[name] = true
		}
		for _, s := range found {
			all.alarms[s.Name] = s
		}
	}
	return all, c.askSeries(ctx, &all, many)
}

// askSeries asks for the series of alarms that have many.
func (c *call) askSeries(ctx context.Context, all *standings, names []string) error {
	var failed []error
	for _, name := range names {
		s, ok := all.alarms[name]
		if !ok || !s.Many {
			all.series[name] = nil
			continue
		}
		series, err := c.Alarms.Contributors(ctx, s)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		all.series[name] = series
	}
	return wrap("ask for the series of alarms", errors.Join(failed...))
}

// isOurs reports whether an alarm is of the relay's own account and Region: CloudWatch tells of no other here.
func (c *call) isOurs(a *alert.Alert) bool {
	return c.Home.Account != "" && a.Account == c.Home.Account && a.Region == c.Home.Region
}

// standing is how an alarm, or one series of it, is now.
type standing struct {
	alert.Alert
	quiet string // why its actions are held back
	vague bool   // CloudWatch does not tell since when it is in its state
}

// of returns how an alarm is; ok is false where CloudWatch did not tell. An alarm that is gone is OK, as much as it ever will be.
func (s *standings) of(a *alert.Alert) (now standing, ok bool) {
	there, found := s.alarms[a.Name]
	switch {
	case !s.asked[a.Name]:
		return standing{}, false
	case !found:
		gone := *a
		gone.State, gone.ChangedAt, gone.Reason, gone.Deleted = alert.StateOK, s.at, "", true
		return standing{Alert: gone, vague: true}, true
	case a.Contributor == nil:
		return standing{Alert: there.Alert, quiet: there.Quiet}, true
	}
	series, told := s.series[a.Name]
	i := slices.IndexFunc(series, func(one alert.Alert) bool { return one.Key == a.Key })
	if i >= 0 {
		return standing{Alert: series[i], quiet: there.Quiet}, true
	}
	one := there.Alert
	one.Key, one.Contributor = a.Key, a.Contributor
	one.State, one.ChangedAt, one.Reason = alert.StateOK, s.at, ""
	return standing{Alert: one, vague: true}, told
}
