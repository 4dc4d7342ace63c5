package cloud

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"alarmrelay/alert"
	"alarmrelay/relay"
)

const (
	// queueTimeout bounds one operation, its second tries and all its batches included. A queue that does not answer must not
	// cost the alerts of the invocation their time.
	queueTimeout = 4 * time.Second
	// batchesAtOnce is how many batches are on their way side by side.
	batchesAtOnce = 8
	// maxBatch and maxMessage, in bytes with the attributes:
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
	maxBatch   = 10
	maxMessage = 1 << 20
	// maxDelay is SQS's twelve hours, which begin when the message was received, less the quarter of an hour
	// that an invocation lasts at most: SQS refuses what is longer, and cuts nothing.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
	// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	maxDelay = 12*time.Hour - 15*time.Minute
)

// Queue is an SQS standard queue.
type Queue struct {
	url    string
	client func() (*sqs.Client, error)
}

var _ relay.Queue = (*Queue)(nil)

// NewQueue returns the queue of a URL. Its region is the URL's where that names one, else that of the AWS configuration,
// which load makes, once, when the queue is first used: [FromEnvironment] in the function.
func NewQueue(url string, load func(context.Context) (aws.Config, error)) *Queue {
	return &Queue{url: url, client: sync.OnceValues(func() (*sqs.Client, error) {
		cfg, err := load(context.Background())
		if err != nil {
			return nil, err
		}
		return sqs.NewFromConfig(cfg, func(o *sqs.Options) {
			o.BaseEndpoint = endpoint("SQS", o.BaseEndpoint)
			if region := QueueRegion(url); region != "" {
				o.Region = region
			}
		}), nil
	})}
}

// QueueRegion returns the region in a queue's URL, such as https://sqs.REGION.amazonaws.com/ACCOUNT/NAME, old forms
// and endpoints of a VPC included; it is empty where there is none. The region is all that is taken from
// the host: requests, which are signed, go to AWS's own or where the environment says.
// https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
func QueueRegion(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if u.Hostname() == "queue.amazonaws.com" {
		return "us-east-1"
	}
	labels := strings.Split(u.Hostname(), ".")
	for i, label := range labels {
		candidate := ""
		switch {
		case (label == "sqs" || label == "sqs-fips") && i+1 < len(labels):
			candidate = labels[i+1]
		case label == "queue" && i > 0:
			candidate = labels[i-1]
		}
		if strings.Count(candidate, "-") >= 2 {
			return candidate
		}
	}
	return ""
}

// Receive implements [relay.Queue].
func (q *Queue) Receive(ctx context.Context) ([]alert.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, queueTimeout)
	defer cancel()
	client, err := q.client()
	if err != nil {
		return nil, fmt.Errorf("receive from the queue: %w", err)
	}
	out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &q.url, MaxNumberOfMessages: maxBatch,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{
			types.MessageSystemAttributeNameApproximateReceiveCount, types.MessageSystemAttributeNameSentTimestamp,
		},
		MessageAttributeNames: []string{string(types.QueueAttributeNameAll)},
	})
	if err != nil {
		return nil, fmt.Errorf("receive from the queue: %w", err)
	}
	var messages []alert.Message
	for _, m := range out.Messages {
		messages = append(messages, Message(m))
	}
	return messages, nil
}

// Delete implements [relay.Queue].
func (q *Queue) Delete(ctx context.Context, messages ...alert.Message) error {
	return q.batches(ctx, "delete from the queue", len(messages), func(ctx context.Context, client *sqs.Client, from, to int) (int, error) {
		in := &sqs.DeleteMessageBatchInput{QueueUrl: &q.url}
		for i, m := range messages[from:to] {
			in.Entries = append(in.Entries, types.DeleteMessageBatchRequestEntry{Id: entryID(i), ReceiptHandle: aws.String(m.Receipt)})
		}
		out, err := client.DeleteMessageBatch(ctx, in)
		if err != nil {
			return len(in.Entries), err
		}
		return len(out.Failed), firstFailure(out.Failed)
	})
}

// Postpone implements [relay.Queue].
func (q *Queue) Postpone(ctx context.Context, messages ...relay.Postponed) error {
	return q.batches(ctx, "postpone in the queue", len(messages), func(ctx context.Context, client *sqs.Client, from, to int) (int, error) {
		in := &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &q.url}
		for i, m := range messages[from:to] {
			in.Entries = append(in.Entries, types.ChangeMessageVisibilityBatchRequestEntry{
				Id: entryID(i), ReceiptHandle: aws.String(m.Receipt), VisibilityTimeout: wholeSeconds(m.Delay),
			})
		}
		out, err := client.ChangeMessageVisibilityBatch(ctx, in)
		if err != nil {
			return len(in.Entries), err
		}
		return len(out.Failed), firstFailure(out.Failed)
	})
}

// wholeSeconds rounds up, and keeps to what SQS takes.
func wholeSeconds(d time.Duration) int32 {
	return int32((min(max(d, 0), maxDelay) + time.Second - 1) / time.Second)
}

// Send implements [relay.Queue].
func (q *Queue) Send(ctx context.Context, body string) error {
	if err := q.send(ctx, body, nil); err != nil {
		return fmt.Errorf("send to the queue: %w", err)
	}
	return nil
}

// send puts a message in. The error wraps [relay.ErrTooLarge] where no message of that size is taken.
func (q *Queue) send(ctx context.Context, body string, attributes map[string]types.MessageAttributeValue) error {
	body = relay.QueueText(body)
	if size := MessageSize(body, attributes); size > maxMessage {
		return fmt.Errorf("%w: %d bytes", relay.ErrTooLarge, size)
	}
	ctx, cancel := context.WithTimeout(ctx, queueTimeout)
	defer cancel()
	client, err := q.client()
	if err != nil {
		return err
	}
	_, err = client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: &body, MessageAttributes: attributes})
	if isTooLarge(err) {
		return fmt.Errorf("%w: %w", relay.ErrTooLarge, err)
	}
	return err
}

// isTooLarge reports whether the queue's own limit, which may be lower, was the reason: SQS says so in a sentence only.
func isTooLarge(err error) bool {
	api := smithy.APIError(nil)
	return errors.As(err, &api) && strings.HasPrefix(api.ErrorCode(), "InvalidParameterValue") &&
		strings.Contains(api.ErrorMessage(), "must be shorter than")
}
