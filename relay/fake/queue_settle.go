package fake

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"alarmrelay/alert"
)

// BatchEvent is what Lambda invokes a function with for a batch of a queue's messages.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
func BatchEvent(queueARN string, messages []alert.Message) []byte {
	region := ""
	if parts := strings.Split(queueARN, ":"); len(parts) > 3 {
		region = parts[3]
	}
	records := make([]sqsObject, 0, len(messages))
	for _, m := range messages {
		attributes := sqsObject{}
		for name, value := range m.Attributes {
			attributes[name] = sqsObject{"stringValue": value, "stringListValues": []string{}, "binaryListValues": []string{}, "dataType": "String"}
		}
		records = append(records, sqsObject{
			"messageId": m.ID, "receiptHandle": m.Receipt, "body": m.Body,
			"attributes": map[string]string{
				"ApproximateReceiveCount":          strconv.Itoa(m.Receives),
				"SentTimestamp":                    milliseconds(m.SentAt),
				"SenderId":                         "AIDAEXAMPLE",
				"ApproximateFirstReceiveTimestamp": milliseconds(m.SentAt), // a message knows no better
			},
			"messageAttributes": attributes, "md5OfBody": sum(m.Body),
			"eventSource": "aws:sqs", "eventSourceARN": queueARN, "awsRegion": region,
		})
	}
	event, err := json.Marshal(sqsObject{"Records": records})
	if err != nil {
		panic(err) // our own types
	}
	return event
}

func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

func sum(text string) string {
	digest := md5.Sum([]byte(text))
	return hex.EncodeToString(digest[:])
}

// Settle does what Lambda does after an invocation with a batch: it deletes the
// messages that the response does not name. When the function failed, or its response is not
// what it should be, it deletes none; the latter is an error, which says why.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
func (q *Queue) Settle(messages []alert.Message, response []byte, failed error) error {
	if failed != nil {
		return nil
	}
	back, err := failures(response)
	if err != nil {
		return fmt.Errorf("response to a batch: %w", err)
	}
	var done []alert.Message
	for _, m := range messages {
		if !back[m.ID] {
			done = append(done, m)
		}
		delete(back, m.ID)
	}
	for id := range back {
		return fmt.Errorf("response to a batch: it names %q, which was not in it", id)
	}
	return q.discard(done)
}

// failures reads the ids that a response names.
func failures(response []byte) (map[string]bool, error) {
	answer := map[string]json.RawMessage{}
	if json.Unmarshal(response, &answer) != nil {
		return nil, errors.New("it is no JSON object")
	}
	var items []map[string]json.RawMessage
	if list, ok := answer["batchItemFailures"]; ok {
		if json.Unmarshal(list, &items) != nil {
			return nil, errors.New("its batchItemFailures is no list of objects")
		}
	}
	named := map[string]bool{}
	for _, item := range items {
		var id string
		if err := json.Unmarshal(item["itemIdentifier"], &id); err != nil || id == "" {
			return nil, errors.New("an item of its batchItemFailures has no itemIdentifier")
		}
		named[id] = true
	}
	return named, nil
}
