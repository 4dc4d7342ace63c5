package fake

import (
	"context"
	"fmt"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
)

// maxVisibility is how long a message can stay invisible after it was handed out.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
const maxVisibility = 12 * time.Hour

// Receive implements [relay.Queue].
func (q *Queue) Receive(ctx context.Context) ([]alert.Message, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("receive from the queue: %w", err)
	}
	return q.Take(maxBatch), nil
}

// Delete implements [relay.Queue]. As with SQS only the newest receipt counts, and an older one is no error.
func (q *Queue) Delete(ctx context.Context, messages ...alert.Message) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("delete from the queue: %w", err)
	}
	return q.discard(messages)
}

func (q *Queue) discard(messages []alert.Message) error {
	var all []error
	for _, m := range messages {
		if refused := q.remove(m.Receipt); refused != nil {
			all = append(all, refused)
		}
	}
	return someOf("delete from the queue", len(messages), all)
}

// Postpone implements [relay.Queue].
func (q *Queue) Postpone(ctx context.Context, messages ...relay.Postponed) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("postpone in the queue: %w", err)
	}
	var all []error
	for _, m := range messages {
		if refused := q.hide(m.Receipt, max(m.Delay, 0), true); refused != nil {
			all = append(all, refused)
		}
	}
	return someOf("postpone in the queue", len(messages), all)
}

// someOf says how many of so many went wrong, and how the first did. It is nil for none.
func someOf(doing string, of int, all []error) error {
	if len(all) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %d of %d messages: %w", doing, len(all), of, all[0])
}

// Send implements [relay.Queue].
func (q *Queue) Send(ctx context.Context, body string) error {
	if err := q.send(ctx, body, nil); err != nil {
		return fmt.Errorf("send to the queue: %w", err)
	}
	return nil
}

// Add implements [relay.DeadLetters].
func (q *Queue) Add(ctx context.Context, l relay.DeadLetter) error {
	if err := q.send(ctx, l.Body, l.MessageAttributes()); err != nil {
		return fmt.Errorf("add to the dead letters: %w", err)
	}
	return nil
}

func (q *Queue) send(ctx context.Context, body string, attributes map[string]string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	body = relay.QueueText(body)
	typed := stringAttributes(attributes)
	refused := checkMessage(body, typed)
	if refused == nil {
		q.add(body, typed, 0)
		return nil
	}
	if messageSize(body, typed) > maxMessage {
		return fmt.Errorf("%w: %w", relay.ErrTooLarge, refused)
	}
	return refused
}

// remove deletes what a receipt is for, if it is the newest.
func (q *Queue) remove(receipt string) *refusedCall {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.advance(q.options.Clock())
	h, refused := q.claim(receipt)
	if h == nil {
		return refused
	}
	h.leave()
	if h.inFlight {
		q.inFlight--
	}
	delete(q.messages, h.key)
	return nil
}

// hide makes a message in flight visible after a delay of whole seconds. What is over the
// limit is refused, or else cut.
func (q *Queue) hide(receipt string, delay time.Duration, cut bool) *refusedCall {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.options.Clock()
	q.advance(now)
	h, refused := q.claim(receipt)
	switch {
	case refused != nil:
		return refused
	case h == nil:
		return refuseCall("InvalidParameterValue", "Value %s for parameter ReceiptHandle is invalid. Reason: "+
			"Message does not exist or is not available for visibility timeout change.", receipt)
	case !h.inFlight:
		return refuseCall("MessageNotInflight", "The specified message isn't in flight.")
	}
	delay = (delay + time.Second - 1).Truncate(time.Second)
	left := (maxVisibility - now.Sub(h.receivedAt)).Truncate(time.Second)
	if delay > left && !cut {
		return refuseCall("InvalidParameterValue", "Value %d for parameter VisibilityTimeout is invalid. Reason: "+
			"Total VisibilityTimeout for the message is beyond the limit [%d seconds]", int(delay.Seconds()), int(maxVisibility.Seconds()))
	}
	h.leave()
	h.visibleAt = now.Add(min(delay, left))
	q.show(h, now)
	return nil
}
