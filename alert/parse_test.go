package alert

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/events"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestEverySampleReadsAsBefore compares what is read from every sample event
// with testdata/samples.txt, which is meant to be read by people, too.
func TestEverySampleReadsAsBefore(t *testing.T) {
	var got strings.Builder
	for _, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "%s\n", name)
		for _, r := range Parse(raw) {
			checkRecord(t, name, r)
			writeRecord(&got, r)
		}
	}
	golden(t, "samples.txt", got.String())
}

func writeRecord(b *strings.Builder, r Record) {
	if r.ID != "" {
		fmt.Fprintf(b, "  record %s\n", r.ID)
	}
	switch a := r.Alert; {
	case r.Err != nil:
		fmt.Fprintf(b, "  error: %v\n", r.Err)
	case r.Skip != "":
		fmt.Fprintf(b, "  no news: %s\n", r.Skip)
	default:
		encoded, err := json.MarshalIndent(a, "    ", "  ")
		if err != nil {
			encoded = []byte(err.Error())
		}
		fmt.Fprintf(b, "  %s %q\n    %s\n", a.Kind, a.Name, encoded)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./alert -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got (go test ./alert -update rewrites it)\n%s", path, diff)
	}
}

// checkRecord is the law of every record: exactly one of alert, skip and error, and an alert that can be told.
func checkRecord(t *testing.T, name string, r Record) {
	t.Helper()
	said := 0
	for _, yes := range []bool{r.Alert.Kind != "", r.Skip != "", r.Err != nil} {
		if yes {
			said++
		}
	}
	if said != 1 {
		t.Fatalf("%s: record says %d things: %+v", name, said, r)
	}
	if a := r.Alert; a.Kind != "" {
		if a.Key == "" || a.Change == "" {
			t.Fatalf("%s: alert without key or change: %+v", name, a)
		}
		if a.IsAlarm() == (a.Notice != nil) && a.Kind != KindLogs && a.Name != "" && a.State != "" {
			t.Fatalf("%s: alarm with a notice: %+v", name, a)
		}
		for _, s := range []string{a.Key, a.Change, a.Name, a.Reason, a.Description} {
			if !utf8.ValidString(s) {
				t.Fatalf("%s: invalid UTF-8 in %q", name, s)
			}
		}
	}
}

