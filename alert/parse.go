package alert

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

const (
	// maxNesting is how deep envelopes may lie in one another: SQS, a
	// failed-invocation record, SNS in SNS and a quoted body make five.
	maxNesting = 8
	// maxText bounds the free text kept of one alert, in bytes; no chat shows more.
	maxText = 32 << 10
)

// errNothing is what an input without content gets.
var errNothing = errors.New("nothing to read: expected an SNS, SQS, EventBridge or CloudWatch Logs event, or an alarm's own notification, as JSON")

// Parse reads whatever the function was invoked with. Every piece of the input
// becomes at least one [Record], in order: an alert, a stated reason why it is
// no news, or an error where there is nothing in it at all. It never panics and
// never fails because of one piece: what nobody knows becomes a readable notice.
func Parse(raw []byte) []Record {
	return identified(read(clean(raw), Origin{}, 0))
}

func identified(records []Record) []Record {
	for i := range records {
		if records[i].Err == nil && records[i].Skip == "" {
			records[i].Alert.identify()
		}
	}
	return records
}

// clean makes the input valid UTF-8 without a byte order mark.
func clean(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(raw) {
		raw = bytes.ToValidUTF8(raw, []byte("\ufffd"))
	}
	return raw
}

// read is the spine: it looks at what is set, once, and either opens an
// envelope and reads what is inside, or reads the alert itself.
func read(raw []byte, from Origin, depth int) []Record {
	raw = bytes.Trim(raw, " \t\r\n\x00")
	if len(raw) == 0 || holdsNothing(raw) {
		return []Record{{Err: errNothing}}
	}
	if depth >= maxNesting {
		return one(textNotice(string(raw), from))
	}
	if c := raw[0]; (c == '"' || c == '{') && json.Valid(raw) {
		if c == '"' {
			return read([]byte(scalar(raw)), from, depth+1) // as EventBridge's input transformer sends it
		}
		return readKnown(raw, readObject(raw), from, depth)
	}
	return readText(string(raw), from)
}

func holdsNothing(raw []byte) bool {
	switch string(raw) {
	case "null", `""`, "[]", "{}":
		return true
	}
	return len(raw) <= 64 && (raw[0] == '{' || raw[0] == '[') &&
		len(bytes.Trim(raw[1:], " \t\r\n]}")) == 0 && json.Valid(raw)
}

// readKnown decides by the keys that are set; the order matters where one shape looks like part of another.
func readKnown(raw []byte, o object, from Origin, depth int) []Record {
	switch {
	case o.has("Records"):
		return readRecords(raw, o, from, depth)
	case o.object("awslogs").has("data"):
		return readLogs(o.object("awslogs").str("data"), from.via(EnvelopeLogs))
	case o.has("messageType", "logGroup", "logEvents"): // the same, unpacked by somebody on the way
		return readLogData(o, from.via(EnvelopeLogs))
	case o.has("alarmArn", "alarmData"): // before EventBridge: it has a source, too
		return readAlarmAction(raw, o, from.via(EnvelopeAlarmAction))
	case o.has("requestPayload", "requestContext"):
		return readFailed(o.find("requestPayload"), from, depth+1)
	case o.has("MessageId", "TopicArn", "Message"):
		return readSNS(o, from.via(EnvelopeSNS), depth)
	case o.has("AlarmName", "NewStateValue"):
		return readAlarmMessage(o, from)
	case o.has("detail-type", "source"):
		return readEvent(raw, o, from.via(EnvelopeEventBridge))
	}
	return readNotice(raw, o, from)
}

// readFailed reads what an invocation was for that failed. An order to the relay is no news: whoever gave it was told, and the schedule
// gives its own again.
func readFailed(payload []byte, from Origin, depth int) []Record {
	if order := readObject(payload).str("alarmrelay"); order != "" {
		return skip("the order " + shorten(order, 32) + " to the relay failed")
	}
	return read(payload, from, depth)
}

// via notes the outermost envelope; what is inside does not change it.
func (o Origin) via(envelope string) Origin {
	if o.Envelope == "" {
		o.Envelope = envelope
	}
	return o
}

func one(a Alert) []Record { return []Record{{Alert: a}} }

func skip(why string) []Record { return []Record{{Skip: why}} }

// readText reads what is not JSON, or no longer is: a known text, else any.
func readText(s string, from Origin) []Record {
	if r, ok := knownText(s, from); ok {
		return []Record{r}
	}
	return one(textNotice(s, from))
}

// textNotice is the readable last resort.
func textNotice(s string, from Origin) Alert {
	a := Alert{Kind: KindText, Name: from.Subject, Origin: from, ChangedAt: from.SentAt}
	a.Notice = &Notice{Text: shorten(s, maxText)}
	a.locate(location{})
	return a
}

// shorten cuts at a character, without a mark: the formatter marks what it cuts further.
func shorten(s string, bytes int) string {
	if len(s) <= bytes {
		return s
	}
	for bytes > 0 && !utf8.RuneStart(s[bytes]) {
		bytes--
	}
	return strings.Clone(s[:bytes]) // not the whole 6 MB behind it
}
