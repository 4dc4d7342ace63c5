package alert

import (
	"encoding/json"
	"strings"
	"time"
)

// alarmMessage is what CloudWatch publishes to SNS, with all that was seen in
// such messages since 2017. Whatever is missing stays empty.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
type alarmMessage struct {
	AlarmName        text
	AlarmDescription text
	AlarmArn         text
	AccountID        text `json:"AWSAccountId"`
	Region           text
	NewStateValue    text
	NewStateReason   text
	OldStateValue    text
	StateChangeTime  stamp
	AfterMute        text `json:"ActionExecutedAfterMuteWindow"`

	ContributorID         text       `json:"AlarmContributorId"`
	ContributorAttributes attributes `json:"AlarmContributorAttributes"`

	OKActions *list[text]
	Trigger   *lenient[trigger]

	AlarmRule          text
	TriggeringChildren list[messageChild]
}

type messageChild struct {
	Arn   text
	State lenient[struct {
		Value     text
		Timestamp stamp
	}]
}

// trigger is what a metric alarm watches. SNS messages and EventBridge spell
// the same keys with a capital and a small first letter, which decoding takes as one.
type trigger struct {
	MetricName, Namespace        text
	Statistic, ExtendedStatistic text
	Unit                         text
	Dimensions                   dimensions
	Period                       number
	EvaluationPeriods            number
	DatapointsToAlarm            number
	ComparisonOperator           text
	Threshold                    number
	ThresholdMetricID            text `json:"ThresholdMetricId"`
	TreatMissingData             text
	Metrics                      list[queryRow]
	// How a PromQL alarm names its query is not documented.
	Query, Expression text
}

type queryRow struct {
	ID, Label, Expression text
	Period                number
	AccountID             text `json:"AccountId"`
	ReturnData            text
	MetricStat            lenient[struct {
		Metric lenient[struct {
			Namespace        text
			MetricName, Name text // in SNS messages, in events
			Dimensions       dimensions
		}]
		Period     number
		Stat, Unit text
	}]
}

// dimensions takes the list of {name, value} that SNS messages hold and the
// object that EventBridge and Lambda get.
type dimensions []Dimension

func (d *dimensions) UnmarshalJSON(raw []byte) error {
	var rows list[struct{ Name, Value text }]
	_ = rows.UnmarshalJSON(raw) // never fails: what is no list stays empty
	for _, r := range rows {
		*d = append(*d, Dimension{string(r.Name), string(r.Value)})
	}
	if raw[0] == '{' {
		for _, k := range sortedKeys(readObject(raw)) {
			*d = append(*d, Dimension{k, readObject(raw).str(k)})
		}
	}
	return nil
}

// readAlarmMessage reads a metric or composite alarm's SNS message.
func readAlarmMessage(raw []byte, o object, from Origin) []Record {
	var m alarmMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return readNotice(raw, o, from)
	}
	a := Alert{
		Kind:        KindMetricAlarm,
		Name:        string(m.AlarmName),
		ARN:         string(m.AlarmArn),
		State:       state(m.NewStateValue),
		Previous:    state(m.OldStateValue),
		ChangedAt:   m.StateChangeTime.Time,
		Reason:      shorten(string(m.NewStateReason), maxText),
		Description: shorten(string(m.AlarmDescription), maxText),
		AfterMute:   m.AfterMute == "true",
		NoOKActions: m.OKActions != nil && len(*m.OKActions) == 0,
		Tags:        readTags(o),
		Origin:      from,
	}
	if m.ContributorID != "" {
		a.Contributor = &Contributor{string(m.ContributorID), m.ContributorAttributes}
	}
	if m.AlarmRule != "" || len(m.TriggeringChildren) > 0 {
		a.Kind, a.Composite = KindCompositeAlarm, m.composite()
	} else {
		a.Metric = m.metric()
		a.Logs = readAlarmLogLines(o)
	}
	if a.ChangedAt.IsZero() {
		a.ChangedAt = from.SentAt
	}
	a.locate(location{region: regionCode(string(m.Region)), account: accountID(string(m.AccountID))}, a.ARN)
	return one(a)
}

// state keeps the three states apart from anything else that might stand there.
func state(t text) State {
	switch s := State(strings.ToUpper(strings.TrimSpace(string(t)))); s {
	case StateOK, StateAlarm, StateInsufficientData:
		return s
	}
	return ""
}

func (m *alarmMessage) composite() *Composite {
	c := &Composite{Rule: string(m.AlarmRule)}
	for _, child := range m.TriggeringChildren {
		s := child.State.value
		c.Children = append(c.Children, newChild(string(child.Arn), s.Value, s.Timestamp.Time))
	}
	return c
}

func newChild(arn string, s text, at time.Time) Child {
	return Child{ARN: arn, Name: alarmNameOf(arn), State: state(s), At: at}
}

func (m *alarmMessage) metric() *MetricAlarm {
	metric := &MetricAlarm{}
	if m.Trigger != nil {
		metric = m.Trigger.value.metric()
	}
	metric.readReason(string(m.NewStateReason))
	return metric
}

func (t trigger) metric() *MetricAlarm {
	m := &MetricAlarm{
		Comparison:  string(t.ComparisonOperator),
		Threshold:   t.Threshold.pointer(),
		ThresholdID: string(t.ThresholdMetricID),
		Period:      t.Period.int(),
		Evaluations: t.EvaluationPeriods.int(),
		Datapoints:  t.DatapointsToAlarm.int(),
		MissingData: missingData(string(t.TreatMissingData)),
	}
	for _, row := range t.Metrics {
		q := row.query()
		if m.ThresholdID == "" && strings.HasPrefix(q.Expression, "ANOMALY_DETECTION_BAND(") {
			m.ThresholdID = q.ID // events of a state change do not name it
		}
		if m.Period == 0 {
			m.Period = q.Period
		}
		m.Queries = append(m.Queries, q)
	}
	if expression := firstOf(string(t.Query), string(t.Expression)); expression != "" && len(m.Queries) == 0 {
		m.Queries = []Query{{Expression: expression, Period: m.Period, Returned: true}}
	}
	if t.MetricName != "" {
		m.Queries = append(m.Queries, Query{
			Namespace: string(t.Namespace), Name: string(t.MetricName), Unit: string(t.Unit), Dimensions: t.Dimensions,
			Stat: firstOf(statistic(string(t.Statistic)), string(t.ExtendedStatistic)), Period: m.Period, Returned: true,
		})
	}
	return m
}

func (q queryRow) query() Query {
	stat := q.MetricStat.value
	period := q.Period.int()
	if period == 0 {
		period = stat.Period.int()
	}
	return Query{
		ID: string(q.ID), Label: string(q.Label), Expression: string(q.Expression), Account: accountID(string(q.AccountID)),
		Namespace: string(stat.Metric.value.Namespace), Name: firstOf(string(stat.Metric.value.MetricName), string(stat.Metric.value.Name)), Dimensions: stat.Metric.value.Dimensions,
		Stat: string(stat.Stat), Unit: string(stat.Unit), Period: period, Returned: q.ReturnData == "true",
	}
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
