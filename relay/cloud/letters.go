package cloud

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"alarmrelay/relay"
)

// DeadLetters is an SQS queue for what cannot be delivered.
type DeadLetters struct{ queue *Queue }

var _ relay.DeadLetters = (*DeadLetters)(nil)

// NewDeadLetters returns the dead-letter queue of a URL; the rest is as for [NewQueue].
func NewDeadLetters(url string, load func(context.Context) (aws.Config, error)) *DeadLetters {
	return &DeadLetters{NewQueue(url, load)}
}

// Add implements [relay.DeadLetters]. The error wraps [relay.ErrTooLarge] for a body that leaves no room for the attributes.
func (d *DeadLetters) Add(ctx context.Context, l relay.DeadLetter) error {
	attributes := map[string]types.MessageAttributeValue{}
	for name, value := range l.MessageAttributes() {
		attributes[name] = types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(value)}
	}
	if err := d.queue.send(ctx, l.Body, attributes); err != nil {
		return fmt.Errorf("add to the dead letters: %w", err)
	}
	return nil
}

// MessageSize counts bytes as SQS does: attributes count with name, type and value.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
func MessageSize(body string, attributes map[string]types.MessageAttributeValue) int {
	size := len(body)
	for name, a := range attributes {
		size += len(name) + len(aws.ToString(a.DataType)) + len(aws.ToString(a.StringValue)) + len(a.BinaryValue)
	}
	return size
}
