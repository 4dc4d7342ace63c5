package e2e_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
)

const live = "[RelayFunction.Alias]"

func TestTheScheduleSaysWhatLeadsToTheRelay(t *testing.T) {
	const one, other = "arn:aws:sns:ap-northeast-2:111122223333:a", "arn:aws:sns:ap-northeast-2:444455556666:b"
	for name, topics := range map[string][]string{"no topic of another's": nil, "one": {one}, "two": {one, other}} {
		d := deploy(t, values{"TopicArns": strings.Join(topics, ",")})
		target := at[shape](t, d.template, "Resources", "TickSchedule", "Properties", "Target")
		var got relay.Order
		if err := json.Unmarshal([]byte(d.text(target["Input"])), &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := relay.Order{Do: relay.OrderTick, Sources: append([]string{"[Topic]", "[RelayFunction.Arn]", live}, topics...)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if _, err := got.Check(); err != nil {
			t.Errorf("%s: the relay refuses it: %v", name, err)
		}
		if to, role := d.text(target["Arn"]), d.text(target["RoleArn"]); to != live || role != "[TickRole.Arn]" {
			t.Errorf("%s: it invokes %s as %s", name, to, role)
		}
	}
}

func TestTheSchedulesRoleMayInvokeTheAliasAndNothingElse(t *testing.T) {
	d := deploy(t, nil)
	role := at[shape](t, d.template, "Resources", "TickRole", "Properties")
	want := []any{shape{"Sid": "InvokeTheFunction", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": shape{"Ref": "RelayFunction.Alias"}}}
	if diff := cmp.Diff(want, at[[]any](t, at[[]any](t, role, "Policies")[0], "PolicyDocument", "Statement")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	trust := at[shape](t, at[[]any](t, role, "AssumeRolePolicyDocument", "Statement")[0], "Condition", "StringEquals")
	if account, group := d.text(trust["aws:SourceAccount"]), d.text(trust["aws:SourceArn"]); account != "111122223333" || group != "arn:aws:scheduler:ap-northeast-2:111122223333:schedule-group/default" {
		t.Errorf("who may assume it: %s of %s", group, account)
	}
}

func TestWithoutTicksNothingOfThemIsMade(t *testing.T) {
	d := deploy(t, values{"Ticks": "false"})
	for _, name := range []string{"TickSchedule", "TickRole", "TicksAlarm"} {
		if d.holds(at[string](t, d.template, "Resources", name, "Condition")) {
			t.Errorf("%s is made", name)
		}
	}
	policies := at[[]any](t, d.template, "Resources", "RelayRole", "Properties", "Policies")
	for _, statement := range d.present(at[[]any](t, policies[0], "PolicyDocument", "Statement")) {
		visit(statement.(shape)["Action"], func(action any) {
			if s, ok := action.(string); ok && strings.HasPrefix(s, "cloudwatch:") {
				t.Errorf("the function may %s", s)
			}
		})
	}
}

// One tick may be late or fail: the next one makes up for it. A quarter of an hour without any has to be noticed.
func TestTicksThatStayAwayAreNoticed(t *testing.T) {
	d := deploy(t, nil)
	if every := at[string](t, d.template, "Resources", "TickSchedule", "Properties", "ScheduleExpression"); every != "rate(5 minutes)" {
		t.Fatalf("ticks come at a %s", every)
	}
	if got, want := readWatch(t, "TicksAlarm"), (watch{5 * time.Minute, 3, 3}); got != want {
		t.Errorf("it looks at %+v, want %+v", got, want)
	}
	properties := at[shape](t, d.template, "Resources", "TicksAlarm", "Properties")
	if properties["ComparisonOperator"] != "LessThanThreshold" || properties["Threshold"] != "1" || properties["Statistic"] != "Sum" {
		t.Errorf("it fires when the %v is %v %v", properties["Statistic"], properties["ComparisonOperator"], properties["Threshold"])
	}
}
