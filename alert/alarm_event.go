package alert

import (
	"encoding/json"
	"strings"
)

// alarmDetail is an alarm in the spelling of EventBridge and of the alarm
// action to Lambda: camel case, dimensions as an object, the threshold only
// inside reasonData.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
type alarmDetail struct {
	AlarmName     text
	Operation     text
	State         detailState
	PreviousState detailState
	Configuration lenient[detailConfiguration]
	Contributor   *lenient[struct {
		ID         text
		Attributes attributes
	}] `json:"alarmContributor"`
	MuteDetail *struct{ MutedByArn text }
}

type detailState struct {
	Value, Reason, ReasonData text
	Timestamp                 stamp
	SuppressedBy              text `json:"actionsSuppressedBy"`
}

type detailConfiguration struct {
	trigger
	Description       text
	AlarmRule         text
	ActionsSuppressor text
	ActionsEnabled    text
	OKActions         *list[text]
	Timestamp         stamp
}

// reasonData is the JSON inside state.reasonData.
type reasonData struct {
	Unit             text
	Period           number
	Threshold        number
	RecentDatapoints []float64
	RecentLower      []float64 `json:"recentLowerThresholds"`
	RecentUpper      []float64 `json:"recentUpperThresholds"`
	TriggeringAlarms list[messageChild]
}

// readAlarmAction reads what an alarm sends to a function that is its action.
func readAlarmAction(raw []byte, from Origin) []Record {
	var in struct {
		AlarmArn, AccountID, Region text
		Time                        stamp
		AlarmData                   json.RawMessage
	}
	_ = json.Unmarshal(raw, &in) // what has another type stays empty
	from.SentAt = in.Time.Time
	a, _, ok := readDetail(in.AlarmData, from)
	if !ok {
		return readNotice(raw, readObject(raw), from)
	}
	a.ARN = string(in.AlarmArn)
	a.locate(location{region: code(string(in.Region)), account: accountID(string(in.AccountID))}, a.ARN)
	return one(a)
}

// readAlarmEvent reads EventBridge's news of an alarm. EventBridge tells every
// phase, also those in which the alarm's actions are held back: these are no news.
func readAlarmEvent(e event, from Origin) []Record {
	a, d, ok := readDetail(e.Detail, from)
	if !ok {
		return readNotice(e.raw, e.object, from)
	}
	if len(e.Resources) > 0 {
		a.ARN = string(e.Resources[0])
	}
	if a.ChangedAt.IsZero() {
		a.ChangedAt = e.Time.Time
	}
	a.locate(e.location(), a.ARN)
	if e.DetailType == "CloudWatch Alarm Configuration Change" {
		return one(configurationChange(a, d))
	}
	if why := d.noNews(e.DetailType == "CloudWatch Alarm Contributor State Change"); why != "" {
		return skip(why)
	}
	return one(a)
}

// noNews says why a phase of an alarm is not to be told: users of EventBridge
// should hear what users of SNS hear.
func (d alarmDetail) noNews(contributor bool) string {
	switch now, before := d.State, d.PreviousState; {
	case now.SuppressedBy != "":
		return "actions of the alarm are suppressed by " + string(now.SuppressedBy)
	case d.MuteDetail != nil:
		return "alarm is muted by " + strings.TrimPrefix(alarmNameOf(string(d.MuteDetail.MutedByArn)), "alarm-mute-rule:")
	case contributor || now.Value != before.Value:
		return ""
	case state(now.Value) == StateAlarm && before.SuppressedBy != "":
		return "" // the suppression ended and the trouble did not
	}
	return "no change of state"
}

