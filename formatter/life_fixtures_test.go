package formatter

import (
	"math"
	"strconv"
	"time"

	"alarmrelay/alert"
)

const (
	pictureID  = "1300000000000000042"
	messageURL = "https://discord.com/channels/1300000000000000001/1300000000000000002/1300000000000000003"
)

// hours are values of three hours, one a minute, that leave their range for the last twenty minutes, but for the very last five.
func hours() []float64 {
	values := make([]float64, 180)
	for i := range values {
		values[i] = 40 + 10*math.Sin(float64(i)/9)
		if i >= 160 && i < 175 {
			values[i] = 97.25 - math.Abs(float64(i)-166)
		}
	}
	values[20] = 99 // long before
	return values
}

// flapped are the changes of an alarm that fired three times in a quarter of an hour, without the last.
func flapped() []Step {
	return []Step{
		{alert.StateAlarm, fired},
		{alert.StateOK, after(3 * time.Minute)},
		{alert.StateAlarm, after(5 * time.Minute)},
		{alert.StateInsufficientData, after(7 * time.Minute)},
		{alert.StateAlarm, after(8 * time.Minute)},
	}
}

// lives are alarms whose messages are edited, by what became of them.
func lives() map[string]Item {
	again, grey := cpuAlarm(), cpuAlarm()
	again.ChangedAt = after(8 * time.Minute)
	grey.State, grey.Previous, grey.ChangedAt = alert.StateInsufficientData, alert.StateAlarm, after(10*time.Minute)
	grey.Reason = "Insufficient Data: 3 datapoints were unknown."
	mina := &Acked{By: "mina", At: after(4 * time.Minute)}
	parents := []Related{
		{Name: "checkout-is-down", State: alert.StateAlarm, Link: messageURL, Parent: true},
		{Name: "shop @everyone", State: alert.StateOK, Parent: true},
	}
	children := []Related{
		{Name: "prod-api-5xx", State: alert.StateAlarm, Link: messageURL},
		{Name: "주문 대기 (일괄)", State: alert.StateAlarm},
		{Name: "prod-cart-5xx", State: alert.StateAlarm, Link: messageURL},
	}
	unnamed := compositeAlarm()
	unnamed.Composite.Children, unnamed.Reason = nil, "prod-cart-5xx transitioned to ALARM."
	return map[string]Item{
		"resolved":         {Alert: recovery(), Fires: 1, Since: fired, Trail: flapped()[:1], Kept: pictureID},
		"resolved-flapped": {Alert: recovery(), Fires: 3, Since: fired, Trail: flapped(), Acked: mina, Graph: &Graph{Values: hours(), Span: 3 * time.Hour}},
		"resolved-picture": {Alert: recovery(), Fires: 1, Since: fired, Graph: &Graph{Values: hours(), PNG: aPicture, Span: 3 * time.Hour}, Kept: pictureID},
		"again":            {Alert: again, Fires: 3, Since: fired, Trail: flapped()[:4], Kept: pictureID},
		"again-forgotten":  {Alert: again, Fires: 40, Since: after(-time.Hour), Trail: flapped()[:4]},
		"no-data":          {Alert: grey, Fires: 2, Since: fired, Trail: flapped()[:3]},
		"closed":           {Alert: cpuAlarm(), Fires: 1, Closed: true, Acked: mina, Kept: pictureID, Mentions: []Mention{{Kind: "here"}}},
		"acked":            {Alert: cpuAlarm(), Fires: 1, Acked: &Acked{By: "@everyone [mina](https://evil.example)", At: after(4 * time.Minute)}},
		"part-of":          {Alert: cpuAlarm(), Fires: 1, Related: parents},
		"composite":        {Alert: compositeAlarm(), Fires: 1, Related: children, Shown: true},
		"composite-alone":  {Alert: unnamed, Fires: 1, Related: children[2:]},
	}
}

// updates are what is said about edits.
func updates() map[string]Update {
	again := UpdateItem{Item: lives()["again"], Link: messageURL, Again: true}
	over := UpdateItem{Item: lives()["resolved"], Link: messageURL}
	quiet, flapped, unlinked := over, over, over
	quiet.Severity, flapped.Severity, flapped.Fires, unlinked.Severity, unlinked.Link = "", "", 3, "", ""
	other := unlinked
	other.Name = "<!channel> `[a](https://evil.example)` @everyone"
	return map[string]Update{
		"again":     {Items: []UpdateItem{again}, Mentions: []Mention{{"role", "123456789012345678"}, {"subteam", "S012ABC"}}},
		"critical":  {Items: []UpdateItem{over}},
		"recovered": {Items: []UpdateItem{quiet}},
		"flapped":   {Items: []UpdateItem{flapped}},
		"only-word": {Items: []UpdateItem{unlinked}},
		"hostile":   {Items: []UpdateItem{unlinked, other}},
		"both":      {Items: []UpdateItem{quiet, again, flapped, {Item: lives()["part-of"], Again: true}}},
		"37":        {Items: manyUpdates(37)},
	}
}

// manyUpdates are recoveries of alarms with names and links as long as names and links usually are.
func manyUpdates(n int) (all []UpdateItem) {
	for i, l := range stormLines(n) {
		a := recovery()
		a.Name, a.Severity = l.Name, l.Severity
		all = append(all, UpdateItem{Item: Item{Alert: a}, Link: messageURL[:len(messageURL)-3] + strconv.Itoa(100+i)})
	}
	return all
}
