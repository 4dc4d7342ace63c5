package account

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"alarmrelay/alert"
	"alarmrelay/relay/cloud"
)

const (
	// hiddenFor is how long a message that is looked at stays hidden from others, where nobody puts it back
	// sooner; a walk past many takes longer, and would meet the first ones again.
	hiddenFor     = 30 * time.Second
	hiddenForEach = 50 * time.Millisecond
	// maxHidden: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
	maxHidden = 12 * time.Hour
	// patience is how many answers in a row may bring nothing new although there should be more.
	patience = 3
	// askFor makes SQS ask all its servers: without waiting it asks some, and may find nothing where there is something.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
	askFor = time.Second
	// receiveTimeout is how long one answer is waited for.
	receiveTimeout = 10 * time.Second
	// putBackTimeout and for each message putBackEach bound [Queue.PutBack], which has putBackAtOnce requests under way; what
	// it leaves becomes visible by itself.
	putBackTimeout = 10 * time.Second
	putBackEach    = 10 * time.Millisecond
	putBackAtOnce  = 8
)

// Letter is a message of a queue with all that it takes to send it again.
type Letter struct {
	alert.Message
	attributes map[string]types.MessageAttributeValue
}

// Walk hands every visible message to visit, each once, in batches of up to ten and in no order, until visit
// returns false, nothing new comes or ctx ends. It takes them as a consumer does: their receive counts rise, and
// they are hidden until [Queue.Delete] or [Queue.PutBack], which must follow, or by themselves are visible again: after
// half a minute, and later where there are many.
func (q *Queue) Walk(ctx context.Context, d Depth, visit func([]Letter) (more bool)) error {
	hide := min(hiddenFor+time.Duration(d.Visible)*hiddenForEach, maxHidden)
	met := map[string]bool{}
	for quiet := 0; quiet < patience; {
		if err := ctx.Err(); err != nil {
			return err
		}
		batch, err := q.receive(ctx, hide)
		if err != nil {
			return err
		}
		var fresh []Letter
		for _, l := range batch {
			if !met[l.ID] {
				fresh = append(fresh, l)
			}
			met[l.ID] = true
			q.held[l.ID] = l.Receipt
		}
		switch {
		case len(fresh) > 0:
			quiet = 0
			if !visit(fresh) {
				return nil
			}
		case len(met) >= d.Visible:
			return nil
		default:
			quiet++
		}
	}
	return nil
}

// receive sees its request through when ctx ends: what SQS hands out while we hang up would stay hidden.
func (q *Queue) receive(ctx context.Context, hide time.Duration) ([]Letter, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), receiveTimeout)
	defer cancel()
	out, err := q.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl:              &q.url,
		MaxNumberOfMessages:   maxBatch,
		VisibilityTimeout:     int32(hide / time.Second),
		WaitTimeSeconds:       int32(askFor / time.Second),
		MessageAttributeNames: []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{
			types.MessageSystemAttributeNameApproximateReceiveCount, types.MessageSystemAttributeNameSentTimestamp,
		},
	})
	if err != nil {
		return nil, refused("receive from queue "+q.name, err)
	}
	letters := make([]Letter, len(out.Messages))
	for i, m := range out.Messages {
		letters[i] = Letter{Message: cloud.Message(m), attributes: m.MessageAttributes}
	}
	return letters, nil
}

// PutBack makes visible again what a walk has received and nobody has deleted. It does so even
// when ctx has ended, for some seconds. After an error some become visible only by themselves.
func (q *Queue) PutBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), putBackTimeout+time.Duration(len(q.held))*putBackEach)
	defer cancel()
	var letters []Letter
	for id, receipt := range q.held {
		letters = append(letters, Letter{Message: alert.Message{ID: id, Receipt: receipt}})
	}
	clear(q.held)
	var wait sync.WaitGroup
	var mu sync.Mutex
	var failure error
	free := make(chan struct{}, putBackAtOnce)
	for _, batch := range batches(letters) {
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			if err := q.show(ctx, batch); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failure = err
			}
		})
	}
	wait.Wait()
	return failure
}

// show makes messages visible. What its answer says of single ones is of no use: those have
// become visible before, or are gone.
func (q *Queue) show(ctx context.Context, batch []Letter) error {
	in := &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &q.url}
	for i := range batch {
		in.Entries = append(in.Entries, types.ChangeMessageVisibilityBatchRequestEntry{Id: entryID(i), ReceiptHandle: &batch[i].Receipt})
	}
	if _, err := q.client.ChangeMessageVisibilityBatch(ctx, in); err != nil {
		return refused("put messages back into queue "+q.name, err)
	}
	return nil
}
