package rule_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

// cpu is an alarm that has a value for every matcher.
func cpu() *alert.Alert {
	return &alert.Alert{
		Kind: alert.KindMetricAlarm, Name: "prod-api-cpu-high", Account: "111122223333", Region: "ap-northeast-2",
		State: alert.StateAlarm, Previous: alert.StateOK, Description: "The API is busy.\nAsk the platform team.",
		Severity: alert.SeverityHigh, Tags: map[string]string{"team": "platform", "tier": "1"},
		Contributor: &alert.Contributor{ID: "c1", Attributes: map[string]string{"Shard": "s-7"}},
		Metric: &alert.MetricAlarm{Queries: []alert.Query{
			{ID: "m1", Namespace: "AWS/EC2", Name: "CPUUtilization", Dimensions: []alert.Dimension{{Name: "InstanceId", Value: "i-0abc"}}},
			{ID: "m2", Namespace: "Orders", Name: "Load", Dimensions: []alert.Dimension{{Name: "InstanceId", Value: "i-0def"}}},
		}},
		Origin: alert.Origin{
			Topic: "arn:aws:sns:ap-northeast-2:111122223333:alarms", Subject: "ALARM: prod",
			Source: "aws.cloudwatch", DetailType: "CloudWatch Alarm State Change",
		},
	}
}

