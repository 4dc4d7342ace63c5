package fake

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/google/go-cmp/cmp"
)

// found are the names in an answer of DescribeAlarms, by the list that they are in.
func found(out cbor.Map) map[string][]string {
	names := map[string][]string{}
	for _, list := range []string{"MetricAlarms", "CompositeAlarms", "LogAlarms"} {
		for _, one := range out[list].(cbor.List) {
			names[list] = append(names[list], string(one.(cbor.Map)["AlarmName"].(cbor.String)))
		}
	}
	return names
}

func newWithAlarms() *CloudWatch {
	c := NewCloudWatch(Options{}, "eu-west-1", "111122223333")
	c.AddAlarm(MetricAlarm{Alarm: Alarm{Name: "a", State: "OK"}, Namespace: "Shop", Metric: "Orders", Stat: "Sum", Period: 60})
	c.AddAlarm(CompositeAlarm{Alarm: Alarm{Name: "b"}, Rule: "ALARM(a)"})
	c.AddAlarm(MetricAlarm{Alarm: Alarm{Name: "c"}, Namespace: "Shop", Metric: "Returns", Stat: "Sum", Period: 60})
	c.AddAlarm(LogAlarm{Alarm: Alarm{Name: "d"}, Query: "fields @message", Aggregation: "count(*)"})
	return c
}

var everyType = []any{"MetricAlarm", "CompositeAlarm", "LogAlarm"}

func TestAlarmsAreThoseOfTheTypesTheStateAndTheNamesThatWereAskedFor(t *testing.T) {
	for name, row := range map[string]struct {
		in   map[string]any
		want map[string][]string
	}{
		"nothing said":    {map[string]any{}, map[string][]string{"MetricAlarms": {"a", "c"}}},
		"every type":      {map[string]any{"AlarmTypes": everyType}, map[string][]string{"MetricAlarms": {"a", "c"}, "CompositeAlarms": {"b"}, "LogAlarms": {"d"}}},
		"those in ALARM":  {map[string]any{"AlarmTypes": everyType, "StateValue": "ALARM"}, map[string][]string{"MetricAlarms": {"c"}, "CompositeAlarms": {"b"}, "LogAlarms": {"d"}}},
		"some names":      {map[string]any{"AlarmTypes": everyType, "AlarmNames": []any{"b", "a", "z"}}, map[string][]string{"MetricAlarms": {"a"}, "CompositeAlarms": {"b"}}},
		"the second page": {map[string]any{"AlarmTypes": everyType, "MaxRecords": 2, "NextToken": "after:b"}, map[string][]string{"MetricAlarms": {"c"}, "LogAlarms": {"d"}}},
	} {
		status, out := askCloudWatch(t, newWithAlarms(), "DescribeAlarms", row.in)
		if diff := cmp.Diff(row.want, found(out)); diff != "" || status != 200 || out["NextToken"] != nil {
			t.Errorf("%s: status %d, more at %v (-want +got):\n%s", name, status, out["NextToken"], diff)
		}
	}
	if _, out := askCloudWatch(t, newWithAlarms(), "DescribeAlarms", map[string]any{"AlarmTypes": everyType, "MaxRecords": 2}); out["NextToken"] != cbor.String("after:b") {
		t.Errorf("after the first page comes %v", out["NextToken"])
	}
}

