package alert_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

func TestAChildOfACompositeAlarmLiesWhereItsARNSays(t *testing.T) {
	parent := alert.Alert{
		Kind: alert.KindCompositeAlarm, Name: "shop-down", Account: "111122223333", Region: "ap-northeast-2", Partition: "aws",
		State: alert.StateAlarm, ChangedAt: time.Unix(1_795_230_130, 0),
	}
	child := func(account, region, partition, arn string) alert.Alert {
		return alert.Alert{
			Kind: alert.KindMetricAlarm, Name: "orders", ARN: arn, Account: account, Region: region, Partition: partition,
			State: alert.StateAlarm, ChangedAt: parent.ChangedAt,
		}
	}
	const there = "arn:aws-cn:cloudwatch:cn-north-1:444455556666:alarm:orders"
	for name, row := range map[string]struct {
		arn  string
		want alert.Alert
	}{
		"elsewhere":                {there, child("444455556666", "cn-north-1", "aws-cn", there)},
		"with its parent":          {"orders", child("111122223333", "ap-northeast-2", "aws", "orders")},
		"of another service":       {"arn:aws:sns:us-east-1:444455556666:orders", child("111122223333", "ap-northeast-2", "aws", "arn:aws:sns:us-east-1:444455556666:orders")},
		"in a region that is none": {"arn:aws:cloudwatch:evil.example:444455556666:alarm:orders", child("444455556666", "", "aws", "arn:aws:cloudwatch:evil.example:444455556666:alarm:orders")},
	} {
		got := parent.Of(alert.Child{ARN: row.arn, Name: "orders", State: alert.StateAlarm})
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestMetricsAreOfAnAccountUnlessTheyNameOne(t *testing.T) {
	m := &alert.MetricAlarm{Period: 60, Queries: []alert.Query{{ID: "m1", Name: "Orders"}, {ID: "m2", Name: "Orders", Account: "444455556666"}, {ID: "e1", Expression: "m1+m2"}}}
	want := &alert.MetricAlarm{Period: 60, Queries: []alert.Query{
		{ID: "m1", Name: "Orders", Account: "123456789012"}, {ID: "m2", Name: "Orders", Account: "444455556666"}, {ID: "e1", Expression: "m1+m2"},
	}}
	if diff := cmp.Diff(want, m.In("123456789012")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if m.Queries[0].Account != "" {
		t.Error("the alarm itself was changed")
	}
}
