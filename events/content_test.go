package events_test

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/events"
)

// invented are the account ids that AWS uses in its own documentation.
var invented = []string{"111122223333", "444455556666"}

func TestNoAccountIsARealOne(t *testing.T) {
	digits := regexp.MustCompile(`[0-9]+`)
	for _, name := range events.Names() {
		for _, text := range texts(t, read(t, name)) {
			for _, run := range digits.FindAllString(text, -1) {
				if len(run) == 12 && !slices.Contains(invented, run) {
					t.Errorf("%s names %s; invented accounts are %s", name, run, invented)
				}
			}
		}
	}
}

func TestNoWebhookStandsInAnEvent(t *testing.T) {
	webhook := regexp.MustCompile(`(?i)/api/(v\d+/)?webhooks/|hooks\.slack\.com|discord(app)?\.com/api`)
	for _, name := range events.Names() {
		for _, text := range texts(t, read(t, name)) {
			if found := webhook.FindString(text); found != "" {
				t.Errorf("%s holds %q", name, found)
			}
		}
	}
}

func TestEveryAddressIsAnExampleOrAWSs(t *testing.T) {
	host := regexp.MustCompile(`(?:https?:/+|@)((?:[a-z0-9-]+\.)+[a-z]{2,})`)
	allowed := regexp.MustCompile(`(^|\.)(example|example\.(com|net|org)|amazonaws\.com|amazonaws\.com\.cn|aws\.amazon\.com|amazonwebservices\.com)$`)
	others := []string{"nvd.nist.gov", "discord.gg"} // a public vulnerability list; bait of the hostile alarm
	for _, name := range events.Names() {
		for _, text := range texts(t, read(t, name)) {
			for _, match := range host.FindAllStringSubmatch(text, -1) {
				if !allowed.MatchString(match[1]) && !slices.Contains(others, match[1]) {
					t.Errorf("%s names the host %s", name, match[1])
				}
			}
		}
	}
}

func TestEventsAreNamedByTheirEnvelope(t *testing.T) {
	keys := map[string][]string{
		"sns":         {"Records"},
		"sqs":         {"Records"},
		"eventbridge": {"account", "detail", "detail-type", "id", "region", "source", "time", "version"},
		"lambda":      {"accountId", "alarmArn", "alarmData", "region", "source", "time"},
		"logs":        {"awslogs"},
		"failed":      {"requestContext", "requestPayload", "responseContext", "responsePayload", "timestamp", "version"},
	}
	for _, name := range events.Names() {
		prefix, _, _ := strings.Cut(name, "-")
		want, ok := keys[prefix]
		if !ok && prefix != "hostile" {
			t.Errorf("%s: no envelope is named %q", name, prefix)
		}
		var event map[string]json.RawMessage
		decode(t, name, read(t, name), &event)
		delete(event, "resources") // some EventBridge events of AWS Health lack it
		if got := slices.Sorted(maps.Keys(event)); ok && !cmp.Equal(want, got) {
			t.Errorf("%s: top-level keys (-want +got):\n%s", name, cmp.Diff(want, got))
		}
	}
}

func TestRecordsOfSNSAndSQSAreWhatTheyClaim(t *testing.T) {
	for _, name := range events.Names() {
		broken := 0
		for _, r := range records(t, name) {
			switch {
			case r.EventSource == "aws:sns" && strings.HasPrefix(name, "sqs-"), r.EventSource == "aws:sqs" && !strings.HasPrefix(name, "sqs-"):
				t.Errorf("%s holds a record of %s", name, r.EventSource)
			case r.EventSource == "aws:sns":
				checkEnvelope(t, name, r.Sns)
			case r.EventSource != "aws:sqs":
				t.Errorf("%s: a record of %q", name, r.EventSource)
			case !json.Valid([]byte(r.Body)):
				broken++
			case strings.Contains(r.Body, `"Type" : "Notification"`):
				checkEnvelope(t, name, []byte(r.Body))
			}
			if sum := md5.Sum([]byte(r.Body)); r.Body != "" && r.MD5OfBody != hex.EncodeToString(sum[:]) {
				t.Errorf("%s: md5OfBody is %s, the body's is %x", name, r.MD5OfBody, sum)
			}
		}
		if want := map[string]int{"sqs-mixed-batch": 1}[name]; broken != want {
			t.Errorf("%s: %d bodies are broken JSON, want %d", name, broken, want)
		}
	}
}

