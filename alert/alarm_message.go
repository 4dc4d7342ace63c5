package alert

import (
	"encoding/json"
	"strings"
)

// readAlarmMessage reads what CloudWatch publishes to SNS about a metric or
// composite alarm, with all that was seen in such messages since 2017.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
func readAlarmMessage(o object, from Origin) []Record {
	a := Alert{
		Kind:        KindMetricAlarm,
		Name:        o.str("AlarmName"),
		ARN:         o.str("AlarmArn"),
		State:       state(o.str("NewStateValue")),
		Previous:    state(o.str("OldStateValue")),
		ChangedAt:   o.time("StateChangeTime"),
		Reason:      shorten(o.str("NewStateReason"), maxText),
		Description: shorten(o.str("AlarmDescription"), maxText),
		AfterMute:   o.str("ActionExecutedAfterMuteWindow") == "true",
		NoOKActions: o.isEmptyList("OKActions"),
		Tags:        readTags(o),
		Origin:      from,
	}
	if id := o.str("AlarmContributorId"); id != "" {
		a.Contributor = &Contributor{id, o.texts("AlarmContributorAttributes")}
	}
	if children := o.list("TriggeringChildren"); o.has("AlarmRule") || len(children) > 0 {
		a.Kind = KindCompositeAlarm
		a.Composite = &Composite{Rule: o.str("AlarmRule"), Children: readChildren(children)}
	} else {
		a.Metric = readMetricAlarm(o.object("Trigger"))
		a.Metric.readReason(a.Reason)
		a.Logs = readAlarmLogLines(o)
	}
	if a.ChangedAt.IsZero() {
		a.ChangedAt = from.SentAt
	}
	a.locate(location{region: regionCode(o.str("Region")), account: accountID(o.str("AWSAccountId"))}, a.ARN)
	return one(a)
}

// isEmptyList tells a list that is there and empty from one that is not told.
func (o object) isEmptyList(key string) bool {
	raw := o.raw(key)
	return len(raw) > 0 && raw[0] == '[' && len(elements(raw)) == 0
}

// readChildren reads {Arn, State{Value, Timestamp}} of a composite alarm's children.
func readChildren(rows []json.RawMessage) []Child {
	var children []Child
	for _, row := range rows {
		child := readObject(row)
		arn, s := child.str("Arn"), child.object("State")
		if child == nil { // the documentation lists texts, messages hold objects
			arn = scalar(row)
		}
		children = append(children, Child{ARN: arn, Name: alarmNameOf(arn), State: state(s.str("Value")), At: s.time("Timestamp")})
	}
	return children
}

// readMetricAlarm reads an SNS message's Trigger, and an event's configuration.
func readMetricAlarm(o object) *MetricAlarm {
	m := &MetricAlarm{
		Comparison:  o.str("ComparisonOperator"),
		Threshold:   o.number("Threshold"),
		ThresholdID: o.str("ThresholdMetricId"),
		Period:      o.int("Period"),
		Evaluations: o.int("EvaluationPeriods"),
		Datapoints:  o.int("DatapointsToAlarm"),
		MissingData: missingData(o.str("TreatMissingData")),
	}
	for _, row := range o.list("Metrics") {
		q := readQuery(readObject(row))
		if m.ThresholdID == "" && strings.HasPrefix(q.Expression, "ANOMALY_DETECTION_BAND(") {
			m.ThresholdID = q.ID // events of a state change do not name it
		}
		if m.Period == 0 {
			m.Period = q.Period
		}
		m.Queries = append(m.Queries, q)
	}
	// How a PromQL alarm names its query is not documented.
	if expression := firstOf(o.str("Query"), o.str("Expression")); expression != "" && len(m.Queries) == 0 {
		m.Queries = []Query{{Expression: expression, Period: m.Period, Returned: true}}
	}
	if name := o.str("MetricName"); name != "" {
		m.Queries = append(m.Queries, Query{
			Namespace: o.str("Namespace"), Name: name, Unit: o.str("Unit"), Dimensions: readDimensions(o.raw("Dimensions")),
			Stat: firstOf(statistic(o.str("Statistic")), o.str("ExtendedStatistic")), Period: m.Period, Returned: true,
		})
	}
	return m
}

// readQuery reads one row of Metrics: a metric, or an expression over others.
func readQuery(o object) Query {
	stat := o.object("MetricStat")
	metric := stat.object("Metric")
	period := o.int("Period")
	if period == 0 {
		period = stat.int("Period")
	}
	return Query{
		ID: o.str("Id"), Label: o.str("Label"), Expression: o.str("Expression"), Account: accountID(o.str("AccountId")),
		Namespace: metric.str("Namespace"), Name: firstOf(metric.str("MetricName"), metric.str("Name")), // in messages, in events
		Dimensions: readDimensions(metric.raw("Dimensions")),
		Stat:       stat.str("Stat"), Unit: stat.str("Unit"), Period: period, Returned: o.str("ReturnData") == "true",
	}
}

// readDimensions reads the list of {name, value} that SNS messages hold, and
// the object that EventBridge and alarm actions have.
func readDimensions(raw json.RawMessage) []Dimension {
	var all []Dimension
	for _, row := range elements(raw) {
		if d := readObject(row); d != nil {
			all = append(all, Dimension{d.str("Name"), d.str("Value")})
		}
	}
	for _, m := range readObject(raw) {
		all = append(all, Dimension{m.key, scalar(m.value)})
	}
	return all
}

// state keeps the three states apart from anything else that might stand there.
func state(word string) State {
	switch s := State(strings.ToUpper(strings.TrimSpace(word))); s {
	case StateOK, StateAlarm, StateInsufficientData:
		return s
	}
	return ""
}

// statistic writes the upper case of SNS messages as every other API does.
func statistic(upper string) string {
	switch upper {
	case "AVERAGE":
		return "Average"
	case "SUM":
		return "Sum"
	case "MINIMUM":
		return "Minimum"
	case "MAXIMUM":
		return "Maximum"
	case "SAMPLE_COUNT", "SAMPLECOUNT":
		return "SampleCount"
	}
	return upper
}

// missingData reads "missing" as well as the "- TreatMissingData:   missing" of messages until 2022.
func missingData(s string) string {
	if _, word, ok := strings.Cut(s, ":"); ok {
		s = word
	}
	switch lower(s) {
	case "missing", "breaching", "ignore":
		return lower(s)
	case "notbreaching", "nonbreaching":
		return "notBreaching"
	}
	return ""
}