// readDetail reads an alarm in camel case; ok is false where it is none.
func readDetail(raw json.RawMessage, from Origin) (a Alert, d alarmDetail, ok bool) {
	if json.Unmarshal(raw, &d) != nil || d.AlarmName == "" {
		return Alert{}, d, false
	}
	c := d.Configuration.value
	a = Alert{
		Kind:        KindMetricAlarm,
		Name:        string(d.AlarmName),
		State:       state(d.State.Value),
		Previous:    state(d.PreviousState.Value),
		ChangedAt:   d.State.Timestamp.Time,
		PreviousAt:  d.PreviousState.Timestamp.Time,
		Reason:      shorten(string(d.State.Reason), maxText),
		Description: shorten(string(c.Description), maxText),
		NoOKActions: c.OKActions != nil && len(*c.OKActions) == 0,
		Tags:        readTags(readObject(raw)),
		Origin:      from,
	}
	if d.Contributor != nil {
		a.Contributor = &Contributor{string(d.Contributor.value.ID), d.Contributor.value.Attributes}
	}
	why := d.State.data()
	if c.AlarmRule != "" || len(why.TriggeringAlarms) > 0 {
		a.Kind = KindCompositeAlarm
		a.Composite = &Composite{Rule: string(c.AlarmRule), SuppressedBy: alarmNameOf(string(c.ActionsSuppressor))}
		for _, child := range why.TriggeringAlarms {
			s := child.State.value
			a.Composite.Children = append(a.Composite.Children, newChild(string(child.Arn), s.Value, s.Timestamp.Time))
		}
	} else {
		a.Metric = c.metric(why)
		a.Metric.readReason(a.Reason)
	}
	return a, d, true
}

func (s detailState) data() (d reasonData) {
	_ = json.Unmarshal([]byte(s.ReasonData), &d) // absent for initial states and SetAlarmState
	return d
}

// metric adds what only the reason's data tell of a state change: the
// threshold, the unit and the values that decided.
func (c detailConfiguration) metric(why reasonData) *MetricAlarm {
	m := c.trigger.metric()
	m.Values, m.Lower, m.Upper = why.RecentDatapoints, why.RecentLower, why.RecentUpper // oldest first
	if m.Threshold == nil {
		m.Threshold = why.Threshold.pointer()
	}
	if m.Period == 0 {
		m.Period = why.Period.int()
	}
	for i := range m.Queries {
		m.Queries[i].Unit = firstOf(m.Queries[i].Unit, string(why.Unit))
	}
	return m
}

// configurationChange turns an alarm's edit into a quiet notice.
func configurationChange(a Alert, d alarmDetail) Alert {
	c := d.Configuration.value
	n := &Notice{Service: "CloudWatch", Status: string(d.Operation)}
	n.add("Threshold", thresholdOf(c), true)
	n.add("Rule", string(c.AlarmRule), true)
	if c.ActionsEnabled != "" {
		n.add("Actions enabled", string(c.ActionsEnabled), false)
	}
	n.add("State", string(d.State.Value), false)
	changed := c.Timestamp.Time // the state's own time is older than the edit
	if changed.IsZero() {
		changed = a.Origin.SentAt
	}
	return Alert{
		Kind: KindAlarmConfig, Name: a.Name, ARN: a.ARN, Account: a.Account, Region: a.Region, Partition: a.Partition,
		Key: "alarm-config|" + a.ARN, Change: a.Origin.MessageID,
		ChangedAt: changed, Reason: a.Reason, Description: a.Description, Tags: a.Tags, Severity: SeverityInfo, Notice: n, Origin: a.Origin,
	}
}

// thresholdOf writes the comparison as the API does; who changed it knows these words.
func thresholdOf(c detailConfiguration) string {
	if !c.Threshold.set {
		return string(c.ComparisonOperator)
	}
	raw, _ := json.Marshal(c.Threshold.value) // a finite number always encodes
	return strings.TrimSpace(string(c.ComparisonOperator) + " " + string(raw))
}

// add appends a fact, unless it is empty.
func (n *Notice) add(label, value string, isCode bool) {
	if value != "" {
		n.Fields = append(n.Fields, Field{Label: label, Value: value, Code: isCode})
	}
}
