package cloud

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"alarmrelay/alert"
)

// batches does something to n messages, ten at a time and several tens side by side, within queueTimeout for all. send does it to those from
// one place to before another, and returns how many of them it was not done to, and why not.
func (q *Queue) batches(ctx context.Context, doing string, n int, send func(ctx context.Context, client *sqs.Client, from, to int) (int, error)) error {
	if n == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, queueTimeout)
	defer cancel()
	client, err := q.client()
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	var (
		wait   sync.WaitGroup
		mu     sync.Mutex
		failed int
		why    error
		slots  = make(chan struct{}, batchesAtOnce)
	)
	for from := 0; from < n; from += maxBatch {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			left, err := send(ctx, client, from, min(from+maxBatch, n))
			mu.Lock()
			defer mu.Unlock()
			failed += left
			if why == nil {
				why = err
			}
		})
	}
	wait.Wait()
	if failed > 0 {
		return fmt.Errorf("%s: %d of %d messages: %w", doing, failed, n, why)
	}
	return nil
}

func entryID(i int) *string { return aws.String(strconv.Itoa(i)) }

// firstFailure is what went wrong with the first of a batch's messages that failed.
func firstFailure(failed []types.BatchResultErrorEntry) error {
	if len(failed) == 0 {
		return nil
	}
	return errors.New(aws.ToString(failed[0].Code) + ": " + aws.ToString(failed[0].Message))
}

// Message reads what ReceiveMessage hands out, as [alert.Messages] reads what Lambda does.
func Message(m types.Message) alert.Message {
	receives, _ := strconv.Atoi(m.Attributes[string(types.MessageSystemAttributeNameApproximateReceiveCount)]) // 0 for what is no number
	read := alert.Message{
		ID: aws.ToString(m.MessageId), Receipt: aws.ToString(m.ReceiptHandle), Body: aws.ToString(m.Body),
		Receives: receives, Attributes: make(map[string]string, len(m.MessageAttributes)),
	}
	if sent, err := strconv.ParseInt(m.Attributes[string(types.MessageSystemAttributeNameSentTimestamp)], 10, 64); err == nil {
		read.SentAt = time.UnixMilli(sent).UTC()
	}
	for name, value := range m.MessageAttributes {
		read.Attributes[name] = aws.ToString(value.StringValue)
	}
	return read
}
