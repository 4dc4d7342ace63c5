// Package account is what only the command asks AWS, with the credentials of whoever sits at the desk: how
// the account's alarms are set up, what a stack has deployed, and what lies in a dead-letter queue. It
// decides nothing, and the function does not link it.
package account

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Alarm is how one of the account's alarms is set up, as far as it matters
// for reaching the relay.
type Alarm struct {
	Name           string
	ARN            string
	ActionsEnabled bool
	AlarmActions   []string
	OKActions      []string
	// TagsPropagated tells whether CloudWatch puts the alarm's tags into its notifications.
	TagsPropagated bool
}

// LoadConfig finds region and credentials as every AWS tool does: in the
// environment, the shared files, and with single sign-on.
func LoadConfig(ctx context.Context) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(2))
	if err != nil {
		return aws.Config{}, fmt.Errorf("load AWS configuration: %w", err)
	}
	return cfg, nil
}

// ListAlarms returns every metric, composite and log alarm of the account and region that cfg leads to.
func ListAlarms(ctx context.Context, cfg aws.Config) ([]Alarm, error) {
	pages := cloudwatch.NewDescribeAlarmsPaginator(cloudwatch.NewFromConfig(cfg), &cloudwatch.DescribeAlarmsInput{
		AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm, types.AlarmTypeLogAlarm},
		MaxRecords: aws.Int32(100), // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
	})
	var alarms []Alarm
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, refused("describe alarms", err)
		}
		for _, a := range page.MetricAlarms {
			alarms = append(alarms, newAlarm(a.AlarmName, a.AlarmArn, a.ActionsEnabled, a.AlarmActions, a.OKActions, a.ActionConfiguration))
		}
		for _, a := range page.CompositeAlarms {
			alarms = append(alarms, newAlarm(a.AlarmName, a.AlarmArn, a.ActionsEnabled, a.AlarmActions, a.OKActions, a.ActionConfiguration))
		}
		for _, a := range page.LogAlarms {
			alarms = append(alarms, newAlarm(a.AlarmName, a.AlarmArn, a.ActionsEnabled, a.AlarmActions, a.OKActions, a.ActionConfiguration))
		}
	}
	return alarms, nil
}

func newAlarm(name, arn *string, enabled *bool, onAlarm, onOK []string, c *types.ActionConfiguration) Alarm {
	return Alarm{
		Name: aws.ToString(name), ARN: aws.ToString(arn), ActionsEnabled: aws.ToBool(enabled), AlarmActions: onAlarm, OKActions: onOK,
		TagsPropagated: c != nil && c.AlarmTagsPropagation != nil && aws.ToBool(c.AlarmTagsPropagation.Enabled),
	}
}
