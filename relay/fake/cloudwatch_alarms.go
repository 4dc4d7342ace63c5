package fake

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// The limits of DescribeAlarms.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
const (
	maxAlarmNames  = 100
	maxAlarmName   = 255
	maxAlarmsAPage = 100
	alarmsAPage    = 50
)

// The types of alarms.
const (
	metricAlarmType    = "MetricAlarm"
	compositeAlarmType = "CompositeAlarm"
	logAlarmType       = "LogAlarm"
)

// Alarm is what alarms of all types have.
type Alarm struct {
	Name, Description  string
	State              string    // ALARM if empty
	Since              time.Time // of the state; zero where the service does not tell
	Updated            time.Time // when the state was evaluated to something new, if it is not the same as Since
	Reason, ReasonData string
	Actions, OKActions []string
	Disabled           bool // its actions are switched off

	Contributors []AlarmContributor // the series of it that are in ALARM
}

// AlarmContributor is one series of an alarm.
type AlarmContributor struct {
	ID         string
	Attributes map[string]string
	Reason     string
	Since      time.Time
}

// AnyAlarm is a [MetricAlarm], a [CompositeAlarm] or a [LogAlarm].
type AnyAlarm interface {
	// described returns its type, what all have in common, and what is told of it besides.
	described() (kind string, common Alarm, more map[string]any)
}

// MetricAlarm is an alarm on one metric, or on an expression, as DescribeAlarms tells it.
type MetricAlarm struct {
	Alarm
	Namespace, Metric, Stat string
	Expression              string // instead of these three: metric math, Metrics Insights
	PromQL                  string // or this
	Dimensions              map[string]string
	Period, Evaluations     int
	Datapoints              int // to alarm; 0 for all
	Comparison              string
	Threshold               float64
	MissingData             string
}

func (a MetricAlarm) described() (kind string, common Alarm, more map[string]any) {
	more = map[string]any{
		"EvaluationPeriods": a.Evaluations, "ComparisonOperator": a.Comparison, "Threshold": a.Threshold,
	}
	switch {
	case a.PromQL != "":
		more["EvaluationCriteria"] = map[string]any{"PromQLCriteria": map[string]any{"Query": a.PromQL}}
		more["EvaluationInterval"] = a.Period
	case a.Expression != "":
		more["Metrics"] = []any{map[string]any{"Id": "q1", "Expression": a.Expression, "Period": a.Period, "ReturnData": true}}
	default:
		dimensions := []any{}
		for _, name := range slices.Sorted(maps.Keys(a.Dimensions)) {
			dimensions = append(dimensions, map[string]any{"Name": name, "Value": a.Dimensions[name]})
		}
		more["Namespace"], more["MetricName"], more["Statistic"], more["Dimensions"], more["Period"] = a.Namespace, a.Metric, a.Stat, dimensions, a.Period
	}
	if a.Datapoints > 0 {
		more["DatapointsToAlarm"] = a.Datapoints
	}
	if a.MissingData != "" {
		more["TreatMissingData"] = a.MissingData
	}
	return metricAlarmType, a.Alarm, more
}

// CompositeAlarm is an alarm on other alarms.
type CompositeAlarm struct {
	Alarm
	Rule         string
	Suppressor   string // the ARN or the name of an alarm
	SuppressedBy string // Alarm, WaitPeriod, ExtensionPeriod; empty while its actions are carried out
}

func (a CompositeAlarm) described() (kind string, common Alarm, more map[string]any) {
	more = map[string]any{"AlarmRule": a.Rule}
	if a.Suppressor != "" {
		more["ActionsSuppressor"] = a.Suppressor
	}
	if a.SuppressedBy != "" {
		more["ActionsSuppressedBy"] = a.SuppressedBy
	}
	return compositeAlarmType, a.Alarm, more
}

// LogAlarm is an alarm on a query of logs.
type LogAlarm struct {
	Alarm
	Query, Aggregation string
	Threshold          float64
	Comparison         string
	Results, Breaching int // how many results are looked at, and how many of them make it fire
}

func (a LogAlarm) described() (kind string, common Alarm, more map[string]any) {
	return logAlarmType, a.Alarm, map[string]any{
		"ScheduledQueryConfiguration": map[string]any{"QueryString": a.Query, "AggregationExpression": a.Aggregation},
		"ComparisonOperator":          a.Comparison, "Threshold": a.Threshold, "QueryResultsToEvaluate": a.Results, "QueryResultsToAlarm": a.Breaching,
	}
}

// storedAlarm is an alarm as it was added.
type storedAlarm struct {
	Alarm
	kind string
	more map[string]any
}

// AddAlarm makes an alarm that can be described, or changes the one of that name.
func (c *CloudWatch) AddAlarm(a AnyAlarm) {
	kind, common, more := a.described()
	if common.State == "" {
		common.State = "ALARM"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.alarms[common.Name] = storedAlarm{common, kind, more}
}

// RemoveAlarm deletes an alarm.
func (c *CloudWatch) RemoveAlarm(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.alarms, name)
}

