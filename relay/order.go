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
	// Sources are the topics and functions, by ARN, that lead to this relay. OrderTick announces an alarm that it finds in ALARM and that
	// nobody was told of only if that acts on one of them. template.yaml's schedule has them in its input: a variable of
	// the function would not change on the alias when the topics do.
	Sources []string `json:"sources,omitempty"`
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
	// Do is the order's own: a function that is older than orders answers without it.
	Do    OrderKind       `json:"alarmrelay"`
	Acked []AckedAlarm    `json:"acked,omitempty"`
	Mutes []incident.Mute `json:"mutes,omitempty"` // OrderMute and OrderUnmute: those that were made or ended; OrderMutes: all
	// Instead are what an order that fits nothing may have meant, each once and at most [MaxInstead]: for OrderAck the names
	// of open alarms, for OrderUnmute the names or patterns that are muted.
	Instead []string `json:"instead,omitempty"`
}

// MaxInstead keeps an answer small.
const MaxInstead = 100

// AckedAlarm is an alarm at a destination that somebody takes care of from now on.
type AckedAlarm struct {
	Alarm       string    `json:"alarm"`
	Destination string    `json:"destination"`
	Since       time.Time `json:"since"` // when it fired
}
