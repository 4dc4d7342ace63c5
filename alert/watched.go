package alert

import "slices"

// Of returns the alarm that a child of a composite alarm is, as far as the composite tells: where it lies, its name, and that it was in
// its state when the composite changed. What it watches is not told.
func (a *Alert) Of(child Child) Alert {
	of := Alert{
		Kind: KindMetricAlarm, Name: child.Name, ARN: child.ARN, Account: a.Account, Region: a.Region, Partition: a.Partition,
		State: child.State, ChangedAt: a.ChangedAt,
	}
	if at, service, _, ok := splitARN(child.ARN); ok && service == "cloudwatch" {
		of.Partition, of.Region, of.Account = at.partition, at.region, at.account
	}
	return of
}

// In returns a copy of m whose metrics are said to be of an account, except those that name one themselves.
func (m *MetricAlarm) In(account string) *MetricAlarm {
	there := *m
	there.Queries = slices.Clone(m.Queries)
	for i := range there.Queries {
		if q := &there.Queries[i]; q.Account == "" && q.Expression == "" {
			q.Account = account
		}
	}
	return &there
}
