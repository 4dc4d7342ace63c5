// Package relay is the flow: what AWS hands over is parsed, routed, told to each
// destination once, and every piece of it is answered for.
//
// It knows neither Lambda nor HTTP nor AWS: [Relay.Handle] runs the same in the
// function, on the desk and in tests. [Channel], [Queue], [DeadLetters],
// [Grapher] and [Measure] are what it needs of the world, [incident.Store] is what it remembers.
package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// Relay tells alerts to chat channels. Fields are required unless they say otherwise.
type Relay struct {
	Rules    *rule.Config
	Channels map[string]Channel // by the name of the destination
	Store    incident.Store
	// Queue is the queue that invokes the function. Without one, what comes back is visible when the
	// queue's own time-out says so, and what invokes the function directly is told at once. May be nil.
	Queue Queue
	// DeadLetters take what cannot be delivered. Without them it comes back until the queue gives it up. May be nil.
	DeadLetters DeadLetters
	// Graphs show what led to an alarm, where its rule wants that. Without them alarms are told as they are. May be nil.
	Graphs Grapher
	// Alarms tell how the account's alarms stand. Without them a tick compares nothing with CloudWatch. May be nil.
	Alarms  Alarms
	Measure Measure
	Home    alert.Home
	Now     func() time.Time
	Log     *slog.Logger
}

// Handle takes whatever the function was invoked with.
//
// An [Order] is carried out at once, whether there is a queue or not: that returns an [OrderAnswer].
// For a batch of a queue it returns a [BatchResponse] that names the messages
// which are to come back. Everything else is put into the queue, if there is one; without it
// it stands or falls as a whole: an error says that something of it could not be told.
func (r *Relay) Handle(ctx context.Context, event json.RawMessage) (any, error) {
	if order, ok, err := orderOf(event); ok {
		if err != nil {
			return nil, err
		}
		return r.carryOut(ctx, order)
	}
	messages, queued := alert.Messages(event)
	if !queued && r.Queue != nil {
		err := r.Queue.Send(ctx, string(event))
		if !errors.Is(err, ErrTooLarge) {
			return nil, wrap("put the event into the queue", err)
		}
	}
	call := r.begin(ctx)
	defer call.end()
	if !queued {
		call.tell(call.parse(event))
		return nil, call.failure()
	}
	pieces := call.gather(call.admit(messages))
	fresh, suspects := call.sort(pieces)
	call.tell(fresh)
	for _, some := range call.separate(suspects) {
		call.tell(some)
	}
	return call.settle(), nil
}

// wrap says what was being done; nil stays nil.
func wrap(doing string, err error) error {
	if err != nil {
		err = fmt.Errorf("%s: %w", doing, err)
	}
	return err
}

// BatchResponse is what Lambda expects for a batch of a queue. The list is never null.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
type BatchResponse struct {
	Failures []BatchFailure `json:"batchItemFailures"`
}

// BatchFailure names one message that is to come back to the queue.
type BatchFailure struct {
	ID string `json:"itemIdentifier"`
}
