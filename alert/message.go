package alert

import (
	"encoding/json"
	"strconv"
	"time"
)

// Message is one message of a queue, as Lambda hands it over in an event or as
// the queue itself does when it is asked.
type Message struct {
	ID         string
	Receipt    string // what the queue wants to see when the message is deleted or put off
	Body       string
	Receives   int       // how often it has been handed out, this time included
	SentAt     time.Time // when the queue took it
	Attributes map[string]string
}

// Messages returns the messages of an SQS event, and ok is false for everything else: then
// the input stands or falls as a whole and is for [Parse].
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
func Messages(raw []byte) (messages []Message, ok bool) {
	if raw = clean(raw); !json.Valid(raw) {
		return nil, false
	}
	rows := readObject(raw).list("Records")
	for i, row := range rows {
		o := readObject(row)
		if o.str("eventSource") != "aws:sqs" || o.str("messageId") == "" || i == maxRecords {
			return nil, false
		}
		messages = append(messages, readMessage(o))
	}
	return messages, len(messages) > 0
}

func readMessage(o object) Message {
	attributes := o.object("attributes")
	receives, _ := strconv.Atoi(attributes.str("ApproximateReceiveCount")) // 0 for what is no number
	return Message{
		ID:         o.str("messageId"),
		Receipt:    o.str("receiptHandle"),
		Body:       string(inner(o.find("body"))),
		Receives:   receives,
		SentAt:     parseTime(attributes.str("SentTimestamp")),
		Attributes: attributesOf(o.object("messageAttributes"), "stringValue"),
	}
}

// Parse reads what is in the message, as [Parse] does with an event that holds nothing else.
func (m Message) Parse() []Record {
	records := identified(read([]byte(m.Body), m.origin(), 1))
	for i := range records {
		records[i].ID = m.ID
	}
	return records
}

func (m Message) origin() Origin {
	return Origin{Envelope: EnvelopeSQS, Receives: m.Receives, SentAt: m.SentAt, MessageID: m.ID, Attributes: m.Attributes}
}
