package relay

import (
	"context"
	"errors"
	"time"

	"alarmrelay/alert"
)

// Queue is the queue that invokes the function. relay/cloud implements it for
// SQS, relay/fake for the desk and for tests.
type Queue interface {
	// Receive takes up to ten messages that are visible now, and none where there are none; it does
	// not wait for more. They stay invisible to others for the queue's visibility timeout.
	Receive(ctx context.Context) ([]alert.Message, error)
	// Delete removes messages for good. Its error names how many could not be; those come back.
	Delete(ctx context.Context, messages ...alert.Message) error
	// Postpone makes messages visible again after their delay, which is rounded up to whole
	// seconds and is at most twelve hours from when they were received.
	Postpone(ctx context.Context, messages ...Postponed) error
	// Send puts a message in. The error wraps [ErrTooLarge] when the queue takes none of that size.
	Send(ctx context.Context, body string) error
}

// ErrTooLarge means that a queue takes no message of that size.
var ErrTooLarge = errors.New("message is too large for the queue")

// Postponed is a message that is to be visible again in a while.
type Postponed struct {
	alert.Message
	Delay time.Duration
}

// DeadLetters is where the relay puts what it cannot deliver.
type DeadLetters interface {
	// Add returns nil once the letter is kept.
	Add(ctx context.Context, l DeadLetter) error
}

// DeadLetter is a message that one destination will not be told. As a message
// of a queue its fields but Body are message attributes, named as the
// constants below; [DeadLetter.Attributes] are the message's own, as far as there is room for them.
type DeadLetter struct {
	Body        string
	Destination string
	Reason      string
	First, Last time.Time // when the alert came, and when it was last tried
	Attempts    int       // how often the queue has handed it out
	Attributes  map[string]string
}

// The message attributes of a dead letter. Times are written as RFC 3339 in UTC.
const (
	AttributeDestination = "alarmrelay-destination"
	AttributeReason      = "alarmrelay-reason"
	AttributeFirst       = "alarmrelay-first"
	AttributeLast        = "alarmrelay-last"
	AttributeAttempts    = "alarmrelay-attempts"
)
