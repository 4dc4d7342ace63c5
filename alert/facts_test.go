package alert

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/events"
)

func TestTimesInEveryLayout(t *testing.T) {
	want := time.Date(2026, 11, 21, 3, 2, 5, 0, time.UTC)
	for _, s := range []string{
		"2026-11-21T03:02:05.000+0000", "2026-11-21T12:02:05+0900", "2026-11-21T03:02:05Z", "2026-11-21T03:02:05.000Z", "2026-11-21T12:02:05+09:00",
		"2026-11-21 03:02:05", "2026-11-21 03:02:05.000", "Sat, 21 Nov 2026 03:02:05 GMT", "Mon, 21 Nov 2026 03:02:05 +0000",
		"Nov 21, 2026, 3:02:05 AM", "Nov 21, 2026 3:02:05 AM", "Sat Nov 21 03:02:05 UTC 2026", "1795230125", "1795230125.000", "1795230125000",
	} {
		if got := parseTime(s); !got.Equal(want) {
			t.Errorf("%q reads as %v", s, got)
		}
	}
	for _, s := range []string{"", "yesterday", "-5", "NaN", "1e400", "2026-13-45", strings.Repeat("9", 80), "99999999999999999999"} {
		if got := parseTime(s); !got.IsZero() {
			t.Errorf("%q reads as %v", s, got)
		}
	}
}

