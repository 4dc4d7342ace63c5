package alert

import "strings"

// What follows reads an alarm in the spelling of EventBridge and of the alarm
// action to Lambda: camel case, dimensions as an object, the threshold only
// inside reasonData.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html

// readAlarmAction reads what an alarm sends to a function that is its action.
func readAlarmAction(raw []byte, o object, from Origin) []Record {
	from.SentAt = o.time("time")
	a, ok := readDetail(o.object("alarmData"), from)
	if !ok {
		return readNotice(raw, o, from)
	}
	a.ARN = o.str("alarmArn")
	a.locate(location{region: code(o.str("region")), account: accountID(o.str("accountId"))}, a.ARN)
	return one(a)
}

// readAlarmEvent reads EventBridge's news of an alarm. EventBridge tells every
// phase, also those in which the alarm's actions are held back: these are no news.
func readAlarmEvent(raw []byte, o object, from Origin) []Record {
	detail := o.object("detail")
	a, ok := readDetail(detail, from)
	if !ok {
		return one(readJSON(raw, o, from))
	}
	if resources := o.list("resources"); len(resources) > 0 {
		a.ARN = scalar(resources[0])
	}
	if a.ChangedAt.IsZero() {
		a.ChangedAt = o.time("time")
	}
	a.locate(location{region: code(o.str("region")), account: accountID(o.str("account"))}, a.ARN)
	if from.DetailType == "CloudWatch Alarm Configuration Change" {
		return one(configurationChange(a, detail))
	}
	if why := noNews(detail, from.DetailType == "CloudWatch Alarm Contributor State Change"); why != "" {
		return skip(why)
	}
	return one(a)
}

// noNews says why a phase of an alarm is not to be told: users of EventBridge
// should hear what users of SNS hear.
func noNews(detail object, contributor bool) string {
	now, before := detail.object("state"), detail.object("previousState")
	switch by := now.str("actionsSuppressedBy"); {
	case by != "":
		return "actions of the alarm are suppressed by " + by
	case detail.object("muteDetail") != nil:
		return "alarm is muted by " + strings.TrimPrefix(alarmNameOf(detail.object("muteDetail").str("mutedByArn")), "alarm-mute-rule:")
	case contributor || now.str("value") != before.str("value"):
		return ""
	case state(now.str("value")) == StateAlarm && before.str("actionsSuppressedBy") != "":
		return "" // the suppression ended and the trouble did not
	}
	return "no change of state"
}

// readDetail reads an alarm in camel case; ok is false where it is none.
func readDetail(detail object, from Origin) (a Alert, ok bool) {
	if detail.str("alarmName") == "" {
		return Alert{}, false
	}
	now, before, c := detail.object("state"), detail.object("previousState"), detail.object("configuration")
	a = Alert{
		Kind:        KindMetricAlarm,
		Name:        detail.str("alarmName"),
		State:       state(now.str("value")),
		Previous:    state(before.str("value")),
		ChangedAt:   now.time("timestamp"),
		PreviousAt:  before.time("timestamp"),
		Reason:      shorten(now.str("reason"), maxText),
		Description: shorten(c.str("description"), maxText),
		NoOKActions: c.isEmptyList("okActions"),
		Tags:        readTags(detail),
		Origin:      from,
	}
	if contributor := detail.object("alarmContributor"); contributor != nil {
		a.Contributor = &Contributor{contributor.str("id"), contributor.texts("attributes")}
	}
	why := parseObject(now.str("reasonData")) // absent for initial states and SetAlarmState
	if children := why.list("triggeringAlarms"); c.has("alarmRule") || len(children) > 0 {
		a.Kind = KindCompositeAlarm
		a.Composite = &Composite{Rule: c.str("alarmRule"), SuppressedBy: alarmNameOf(c.str("actionsSuppressor")), Children: readChildren(children)}
	} else {
		a.Metric = readMetricAlarm(c)
		a.Metric.complete(why)
		a.Metric.readReason(a.Reason)
	}
	return a, true
}

// complete adds what only the reason's data tell of a state change: the
// threshold, the unit and the values that decided, oldest first.
func (m *MetricAlarm) complete(why object) {
	m.Values, m.Lower, m.Upper = why.numbers("recentDatapoints"), why.numbers("recentLowerThresholds"), why.numbers("recentUpperThresholds")
	if m.Threshold == nil {
		m.Threshold = why.number("threshold")
	}
	if m.Period == 0 {
		m.Period = why.int("period")
	}
	for i := range m.Queries {
		m.Queries[i].Unit = firstOf(m.Queries[i].Unit, why.str("unit"))
	}
}

// configurationChange turns an alarm's edit into a quiet notice.
func configurationChange(a Alert, detail object) Alert {
	c := detail.object("configuration")
	n := &Notice{Service: "CloudWatch", Status: detail.str("operation")}
	// As the API writes the comparison: who changed it knows these words.
	n.add("Threshold", strings.TrimSpace(c.str("comparisonOperator")+" "+c.str("threshold")), true)
	n.add("Rule", c.str("alarmRule"), true)
	n.add("Actions enabled", c.str("actionsEnabled"), false)
	n.add("State", detail.object("state").str("value"), false)
	changed := c.time("timestamp") // the state's own time is older than the edit
	if changed.IsZero() {
		changed = a.Origin.SentAt
	}
	return Alert{
		Kind: KindAlarmConfig, Name: a.Name, ARN: a.ARN, Account: a.Account, Region: a.Region, Partition: a.Partition,
		Key: "alarm-config|" + a.ARN, Change: a.Origin.MessageID,
		ChangedAt: changed, Reason: a.Reason, Description: a.Description, Tags: a.Tags, Severity: SeverityInfo, Notice: n, Origin: a.Origin,
	}
}

// add appends a fact, unless it is empty.
func (n *Notice) add(label, value string, isCode bool) {
	if value != "" {
		n.Fields = append(n.Fields, Field{Label: label, Value: value, Code: isCode})
	}
}
