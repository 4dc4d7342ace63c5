package relay

import (
	"context"

	"alarmrelay/alert"
)

// Alarms asks CloudWatch how the alarms of the relay's own account and Region stand. relay/cloud implements it.
type Alarms interface {
	// Named returns the alarms of these names, those that exist, in any order. Where CloudWatch does not tell who is muted, it
	// returns them all the same, as if nobody were.
	Named(ctx context.Context, names []string) ([]Standing, error)
	// Firing returns all alarms that are in ALARM.
	Firing(ctx context.Context) ([]Standing, error)
	// Contributors returns the series of an alarm of many series that are in ALARM now, as alerts of their own.
	Contributors(ctx context.Context, of Standing) ([]alert.Alert, error)
}

// Standing is how an alarm is now.
type Standing struct {
	alert.Alert // ChangedAt is when it came into its state; Previous and Change are not known
	// Actions are what it does when it fires: ARNs. Empty where its actions are switched off.
	Actions []string
	// Quiet says why its actions are not carried out now: it is muted or suppressed at CloudWatch. Empty where they are.
	// Of an alarm that is not in ALARM, or has no actions, nobody asks who mutes it.
	Quiet string
	// Many is whether it watches many series, each of which is told by itself: see [Alarms.Contributors].
	Many bool
}
