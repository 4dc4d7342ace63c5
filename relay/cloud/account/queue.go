package account

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"alarmrelay/relay/cloud"
)

// Queue is an SQS queue as somebody at the desk uses it: to look at every message in it, and to
// move some to another queue. It is for one goroutine.
type Queue struct {
	url    string
	name   string
	place  string // region, account and name
	client *sqs.Client
	held   map[string]string // receipts by message id: received, and neither deleted nor put back
}

// Depth is about how many messages a queue holds.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/approximate-numbers-of-messages.html
type Depth struct {
	Visible int
	Hidden  int // somebody else has them at the moment
	// DeadLetters is the name of the queue that gets what this one gives up. A dead-letter queue has none.
	DeadLetters string
}

// CheckQueueURL refuses what can't be the URL of a standard queue.
func CheckQueueURL(address string) error {
	u, err := url.Parse(address)
	if err == nil && strings.HasSuffix(u.Path, ".fifo") {
		return fmt.Errorf("%s is a FIFO queue, which hands out nothing more of a group while somebody looks at it; use the SQS console", address)
	}
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Count(strings.Trim(u.Path, "/"), "/") < 1 || !isName(path.Base(u.Path)) {
		return fmt.Errorf("%s is no queue's URL; one reads https://sqs.REGION.amazonaws.com/ACCOUNT/NAME", address)
	}
	return nil
}

// isName tells whether a queue can have that name.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
func isName(name string) bool {
	return strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// OpenQueue returns the standard queue with that URL; it asks nobody whether there is one. The
// region is the URL's own where it names one.
func OpenQueue(cfg aws.Config, address string) (*Queue, error) {
	if err := CheckQueueURL(address); err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("open a queue: %w", err)
	}
	name := path.Base(u.Path)
	region := cmp.Or(cloud.QueueRegion(address), cfg.Region)
	if region == "" {
		return nil, fmt.Errorf("queue %s: neither its URL nor AWS_REGION says which region it is in", name)
	}
	client := sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.Region = region })
	place := path.Join(region, path.Base(path.Dir(path.Clean(u.Path))), name)
	return &Queue{url: address, name: name, place: place, client: client, held: map[string]string{}}, nil
}

// Name is the queue's name.
func (q *Queue) Name() string { return q.name }

// Is reports whether both are one queue, however its URL is written: region, account and name are the same.
func (q *Queue) Is(other *Queue) bool { return q.place == other.place }

// Depth asks how many messages there are.
func (q *Queue) Depth(ctx context.Context) (Depth, error) {
	out, err := q.client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &q.url,
		AttributeNames: []types.QueueAttributeName{
			types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
			types.QueueAttributeNameRedrivePolicy,
		},
	})
	if err != nil {
		return Depth{}, refused("ask queue "+q.name+" for its depth", err)
	}
	visible, err := strconv.Atoi(out.Attributes[string(types.QueueAttributeNameApproximateNumberOfMessages)])
	hidden, err2 := strconv.Atoi(out.Attributes[string(types.QueueAttributeNameApproximateNumberOfMessagesNotVisible)])
	if err = errors.Join(err, err2); err != nil {
		return Depth{}, fmt.Errorf("ask queue %s for its depth: %w", q.name, err)
	}
	return Depth{visible, hidden, deadLettersOf(out.Attributes[string(types.QueueAttributeNameRedrivePolicy)])}, nil
}

// deadLettersOf reads the name in the ARN that a queue's redrive policy leads to.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
func deadLettersOf(policy string) string {
	var to struct{ DeadLetterTargetArn string }
	if json.Unmarshal([]byte(policy), &to) != nil { // there is none
		return ""
	}
	return to.DeadLetterTargetArn[strings.LastIndexByte(to.DeadLetterTargetArn, ':')+1:]
}
