package relay

import (
	"time"

	"alarmrelay/relay/incident"
)

// Order is what the schedule or a person asks of the function, as the event that it is invoked with:
//
//	{"alarmrelay": "ack", "alarm": "db-cpu", "by": "mina"}
type Order struct {
	Do    OrderKind `json:"alarmrelay"`
	Alarm string    `json:"alarm,omitempty"` // OrderAck, OrderMute, OrderUnmute: a name, or a pattern as in rules
	By    string    `json:"by,omitempty"`
	For   string    `json:"for,omitempty"` // OrderMute: how long, as in 90m or 24h
	Why   string    `json:"why,omitempty"` // OrderMute
}

// OrderKind is what is to be done.
type OrderKind string

// The kinds.
const (
	OrderTick   OrderKind = "tick"   // look after what is open
	OrderAck    OrderKind = "ack"    // somebody takes care of an alarm
	OrderMute   OrderKind = "mute"   // post nothing of an alarm for a while
	OrderUnmute OrderKind = "unmute" // end that
	OrderMutes  OrderKind = "mutes"  // list what is muted by order
)

// OrderAnswer is what came of an order.
type OrderAnswer struct {
	Acked []AckedAlarm    `json:"acked,omitempty"`
	Mutes []incident.Mute `json:"mutes,omitempty"` // OrderMute and OrderUnmute: those that were made or ended; OrderMutes: all
}

// AckedAlarm is an alarm at a destination that somebody takes care of from now on.
type AckedAlarm struct {
	Alarm       string    `json:"alarm"`
	Destination string    `json:"destination"`
	Since       time.Time `json:"since"` // when it fired
}
