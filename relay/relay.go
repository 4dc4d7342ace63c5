// Package relay is the flow: what AWS hands over is parsed, routed, grouped,
// formatted and delivered, and every piece of it is answered for.
//
// It knows neither Lambda nor HTTP: [Relay.Handle] runs the same in the
// function, on the desk and in tests. [Channel] is what it tells its messages to.
package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay/rule"
)

// reserve is kept of an invocation's time for answering, or a quarter where that
// is less: a function that is killed in mid-post does not know what it has said.
const reserve = 1500 * time.Millisecond

// Relay tells alerts to chat channels. All fields are required.
type Relay struct {
	Rules    *rule.Config
	Channels map[string]Channel // by the name of the destination
	Home     alert.Home
	Now      func() time.Time
	Log      *slog.Logger
}

// Handle takes whatever the function was invoked with.
//
// For a batch of a queue it returns a [BatchResponse] that names the messages
// which are to come back. Everything else stands or falls as a whole: it
// returns an error when something of it could not be told, so that AWS tries again.
func (r *Relay) Handle(ctx context.Context, event json.RawMessage) (any, error) {
	ctx, cancel := endInTime(ctx)
	defer cancel()

	records := r.parse(event)
	told := r.route(ctx, records)
	r.deliver(ctx, told)
	return r.answer(ctx, records, told)
}

// endInTime moves the deadline forward by the reserve.
func endInTime(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-min(reserve, time.Until(deadline)/4)))
}

func (r *Relay) parse(event json.RawMessage) []alert.Record {
	records := alert.Parse(event)
	r.Home.Complete(records)
	return records
}

// telling is one alert for one destination, and what became of it.
type telling struct {
	record   int // in the records of the event
	alert    alert.Alert
	delivery rule.Delivery
	outcome  error    // nil once the destination has accepted it
	same     *telling // who tells the same at the fallback already; then that one's outcome counts
}

// result is the outcome, wherever it was told in the end. Fallbacks form no circle, so
// following same comes to an end.
func (t *telling) result() error {
	for t.same != nil {
		t = t.same
	}
	return t.outcome
}

// route finds out who is to be told what. Alerts that nobody is told are logged with the reason.
func (r *Relay) route(ctx context.Context, records []alert.Record) []*telling {
	var told []*telling
	for i := range records {
		record := &records[i]
		switch {
		case record.Err != nil:
			r.Log.ErrorContext(ctx, "cannot be read", "record", record.ID, "error", record.Err)
			continue
		case record.Skip != "":
			r.Log.InfoContext(ctx, "no news", "record", record.ID, "reason", record.Skip)
			continue
		}
		routing := r.Rules.Route(&record.Alert, r.Now())
		r.logSilence(ctx, record.Alert.Key, &routing)
		for _, d := range routing.Deliveries {
			t := &telling{record: i, alert: record.Alert, delivery: d, outcome: errNotTried}
			t.alert.Severity, t.alert.Runbook = d.Severity, d.Runbook
			told = append(told, t)
		}
	}
	return told
}

// logSilence logs what of an alarm's wishes and of its rules' destinations comes to nothing.
func (r *Relay) logSilence(ctx context.Context, key string, routing *rule.Routing) {
	for _, tag := range routing.Tags {
		if !tag.Accepted {
			r.Log.WarnContext(ctx, "tag ignored", "alert", key, "tag", tag.Tag, "reason", tag.Why)
		}
	}
	if routing.Silence != "" {
		r.Log.InfoContext(ctx, "nobody told", "alert", key, "reason", routing.Silence)
		return
	}
	for _, held := range routing.Held {
		r.Log.InfoContext(ctx, "held back", "alert", key, "destination", held.Destination, "reason", held.Why)
	}
}

// errNotTried is the outcome of what there was no time for.
var errNotTried = errors.New("no time left to deliver it")

// BatchResponse is what Lambda expects for a batch of a queue. The list is never null.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
type BatchResponse struct {
	Failures []BatchFailure `json:"batchItemFailures"`
}

// BatchFailure names one message that is to come back to the queue.
type BatchFailure struct {
	ID string `json:"itemIdentifier"`
}

// answer logs one line for each alert and destination, and says what is to be tried again.
func (r *Relay) answer(ctx context.Context, records []alert.Record, told []*telling) (any, error) {
	failed := make(map[int]error)
	for i, record := range records {
		if record.Err != nil {
			failed[i] = record.Err
		}
	}
	for _, t := range told {
		fields := []any{"alert", t.alert.Key, "change", t.alert.Change, "destination", t.delivery.Destination}
		err := t.result()
		if err == nil {
			r.Log.InfoContext(ctx, "delivered", fields...)
			continue
		}
		r.Log.ErrorContext(ctx, "not delivered", append(fields, "error", err)...)
		failed[t.record] = errors.Join(failed[t.record], fmt.Errorf("deliver to %s: %w", t.delivery.Destination, err))
	}
	if isBatch(records) {
		return batchResponse(records, failed), nil
	}
	var all []error
	for i := range records {
		all = append(all, failed[i])
	}
	return nil, errors.Join(all...)
}

func isBatch(records []alert.Record) bool { return len(records) > 0 && records[0].ID != "" }

// batchResponse names each message once, in order: several alerts may have come in one.
func batchResponse(records []alert.Record, failed map[int]error) BatchResponse {
	response := BatchResponse{Failures: []BatchFailure{}}
	named := make(map[string]bool)
	for i, record := range records {
		if failed[i] != nil && record.ID != "" && !named[record.ID] { // an empty id would fail the whole batch
			named[record.ID] = true
			response.Failures = append(response.Failures, BatchFailure{record.ID})
		}
	}
	return response
}
