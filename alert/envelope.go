package alert

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// maxRecords bounds the rows read of one list. A queue hands out at most as many
// (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html), and
// what people send by hand could hold millions of empty ones.
const maxRecords = 10_000

// leftOut tells people that a list was longer than what is read of it.
func leftOut(n int, from Origin) Record {
	return Record{Alert: textNotice(strconv.Itoa(n)+" more rows of one input were not read", from)}
}

// readRecords opens the list that SNS and SQS (and S3 and SES) wrap what they
// deliver in.
func readRecords(raw []byte, o object, from Origin, depth int) []Record {
	if o.find("Records")[0] != '[' {
		return readNotice(raw, o, from)
	}
	var records []Record
	rows := o.list("Records")
	for i, row := range rows {
		if i == maxRecords {
			records = append(records, leftOut(len(rows)-i, from))
			break
		}
		r := readObject(row)
		switch {
		case r.str("eventSource") == "aws:sqs":
			records = append(records, readSQS(r, from.via(EnvelopeSQS), depth)...)
		case r.str("EventSource") == "aws:sns":
			records = append(records, readSNS(r.object("Sns"), from.via(EnvelopeSNS), depth)...)
		case r != nil:
			records = append(records, readNotice(row, r, from)...)
		default:
			records = append(records, read(row, from, depth+1)...)
		}
	}
	if len(records) == 0 {
		return []Record{{Err: errNothing}}
	}
	return records
}

// readSNS opens SNS's envelope, whether Lambda or SQS delivered it. Where one
// lies in another, the inner topic is where the alert was published and the
// outer subject fills in for an empty one.
func readSNS(o object, from Origin, depth int) []Record {
	from.Topic = firstOf(o.str("TopicArn"), from.Topic)
	from.MessageID = firstOf(o.str("MessageId"), from.MessageID)
	from.Subject = firstOf(o.str("Subject"), from.Subject)
	if at := parseTime(o.str("Timestamp")); !at.IsZero() {
		from.SentAt = at
	}
	from.Attributes = attributesOf(o.object("MessageAttributes"), "Value")
	return read(inner(o.find("Message")), from, depth+1)
}

// readSQS opens one message of a queue. What is inside carries its id, if the queue is
// the one that invoked us and not one inside a failed-invocation record.
func readSQS(o object, from Origin, depth int) []Record {
	m := readMessage(o)
	inside := m.origin()
	inside.Envelope, inside.Topic, inside.Subject = from.Envelope, from.Topic, from.Subject
	records := read([]byte(m.Body), inside, depth+1)
	if depth == 0 {
		for i := range records {
			records[i].ID = m.ID
		}
	}
	return records
}

// attributesOf reads message attributes; SNS and SQS name the value differently.
func attributesOf(o object, value string) map[string]string {
	said := make(map[string]string, len(o))
	for _, m := range o {
		said[m.key] = readObject(m.value).str(value)
	}
	return said
}

// inner returns what a message carries: the content of a string, or the JSON
// itself where somebody put it in unquoted.
func inner(raw json.RawMessage) []byte {
	raw = bytes.TrimSpace(raw)
	if len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') {
		return raw
	}
	return []byte(scalar(raw))
}
