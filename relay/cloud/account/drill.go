package account

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
)

// The states of an alarm.
const (
	StateOK    = string(types.StateValueOk)
	StateAlarm = string(types.StateValueAlarm)
)

// Alarms are the alarms of one region, for trying what they do.
type Alarms struct {
	client *cloudwatch.Client
	region string
}

// OpenAlarms returns the alarms of a region, or of cfg's own where it is "".
func OpenAlarms(cfg aws.Config, region string) (*Alarms, error) {
	if region == "" {
		region = cfg.Region
	}
	if region == "" {
		return nil, errors.New("no AWS region: set AWS_REGION, or a region in your profile")
	}
	return &Alarms{cloudwatch.NewFromConfig(cfg, func(o *cloudwatch.Options) { o.Region = region }), region}, nil
}

// Region is where the alarms are.
func (a *Alarms) Region() string { return a.region }

// DrillAlarm is an alarm that nothing moves but [Alarms.SetState].
type DrillAlarm struct {
	Name        string
	Description string
	Topic       string            // that is told of ALARM and of OK
	Tags        map[string]string // propagated where there are any
}

// Make makes the alarm. Where the error leaves open whether it is there now, mayExist is true.
func (a *Alarms) Make(ctx context.Context, alarm DrillAlarm) (mayExist bool, err error) {
	in := &cloudwatch.PutMetricAlarmInput{
		AlarmName: &alarm.Name, AlarmDescription: &alarm.Description, ActionsEnabled: aws.Bool(true),
		AlarmActions: []string{alarm.Topic}, OKActions: []string{alarm.Topic},
		// A metric that nobody sends: with ignore the alarm stays as it is.
		Namespace: aws.String("alarmrelay-test"), MetricName: aws.String("Nothing"), Statistic: types.StatisticMaximum,
		Period: aws.Int32(3600), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1),
		ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold, TreatMissingData: aws.String("ignore"),
	}
	for _, key := range slices.Sorted(maps.Keys(alarm.Tags)) {
		in.Tags = append(in.Tags, types.Tag{Key: &key, Value: aws.String(alarm.Tags[key])})
	}
	if len(in.Tags) > 0 {
		in.ActionConfiguration = &types.ActionConfiguration{AlarmTagsPropagation: &types.AlarmTagsPropagation{Enabled: aws.Bool(true)}}
	}
	_, err = a.client.PutMetricAlarm(ctx, in)
	if err == nil {
		return true, nil
	}
	api := smithy.APIError(nil)
	return !errors.As(err, &api), refused("make alarm "+alarm.Name, err)
}

// SetState makes an alarm be in a state until it is evaluated anew, and run its actions for it if it was in another.
func (a *Alarms) SetState(ctx context.Context, name, state, reason string) error {
	_, err := a.client.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{AlarmName: &name, StateValue: types.StateValue(state), StateReason: &reason})
	if err != nil {
		return refused(fmt.Sprintf("set alarm %s to %s", name, state), err)
	}
	return nil
}

// Delete deletes an alarm. It is no error if there is none.
func (a *Alarms) Delete(ctx context.Context, name string) error {
	_, err := a.client.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{name}})
	if _, gone := errors.AsType[*types.ResourceNotFound](err); err == nil || gone {
		return nil
	}
	return refused("delete alarm "+name, err)
}

// NoSuchStack reports whether an error of [StackOutputs] says that the stack is not there.
func NoSuchStack(err error) bool { return isUnknownStack(err) }
