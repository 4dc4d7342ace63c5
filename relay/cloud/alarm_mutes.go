package cloud

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"

	"alarmrelay/alert"
	"alarmrelay/relay"
)

// quieten says of alarms that would act now which of CloudWatch's own mute rules keeps them from it. It asks for these rules only
// where there is such an alarm.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html
func quieten(ctx context.Context, client *cloudwatch.Client, all []relay.Standing) error {
	if !slices.ContainsFunc(all, wouldAct) {
		return nil
	}
	rules, err := muteRules(ctx, client)
	if err != nil || len(rules) == 0 {
		return err
	}
	muted, err := mutedBy(ctx, client, rules)
	if err != nil {
		return err
	}
	for i := range all {
		if rule := muted[all[i].Name]; rule != "" && wouldAct(all[i]) {
			all[i].Quiet = "it is muted by the mute rule " + rule
		}
	}
	return nil
}

func wouldAct(s relay.Standing) bool {
	return s.State == alert.StateAlarm && len(s.Actions) > 0 && s.Quiet == ""
}

// muteRules returns the names of the mute rules that mute now; none where CloudWatch has no such thing yet.
func muteRules(ctx context.Context, client *cloudwatch.Client) (names []string, err error) {
	in := &cloudwatch.ListAlarmMuteRulesInput{Statuses: []types.AlarmMuteRuleStatus{types.AlarmMuteRuleStatusActive}, MaxRecords: aws.Int32(maxAlarms)}
	for {
		out, err := client.ListAlarmMuteRules(ctx, in)
		if isUnknown(err) {
			return nil, nil
		}
		if err != nil {
			return nil, refused("ListAlarmMuteRules", err)
		}
		for _, rule := range out.AlarmMuteRuleSummaries {
			if _, name, ok := strings.Cut(aws.ToString(rule.AlarmMuteRuleArn), ":alarm-mute-rule:"); ok {
				names = append(names, name)
			}
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			return names, nil
		}
	}
}

// mutedBy returns which of some mute rules mutes an alarm, by the alarm's name.
func mutedBy(ctx context.Context, client *cloudwatch.Client, rules []string) (map[string]string, error) {
	var mu sync.Mutex
	muted := map[string]string{}
	err := sideBySide(ctx, len(rules), func(ctx context.Context, i int) error {
		out, err := client.GetAlarmMuteRule(ctx, &cloudwatch.GetAlarmMuteRuleInput{AlarmMuteRuleName: &rules[i]})
		if gone := (*types.ResourceNotFoundException)(nil); errors.As(err, &gone) {
			return nil
		}
		if err != nil {
			return refused("GetAlarmMuteRule", err)
		}
		mu.Lock()
		defer mu.Unlock()
		if out.Status == types.AlarmMuteRuleStatusActive && out.MuteTargets != nil {
			for _, alarm := range out.MuteTargets.AlarmNames {
				muted[alarm] = min(rules[i], cmp.Or(muted[alarm], rules[i])) // of several the first by name
			}
		}
		return nil
	})
	return muted, err
}

// isUnknown reports whether a service does not know the operation, as in partitions that get it later.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html (InvalidAction)
func isUnknown(err error) bool {
	api := smithy.APIError(nil)
	return errors.As(err, &api) && slices.Contains([]string{"InvalidAction", "UnknownOperation", "UnknownOperationException"}, api.ErrorCode())
}
