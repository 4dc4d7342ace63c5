package alert_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

func TestWhatCloudWatchDescribesIsCompletedAndNothingOfItChanged(t *testing.T) {
	const arn = "arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:a:b"
	at := time.Date(2026, 11, 12, 18, 4, 38, 772e6, time.UTC)
	metric := func() *alert.MetricAlarm {
		return &alert.MetricAlarm{Queries: []alert.Query{{Name: "Orders", Returned: true}}, MissingData: "missing", Missing: true}
	}
	for name, row := range map[string]struct {
		given alert.Alert
		data  string
		want  alert.Alert
	}{
		"a metric alarm": {
			alert.Alert{Name: "a:b", ARN: arn, State: alert.StateAlarm, Metric: metric()},
			`{"recentDatapoints":[1.5,2.5],"threshold":1.0,"unit":"Count","period":60}`,
			alert.Alert{
				Name: "a:b", ARN: arn, Key: arn, Account: "111122223333", Region: "cn-north-1", Partition: "aws-cn", State: alert.StateAlarm,
				Metric: &alert.MetricAlarm{
					Queries: []alert.Query{{Name: "Orders", Unit: "Count", Returned: true}}, MissingData: "missing", Period: 60, Threshold: new(1.0), Values: []float64{1.5, 2.5},
				},
			},
		},
		"a series of it, whose reason alone tells": {
			alert.Alert{
				Name: "a:b", ARN: arn, State: alert.StateAlarm, Metric: metric(), Contributor: &alert.Contributor{ID: "c1"}, Change: "kept",
				Reason: "Threshold Crossed: 1 out of the last 1 datapoints [7.0 (12/11/26 18:01:00)] was greater than the threshold (1.0).",
			},
			"",
			alert.Alert{
				Name: "a:b", ARN: arn, Key: arn + "#c1", Account: "111122223333", Region: "cn-north-1", Partition: "aws-cn", State: alert.StateAlarm,
				Contributor: &alert.Contributor{ID: "c1"}, Change: "kept",
				Reason: "Threshold Crossed: 1 out of the last 1 datapoints [7.0 (12/11/26 18:01:00)] was greater than the threshold (1.0).",
				Metric: &alert.MetricAlarm{Queries: []alert.Query{{Name: "Orders", Returned: true}}, MissingData: "missing", Values: []float64{7}},
			},
		},
		"a composite alarm": {
			alert.Alert{Name: "a:b", ARN: arn, State: alert.StateAlarm, Composite: &alert.Composite{Rule: "ALARM(c)", SuppressedBy: arn}},
			`{"triggeringAlarms":[{"arn":"arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:c","state":{"value":"ALARM","timestamp":"2026-11-12T18:04:38.772+0000"}}]}`,
			alert.Alert{
				Name: "a:b", ARN: arn, Key: arn, Account: "111122223333", Region: "cn-north-1", Partition: "aws-cn", State: alert.StateAlarm,
				Composite: &alert.Composite{
					Rule: "ALARM(c)", SuppressedBy: "a:b",
					Children: []alert.Child{{ARN: "arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:c", Name: "c", State: alert.StateAlarm, At: at}},
				},
			},
		},
		"data that are no JSON": {
			alert.Alert{Name: "a:b", ARN: arn, State: alert.StateOK, Composite: &alert.Composite{}},
			`{"triggeringAlarms":[`,
			alert.Alert{
				Name: "a:b", ARN: arn, Key: arn, Account: "111122223333", Region: "cn-north-1", Partition: "aws-cn", State: alert.StateOK, Composite: &alert.Composite{},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, alert.Described(row.given, row.data)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if m := row.given.Metric; m != nil {
				if diff := cmp.Diff(metric(), m); diff != "" {
					t.Errorf("what was given has changed (-before +after):\n%s", diff)
				}
			}
			if c := row.given.Composite; c != nil && c.Children != nil {
				t.Errorf("what was given has changed: %+v", c)
			}
		})
	}
}
