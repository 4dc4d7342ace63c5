package incident

import "time"

// Mute is an order that nothing is posted of some alarms for a while.
type Mute struct {
	Alarm string    `json:"alarm"` // a name, or a pattern as in rules
	Until time.Time `json:"until"`
	Since time.Time `json:"since"`
	By    string    `json:"by,omitempty"`
	Why   string    `json:"why,omitempty"`
}