func TestOneAlarmHasOneKeyAndChangeInEveryEnvelope(t *testing.T) {
	const message = `{"AlarmName":"prod-api-cpu-high","AlarmArn":"arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:prod-api-cpu-high",` +
		`"NewStateValue":"ALARM","OldStateValue":"OK","StateChangeTime":"2026-11-21T18:02:41.337+0000","Region":"Asia Pacific (Seoul)","Trigger":{"MetricName":"CPUUtilization"}}`
	const detail = `{"alarmName":"prod-api-cpu-high","state":{"value":"ALARM","timestamp":"2026-11-21T18:02:41.337+0000"},"previousState":{"value":"OK"},"configuration":{"metrics":[]}}`
	const arn = `"arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:prod-api-cpu-high"`
	sns := `{"Type":"Notification","MessageId":"m-1","TopicArn":"arn:aws:sns:us-east-1:444455556666:ops","Message":` + quoted(message) + `}`
	envelopes := map[string]string{
		"the message itself": message,
		"SNS to Lambda":      `{"Records":[{"EventSource":"aws:sns","Sns":` + sns + `}]}`,
		"SQS":                `{"Records":[{"eventSource":"aws:sqs","messageId":"q-1","body":` + quoted(sns) + `}]}`,
		"SQS raw":            `{"Records":[{"eventSource":"aws:sqs","messageId":"q-1","body":` + quoted(message) + `}]}`,
		"SNS in SNS":         `{"Records":[{"EventSource":"aws:sns","Sns":{"MessageId":"m-0","TopicArn":"arn:aws:sns:us-east-1:444455556666:out","Message":` + quoted(sns) + `}}]}`,
		"EventBridge":        `{"source":"aws.cloudwatch","detail-type":"CloudWatch Alarm State Change","id":"e-1","resources":[` + arn + `],"detail":` + detail + `}`,
		"EventBridge in SQS": `{"Records":[{"eventSource":"aws:sqs","messageId":"q-1","body":` + quoted(`{"source":"aws.cloudwatch","detail-type":"CloudWatch Alarm State Change","resources":[`+arn+`],"detail":`+detail+`}`) + `}]}`,
		"alarm action":       `{"source":"aws.cloudwatch","alarmArn":` + arn + `,"alarmData":` + detail + `}`,
		"failed invocation":  `{"requestContext":{},"requestPayload":{"Records":[{"EventSource":"aws:sns","Sns":` + sns + `}]}}`,
		"unquoted message":   `{"Records":[{"EventSource":"aws:sns","Sns":{"MessageId":"m","TopicArn":"t","Message":` + message + `}}]}`,
		"quoted twice":       quoted(quoted(message)),
	}
	for name, raw := range envelopes {
		t.Run(name, func(t *testing.T) {
			records := Parse([]byte(raw))
			if len(records) != 1 {
				t.Fatalf("%d records: %+v", len(records), records)
			}
			a := records[0].Alert
			got := []string{a.Key, a.Change, a.Account, a.Region, a.Partition}
			want := []string{"arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:prod-api-cpu-high", "ALARM|OK|1795284161337|false", "111122223333", "ap-northeast-2", "aws"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if isQueue := strings.HasPrefix(name, "SQS") || name == "EventBridge in SQS"; isQueue != (records[0].ID == "q-1") {
				t.Errorf("record id %q", records[0].ID)
			}
		})
	}
}

// Lambda puts a tick that failed three times into the queue, as everything that it invoked the function with.
func TestAnOrderThatFailedIsNoNews(t *testing.T) {
	failed := `{"version":"1.0","requestContext":{"condition":"RetriesExhausted"},"requestPayload":{"alarmrelay":"tick","sources":["arn:aws:sns:us-east-1:111122223333:ops"]}}`
	want := []Record{{ID: "q-1", Skip: "the order tick to the relay failed"}}
	got := Parse([]byte(`{"Records":[{"eventSource":"aws:sqs","messageId":"q-1","body":` + quoted(failed) + `}]}`))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func quoted(s string) string {
	b, _ := json.Marshal(s) // a string always encodes
	return string(b)
}

func TestFindingsAndLogsSentAgainAreTheSameHappening(t *testing.T) {
	for _, tt := range []struct {
		name         string
		first, again string
		sameKey      bool
		sameChange   bool
	}{
		{"the same event delivered twice", "eventbridge-guardduty-high", "eventbridge-guardduty-high", true, true},
		{"a finding updated", "eventbridge-guardduty-high", "eventbridge-guardduty-high-resent", true, false},
		{"another finding", "eventbridge-guardduty-high", "eventbridge-guardduty-low", false, false},
		{"a log batch delivered again", "logs-lambda-errors", "logs-lambda-errors", true, true},
		{"an alarm and its recovery", "sns-alarm-cpu-high", "sns-alarm-cpu-high-ok", true, false},
		{"a health event and its end", "eventbridge-health-issue", "eventbridge-health-issue-closed", true, false},
		{"a contributor and its recovery", "sns-alarm-contributor-lambda-errors", "sns-alarm-contributor-lambda-errors-ok", true, false},
		{"an alarm straight and after a failed invocation", "sns-alarm-cpu-high", "failed-invocation-alarm", true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			first, again := sample(t, tt.first), sample(t, tt.again)
			if got := first.Key == again.Key; got != tt.sameKey {
				t.Errorf("same key: %v\n%s\n%s", got, first.Key, again.Key)
			}
			if got := first.Change == again.Change; got != tt.sameChange {
				t.Errorf("same change: %v\n%s\n%s", got, first.Change, again.Change)
			}
		})
	}
}

// sample reads the first alert of a sample event.
func sample(t *testing.T, name string) Alert {
	t.Helper()
	raw, err := events.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return Parse(raw)[0].Alert
}

func TestBadInput(t *testing.T) {
	for name, tt := range map[string]struct {
		raw  string
		kind Kind // empty for an error
	}{
		"nothing":                    {"", ""},
		"white space":                {" \r\n\t", ""},
		"null":                       {"null", ""},
		"an empty object":            {"{ }", ""},
		"an empty array":             {"[ ]", ""},
		"an empty string":            {`""`, ""},
		"a quoted null":              {`"null"`, ""},
		"no records":                 {`{"Records":[]}`, ""},
		"an SNS record without text": {`{"Records":[{"EventSource":"aws:sns","Sns":{}}]}`, ""},
		"a number":                   {"42", KindText},
		"an array":                   {`[1,2]`, KindText},
		"truncated JSON":             {`{"AlarmName":"x","NewSta`, KindText},
		"a NUL byte":                 {"\x00boom\x00", KindText},
		"invalid UTF-8":              {"caf\xe9", KindText},
		"a byte order mark":          {"\xef\xbb\xbf{\"a\":1}", KindJSON},
		"records that are no list":   {`{"Records":{"a":1}}`, KindJSON},
		"a record that is a number":  {`{"Records":[7]}`, KindText},
		"logs that are no base64":    {`{"awslogs":{"data":"***"}}`, KindText},
		"logs that are no gzip":      {`{"awslogs":{"data":"aGVsbG8="}}`, KindText},
		"nesting without end":        {strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000), KindText},
		"envelopes without end":      {nested(40), KindText},
		"an alarm of numbers":        {`{"AlarmName":7,"NewStateValue":true,"StateChangeTime":[],"Trigger":"x","Dimensions":1}`, KindMetricAlarm},
	} {
		t.Run(name, func(t *testing.T) {
			records := Parse([]byte(tt.raw))
			if len(records) != 1 {
				t.Fatalf("%d records", len(records))
			}
			checkRecord(t, name, records[0])
			if got := records[0].Alert.Kind; got != tt.kind {
				t.Errorf("kind %q, want %q (%v)", got, tt.kind, records[0].Err)
			}
		})
	}
}

