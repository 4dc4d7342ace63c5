package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Queue is an SQS queue as somebody at the desk uses it: to look at every message in it, and to
// move some to another queue. It is for one goroutine.
type Queue struct {
	url    string
	name   string
	client *sqs.Client
	held   map[string]string // receipts by message id: received, and neither deleted nor put back
}

// Depth is about how many messages a queue holds.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/approximate-numbers-of-messages.html
type Depth struct {
	Visible int
	Hidden  int // somebody else has them at the moment
}

// CheckQueueURL refuses what can't be the URL of a standard queue.
func CheckQueueURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || strings.Count(strings.Trim(u.Path, "/"), "/") < 1:
		return fmt.Errorf("%s is no queue's URL; one reads https://sqs.REGION.amazonaws.com/ACCOUNT/NAME", address)
	case strings.HasSuffix(u.Path, ".fifo"):
		return fmt.Errorf("%s is a FIFO queue, which hands out nothing more of a group while somebody looks at it; use the SQS console", address)
	}
	return nil
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
	region := cmp.Or(regionOf(u.Hostname()), cfg.Region)
	if region == "" {
		return nil, fmt.Errorf("queue %s: neither its URL nor AWS_REGION says which region it is in", name)
	}
	client := sqs.NewFromConfig(cfg, func(o *sqs.Options) { o.Region = region })
	return &Queue{url: address, name: name, client: client, held: map[string]string{}}, nil
}

// Name is the queue's name.
func (q *Queue) Name() string { return q.name }

// regionOf returns the region in the host of a queue's URL, old forms included; it is empty where there is none.
// https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
func regionOf(host string) string {
	if host == "queue.amazonaws.com" {
		return "us-east-1"
	}
	labels := strings.Split(host, ".")
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

// Depth asks how many messages there are.
func (q *Queue) Depth(ctx context.Context) (Depth, error) {
	out, err := q.client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &q.url,
		AttributeNames: []types.QueueAttributeName{
			types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
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
	return Depth{Visible: visible, Hidden: hidden}, nil
}
