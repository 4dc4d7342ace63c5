package account

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// FoundAlarm is an alarm with all that it would do.
type FoundAlarm struct {
	Alarm
	Composite               bool
	State                   string
	InsufficientDataActions []string
}

// Actions are those that it runs when it comes into a state.
func (f FoundAlarm) Actions(state string) []string {
	switch state {
	case StateAlarm:
		return f.AlarmActions
	case StateOK:
		return f.OKActions
	}
	return f.InsufficientDataActions
}

// Find returns the alarm of that name; ok is false where there is none.
func (a *Alarms) Find(ctx context.Context, name string) (alarm FoundAlarm, ok bool, err error) {
	out, err := a.client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{
		AlarmNames: []string{name}, AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm, types.AlarmTypeLogAlarm},
	})
	if err != nil {
		return FoundAlarm{}, false, refused("look up alarm "+name, err)
	}
	for _, m := range out.MetricAlarms {
		alarm, ok = FoundAlarm{
			Alarm: newAlarm(m.AlarmName, m.AlarmArn, m.ActionsEnabled, m.AlarmActions, m.OKActions, m.ActionConfiguration),
			State: string(m.StateValue), InsufficientDataActions: m.InsufficientDataActions,
		}, true
	}
	for _, l := range out.LogAlarms {
		alarm, ok = FoundAlarm{
			Alarm: newAlarm(l.AlarmName, l.AlarmArn, l.ActionsEnabled, l.AlarmActions, l.OKActions, l.ActionConfiguration),
			State: string(l.StateValue), InsufficientDataActions: l.InsufficientDataActions,
		}, true
	}
	for _, c := range out.CompositeAlarms {
		alarm, ok = composite(c), true
	}
	return alarm, ok, nil
}

func composite(c types.CompositeAlarm) FoundAlarm {
	return FoundAlarm{
		Alarm:     newAlarm(c.AlarmName, c.AlarmArn, c.ActionsEnabled, c.AlarmActions, c.OKActions, c.ActionConfiguration),
		Composite: true, State: string(c.StateValue), InsufficientDataActions: c.InsufficientDataActions,
	}
}

// Dependents are the composite alarms that an alarm moves: Parents whose rule asks for its state, itself or by way of
// another, and Suppressed whose actions it holds back while it is in ALARM.
type Dependents struct {
	Parents    []FoundAlarm
	Suppressed []string // names
}

// Dependents asks which composite alarms an alarm moves.
func (a *Alarms) Dependents(ctx context.Context, alarm FoundAlarm) (d Dependents, err error) {
	all := map[string]FoundAlarm{}
	pages := cloudwatch.NewDescribeAlarmsPaginator(a.client, &cloudwatch.DescribeAlarmsInput{
		AlarmTypes: []types.AlarmType{types.AlarmTypeCompositeAlarm}, MaxRecords: aws.Int32(100),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return d, refused("list composite alarms", err)
		}
		for _, c := range page.CompositeAlarms {
			all[aws.ToString(c.AlarmName)] = composite(c)
			if s := aws.ToString(c.ActionsSuppressor); s == alarm.Name || s == alarm.ARN {
				d.Suppressed = append(d.Suppressed, aws.ToString(c.AlarmName))
			}
		}
	}
	if len(all) > 0 {
		d.Parents, err = a.parents(ctx, alarm.Name, all)
	}
	return d, err
}

// parents finds those above an alarm, and those above them.
func (a *Alarms) parents(ctx context.Context, name string, all map[string]FoundAlarm) (above []FoundAlarm, err error) {
	seen := []string{name}
	for next := 0; next < len(seen); next++ {
		pages := cloudwatch.NewDescribeAlarmsPaginator(a.client, &cloudwatch.DescribeAlarmsInput{ParentsOfAlarmName: &seen[next]})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, refused("look up the parents of alarm "+seen[next], err)
			}
			for _, c := range page.CompositeAlarms { // with name and ARN only
				parent, known := all[aws.ToString(c.AlarmName)]
				switch {
				case !known:
					return nil, fmt.Errorf("alarm %s has come into being just now: try again", aws.ToString(c.AlarmName))
				case !slices.Contains(seen, parent.Name):
					seen, above = append(seen, parent.Name), append(above, parent)
				}
			}
		}
	}
	return above, nil
}
