package formatter

import (
	"strings"
	"time"

	"alarmrelay/alert"
)

// toneOf gives an alert its colour: what is over is green, what is not known
// grey, and the rest as bad as it is said to be. An ALARM of which nobody said
// how bad it is counts as bad.
func toneOf(a *alert.Alert) tone {
	return toneFor(a.State, a.Severity, a.Notice != nil && a.Notice.Good, a.Logs != nil)
}

func toneFor(state alert.State, severity alert.Severity, good, logs bool) tone {
	switch {
	case state == alert.StateOK, good && severity.Rank() <= alert.SeverityInfo.Rank():
		return toneGreen
	case state == alert.StateInsufficientData:
		return toneGrey
	}
	switch severity {
	case alert.SeverityCritical, alert.SeverityHigh:
		return toneRed
	case alert.SeverityWarning:
		return toneOrange
	case alert.SeverityInfo:
		return toneBlue
	}
	switch {
	case logs:
		return toneOrange
	case state != "":
		return toneRed
	}
	return toneBlue
}

// stateWord is the state as a reader should take it: an OK after an ALARM is a recovery.
func (t teller) stateWord(a *alert.Alert) string {
	switch a.State {
	case alert.StateAlarm:
		return t.Alarm
	case alert.StateInsufficientData:
		return t.NoData
	case alert.StateOK:
		if a.Previous == alert.StateAlarm {
			return t.Resolved
		}
		return t.OK
	}
	return oneLine(string(a.State))
}

// alarmName is the name as it is shown: which of many series it is belongs to it.
func (t teller) alarmName(a *alert.Alert) string {
	name := oneLine(a.Name)
	if series := seriesOf(a.Contributor); series != "" {
		name += " · " + series
	}
	return name
}

// seriesOf names the one series of many that changed, where one short value does.
func seriesOf(c *alert.Contributor) string {
	if c == nil || len(c.Attributes) != 1 {
		return ""
	}
	for _, v := range c.Attributes {
		if v = oneLine(v); units16(v) <= 60 {
			return v
		}
	}
	return ""
}

// alarmSummary is the sentence about an alarm that a phone shows.
func (t teller) alarmSummary(it *Item, name string) string {
	switch {
	case it.Closed:
		return t.Life.IsClosed(name)
	case it.Deleted:
		return t.Life.WasDeleted(name)
	case it.State == alert.StateAlarm && it.Fires > 1:
		return t.Life.FiresAgain(name, it.Fires)
	case it.State == alert.StateAlarm:
		return t.InAlarm(name, oneLine(it.Region))
	case it.State == alert.StateOK:
		return t.BackToOK(name, t.lasted(it))
	}
	return t.Lacking(name)
}

// lasted says how long the trouble that is now over took; empty where that is not known.
func (t teller) lasted(it *Item) string {
	began := began(it)
	if it.State != alert.StateOK || !isSet(began) || it.ChangedAt.Sub(began) < time.Second {
		return ""
	}
	return t.duration(it.ChangedAt.Sub(began))
}

// began is when the trouble began that an OK ends, where that is known.
func began(it *Item) time.Time {
	switch {
	case isSet(it.Since) && it.Since.Before(it.ChangedAt):
		return it.Since
	case it.Previous == alert.StateAlarm && isSet(it.PreviousAt) && it.PreviousAt.Before(it.ChangedAt):
		return it.PreviousAt
	}
	if fired := firedIn(it.Trail); it.State == alert.StateOK && fired.Before(it.ChangedAt) {
		return fired
	}
	return time.Time{}
}

// noticeTitle is the title of a notice: an emoji, the service, and what it is about.
func (t teller) noticeTitle(it *Item, tone tone) string {
	name, service := oneLine(it.Name), ""
	if it.Notice != nil {
		service = oneLine(it.Notice.Service)
		if b := it.Notice.Budget; b != nil {
			threshold := strings.TrimLeft(oneLine(b.Threshold), "> ")
			return "💸 " + t.BudgetOver(name, threshold, strings.EqualFold(b.Alert, "FORECASTED"))
		}
		if it.Kind == alert.KindAlarmConfig {
			return tone.emoji() + " " + strings.TrimSpace(t.AlarmConfig(it.Notice.Status)+" "+name)
		}
	}
	switch {
	case service == "" && name == "":
		name = t.Notice
	case name == "":
		name = service
	case service != "" && !strings.Contains(name, service):
		name = service + ": " + name
	}
	if status := titleStatus(it.Notice); status != "" && !strings.Contains(name, status) {
		name += " · " + status
	}
	return tone.emoji() + " " + name
}

// titleStatus is a notice's status if it is short enough to stand in its
// title; of autoscaling:EC2_INSTANCE_LAUNCH_ERROR only the end does.
func titleStatus(n *alert.Notice) string {
	if n == nil {
		return ""
	}
	status := oneLine(n.Status)
	status = status[strings.LastIndexByte(status, ':')+1:]
	if units16(status) > 32 {
		return ""
	}
	return status
}
