package alert

import (
	"encoding/json"
	"slices"
	"strings"
)

// readEvent reads an EventBridge event: an alarm's, a notice with a form, or
// any other. Developer Tools notifications are the same with detail-type spelt as detailType.
func readEvent(raw []byte, o object, from Origin) []Record {
	from.Source = o.str("source")
	from.DetailType = firstOf(o.str("detail-type"), o.str("detailType"))
	from.MessageID = firstOf(o.str("id"), from.MessageID)
	if from.SentAt.IsZero() || from.Topic == "" {
		from.SentAt = o.time("time")
	}
	if from.Source == "aws.cloudwatch" && strings.HasPrefix(from.DetailType, "CloudWatch Alarm ") {
		return readAlarmEvent(raw, o, from)
	}
	t := growTree(raw)
	for i := range eventForms {
		if f := &eventForms[i]; f.source == from.Source && strings.HasPrefix(from.DetailType, f.detailType) {
			return f.records(t, from)
		}
	}
	return one(readAnyEvent(o, t, from))
}

// maxFindings bounds the alerts made of one event. Security Hub sends one finding in each:
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
const maxFindings = 100

// records reads one alert, or one for each row of the form's list.
func (f *form) records(t tree, from Origin) []Record {
	if f.each == "" {
		return []Record{f.read(t, from)}
	}
	var records []Record
	rows := t.rows(f.each)
	for _, row := range rows[:min(len(rows), maxFindings)] {
		records = append(records, f.read(row, from))
	}
	if more := len(rows) - maxFindings; more > 0 {
		records = append(records, leftOut(more, from))
	}
	if len(records) == 0 {
		return skip(f.service + " notice without " + f.each)
	}
	return records
}

// anyEvent says what the events of services without a form of their own, and
// those of users' own applications, often hold.
var anyEvent = form{
	kind: KindEvent,
	name: "{detail-type}||{detailType}", reason: "{detail.message}||{detail.Message}||{detail.statusMessage}||{detail.description}||{detail.reason}",
	status: "{detail.status}||{detail.state}||{detail.Status}||{detail.State}||{detail.jobStatus}||{detail.severity}",
}

// maxFields bounds the fields of a notice nobody knows.
const maxFields = 20

// readAnyEvent reads an event nobody knows: its type, what it says, and the first level of its detail.
func readAnyEvent(o object, t tree, from Origin) Alert {
	a := anyEvent.read(t, from).Alert
	a.Notice.Service = from.Source
	if service, ok := strings.CutPrefix(from.Source, "aws."); ok {
		a.Notice.Service = service
	}
	for _, arn := range o.list("resources") {
		a.Notice.add("Resource", shorten(scalar(arn), 1024), true)
	}
	a.Notice.addScalars(o.raw("detail"), a.Reason)
	a.Key = "event|" + from.Source + "|" + from.DetailType + "|" + a.ARN
	return a
}

// addScalars appends the first level of an object in its own order, up to [maxFields].
func (n *Notice) addScalars(raw json.RawMessage, said ...string) {
	for _, f := range firstLevel(raw) {
		if len(n.Fields) >= maxFields {
			return
		}
		if !slices.Contains(said, f.Value) {
			n.Fields = append(n.Fields, f)
		}
	}
}
