package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"alarmrelay/relay"
)

const (
	// maxStorm keeps a demo from running for hours.
	maxStorm = 10_000
	// batchSize is what Lambda takes from a queue at once:
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
	batchSize = 10
	// The queue of a storm is a patient one, as template.yaml sets it up, but quicker.
	redelivery  = 15 * time.Second
	maxReceives = 20
	// handleTimeout is what Lambda gives an invocation here.
	handleTimeout = 30 * time.Second
)

// stormResult is what a storm came to.
type stormResult struct {
	Alarms    int `json:"alarms"`
	Delivered int `json:"delivered"`
	Batches   int `json:"batches"` // handed to the function, those that came back included
}

// queued is an alarm in the storm's queue.
type queued struct {
	id       string
	body     string
	receives int
	visible  time.Time
}

// queue is an SQS queue as far as a storm needs one: in batches, with what
// failed coming back after a while, until it was handed out too often.
type queue struct {
	waiting []queued
}

// next takes the messages that are visible, at most a batch. It returns how long
// to wait when there are none, and ok is false when the queue is empty.
func (q *queue) next(now time.Time) (batch []queued, pause time.Duration, ok bool) {
	var later []queued
	for _, m := range q.waiting {
		if len(batch) < batchSize && !m.visible.After(now) {
			m.receives++
			batch = append(batch, m)
			continue
		}
		later = append(later, m)
	}
	q.waiting = later
	if len(batch) > 0 {
		return batch, 0, true
	}
	if len(later) == 0 {
		return nil, 0, false
	}
	soonest := slices.MinFunc(later, func(a, b queued) int { return a.visible.Compare(b.visible) })
	return nil, soonest.visible.Sub(now), true
}

// settle puts back what failed. It returns how many messages of the batch are done.
func (q *queue) settle(batch []queued, failures []relay.BatchFailure, now time.Time) (done int) {
	for _, m := range batch {
		failed := slices.Contains(failures, relay.BatchFailure{ID: m.id})
		switch {
		case !failed:
			done++
		case m.receives < maxReceives:
			m.visible = now.Add(redelivery)
			q.waiting = append(q.waiting, m)
		}
	}
	return done
}

// storm sends n alarms through a queue and the relay, until each is delivered
// or was tried too often; then it says why the last one failed.
func (e *env) storm(ctx context.Context, s setting, channels map[string]relay.Channel, n int) *stormResult {
	var last lastLine
	d := newDesk(s, channels, newNotes(&last, true), nil)
	result := &stormResult{Alarms: n}
	q := &queue{waiting: stormAlarms(n, e.now())}
	for {
		batch, pause, ok := q.next(e.now())
		if !ok || ctx.Err() != nil {
			e.progress("")
			if result.Delivered < n {
				fmt.Fprint(e.stderr, last.text)
			}
			return result
		}
		if len(batch) == 0 {
			sleep(ctx, pause)
			continue
		}
		result.Batches++
		failures := d.handleBatch(ctx, batch)
		result.Delivered += q.settle(batch, failures, e.now())
		e.progress(fmt.Sprintf("%d of %d alarms delivered", result.Delivered, n))
	}
}

// handleBatch hands a batch to the relay as Lambda does.
func (d *desk) handleBatch(ctx context.Context, batch []queued) []relay.BatchFailure {
	ctx, cancel := context.WithTimeout(ctx, handleTimeout)
	defer cancel()
	answer, err := d.relay.Handle(ctx, batchEvent(batch))
	response, ok := answer.(relay.BatchResponse)
	if err == nil && ok {
		return response.Failures
	}
	var all []relay.BatchFailure
	for _, m := range batch {
		all = append(all, relay.BatchFailure{ID: m.id})
	}
	return all
}

// lastLine keeps what was written last.
type lastLine struct{ text string }

func (l *lastLine) Write(line []byte) (int, error) {
	l.text = string(line)
	return len(line), nil
}

func sleep(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// progress writes a line over the last one, for somebody who watches; empty wipes it.
func (e *env) progress(said string) {
	if e.watching {
		fmt.Fprintf(e.stderr, "\r\x1b[K%s", said)
	}
}

// batchEvent is what Lambda gets for a batch of messages.
func batchEvent(batch []queued) json.RawMessage {
	var records []map[string]any
	for _, m := range batch {
		records = append(records, map[string]any{
			"messageId": m.id, "body": m.body, "eventSource": "aws:sqs",
			"eventSourceARN": "arn:aws:sqs:ap-northeast-2:111122223333:alarmrelay",
			"attributes":     map[string]string{"ApproximateReceiveCount": fmt.Sprint(m.receives)},
		})
	}
	return mustJSON(map[string]any{"Records": records})
}

// mustJSON encodes what is made of texts and numbers only.
func mustJSON(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}
