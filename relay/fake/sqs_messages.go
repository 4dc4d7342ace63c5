package fake

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sqsRequest is everything that one of the operations takes.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
type sqsRequest struct {
	QueueURL  string `json:"QueueUrl"`
	QueueName string
	Owner     string `json:"QueueOwnerAWSAccountId"`

	sqsEntry
	Entries []sqsEntry

	MaxNumberOfMessages         *int
	WaitTimeSeconds             int
	AttributeNames              []string
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string

	SourceArn                    string
	DestinationArn               string
	MaxNumberOfMessagesPerSecond *int
	MaxResults                   *int
}

// sqsEntry is one entry of a batch, or a request for one message.
type sqsEntry struct {
	ID                string `json:"Id"`
	ReceiptHandle     string
	VisibilityTimeout *int
	DelaySeconds      int
	MessageBody       string
	MessageAttributes map[string]messageAttribute
}

type sqsObject = map[string]any

// receive hands out messages, with what was asked for of each.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
func (s *SQS) receive(c *sqsCall) (any, *refusedCall) {
	most, visibility := 1, c.queue.options.Visibility
	if c.MaxNumberOfMessages != nil {
		most = *c.MaxNumberOfMessages
	}
	if c.VisibilityTimeout != nil {
		visibility = time.Duration(*c.VisibilityTimeout) * time.Second
	}
	switch {
	case most < 1 || most > maxBatch:
		return nil, outOfRange("MaxNumberOfMessages", most, 1, maxBatch)
	case visibility < 0 || visibility > maxVisibility:
		return nil, outOfRange("VisibilityTimeout", *c.VisibilityTimeout, 0, int(maxVisibility.Seconds()))
	case c.WaitTimeSeconds < 0 || c.WaitTimeSeconds > 20:
		return nil, outOfRange("WaitTimeSeconds", c.WaitTimeSeconds, 0, 20)
	}
	taken := s.poll(c, most, visibility)
	if len(taken) == 0 && c.WaitTimeSeconds == 0 && c.queue.isFull() {
		return nil, refuseCall("OverLimit", "Too many messages in flight")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	messages := []sqsObject{}
	for _, h := range taken {
		s.received[c.key] = append(s.received[c.key], claimed{c.queue, h.Receipt})
		messages = append(messages, h.answer(&c.sqsRequest))
	}
	if len(messages) == 0 {
		return sqsObject{}, nil
	}
	return sqsObject{"Messages": messages}, nil
}

func outOfRange(name string, value, least, most int) *refusedCall {
	return refuseCall("InvalidParameterValue", "Value %d for parameter %s is invalid. Reason: Must be between %d and %d, if provided.",
		value, name, least, most)
}

// poll takes what is there, or waits for it as long as the request says.
func (s *SQS) poll(c *sqsCall, most int, visibility time.Duration) []held {
	end := time.NewTimer(time.Duration(c.WaitTimeSeconds) * time.Second)
	defer end.Stop()
	for {
		changed := c.queue.watch()
		taken := c.queue.take(most, visibility)
		if len(taken) > 0 || c.WaitTimeSeconds == 0 {
			return taken
		}
		pause := time.Hour
		if next, ok := c.queue.NextVisible(); ok {
			pause = next.Sub(c.queue.options.Clock())
		}
		soon := time.NewTimer(pause)
		select {
		case <-changed:
		case <-soon.C:
		case <-end.C:
			c.WaitTimeSeconds = 0
		case <-c.Context().Done():
			soon.Stop()
			return nil
		case <-s.closed:
			soon.Stop()
			return nil
		}
		soon.Stop()
	}
}

// watch returns what is closed when a message is put in or put off.
func (q *Queue) watch() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.changed
}

func (q *Queue) isFull() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.inFlight >= maxInFlight
}

// answer is the message as ReceiveMessage tells it: of its attributes only those that were asked for.
func (h *held) answer(asked *sqsRequest) sqsObject {
	told := sqsObject{"MessageId": h.ID, "ReceiptHandle": h.Receipt, "Body": h.Body, "MD5OfBody": sum(h.Body)}
	system := map[string]string{
		"SenderId": "AIDAEXAMPLE", "SentTimestamp": milliseconds(h.SentAt),
		"ApproximateReceiveCount":          strconv.Itoa(h.Receives),
		"ApproximateFirstReceiveTimestamp": milliseconds(h.firstReceivedAt),
	}
	if h.source != "" {
		system["DeadLetterQueueSourceArn"] = h.source
	}
	names := slices.Concat(asked.AttributeNames, asked.MessageSystemAttributeNames)
	maps.DeleteFunc(system, func(name, _ string) bool { return !isAsked(names, name) })
	if len(system) > 0 {
		told["Attributes"] = system
	}
	typed := maps.Clone(h.typed)
	maps.DeleteFunc(typed, func(name string, _ messageAttribute) bool { return !isAsked(asked.MessageAttributeNames, name) })
	if len(typed) > 0 {
		told["MessageAttributes"], told["MD5OfMessageAttributes"] = typed, attributesSum(typed)
	}
	return told
}

// isAsked knows All, .*, prefix.* and names.
func isAsked(names []string, name string) bool {
	return slices.ContainsFunc(names, func(asked string) bool {
		prefix, many := strings.CutSuffix(asked, ".*")
		return asked == "All" || asked == name || many && strings.HasPrefix(name, prefix)
	})
}

// attributesSum is the digest of attributes.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
func attributesSum(typed map[string]messageAttribute) string {
	var all []byte
	add := func(part string) {
		all = binary.BigEndian.AppendUint32(all, uint32(len(part)))
		all = append(all, part...)
	}
	for _, name := range slices.Sorted(maps.Keys(typed)) {
		a := typed[name]
		add(name)
		add(a.DataType)
		if strings.HasPrefix(a.DataType, "Binary") {
			all = append(all, 2)
			add(string(a.BinaryValue))
		} else {
			all = append(all, 1)
			add(a.StringValue)
		}
	}
	digest := md5.Sum(all)
	return hex.EncodeToString(digest[:])
}
