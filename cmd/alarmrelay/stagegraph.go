package main

import (
	"cmp"
	"context"
	"math"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/cloud"
	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
)

// graphs are those of a CloudWatch on this machine, which draws in one Region what alarms say that they measured, and makes up the
// rest.
func (s *stage) graphs() relay.Grapher {
	cfg := account.Local(sampleHome.Region, fake.Transport{"monitoring." + sampleHome.Region + ".amazonaws.com": s.drawn})
	return cloud.NewGraphs(func(context.Context) (account.Config, error) { return cfg, nil })
}

// measure has the stage's CloudWatch know what an alarm says that it measured, so that its graph shows the same.
func (s *stage) measure(a *alert.Alert) {
	m := a.Metric
	if m == nil || m.Threshold == nil || len(m.Values) == 0 {
		return
	}
	q, value := m.Watched(), m.Values[len(m.Values)-1]
	at := a.ChangedAt.Add(-time.Duration(cmp.Or(q.Period, m.Period, 60)) * time.Second) // the datapoint was complete by then
	s.drawn.Measure(cmp.Or(q.Name, q.Expression), usual(m, value), at, value)
}

// usual is what a metric may have been before its alarm fired: as far on the other side of the threshold as suits a picture.
func usual(m *alert.MetricAlarm, value float64) float64 {
	limit, low := *m.Threshold, strings.HasPrefix(m.Comparison, "Less")
	if low != (value < limit) {
		return value // it does not fire
	}
	away := max(2.3*math.Abs(value-limit), 0.3*math.Abs(limit))
	if low {
		return limit + away
	}
	if limit >= 0 {
		return max(limit-away, 0.1*limit)
	}
	return limit - away
}