func (a *storedAlarm) body(region, account string) map[string]any {
	body := maps.Clone(a.more)
	body["AlarmName"], body["AlarmArn"], body["StateValue"] = a.Name, "arn:aws:cloudwatch:"+region+":"+account+":alarm:"+a.Name, a.State
	body["ActionsEnabled"], body["AlarmActions"], body["OKActions"] = !a.Disabled, listOf(a.Actions), listOf(a.OKActions)
	for member, text := range map[string]string{"AlarmDescription": a.Description, "StateReason": a.Reason, "StateReasonData": a.ReasonData} {
		if text != "" {
			body[member] = text
		}
	}
	if !a.Since.IsZero() {
		body["StateTransitionedTimestamp"], body["StateUpdatedTimestamp"] = a.Since, a.Since
	}
	if !a.Updated.IsZero() {
		body["StateUpdatedTimestamp"] = a.Updated
	}
	return body
}

func listOf(all []string) []any {
	list := []any{}
	for _, one := range all {
		list = append(list, one)
	}
	return list
}

// described is what DescribeAlarms was asked for.
type described struct {
	names, types []string
	state        string
	page         page
}

func (c *CloudWatch) describe(in map[string]any) (asked string, answer reply) {
	q, code, why := readDescribed(in)
	asked = strings.Join(q.names, " ")
	if why != "" {
		return asked, cloudWatchRefusal(code, why)
	}
	found := map[string][]any{metricAlarmType: {}, compositeAlarmType: {}, logAlarmType: {}}
	fitting := slices.DeleteFunc(slices.Sorted(maps.Keys(c.alarms)), func(name string) bool {
		a := c.alarms[name]
		return q.state != "" && a.State != q.state || !slices.Contains(q.types, a.kind) || len(q.names) > 0 && !slices.Contains(q.names, name)
	})
	names, next := q.page.of(fitting)
	for _, name := range names {
		a := c.alarms[name]
		found[a.kind] = append(found[a.kind], a.body(c.region, c.account))
	}
	body := map[string]any{}
	for kind, list := range found {
		body[kind+"s"] = list
	}
	return asked, cloudWatchReply(next.into(body))
}

func readDescribed(in map[string]any) (q described, code, why string) {
	if why := unknownMember(in, "AlarmNames", "AlarmTypes", "StateValue", "MaxRecords", "NextToken"); why != "" {
		return q, "InvalidParameterValue", why
	}
	q.names, q.types = textsOf(in["AlarmNames"]), textsOf(in["AlarmTypes"])
	q.state, _ = in["StateValue"].(string)
	if len(q.types) == 0 {
		q.types = []string{metricAlarmType}
	}
	badName := func(name string) bool { return name == "" || len(name) > maxAlarmName }
	badType := func(kind string) bool {
		return !slices.Contains([]string{metricAlarmType, compositeAlarmType, logAlarmType}, kind)
	}
	switch {
	case in["AlarmNames"] != nil && (len(q.names) == 0 || len(q.names) > maxAlarmNames):
		return q, "ValidationError", "AlarmNames has at most 100 items."
	case slices.ContainsFunc(q.names, badName):
		return q, "ValidationError", "A name has 1 to 255 characters."
	case slices.ContainsFunc(q.types, badType):
		return q, "ValidationError", "A type is MetricAlarm, CompositeAlarm or LogAlarm."
	case !slices.Contains([]string{"", "OK", "ALARM", "INSUFFICIENT_DATA"}, q.state):
		return q, "ValidationError", "StateValue is OK, ALARM or INSUFFICIENT_DATA."
	}
	q.page, code, why = readPage(in, alarmsAPage, maxAlarmsAPage)
	return q, code, why
}

func textsOf(list any) (all []string) {
	rows, _ := list.([]any)
	for _, row := range rows {
		text, _ := row.(string)
		all = append(all, text)
	}
	return all
}

func (c *CloudWatch) describeContributors(in map[string]any) (asked string, answer reply) {
	asked, _ = in["AlarmName"].(string)
	if why := unknownMember(in, "AlarmName", "NextToken"); why != "" {
		return asked, cloudWatchRefusal("InvalidParameterValue", why)
	}
	alarm, ok := c.alarms[asked]
	if !ok {
		return asked, cloudWatchRefusal("ResourceNotFoundException", "The alarm does not exist.")
	}
	page, code, why := readPage(in, alarmsAPage, alarmsAPage)
	if why != "" {
		return asked, cloudWatchRefusal(code, why)
	}
	ids := map[string]AlarmContributor{}
	for _, one := range alarm.Contributors {
		ids[one.ID] = one
	}
	list, all := []any{}, slices.Sorted(maps.Keys(ids))
	shown, next := page.of(all)
	for _, id := range shown {
		list = append(list, ids[id].body())
	}
	return asked, cloudWatchReply(next.into(map[string]any{"AlarmContributors": list}))
}

func (a AlarmContributor) body() map[string]any {
	attributes := map[string]any{}
	for name, value := range a.Attributes {
		attributes[name] = value
	}
	body := map[string]any{"ContributorId": a.ID, "ContributorAttributes": attributes, "StateReason": a.Reason}
	if !a.Since.IsZero() {
		body["StateTransitionedTimestamp"] = a.Since
	}
	return body
}