// nested wraps a message into as many SNS envelopes.
func nested(depth int) string {
	s := "deep"
	for range depth {
		s = `{"MessageId":"m","TopicArn":"t","Message":` + quoted(shorten(s, 100<<10)) + `}`
		if len(s) > 1<<20 {
			break
		}
	}
	return s
}

func TestSixMegabytesOfTextAreCut(t *testing.T) {
	a := Parse(bytes.Repeat([]byte("경보 "), 6<<20/7))[0].Alert
	if n := len(a.Notice.Text); n > maxText || n < maxText-4 || !utf8.ValidString(a.Notice.Text) {
		t.Errorf("%d bytes kept", n)
	}
}

func TestOneBadRecordCostsNoneOfItsNeighbours(t *testing.T) {
	raw := `{"Records":[
		{"eventSource":"aws:sqs","messageId":"1","body":"{\"AlarmName\":\"a\",\"NewStateValue\":\"ALARM\"}"},
		{"eventSource":"aws:sqs","messageId":"2","body":" "},
		{"eventSource":"aws:sqs","messageId":"3","body":"{\"AlarmName\":","attributes":7,"messageAttributes":[1]},
		{"eventSource":"aws:sqs","messageId":"4","body":"{\"AlarmName\":\"b\",\"NewStateValue\":\"OK\"}"}]}`
	var got []string
	for _, r := range Parse([]byte(raw)) {
		got = append(got, fmt.Sprintf("%s %s %s %v", r.ID, r.Alert.Kind, r.Alert.Name, r.Err != nil))
	}
	want := []string{"1 metric-alarm a false", "2   true", "3 text  false", "4 metric-alarm b false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		records := Parse(raw)
		if len(records) == 0 {
			t.Fatal("no record: dropped without saying so")
		}
		for _, r := range records {
			checkRecord(t, "fuzz", r)
		}
		var once, twice strings.Builder
		for i, again := range Parse(raw) {
			writeRecord(&once, records[i])
			writeRecord(&twice, again)
		}
		if diff := cmp.Diff(once.String(), twice.String()); diff != "" {
			t.Fatalf("not the same twice: %s", diff)
		}
	})
}

func BenchmarkParseAlarm(b *testing.B) {
	raw, err := events.Read("sns-alarm-cpu-high")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Parse(raw)
	}
}
