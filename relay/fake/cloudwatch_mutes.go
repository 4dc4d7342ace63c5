package fake

import (
	"maps"
	"slices"
	"strings"
)

// The pages of ListAlarmMuteRules.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListAlarmMuteRules.html
const (
	mutesAPage    = 50
	maxMutesAPage = 100
)

// MuteRule is a rule of CloudWatch's own that keeps alarms from acting for a while.
type MuteRule struct {
	Name   string
	Alarms []string // their names
	Status string   // SCHEDULED, ACTIVE or EXPIRED; ACTIVE if empty
}

// AddMuteRule makes a mute rule, or changes the one of that name.
func (c *CloudWatch) AddMuteRule(rule MuteRule) {
	if rule.Status == "" {
		rule.Status = "ACTIVE"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mutes[rule.Name] = rule
}

func (c *CloudWatch) muteARN(name string) string {
	return "arn:aws:cloudwatch:" + c.region + ":" + c.account + ":alarm-mute-rule:" + name
}

func (c *CloudWatch) listMutes(in map[string]any) (asked string, answer reply) {
	if why := unknownMember(in, "Statuses", "MaxRecords", "NextToken"); why != "" {
		return "", cloudWatchRefusal("InvalidParameterValue", why)
	}
	statuses := textsOf(in["Statuses"])
	asked = strings.Join(statuses, " ")
	page, code, why := readPage(in, mutesAPage, maxMutesAPage)
	if why != "" {
		return asked, cloudWatchRefusal(code, why)
	}
	fitting := slices.DeleteFunc(slices.Sorted(maps.Keys(c.mutes)), func(name string) bool {
		return len(statuses) > 0 && !slices.Contains(statuses, c.mutes[name].Status)
	})
	list := []any{}
	names, next := page.of(fitting)
	for _, name := range names {
		list = append(list, map[string]any{"AlarmMuteRuleArn": c.muteARN(name), "Status": c.mutes[name].Status, "MuteType": "ONE_TIME"})
	}
	return asked, cloudWatchReply(next.into(map[string]any{"AlarmMuteRuleSummaries": list}))
}

func (c *CloudWatch) getMute(in map[string]any) (asked string, answer reply) {
	asked, _ = in["AlarmMuteRuleName"].(string)
	if why := unknownMember(in, "AlarmMuteRuleName"); why != "" {
		return asked, cloudWatchRefusal("InvalidParameterValue", why)
	}
	rule, ok := c.mutes[asked]
	if !ok {
		return asked, cloudWatchRefusal("ResourceNotFoundException", "The mute rule does not exist.")
	}
	return asked, cloudWatchReply(map[string]any{
		"Name": asked, "AlarmMuteRuleArn": c.muteARN(asked), "Status": rule.Status, "MuteType": "ONE_TIME",
		"MuteTargets": map[string]any{"AlarmNames": listOf(rule.Alarms)},
	})
}
