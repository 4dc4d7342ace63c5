package formatter

import (
	"fmt"
	"time"

	"alarmrelay/alert"
)

// openAlarms are n alarms that have lasted for longer and longer, of all severities.
func openAlarms(n int) []Open {
	severities := []alert.Severity{alert.SeverityWarning, "", alert.SeverityCritical, alert.SeverityInfo, alert.SeverityHigh}
	open := make([]Open, n)
	for i := range open {
		l := stormLines(n)[i]
		open[i] = Open{
			Item: Item{Alert: alert.Alert{
				Kind: alert.KindMetricAlarm, Key: l.Key, Name: l.Name, State: alert.StateAlarm, Severity: severities[i%len(severities)],
				Account: l.Account, Region: l.Region, Partition: l.Partition,
			}},
			Since: fired.Add(-time.Duration(i) * 50 * time.Minute),
		}
	}
	return open
}

// hostileOpen are alarms and people whose names some service would take for something else than text.
func hostileOpen() []Open {
	open := openAlarms(len(hostile))
	for i, name := range hostile {
		open[i].Name, open[i].Region, open[i].Link = "a"+name+"b", name, "https://"+name
		open[i].Acked = &Acked{By: name}
	}
	return open
}

// reminders are those whose whole text is kept, to be looked at.
func reminders() map[string]Reminders {
	oncall := []Mention{{Kind: "role", ID: "123456789012345678"}, {Kind: "subteam", ID: "S012ABC"}}
	one := Open{Item: Item{Alert: cpuAlarm(), Fires: 1}, Since: fired, Link: "https://discord.com/channels/1300000000000000001/1300000000000000002/1300000000000000003"}
	flapping := one
	flapping.Fires, flapping.Link = 7, ""
	return map[string]Reminders{
		"one": {Items: []Open{one}}, "flapping": {Items: []Open{flapping}, Mentions: oncall},
		"nameless": {Items: []Open{{}}}, "few": {Items: append(openAlarms(4), one)}, "many": {Items: openAlarms(60), Mentions: oncall},
		"hostile": {Items: hostileOpen()},
	}
}

// summaries are those whose whole text is kept, to be looked at.
func summaries() map[string]Summary {
	taken := openAlarms(3)
	taken[0].Acked = &Acked{By: "mina", At: fired.Add(-time.Hour)}
	taken[1].State = alert.StateInsufficientData
	muted := []Quiet{
		{What: "batch-*", Until: fired.Add(9 * time.Hour), By: "mina", Why: "migration of the orders"},
		{What: "rule 2 (staging)", Why: "weekdays 22:00-07:00 Asia/Seoul"},
	}
	busy := Day{
		Count:    Count{Fired: 1214, Recovered: 1213, Delivered: 2427, Failed: 3, DeadLettered: 1, Duplicates: 12},
		Noisiest: []Noise{{"prod-api-5xx", 40}, {"prod-db_cpu", 7}, {"a", 3}, {"b", 2}, {"c", 2}, {"d", 2}, {"e", 1}},
	}
	bad := Summary{Open: hostileOpen(), Day: Day{Count: Count{Fired: 1, Delivered: 1}}}
	for i, text := range hostile {
		bad.Muted = append(bad.Muted, Quiet{What: text, By: text, Why: text, Until: fired.Add(time.Duration(i) * time.Hour)})
		bad.Day.Noisiest = append(bad.Day.Noisiest, Noise{text, 9})
	}
	var mutes []Quiet
	for i := range 200 {
		mutes = append(mutes, Quiet{What: fmt.Sprintf("staging-%03d-*", i), Until: fired.Add(time.Hour)})
	}
	return map[string]Summary{
		"day":   {Open: taken, Day: busy, Muted: muted},
		"over":  {Day: Day{Count: Count{Fired: 2, Recovered: 2, Delivered: 4}, Noisiest: []Noise{{"prod-api-5xx", 1}, {"prod-db", 1}}}},
		"quiet": {Day: Day{Count: Count{Delivered: 5}}}, "silent": {}, "muted": {Muted: muted}, "nameless": {Muted: []Quiet{{}}, Day: Day{Noisiest: []Noise{{"", 2}}, Count: Count{Fired: 2}}},
		"failing": {Day: Day{Count: Count{Failed: 9, DeadLettered: 2}}},
		"many":    {Open: openAlarms(300), Day: busy, Muted: mutes}, "hostile": bad,
	}
}
