package incident

import (
	"time"

	"alarmrelay/alert"
)

// Due reports whether people are to be reminded of an alarm now, and whether it escalates: nobody has taken care of it since it
// fired. It is not asked while the alarm is muted, and either is noted in the episode once it was said.
//
// Remind are the times after the first ALARM at which people are reminded while the alarm is in ALARM; several that passed
// unnoticed count as one. EscalateAfter is zero where nothing escalates. Where people were told late, both count from then, and where
// somebody took care of it before it recovered and fired anew, from that ALARM.
func Due(e *Episode, remind []time.Duration, escalateAfter time.Duration, now time.Time) (reminder, escalate bool) {
	if !e.IsOpen() || e.State != alert.StateAlarm || e.Acked != nil {
		return false, false
	}
	fired := e.Neglected()
	for _, after := range remind {
		mark := fired.Add(after)
		reminder = reminder || !mark.After(now) && mark.After(e.Reminded)
	}
	escalate = escalateAfter > 0 && !e.Escalated && !fired.Add(escalateAfter).After(now)
	return reminder, escalate
}

// Neglected is since when somebody could take care of the trouble and nobody does: from its beginning, or the first that is known of
// it, if nothing tells otherwise.
func (e *Episode) Neglected() time.Time {
	switch {
	case !e.Alone.IsZero():
		return e.Alone
	case e.Began.IsZero():
		return e.At
	}
	return e.Began
}