func TestReasonGivesTheDecidingValues(t *testing.T) {
	for name, tt := range map[string]struct {
		sentence string
		want     MetricAlarm
	}{
		"newest first becomes oldest first": {
			"Threshold Crossed: 2 out of the last 3 datapoints [97.2 (21/11/26 03:02:00), 91.0 (21/11/26 03:01:00)] was greater than the threshold (80.0) (minimum 2 datapoints for OK -> ALARM transition).",
			MetricAlarm{Values: []float64{91, 97.2}},
		},
		"one datapoint": {"Threshold Crossed: 1 datapoint [21.5 (21/11/26 03:02:00)] was greater than the threshold (21.0).", MetricAlarm{Values: []float64{21.5}}},
		"E notation":    {"Threshold Crossed: 1 datapoint [1.50785441792E10 (21/11/26 03:02:00)] was less than the threshold (2.0E10).", MetricAlarm{Values: []float64{15078544179.2}}},
		"missing data":  {"Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].", MetricAlarm{Missing: true}},
		"a contributor": {"Threshold Crossed: 1 datapoint was less than the threshold (1.0). The most recent datapoint which crossed the threshold: [0.0 (21/11/26 03:02:00)].", MetricAlarm{Values: []float64{0}}},
		"a band of several datapoints, newest first": {"Thresholds Crossed: 2 out of the last 2 datapoints [28.2 (22/11/26 00:57:00), 27.0 (22/11/26 00:52:00)] were less than the lower thresholds [31.7, 31.3] or greater than the upper thresholds [33.0, 32.6] (minimum 2 datapoints for OK -> ALARM transition).", MetricAlarm{Values: []float64{27, 28.2}, Lower: []float64{31.3, 31.7}, Upper: []float64{32.6, 33}}},
		"a band":              {"Thresholds Crossed: 1 datapoint [40.6 (21/11/26 03:02:00)] was not less than the lower thresholds [20.1] or not greater than the upper thresholds [44.4] (minimum 1 datapoint for ALARM -> OK transition).", MetricAlarm{Values: []float64{40.6}, Lower: []float64{20.1}, Upper: []float64{44.4}}},
		"set by hand":         {"testing [1.0 (21/11/26 03:02:00)] by hand", MetricAlarm{}},
		"brackets left open":  {"Threshold Crossed: 1 datapoint [", MetricAlarm{}},
		"brackets with words": {"Threshold Crossed: 1 datapoint [high] was greater", MetricAlarm{}},
	} {
		t.Run(name, func(t *testing.T) {
			var got MetricAlarm
			got.readReason(tt.sentence)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestWhereComesFromTheARNFirst(t *testing.T) {
	for name, tt := range map[string]struct {
		message string
		want    string
	}{
		"the ARN wins over the display name": {`"AlarmArn":"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a","Region":"US East (Ohio)","AWSAccountId":"444455556666"`, "aws/111122223333/eu-west-1"},
		"a name with colons":                 {`"AlarmArn":"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a:b"`, "aws/111122223333/eu-west-1"},
		"China":                              {`"AlarmArn":"arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:a"`, "aws-cn/111122223333/cn-north-1"},
		"no ARN, a display name":             {`"Region":"EU (Ireland)","AWSAccountId":"444455556666"`, "aws/444455556666/eu-west-1"},
		"an old display name":                {`"Region":"EU - Ireland"`, "aws/111122223333/eu-west-1"},
		"Mexico is not Canada":               {`"Region":"Mexico (Central)"`, "aws/111122223333/mx-central-1"},
		"China by display name":              {`"Region":"China (Beijing)"`, "aws-cn/111122223333/cn-north-1"},
		"nothing but the topic":              {`"Region":"Atlantis"`, "aws/111122223333/ap-northeast-2"},
		"an ARN that is none":                {`"AlarmArn":"arn:aws:cloudwatch:../evil:1:alarm:a"`, "aws/111122223333/ap-northeast-2"},
	} {
		t.Run(name, func(t *testing.T) {
			raw := `{"MessageId":"m","TopicArn":"arn:aws:sns:ap-northeast-2:111122223333:ops","Message":` + quoted(`{"AlarmName":"a","NewStateValue":"OK",`+tt.message+`}`) + `}`
			a := Parse([]byte(raw))[0].Alert
			if got := a.Partition + "/" + a.Account + "/" + a.Region; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestTagsInEveryShape(t *testing.T) {
	want := map[string]string{"team": "payments", "alarmrelay:severity": "high"}
	for name, raw := range map[string]string{
		"list":       `{"AlarmTags":[{"Key":"team","Value":"payments"},{"Key":"alarmrelay:severity","Value":"high"}]}`,
		"lower-case": `{"alarmTags":[{"key":"team","value":"payments"},{"key":"alarmrelay:severity","value":"high"},7]}`,
		"object":     `{"alarmTags":{"team":"payments","alarmrelay:severity":"high"}}`,
		"under Tags": `{"AlarmTags":[],"Tags":{"team":"payments","alarmrelay:severity":"high"}}`,
	} {
		if diff := cmp.Diff(want, readTags(readObject([]byte(raw)))); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

// TestEveryPathOfAFormLeadsSomewhere keeps the tables honest: a path that no
// sample event has is a typing error, or a sample is missing.
func TestEveryPathOfAFormLeadsSomewhere(t *testing.T) {
	found := map[string]bool{}
	for _, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		visit(raw, Origin{}, func(f *form, tr tree) {
			for _, path := range f.paths() {
				if words(tr.at(path)) != "" {
					found[f.title()+": "+path] = true
				}
			}
		})
	}
	var lost []string
	for _, f := range allForms() {
		for _, path := range f.paths() {
			if key := f.title() + ": " + path; !found[key] && !rare[key] {
				lost = append(lost, key)
			}
		}
	}
	if len(lost) > 0 {
		t.Errorf("no sample event has these paths:\n%s", strings.Join(lost, "\n"))
	}
}

// rare paths are documented and in no sample of ours.
var rare = map[string]bool{
	// CodeDeploy sends errorInformation as text, which deployError opens; its documentation shows an object:
	// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-sns-event-notifications-json-format.html
	"CodeDeploy|codedeploy|||eventTriggerName+deploymentId|: errorInformation.ErrorMessage": true,
	"CodeDeploy|codedeploy|||eventTriggerName+deploymentId|: errorInformation.ErrorCode":    true,
	// additionalContext holds what its author likes: "priority" is the documentation's example, "severity" our own word.
	// https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
	"|custom|||content+version|custom: metadata.additionalContext.severity": true,
}

func TestABuildGivesTheReasonOfThePhaseThatFailed(t *testing.T) {
	for name, tt := range map[string]struct{ detail, want string }{
		"a phase that failed":           {`"completed-phase-context":"[CLIENT_ERROR: no such file]"`, "CLIENT_ERROR: no such file"},
		"a phase that went well":        {`"completed-phase-context":"[]"`, ""},
		"the same, as it is often sent": {`"completed-phase-context":"[: ]"`, ""},
		"a build that failed":           {`"additional-information":{"phases":[{"phase-status":"SUCCEEDED","phase-context":[": "]},{"phase-status":"FAILED","phase-context":["CLIENT_ERROR: no such file"]},{"phase-type":"COMPLETED"}]}`, "CLIENT_ERROR: no such file"},
		"a build that went well":        {`"additional-information":{"phases":[{"phase-status":"SUCCEEDED","phase-context":[": "]},{"phase-type":"COMPLETED"}]}`, ""},
	} {
		raw := `{"source":"aws.codebuild","detail-type":"CodeBuild Build State Change","detail":{` + tt.detail + `}}`
		if got := Parse([]byte(raw))[0].Alert.Reason; got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestHomeCompletesWhatLogsDoNotTell(t *testing.T) {
	home := Home{Region: "ap-northeast-2", Account: "111122223333", Partition: "aws", LogGroup: "/aws/lambda/alarmrelay"}
	for name, want := range map[string]Record{
		"logs-relay-itself": {Skip: "the relay's own log group must not be subscribed to the relay"},
	} {
		raw, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		records := Parse(raw)
		home.Complete(records)
		if diff := cmp.Diff([]Record{want}, records); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
	records := []Record{{Alert: sample(t, "logs-lambda-errors")}, {Alert: sample(t, "sns-alarm-china")}, {Skip: "x"}}
	home.Complete(records)
	if a := records[0].Alert; a.Region != "ap-northeast-2" || a.Partition != "aws" {
		t.Errorf("logs are in %s/%s", a.Partition, a.Region)
	}
	if a := records[1].Alert; a.Partition != "aws-cn" {
		t.Errorf("China became %s", a.Partition)
	}
}

func TestLogsAreCappedBeforeTheyAreDecoded(t *testing.T) {
	if _, err := inflate(pack(make([]byte, maxInflated+1))); err == nil {
		t.Error("33 MiB of zeros were unpacked")
	}
	rows := make([]map[string]any, 5000)
	for i := range rows {
		rows[i] = map[string]any{"id": "x", "timestamp": 1795230125000, "message": strings.Repeat("가", 5000)}
	}
	raw, err := json.Marshal(map[string]any{"messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "g", "logEvents": rows[:600]})
	if err != nil {
		t.Fatal(err)
	}
	a := Parse([]byte(`{"awslogs":{"data":"` + pack(raw) + `"}}`))[0].Alert
	if len(a.Logs.Lines) != maxLines || a.Logs.Omitted != 600-maxLines || len(a.Logs.Lines[0].Text) > maxLineBytes {
		t.Errorf("%d lines, %d omitted, %d bytes", len(a.Logs.Lines), a.Logs.Omitted, len(a.Logs.Lines[0].Text))
	}
}

func TestLinksOfCustomNotificationsAreOpened(t *testing.T) {
	for s, want := range map[string]string{
		"see <https://example.com/a?b=c|the *runbook*> now": "see the *runbook* (https://example.com/a?b=c) now",
		"see <https://example.com>":                         "see https://example.com",
		"a <http":                                           "a <http",
		"1 < 2 > 0":                                         "1 < 2 > 0",
	} {
		if got := openLinks(s); got != want {
			t.Errorf("%q becomes %q", s, got)
		}
	}
}

func TestWhatIsReadOfOneListIsBounded(t *testing.T) {
	if got := Parse([]byte(`{"Records":[` + strings.Repeat("1,", maxRecords+6) + `1]}`)); len(got) != maxRecords+1 || got[maxRecords].Alert.Notice.Text != "7 more rows of one input were not read" {
		t.Errorf("%d records, the last %+v", len(got), got[len(got)-1].Alert)
	}
	findings := `{"detail-type":"Security Hub Findings - Imported","source":"aws.securityhub","detail":{"findings":[` + strings.Repeat(`{"Id":"a"},`, maxFindings) + `{"Id":"b"}]}}`
	if got := Parse([]byte(findings)); len(got) != maxFindings+1 || got[maxFindings].Alert.Notice.Text != "1 more rows of one input were not read" {
		t.Errorf("%d records, the last %+v", len(got), got[len(got)-1].Alert)
	}
}

func TestAStatusIsJudgedByItsWholeWords(t *testing.T) {
	for status, want := range map[string]struct {
		severity Severity
		good     bool
	}{
		"FailoverComplete":     {SeverityInfo, true},
		"FAILOVER_FAILED":      {SeverityHigh, false},
		"DEFAULT":              {SeverityInfo, false},
		"FAULT":                {SeverityHigh, false},
		"INCOMPLETE":           {SeverityWarning, false},
		"UPDATE_COMPLETE":      {SeverityInfo, true},
		"ROLLBACK_COMPLETE":    {SeverityHigh, false},
		"NOT_READY":            {SeverityWarning, false},
		"something unheard of": {SeverityInfo, false},
	} {
		if severity, good := toneOf(status); severity != want.severity || good != want.good {
			t.Errorf("%s: %s, %v", status, severity, good)
		}
	}
}

func TestMoneyHasTwoDecimals(t *testing.T) {
	raw := `{"anomalyId":"a","impact":{"totalImpact":76.7199999,"totalActualSpend":"n/a"}}`
	fields := Parse([]byte(raw))[0].Alert.Notice.Fields
	want := []Field{{Label: "Impact", Value: "$76.72"}, {Label: "Spent", Value: "$n/a"}}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