func TestAlarmMessagesAgreeWithThemselves(t *testing.T) {
	for _, name := range events.Names() {
		if !strings.HasPrefix(name, "sns-alarm-") {
			continue
		}
		for _, r := range records(t, name) {
			var sns struct{ Message, Subject, TopicArn string }
			decode(t, name, r.Sns, &sns)
			checkAlarm(t, name, []byte(sns.Message), sns.Subject, sns.TopicArn)
		}
	}
}

func checkAlarm(t *testing.T, name string, message []byte, subject, topic string) {
	t.Helper()
	var alarm struct{ AlarmName, AlarmArn, AWSAccountID, NewStateValue, OldStateValue, StateChangeTime, Region string }
	decode(t, name, message, &alarm)
	states := []string{"OK", "ALARM", "INSUFFICIENT_DATA"}
	if !slices.Contains(states, alarm.NewStateValue) || !slices.Contains(states, alarm.OldStateValue) {
		t.Errorf("%s: states %q and %q", name, alarm.OldStateValue, alarm.NewStateValue)
	}
	if _, err := time.Parse("2006-01-02T15:04:05.000-0700", alarm.StateChangeTime); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if alarm.AlarmArn != "" && !strings.HasSuffix(alarm.AlarmArn, ":"+alarm.AWSAccountID+":alarm:"+alarm.AlarmName) {
		t.Errorf("%s: ARN %q for alarm %q of %s", name, alarm.AlarmArn, alarm.AlarmName, alarm.AWSAccountID)
	}
	if region := func(arn string) string { return strings.Split(arn, ":")[3] }; alarm.AlarmArn != "" && region(alarm.AlarmArn) != region(topic) {
		t.Errorf("%s: alarm %q told to a topic of another Region, %q", name, alarm.AlarmArn, topic)
	}
	if len(subject) > 100 || !strings.HasPrefix(subject, alarm.NewStateValue+`: "`) || !strings.HasSuffix(subject, `" in `+alarm.Region) {
		t.Errorf("%s: subject of %d bytes: %s", name, len(subject), subject)
	}
}

// checkEnvelope checks that raw is an SNS message and one that says something.
func checkEnvelope(t *testing.T, name string, raw []byte) {
	t.Helper()
	var sns struct{ Type, MessageID, TopicArn, Message, Timestamp string }
	decode(t, name, raw, &sns)
	if sns.Type != "Notification" || sns.MessageID == "" || sns.Message == "" || !strings.HasPrefix(sns.TopicArn, "arn:aws") {
		t.Errorf("%s: no SNS message: %+v", name, sns)
	}
	if _, err := time.Parse(time.RFC3339, sns.Timestamp); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// record is an SNS record, which has Sns, or an SQS record, which has the rest.
type record struct {
	EventSource     string
	Sns             json.RawMessage
	Body, MD5OfBody string
}

func records(t *testing.T, name string) []record {
	t.Helper()
	var event struct{ Records []record }
	decode(t, name, read(t, name), &event)
	return event.Records
}

// batch is what a CloudWatch Logs subscription holds.
type batch struct {
	MessageType, Owner, LogGroup string
	LogEvents                    []struct{ Message string }
}

// logBatch decodes a CloudWatch Logs subscription; ok is false for other events.
func logBatch(t *testing.T, raw []byte) (b batch, ok bool) {
	t.Helper()
	var event struct {
		AWSLogs struct{ Data []byte }
	}
	if err := json.Unmarshal(raw, &event); err != nil || event.AWSLogs.Data == nil {
		return batch{}, false
	}
	z, err := gzip.NewReader(bytes.NewReader(event.AWSLogs.Data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	decode(t, "log batch", plain, &b)
	if !z.ModTime.IsZero() {
		t.Errorf("the gzip of log group %q has a time: written again it would differ", b.LogGroup)
	}
	return b, true
}

// texts returns every string of an event, keys too, and of the JSON and the log lines inside them.
func texts(t *testing.T, raw []byte) []string {
	t.Helper()
	if b, ok := logBatch(t, raw); ok {
		found := []string{b.Owner, b.LogGroup}
		for _, e := range b.LogEvents {
			found = append(found, e.Message)
		}
		return found
	}
	var value any
	decode(t, "event", raw, &value)
	return inside(value)
}

func inside(value any) []string {
	var found []string
	switch v := value.(type) {
	case string:
		found = append(found, v)
		var nested any
		if json.Unmarshal([]byte(v), &nested) == nil {
			found = append(found, inside(nested)...)
		}
	case []any:
		for _, one := range v {
			found = append(found, inside(one)...)
		}
	case map[string]any:
		for key, one := range v {
			found = append(append(found, key), inside(one)...)
		}
	}
	return found
}

func decode(t *testing.T, name string, raw []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v in %.120s", name, err, raw)
	}
}