func TestMatchers(t *testing.T) {
	tests := []struct {
		name    string
		match   string
		matches bool
		why     string
	}{
		{"a name fits itself", `{alarm: prod-api-cpu-high}`, true, `alarm is "prod-api-cpu-high"`},
		{"a name is no prefix", `{alarm: prod-api}`, false, `alarm is "prod-api-cpu-high", not prod-api`},
		{"a star stands for any text", `{alarm: "prod-*-high"}`, true, `alarm is "prod-api-cpu-high"`},
		{"a star stands for nothing too", `{alarm: "*prod-api*cpu-high*"}`, true, `alarm is "prod-api-cpu-high"`},
		{"stars are tried at every place", `{alarm: "*-*-high"}`, true, `alarm is "prod-api-cpu-high"`},
		{"a question mark is one character", `{alarm: "prod-???-cpu-high"}`, true, `alarm is "prod-api-cpu-high"`},
		{"a question mark is not nothing", `{alarm: "prod-api?-cpu-high"}`, false, `alarm is "prod-api-cpu-high", not prod-api?-cpu-high`},
		{"globs mind the case", `{alarm: "PROD-*"}`, false, `alarm is "prod-api-cpu-high", not PROD-*`},
		{"one of a list is enough", `{alarm: [dev-*, prod-*]}`, true, `alarm is "prod-api-cpu-high"`},
		{"none of a list is not", `{alarm: [dev-*, test-*]}`, false, `alarm is "prod-api-cpu-high", not dev-* or test-*`},
		{"an expression is searched", `{alarm: "/-(api|web)-/"}`, true, `alarm is "prod-api-cpu-high"`},
		{"an expression may be anchored", `{alarm: "/^api-/"}`, false, `alarm is "prod-api-cpu-high", not /^api-/`},
		{"an expression may ignore the case", `{alarm: "/(?i)^PROD/"}`, true, `alarm is "prod-api-cpu-high"`},
		{"description", `{description: "*platform team*"}`, true, `description is "The API is busy.\nAsk the platform team."`},
		{"namespace", `{namespace: AWS/EC2}`, true, `namespace is "AWS/EC2"`},
		{"namespace of another metric of the same alarm", `{namespace: Orders}`, true, `namespace is "Orders"`},
		{"metric", `{metric: CPU*}`, true, `metric is "CPUUtilization"`},
		{"no metric fits", `{metric: Errors}`, false, `metric is "CPUUtilization" and "Load", not Errors`},
		{"dimension", `{dimension: {InstanceId: i-0def}}`, true, `dimension InstanceId is "i-0def"`},
		{"dimension of the series that changed", `{dimension: {Shard: s-?}}`, true, `dimension Shard is "s-7"`},
		{"dimension that is not there", `{dimension: {QueueName: "*"}}`, false, `the alert has no dimension QueueName (wanted *)`},
		{"all dimensions must fit", `{dimension: {InstanceId: i-0abc, Shard: s-8}}`, false, `dimension Shard is "s-7", not s-8`},
		{"account", `{account: "111122223333"}`, true, `account is "111122223333"`},
		{"account without quotes", `{account: 111122223333}`, true, `account is "111122223333"`},
		{"another account", `{account: "444455556666"}`, false, `account is "111122223333", not 444455556666`},
		{"region", `{region: ap-*}`, true, `region is "ap-northeast-2"`},
		{"state", `{state: [ALARM, OK]}`, true, `state is "ALARM"`},
		{"another state", `{state: OK}`, false, `state is "ALARM", not OK`},
		{"kind", `{kind: "*-alarm"}`, true, `kind is "metric-alarm"`},
		{"severity", `{severity: high}`, true, `severity is "high"`},
		{"severity is exact, not at least", `{severity: warning}`, false, `severity is "high", not warning`},
		{"severity has other words", `{severity: [medium, HIGH]}`, true, `severity is "high"`},
		{"tag", `{tag: {team: "plat*"}}`, true, `tag team is "platform"`},
		{"tag whose value looks like a number", `{tag: {tier: 1}}`, true, `tag tier is "1"`},
		{"tag that is not there", `{tag: {owner: "*"}}`, false, `the alert has no tag owner (wanted *)`},
		{"topic", `{topic: "*:alarms"}`, true, `topic is "arn:aws:sns:ap-northeast-2:111122223333:alarms"`},
		{"subject", `{subject: "ALARM: *"}`, true, `subject is "ALARM: prod"`},
		{"source", `{source: aws.cloudwatch}`, true, `source is "aws.cloudwatch"`},
		{"detail-type", `{detail-type: CloudWatch Alarm*}`, true, `detail-type is "CloudWatch Alarm State Change"`},
		{"all matchers must fit", `{alarm: prod-*, region: eu-*}`, false, `region is "ap-northeast-2", not eu-*`},
		{"all matchers fit", `{alarm: prod-*, state: ALARM}`, true, `alarm is "prod-api-cpu-high", state is "ALARM"`},
		{"not excludes what fits", `{alarm: prod-*, not: {region: ap-*}}`, false, `excluded by not: region is "ap-northeast-2"`},
		{"not excludes only what fits as a whole", `{not: {region: ap-*, state: OK}}`, true, `nothing under not fits`},
		{"not with a list excludes each", `{not: [{state: OK}, {tag: {team: platform}}]}`, false, `excluded by not: tag team is "platform"`},
		{"not of an absent tag", `{not: {tag: {owner: "*"}}}`, true, `nothing under not fits`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			config := parse(t, fmt.Sprintf("destinations: {hit: {discord: \"env:A\"}, miss: {slack: \"env:B\"}}\n"+
				"rules:\n  - match: %s\n    to: hit\n  - to: miss\n", test.match))
			verdict := config.Explain(cpu(), now).Rules[0]
			if diff := cmp.Diff(test.why, verdict.Why); diff != "" || verdict.Matched != test.matches {
				t.Errorf("matched is %v, want %v; why: %s", verdict.Matched, test.matches, diff)
			}
			want := map[bool]string{true: "hit", false: "miss"}[test.matches]
			if got := config.Route(cpu(), now).Deliveries; len(got) != 1 || got[0].Destination != want {
				t.Errorf("delivered %+v, want only to %s", got, want)
			}
		})
	}
}

func TestAnAbsentValueFitsNoPattern(t *testing.T) {
	for _, matcher := range []string{
		"alarm", "subject", "topic", "metric", "detail-type", "source", "namespace", "account", "region", "kind", "state",
		"description",
	} {
		config := parse(t, fmt.Sprintf("destinations: {hit: {discord: \"env:A\"}, miss: {slack: \"env:B\"}}\n"+
			"rules:\n  - match: {%s: \"*\"}\n    to: hit\n  - to: miss\n", matcher))
		verdict := config.Explain(&alert.Alert{}, now).Rules[0]
		want := fmt.Sprintf("the alert has no %s (wanted *)", matcher)
		if diff := cmp.Diff(want, verdict.Why); diff != "" || verdict.Matched {
			t.Errorf("%s matched an alert without it, or said: %s", matcher, diff)
		}
	}
}
