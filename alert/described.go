package alert

import "slices"

// Described completes an alarm that CloudWatch was asked for by what Parse knows of messages: where it is, by its ARN; its Key; and
// what its reason, and the data behind that, tell of values and of a composite alarm's children. Change stays as
// it is: nobody tells which state was before.
func Described(a Alert, reasonData string) Alert {
	why := parseObject(reasonData) // absent for initial states and SetAlarmState
	if a.Composite != nil {
		c := *a.Composite
		c.SuppressedBy, c.Children = alarmNameOf(c.SuppressedBy), readChildren(why.list("triggeringAlarms"))
		a.Composite = &c
	}
	if a.Metric != nil {
		m := *a.Metric
		m.Queries, m.MissingData, m.Missing = slices.Clone(m.Queries), missingData(m.MissingData), false
		m.complete(why)
		m.readReason(a.Reason)
		a.Metric = &m
	}
	a.Reason, a.Description = shorten(a.Reason, maxText), shorten(a.Description, maxText)
	a.locate(location{}, a.ARN)
	a.Key = a.alarmKey()
	return a
}
