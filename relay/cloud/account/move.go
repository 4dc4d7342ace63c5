package account

import (
	"context"
	"errors"
	"maps"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"alarmrelay/relay/cloud"
)

const (
	// maxBatch is how many messages one request is about:
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
	maxBatch = 10
	// maxTogether is how many bytes several messages may have in one request. It is less than SQS takes (1 MiB, the
	// same page), since older limits still hold for some queues; a larger message goes alone.
	maxTogether = 200 << 10
)

// Send puts messages in with bodies and attributes as they are. It returns what went wrong, by
// message id; a message without an error is in the queue.
func (q *Queue) Send(ctx context.Context, letters []Letter) (failed map[string]error) {
	failed = map[string]error{}
	for _, batch := range batches(letters) {
		in := &sqs.SendMessageBatchInput{QueueUrl: &q.url}
		for i := range batch {
			in.Entries = append(in.Entries, types.SendMessageBatchRequestEntry{
				Id: entryID(i), MessageBody: &batch[i].Body, MessageAttributes: batch[i].attributes,
			})
		}
		out, err := q.client.SendMessageBatch(ctx, in)
		if err != nil {
			maps.Copy(failed, all(batch, refused("send to queue "+q.name, err)))
			continue
		}
		maps.Copy(failed, some(batch, out.Failed))
	}
	return failed
}

// Delete removes messages that a walk has brought. It returns what went wrong, by message id.
func (q *Queue) Delete(ctx context.Context, letters []Letter) (failed map[string]error) {
	failed = map[string]error{}
	for _, batch := range batches(letters) {
		in := &sqs.DeleteMessageBatchInput{QueueUrl: &q.url}
		for i := range batch {
			in.Entries = append(in.Entries, types.DeleteMessageBatchRequestEntry{Id: entryID(i), ReceiptHandle: &batch[i].Receipt})
		}
		out, err := q.client.DeleteMessageBatch(ctx, in)
		if err != nil {
			maps.Copy(failed, all(batch, refused("delete from queue "+q.name, err)))
			continue
		}
		maps.Copy(failed, some(batch, out.Failed))
	}
	for _, l := range letters {
		if failed[l.ID] == nil {
			delete(q.held, l.ID)
		}
	}
	return failed
}

// batches cuts messages into what one request takes.
func batches(letters []Letter) (cut [][]Letter) {
	size := 0
	for i := range letters {
		more := cloud.MessageSize(letters[i].Body, letters[i].attributes)
		last := len(cut) - 1
		if last < 0 || len(cut[last]) == maxBatch || size+more > maxTogether {
			cut, size = append(cut, nil), 0
			last++
		}
		cut[last] = append(cut[last], letters[i])
		size += more
	}
	return cut
}

func entryID(i int) *string { return aws.String(strconv.Itoa(i)) }

// all gives each message of a batch the request's error.
func all(batch []Letter, err error) map[string]error {
	failed := map[string]error{}
	for _, l := range batch {
		failed[l.ID] = err
	}
	return failed
}

// some gives the messages that an answer names their own errors.
func some(batch []Letter, entries []types.BatchResultErrorEntry) map[string]error {
	failed := map[string]error{}
	for _, e := range entries {
		if i, err := strconv.Atoi(aws.ToString(e.Id)); err == nil && i >= 0 && i < len(batch) {
			failed[batch[i].ID] = errors.New(aws.ToString(e.Code) + ": " + aws.ToString(e.Message))
		}
	}
	return failed
}
