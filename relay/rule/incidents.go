package rule

import (
	"time"

	"alarmrelay/alert"
)

// Incidents is how long a trouble counts as the same, and how often it pings.
type Incidents struct {
	Flap       time.Duration // an ALARM that comes no later than this after the last one belongs to the same incident
	RepeatPing time.Duration // such an ALARM pings when the last ping is that old
}

// Recovery is how people hear that an alarm is over. The words are those of the incident package.
type Recovery string

// The ways: the message is edited, a new one is posted, or, by default, both.
const (
	RecoveryEdit Recovery = "edit"
	RecoveryPost Recovery = "post"
	RecoveryBoth Recovery = "both"
)

// ThreadIncident is the [Voice.Thread] that opens a post of a Discord forum for each incident.
const ThreadIncident = "incident"

// Escalation is who is told of an alarm that nobody has taken care of.
type Escalation struct {
	After   time.Duration `json:"after"`
	To      []string      `json:"to"`                // destinations
	Mention []string      `json:"mention,omitempty"` // names of mentions
}

// Summary is the daily message about what happened.
type Summary struct {
	At       time.Duration // after midnight, in Timezone
	Timezone string
	To       []string // destinations
}

// tagsByForum are the ids of a Discord forum's tags, by severity.
type tagsByForum = map[alert.Severity]string
