package account

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// Outcome is what became of an alarm's action.
type Outcome struct {
	Action string // its ARN
	At     time.Time
	Error  string // why it failed, in CloudWatch's words; "" when it did not
}

// mostHistory is how many items one request is given.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
const mostHistory = 100

// Outcomes returns what became of the actions that an alarm ran after a time, the oldest first. Of very many it returns the newest.
func (a *Alarms) Outcomes(ctx context.Context, name string, after time.Time) ([]Outcome, error) {
	out, err := a.client.DescribeAlarmHistory(ctx, &cloudwatch.DescribeAlarmHistoryInput{
		AlarmName: &name, HistoryItemType: types.HistoryItemTypeAction, ScanBy: types.ScanByTimestampDescending, MaxRecords: aws.Int32(mostHistory),
		AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeLogAlarm},
	})
	if err != nil {
		return nil, refused("read the history of alarm "+name, err)
	}
	var outcomes []Outcome
	for _, item := range out.AlarmHistoryItems {
		o, ok := readOutcome(aws.ToString(item.HistorySummary), aws.ToString(item.HistoryData))
		if o.At = aws.ToTime(item.Timestamp); ok && o.At.After(after) {
			outcomes = append(outcomes, o)
		}
	}
	slices.SortStableFunc(outcomes, func(x, y Outcome) int { return cmp.Compare(x.At.UnixNano(), y.At.UnixNano()) })
	return outcomes, nil
}

// The beginnings of an item's summary, which say what became of the action.
// https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
const (
	executed    = "Successfully executed action "
	notExecuted = "Failed to execute action "
	received    = "Received error:"
)

// readOutcome reads one item of the history; ok is false for one that tells of no action.
func readOutcome(summary, data string) (o Outcome, ok bool) {
	if action, found := strings.CutPrefix(summary, executed); found {
		return Outcome{Action: strings.TrimSpace(action)}, true
	}
	rest, found := strings.CutPrefix(summary, notExecuted)
	if !found {
		return Outcome{}, false
	}
	action, why, _ := strings.Cut(rest, received)
	o.Action = strings.TrimRight(strings.TrimSpace(action), ".")
	var told struct {
		Error any `json:"error"` // a text, or an object that nobody has described
	}
	if json.Unmarshal([]byte(data), &told) == nil && told.Error != nil && why == "" {
		why, _ = told.Error.(string)
		if why == "" {
			text, _ := json.Marshal(told.Error) // it was JSON
			why = string(text)
		}
	}
	why = strings.Trim(strings.TrimSpace(why), `"`)
	o.Error = cmp.Or(why, "CloudWatch does not say why")
	return o, true
}