func TestAnAlarmIsDescribedWithWhatWasSaidOfIt(t *testing.T) {
	c := newWithAlarms()
	since := time.Date(2026, 11, 21, 3, 0, 0, 250e6, time.UTC)
	c.AddAlarm(CompositeAlarm{
		Alarm: Alarm{Name: "b", Since: since, Updated: since.Add(time.Hour), Reason: "because", Actions: []string{"arn:aws:sns:eu-west-1:111122223333:ops"}, Disabled: true},
		Rule:  "ALARM(a)", Suppressor: "maintenance", SuppressedBy: "Alarm",
	})
	_, out := askCloudWatch(t, c, "DescribeAlarms", map[string]any{"AlarmTypes": []any{"CompositeAlarm"}})
	at := func(when time.Time) cbor.Value {
		return &cbor.Tag{ID: 1, Value: cbor.Float64(float64(when.UnixMilli()) / 1000)}
	}
	want := cbor.Map{
		"AlarmName": cbor.String("b"), "AlarmArn": cbor.String("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:b"), "StateValue": cbor.String("ALARM"),
		"StateReason": cbor.String("because"), "StateTransitionedTimestamp": at(since), "StateUpdatedTimestamp": at(since.Add(time.Hour)),
		"ActionsEnabled": cbor.Bool(false), "AlarmActions": cbor.List{cbor.String("arn:aws:sns:eu-west-1:111122223333:ops")}, "OKActions": cbor.List{},
		"AlarmRule": cbor.String("ALARM(a)"), "ActionsSuppressor": cbor.String("maintenance"), "ActionsSuppressedBy": cbor.String("Alarm"),
	}
	if diff := cmp.Diff(cbor.List{want}, out["CompositeAlarms"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRequestsForAlarmsThatTheServiceWouldNotTake(t *testing.T) {
	names := make([]any, 101)
	for i := range names {
		names[i] = fmt.Sprint("alarm ", i)
	}
	for name, row := range map[string]struct {
		operation string
		in        map[string]any
		code      string
	}{
		"more than a hundred names":  {"DescribeAlarms", map[string]any{"AlarmNames": names}, "ValidationError"},
		"no names":                   {"DescribeAlarms", map[string]any{"AlarmNames": []any{}}, "ValidationError"},
		"an empty name":              {"DescribeAlarms", map[string]any{"AlarmNames": []any{""}}, "ValidationError"},
		"a type that nobody knows":   {"DescribeAlarms", map[string]any{"AlarmTypes": []any{"LogsAlarm"}}, "ValidationError"},
		"a state that nobody knows":  {"DescribeAlarms", map[string]any{"StateValue": "FIRING"}, "ValidationError"},
		"more than a hundred alarms": {"DescribeAlarms", map[string]any{"MaxRecords": 101}, "ValidationError"},
		"a token of somebody else's": {"DescribeAlarms", map[string]any{"NextToken": "2"}, "InvalidNextToken"},
		"series of nobody's":         {"DescribeAlarmContributors", map[string]any{"AlarmName": "nobody"}, "ResourceNotFoundException"},
		"how many series":            {"DescribeAlarmContributors", map[string]any{"AlarmName": "a", "MaxRecords": 2}, "InvalidParameterValue"},
		"mute rules by a prefix":     {"ListAlarmMuteRules", map[string]any{"Prefix": "a"}, "InvalidParameterValue"},
		"mute rules on page two":     {"ListAlarmMuteRules", map[string]any{"NextToken": 2.0}, "InvalidNextToken"},
		"a mute rule of nobody's":    {"GetAlarmMuteRule", map[string]any{"AlarmMuteRuleName": "nobody"}, "ResourceNotFoundException"},
		"a mute rule by its ARN":     {"GetAlarmMuteRule", map[string]any{"AlarmMuteRuleArn": "arn"}, "InvalidParameterValue"},
	} {
		status, out := askCloudWatch(t, newWithAlarms(), row.operation, row.in)
		if status != 400 || out["__type"] != cbor.String("com.amazonaws.cloudwatch#"+row.code) {
			t.Errorf("%s: status %d, %v", name, status, out)
		}
	}
}

func TestMuteRulesAreListedByTheirStatusAndToldWithTheirAlarms(t *testing.T) {
	c := newWithAlarms()
	c.AddMuteRule(MuteRule{Name: "nightly", Alarms: []string{"a", "c"}})
	c.AddMuteRule(MuteRule{Name: "later", Status: "SCHEDULED"})
	rule := func(name, status string) cbor.Map {
		return cbor.Map{
			"AlarmMuteRuleArn": cbor.String("arn:aws:cloudwatch:eu-west-1:111122223333:alarm-mute-rule:" + name), "Status": cbor.String(status), "MuteType": cbor.String("ONE_TIME"),
		}
	}
	for status, want := range map[string]cbor.List{"ACTIVE": {rule("nightly", "ACTIVE")}, "SCHEDULED": {rule("later", "SCHEDULED")}, "EXPIRED": {}} {
		_, out := askCloudWatch(t, c, "ListAlarmMuteRules", map[string]any{"Statuses": []any{status}})
		if diff := cmp.Diff(want, out["AlarmMuteRuleSummaries"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", status, diff)
		}
	}
	_, out := askCloudWatch(t, c, "GetAlarmMuteRule", map[string]any{"AlarmMuteRuleName": "nightly"})
	want := rule("nightly", "ACTIVE")
	want["Name"], want["MuteTargets"] = cbor.String("nightly"), cbor.Map{"AlarmNames": cbor.List{cbor.String("a"), cbor.String("c")}}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
