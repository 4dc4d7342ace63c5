package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
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

// storm sends n alarms through a queue and the relay, until each is delivered
// or was tried too often; then it says why the last one failed.
func (e *env) storm(ctx context.Context, s setting, channels map[string]relay.Channel, n int) *stormResult {
	var last lastLine
	p := newProgress(e)
	d := newDesk(s, channels, newNotes(&last, true), nil)
	result := &stormResult{Alarms: n}
	given := fake.NewQueue(fake.QueueOptions{Name: "storm-dead-letters", Clock: e.now})
	q := fake.NewQueue(fake.QueueOptions{Name: "storm", Clock: e.now, Visibility: redelivery, MaxReceives: maxReceives, DeadLetters: given})
	d.relay.Queue, d.relay.DeadLetters = q, given
	for _, body := range stormAlarms(n, e.now()) {
		q.Put(body, nil)
	}
	for ctx.Err() == nil {
		batch := q.Take(batchSize)
		if len(batch) == 0 {
			next, ok := q.NextVisible()
			if !ok {
				break
			}
			sleep(ctx, next.Sub(e.now()))
			continue
		}
		result.Batches++
		if err := d.serve(ctx, q, batch); err != nil {
			fmt.Fprintln(&last, err)
		}
		result.Delivered = n - undelivered(q, given)
		p.say("%d of %d alarms delivered", result.Delivered, n)
	}
	p.clear()
	if result.Delivered < n {
		fmt.Fprint(e.stderr, last.text)
	}
	return result
}

// undelivered counts the alarms that are in the queue, or that some destination was not told.
func undelivered(q, letters *fake.Queue) int {
	lacking := map[string]bool{}
	for _, held := range append(q.All(), letters.All()...) {
		lacking[held.Body] = true
	}
	return len(lacking)
}

// serve hands messages of a queue to the relay, and settles them as it answers.
func (d *desk) serve(ctx context.Context, q *fake.Queue, batch []alert.Message) error {
	response, err := d.handleBatch(ctx, fake.BatchEvent(q.ARN(), batch))
	return q.Settle(batch, response, err)
}

// handleBatch hands a batch to the relay as Lambda does.
func (d *desk) handleBatch(ctx context.Context, event []byte) (response []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, handleTimeout)
	defer cancel()
	answer, err := d.relay.Handle(ctx, event)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
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

// mustJSON encodes what is made of texts and numbers only.
func mustJSON(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}
