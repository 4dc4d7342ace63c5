package cloud

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"alarmrelay/alert"
	"alarmrelay/relay"
)

// maxAlarms is how many names, and how many alarms, one request has at most.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
const maxAlarms = 100

// allTypes are asked for by name: without it CloudWatch tells of metric alarms only.
var allTypes = []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm, types.AlarmTypeLogAlarm}

// Alarms is CloudWatch as it tells how the alarms of the function's own account and Region stand. What it throttles is asked for
// once more. Its errors name the operation and AWS's code, and no alarm.
type Alarms struct {
	client func() (*cloudwatch.Client, error)
}

var _ relay.Alarms = (*Alarms)(nil)

// NewAlarms returns CloudWatch. Its AWS configuration is made by load, once, when the first call needs it: [FromEnvironment] in
// the function.
func NewAlarms(load func(context.Context) (aws.Config, error)) *Alarms {
	return &Alarms{client: cloudWatch(load)}
}

// Named implements [relay.Alarms].
func (a *Alarms) Named(ctx context.Context, names []string) (all []relay.Standing, err error) {
	client, err := a.client()
	if err != nil {
		return nil, err
	}
	for some := range slices.Chunk(names, maxAlarms) {
		found, err := describe(ctx, client, &cloudwatch.DescribeAlarmsInput{AlarmNames: some})
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	_ = quieten(ctx, client, all) // how they stand is what was asked for
	return all, nil
}

// Firing implements [relay.Alarms].
func (a *Alarms) Firing(ctx context.Context) ([]relay.Standing, error) {
	client, err := a.client()
	if err != nil {
		return nil, err
	}
	all, err := describe(ctx, client, &cloudwatch.DescribeAlarmsInput{StateValue: types.StateValueAlarm})
	if err != nil {
		return nil, err
	}
	return all, quieten(ctx, client, all)
}

// describe returns what CloudWatch tells on all pages.
func describe(ctx context.Context, client *cloudwatch.Client, in *cloudwatch.DescribeAlarmsInput) (all []relay.Standing, err error) {
	in.AlarmTypes, in.MaxRecords = allTypes, aws.Int32(maxAlarms)
	for {
		out, err := client.DescribeAlarms(ctx, in)
		if err != nil {
			return nil, refused("DescribeAlarms", err)
		}
		for i := range out.MetricAlarms {
			all = append(all, metricStanding(&out.MetricAlarms[i]))
		}
		for i := range out.CompositeAlarms {
			all = append(all, compositeStanding(&out.CompositeAlarms[i]))
		}
		for i := range out.LogAlarms {
			all = append(all, logStanding(&out.LogAlarms[i]))
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			return all, nil
		}
	}
}

// Contributors implements [relay.Alarms]. An alarm that is no longer there has none.
func (a *Alarms) Contributors(ctx context.Context, of relay.Standing) (all []alert.Alert, err error) {
	client, err := a.client()
	if err != nil {
		return nil, err
	}
	in := &cloudwatch.DescribeAlarmContributorsInput{AlarmName: &of.Name}
	for {
		out, err := client.DescribeAlarmContributors(ctx, in)
		if gone := (*types.ResourceNotFoundException)(nil); errors.As(err, &gone) {
			return nil, nil
		}
		if err != nil {
			return nil, refused("DescribeAlarmContributors", err)
		}
		for _, c := range out.AlarmContributors {
			all = append(all, contributor(&of.Alert, c))
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			return all, nil
		}
	}
}
