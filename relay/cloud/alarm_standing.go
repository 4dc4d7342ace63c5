package cloud

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"alarmrelay/alert"
	"alarmrelay/relay"
)

// common is what the SDK's types of alarms have in common.
type common struct {
	name, arn, description, reason *string
	state                          types.StateValue
	transitioned, updated          *time.Time // when the state became another; when anything about it did
	enabled                        *bool
	onAlarm, onOK                  []string
}

func (c *common) standing(kind alert.Kind) relay.Standing {
	s := relay.Standing{Alert: alert.Alert{
		Kind: kind, Name: aws.ToString(c.name), ARN: aws.ToString(c.arn), State: alert.State(c.state),
		ChangedAt: aws.ToTime(c.transitioned).UTC(), Reason: aws.ToString(c.reason), Description: aws.ToString(c.description), NoOKActions: len(c.onOK) == 0,
	}}
	if c.transitioned == nil {
		s.ChangedAt = aws.ToTime(c.updated).UTC()
	}
	if c.enabled == nil || *c.enabled {
		s.Actions = c.onAlarm
	}
	return s
}

func metricStanding(a *types.MetricAlarm) relay.Standing {
	c := common{
		a.AlarmName, a.AlarmArn, a.AlarmDescription, a.StateReason, a.StateValue, a.StateTransitionedTimestamp, a.StateUpdatedTimestamp,
		a.ActionsEnabled, a.AlarmActions, a.OKActions,
	}
	s := c.standing(alert.KindMetricAlarm)
	s.Metric = metricAlarm(a)
	s.Many = a.EvaluationCriteria != nil || grouped(s.Metric)
	s.Alert = alert.Described(s.Alert, aws.ToString(a.StateReasonData))
	return s
}

// grouped reports whether what an alarm compares is a query of Metrics Insights that gives a series for each of something.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/multi-time-series-alarm.html
func grouped(m *alert.MetricAlarm) bool {
	return strings.Contains(strings.ToUpper(strings.Join(strings.Fields(m.Watched().Expression), " ")), "GROUP BY")
}

func compositeStanding(a *types.CompositeAlarm) relay.Standing {
	c := common{
		a.AlarmName, a.AlarmArn, a.AlarmDescription, a.StateReason, a.StateValue, a.StateTransitionedTimestamp, a.StateUpdatedTimestamp,
		a.ActionsEnabled, a.AlarmActions, a.OKActions,
	}
	s := c.standing(alert.KindCompositeAlarm)
	s.Composite = &alert.Composite{Rule: aws.ToString(a.AlarmRule), SuppressedBy: aws.ToString(a.ActionsSuppressor)}
	s.Alert = alert.Described(s.Alert, aws.ToString(a.StateReasonData))
	switch by := a.ActionsSuppressedBy; by {
	case "":
	case types.ActionsSuppressedByAlarm:
		s.Quiet = "its actions are suppressed by " + s.Composite.SuppressedBy
	default: // before or after the suppressor is in ALARM
		s.Quiet = "its actions are suppressed by the " + string(by) + " of " + s.Composite.SuppressedBy
	}
	return s
}

// logStanding is an alarm on a query of logs, as its messages tell it: an alarm on a metric that has no name.
func logStanding(a *types.LogAlarm) relay.Standing {
	c := common{
		a.AlarmName, a.AlarmArn, a.AlarmDescription, a.StateReason, a.StateValue, a.StateTransitionedTimestamp, a.StateUpdatedTimestamp,
		a.ActionsEnabled, a.AlarmActions, a.OKActions,
	}
	s := c.standing(alert.KindMetricAlarm)
	s.Many = true
	s.Metric = &alert.MetricAlarm{
		Comparison: string(a.ComparisonOperator), Threshold: a.Threshold, MissingData: aws.ToString(a.TreatMissingData),
		Evaluations: int(aws.ToInt32(a.QueryResultsToEvaluate)), Datapoints: int(aws.ToInt32(a.QueryResultsToAlarm)),
	}
	if q := a.ScheduledQueryConfiguration; q != nil {
		s.Metric.Queries = []alert.Query{{Expression: aws.ToString(q.QueryString) + " | " + aws.ToString(q.AggregationExpression), Returned: true}}
	}
	s.Alert = alert.Described(s.Alert, aws.ToString(a.StateReasonData))
	return s
}

// contributor is one series of an alarm that is in ALARM, as the message about it tells it.
func contributor(of *alert.Alert, c types.AlarmContributor) alert.Alert {
	one := *of
	one.State, one.Reason = alert.StateAlarm, aws.ToString(c.StateReason)
	one.Contributor = &alert.Contributor{ID: aws.ToString(c.ContributorId), Attributes: c.ContributorAttributes}
	if c.StateTransitionedTimestamp != nil {
		one.ChangedAt = c.StateTransitionedTimestamp.UTC()
	}
	return alert.Described(one, "")
}
