package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/relay"
)

// rawAlarm is an alarm's own notification, as a topic with raw delivery puts it into a queue.
const rawAlarm = `{"AlarmName":"prod-api-cpu-high","NewStateValue":"ALARM","OldStateValue":"OK","AWSAccountId":"111122223333",` +
	`"AlarmArn":"arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:prod-api-cpu-high","StateChangeTime":"2026-11-22T03:12:01.000+0000"}`

// sqsRow is that alarm in an event of SQS.
const sqsRow = `{"eventSource":"aws:sqs","messageId":"m1","body":` + rawAlarm + `}`

func at(text string) time.Time {
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return when
}

func cpuHigh() letterAlert {
	return letterAlert{
		Name: "prod-api-cpu-high", Kind: alert.KindMetricAlarm, State: alert.StateAlarm,
		Account: "111122223333", Region: "ap-northeast-2", ChangedAt: at("2026-11-22T03:12:01Z"),
	}
}

func TestNewLetter(t *testing.T) {
	for name, row := range map[string]struct {
		message alert.Message
		want    letter
		said    string // subject and place
	}{
		"what the relay gave up says where, why and how often": {
			alert.Message{ID: "a1", Body: rawAlarm, Receives: 2, SentAt: at("2026-11-23T03:20:00Z"), Attributes: map[string]string{
				relay.AttributeDestination: "ops", relay.AttributeReason: "webhook is dead: status 404", relay.AttributeAttempts: "7",
				relay.AttributeFirst: "2026-11-22T03:12:05Z", relay.AttributeLast: "2026-11-23T03:19:59Z",
			}},
			letter{
				ID: "a1", When: at("2026-11-22T03:12:01Z"), Alerts: []letterAlert{cpuHigh()}, Destination: "ops", Reason: "webhook is dead: status 404",
				Tries: 7, First: at("2026-11-22T03:12:05Z"), Last: at("2026-11-23T03:19:59Z"), Sent: at("2026-11-23T03:20:00Z"),
			},
			"ALARM prod-api-cpu-high → ops",
		},
		"what the queue gave up may lack any destination": {
			alert.Message{ID: "a2", Body: rawAlarm, Receives: 201, SentAt: at("2026-11-22T03:12:02Z")},
			letter{
				ID: "a2", When: at("2026-11-22T03:12:01Z"), Alerts: []letterAlert{cpuHigh()},
				Reason: "handed out 201 times without being finished", Tries: 201, Sent: at("2026-11-22T03:12:02Z"),
			},
			"ALARM prod-api-cpu-high → all that lack it",
		},
		"what Lambda gave up says why in Lambda's words": {
			alert.Message{ID: "a3", Body: rawAlarm, Receives: 1, Attributes: map[string]string{"ErrorMessage": "Task timed out", "ErrorCode": "200"}},
			letter{ID: "a3", When: at("2026-11-22T03:12:01Z"), Alerts: []letterAlert{cpuHigh()}, Reason: "Task timed out", Tries: 1},
			"ALARM prod-api-cpu-high → all that lack it",
		},
		"what can't be read is listed by the time when it came": {
			alert.Message{ID: "a4", Body: "", Receives: 3, SentAt: at("2026-11-22T04:00:00Z"), Attributes: map[string]string{
				relay.AttributeReason: "nothing to read", relay.AttributeAttempts: "many", relay.AttributeFirst: "yesterday",
			}},
			letter{
				ID: "a4", When: at("2026-11-22T04:00:00Z"), Sent: at("2026-11-22T04:00:00Z"), Reason: "nothing to read", Tries: 3,
				Alerts: []letterAlert{{Problem: "nothing to read: expected an SNS, SQS, EventBridge or CloudWatch Logs event, or an alarm's own notification, as JSON"}},
			},
			"nothing to read: expected an SNS, SQS, EventBridge or CloudWatch Logs event, or an alarm's own notification, as JSON → all that lack it",
		},
		"a failed invocation with several alerts is one letter": {
			alert.Message{ID: "a5", Receives: 1, Body: `{"requestContext":{"condition":"RetriesExhausted"},"requestPayload":{"Records":[` + sqsRow + `,` + sqsRow + `]}}`},
			letter{
				ID: "a5", When: at("2026-11-22T03:12:01Z"), Alerts: []letterAlert{cpuHigh(), cpuHigh()},
				Reason: "handed out 1 time without being finished", Tries: 1,
			},
			"ALARM prod-api-cpu-high and 1 more → all that lack it",
		},
		"a text has no name": {
			alert.Message{ID: "a6", Receives: 1, Body: "hello", SentAt: at("2026-11-22T04:00:00Z")},
			letter{
				ID: "a6", When: at("2026-11-22T04:00:00Z"), Sent: at("2026-11-22T04:00:00Z"), Reason: "handed out 1 time without being finished", Tries: 1,
				Alerts: []letterAlert{{Kind: alert.KindText, ChangedAt: at("2026-11-22T04:00:00Z")}},
			},
			"text without a name → all that lack it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := newLetter(row.message)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("letter (-want +got):\n%s", diff)
			}
			if said := got.subject() + " → " + got.place(); said != row.said {
				t.Errorf("said %q, want %q", said, row.said)
			}
		})
	}
}

func TestIDsAreShownAsFarAsTheyDiffer(t *testing.T) {
	for name, row := range map[string]struct {
		ids  []string
		want int
	}{
		"none":                          {nil, 8},
		"one":                           {[]string{"3f2a9c10-1111"}, 8},
		"two that differ early":         {[]string{"3f2a9c10-1111", "77b01d5e-2222"}, 8},
		"two that differ behind a dash": {[]string{"3f2a9c10-1111", "3f2a9c10-1211"}, 11},
	} {
		t.Run(name, func(t *testing.T) {
			var letters []letter
			for _, id := range row.ids {
				letters = append(letters, letter{ID: id})
			}
			if got := shortID(letters); got != row.want {
				t.Errorf("%d characters, want %d", got, row.want)
			}
		})
	}
}
