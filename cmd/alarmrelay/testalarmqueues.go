package main

import (
	"context"
	"time"

	"alarmrelay/relay/cloud/account"
)

const (
	// The relay has this long to tell an alarm before its queues are looked at, and what then still waits, so long again
	// and again. SQS's numbers are some seconds old.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/approximate-numbers-of-messages.html
	queuePause = 6 * time.Second
	queueLooks = 4
)

// subscriptionOutput names the queue of what SNS could not put into the input queue.
const subscriptionOutput = "SubscriptionDeadLetterQueueUrl"

// drillQueues is what the relay's queues held in the end.
type drillQueues struct {
	Waiting     int `json:"waiting"`     // in the input queue, about
	Letters     int `json:"letters"`     // more in the dead-letter queue than before, about
	Undelivered int `json:"undelivered"` // more that SNS could not put into the queue, about
}

// drillWatch are a relay's queues, and what the dead-letter queues held before a drill.
type drillWatch struct {
	stack                         string
	input, dead, undelivered      *account.Queue
	deadBefore, undeliveredBefore int
}

// watch looks at a stack's queues before a drill; nil where it can't. A stack that names none is not alarmrelay's, or is old.
func (d *drill) watch(ctx context.Context, cfg account.Config, stack string, outputs map[string]string) *drillWatch {
	if len(outputs) == 0 {
		return nil
	}
	w := &drillWatch{stack: stack}
	for _, q := range []struct {
		to     **account.Queue
		output string
	}{{&w.input, queueOutput}, {&w.dead, deadLetterQueueOutput}, {&w.undelivered, subscriptionOutput}} {
		if outputs[q.output] == "" {
			continue
		}
		var err error
		if *q.to, err = account.OpenQueue(cfg, outputs[q.output]); err != nil {
			d.tell("!", "the queues are not looked at: %v", err)
			return nil
		}
	}
	var err error
	if w.deadBefore, err = held(ctx, w.dead); err == nil {
		w.undeliveredBefore, err = held(ctx, w.undelivered)
	}
	if err != nil {
		d.tell("!", "the queues are not looked at: %v", err)
		return nil
	}
	return w
}

// look says after a drill what became of it in the relay.
func (d *drill) look(ctx context.Context, w *drillWatch) {
	if w == nil {
		return
	}
	d.say("waiting for the relay")
	found := &drillQueues{}
	for range queueLooks {
		sleep(ctx, queuePause)
		var err error
		if *found, err = w.now(ctx); err != nil {
			d.tell("!", "the queues are not looked at: %v", wordInterrupt(ctx, err))
			return
		}
		if found.Waiting == 0 || found.Letters+found.Undelivered > 0 {
			break
		}
	}
	d.report.Queues = found
	switch {
	case found.Undelivered > 0:
		d.tell("✗", "SNS could not put about %s into the queue: %s holds what and why", count(found.Undelivered, "message"), w.undelivered.Name())
	case found.Letters > 0:
		d.tell("✗", "about %s more in %s than before; alarmrelay dead --stack %s says whose and why",
			count(found.Letters, "letter"), w.dead.Name(), w.stack)
	case found.Waiting > 0:
		d.tell("!", "about %s in %s: the relay tries again, or has much to do", count(found.Waiting, "message"), w.input.Name())
	default:
		d.tell("✓", "nothing waits in the relay's queue, and nothing new could not be told")
	}
}

// now compares the queues with what they held before.
func (w *drillWatch) now(ctx context.Context) (q drillQueues, err error) {
	if q.Waiting, err = held(ctx, w.input); err != nil {
		return q, err
	}
	dead, err := held(ctx, w.dead)
	if err != nil {
		return q, err
	}
	undelivered, err := held(ctx, w.undelivered)
	q.Letters, q.Undelivered = max(0, dead-w.deadBefore), max(0, undelivered-w.undeliveredBefore)
	return q, err
}

// held is about how many messages a queue holds, 0 where there is none.
func held(ctx context.Context, q *account.Queue) (int, error) {
	if q == nil {
		return 0, nil
	}
	depth, err := q.Depth(ctx)
	return depth.Visible + depth.Hidden, err
}
