package formatter

import (
	"time"

	"alarmrelay/alert"
)

var fired = time.Date(2026, 11, 21, 3, 2, 10, 0, time.UTC)

// cpuAlarm is a metric alarm as it stands in most channels.
func cpuAlarm() alert.Alert {
	return alert.Alert{
		Kind: alert.KindMetricAlarm, Name: "prod-api-cpu-high", Account: "111122223333", Region: "ap-northeast-2", Partition: "aws",
		State: alert.StateAlarm, Previous: alert.StateOK, ChangedAt: fired, Severity: alert.SeverityCritical,
		Reason:      "Threshold Crossed: 3 out of the last 3 datapoints [97.2 (21/11/26 03:01:00), 95.0 (21/11/26 03:00:00), 91.3 (21/11/26 02:59:00)] was greater than or equal to the threshold (80.0) (minimum 3 datapoints for OK -> ALARM transition).",
		Description: "The API is out of CPU. Check the *last deployment* first.",
		Runbook:     "https://wiki.example.com/runbooks/cpu",
		Metric: &alert.MetricAlarm{
			Queries: []alert.Query{{
				Namespace: "AWS/EC2", Name: "CPUUtilization", Stat: "AVERAGE", Returned: true,
				Dimensions: []alert.Dimension{{Name: "AutoScalingGroupName", Value: "prod-api"}},
			}},
			Comparison: "GreaterThanOrEqualToThreshold", Threshold: new(80.0), Period: 60, Evaluations: 3, Datapoints: 3,
			MissingData: "missing", Values: []float64{91.3, 95, 97.2},
		},
	}
}

func recovery() alert.Alert {
	a := cpuAlarm()
	a.State, a.Previous = alert.StateOK, alert.StateAlarm
	a.ChangedAt, a.PreviousAt = fired.Add(12*time.Minute), fired
	a.Reason = "Threshold Crossed: 1 out of the last 3 datapoints [41.25 (21/11/26 03:13:00)] was not greater than or equal to the threshold (80.0) (minimum 1 datapoint for ALARM -> OK transition)."
	a.Metric.Values = []float64{41.25}
	return a
}

func compositeAlarm() alert.Alert {
	arn := "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:"
	return alert.Alert{
		Kind: alert.KindCompositeAlarm, Name: "checkout-is-down", Account: "111122223333", Region: "ap-northeast-2", Partition: "aws",
		State: alert.StateAlarm, Previous: alert.StateOK, ChangedAt: fired, NoOKActions: true,
		Composite: &alert.Composite{
			Rule: `ALARM("prod-api-5xx") AND ALARM("주문 대기 (일괄)")`,
			Children: []alert.Child{
				{ARN: arn + "prod-api-5xx", Name: "prod-api-5xx", State: alert.StateAlarm, At: fired},
				{ARN: arn + "주문 대기 (일괄)", Name: "주문 대기 (일괄)", State: alert.StateAlarm, At: fired.Add(-2 * time.Minute)},
			},
		},
	}
}

func logLines() alert.Alert {
	a := alert.Alert{
		Kind: alert.KindLogs, Name: "/aws/lambda/checkout", Account: "111122223333", Region: "ap-northeast-2", Partition: "aws", ChangedAt: fired,
		Logs: &alert.LogBatch{Group: "/aws/lambda/checkout", Stream: "2026/11/21/[$LATEST]6ad3", Filters: []string{"keyword-error"}, Omitted: 3},
	}
	for i, said := range []string{
		"ERROR PaymentDeclined order=8812 password=hunter2",
		"2026-11-21T03:02:11.000Z ERROR ```@everyone```",
		"\x1b[31mERROR\x1b[0m gateway timeout\n    at pay (/var/task/pay.js:88)",
	} {
		a.Logs.Lines = append(a.Logs.Lines, alert.LogLine{At: fired.Add(time.Duration(i) * time.Second), Text: said})
	}
	return a
}

func budget() alert.Alert {
	return alert.Alert{
		Kind: alert.KindBudget, Name: "monthly-total", Account: "111122223333", Severity: alert.SeverityWarning, ChangedAt: fired,
		Notice: &alert.Notice{
			Service: "AWS Budgets", Budget: &alert.Budget{Limit: "$500.00", Actual: "$412.50", Threshold: "> $400.00", Alert: "ACTUAL", Percent: "82.5"},
			Fields: []alert.Field{{Label: "Alert", Value: "ACTUAL > $400.00"}},
			Links:  []alert.Link{{Label: "Budget", URL: "https://console.aws.amazon.com/billing/home#/budgets"}, {Label: "Budget", URL: "https://evil.example/"}},
		},
	}
}

func bounce() alert.Alert {
	return alert.Alert{
		Kind: alert.KindSES, Name: "Bounce: your order", Account: "444455556666", Region: "eu-west-1", Partition: "aws", Severity: alert.SeverityWarning, ChangedAt: fired,
		Reason: "550 user <kim@example.net> unknown, see https://example.net/bounces",
		Notice: &alert.Notice{
			Service: "SES", Status: "Bounce",
			Fields: []alert.Field{
				{Label: "To", Value: "kim@example.net"},
				{Label: "Started", At: fired.Add(-time.Hour)},
				{Label: "Job", Value: "job-7`", Code: true},
				{Label: "Reset token", Value: "abc"},
			},
		},
	}
}

func notice(alerts ...alert.Alert) Notice {
	n := Notice{Arrived: fired.Add(30 * time.Second)}
	for _, a := range alerts {
		n.Items = append(n.Items, Item{Alert: a})
	}
	return n
}
