package fake

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

func TestABatchIsSettledAsLambdaDoes(t *testing.T) {
	for name, row := range map[string]struct {
		response string // with ID for that of the first message
		failed   error
		left     int
		err      string
	}{
		"an empty list":              {response: `{"batchItemFailures":[]}`},
		"null":                       {response: `null`},
		"an empty object":            {response: `{}`},
		"a null list":                {response: `{"batchItemFailures":null}`},
		"one of three":               {response: `{"batchItemFailures":[{"itemIdentifier":"ID"}]}`, left: 1},
		"one of three, twice":        {response: `{"batchItemFailures":[{"itemIdentifier":"ID"},{"itemIdentifier":"ID"}]}`, left: 1},
		"a failed function":          {response: `{"batchItemFailures":[]}`, failed: errors.New("timed out"), left: 3},
		"no answer":                  {response: ``, left: 3, err: "response to a batch: it is no JSON object"},
		"a text":                     {response: `"ok"`, left: 3, err: "response to a batch: it is no JSON object"},
		"an empty id":                {response: `{"batchItemFailures":[{"itemIdentifier":""}]}`, left: 3, err: "response to a batch: an item of its batchItemFailures has no itemIdentifier"},
		"a null id":                  {response: `{"batchItemFailures":[{"itemIdentifier":null}]}`, left: 3, err: "response to a batch: an item of its batchItemFailures has no itemIdentifier"},
		"an id under another name":   {response: `{"batchItemFailures":[{"ItemIdentifier":"ID"}]}`, left: 3, err: "response to a batch: an item of its batchItemFailures has no itemIdentifier"},
		"an id of another batch":     {response: `{"batchItemFailures":[{"itemIdentifier":"other"}]}`, left: 3, err: `response to a batch: it names "other", which was not in it`},
		"a list under another name":  {response: `{"BatchItemFailures":[{"itemIdentifier":"ID"}]}`},
		"a list that is not a list":  {response: `{"batchItemFailures":"ID"}`, left: 3, err: "response to a batch: its batchItemFailures is no list of objects"},
		"an item that is not one":    {response: `{"batchItemFailures":["ID"]}`, left: 3, err: "response to a batch: its batchItemFailures is no list of objects"},
		"a null item among the rest": {response: `{"batchItemFailures":[null]}`, left: 3, err: "response to a batch: an item of its batchItemFailures has no itemIdentifier"},
	} {
		t.Run(name, func(t *testing.T) {
			q := filled(QueueOptions{Name: "alarms"}, 3)
			batch := q.Take(10)
			said := ""
			if err := q.Settle(batch, []byte(strings.ReplaceAll(row.response, `"ID"`, `"`+batch[0].ID+`"`)), row.failed); err != nil {
				said = err.Error()
			}
			if said != row.err || q.Len() != row.left {
				t.Errorf("%d left, error %q; want %d, %q", q.Len(), said, row.left, row.err)
			}
			if row.left == 1 && q.All()[0].ID != batch[0].ID {
				t.Errorf("%s is left", q.All()[0].Body)
			}
		})
	}
}

func TestABatchEventIsReadAsTheMessagesItHolds(t *testing.T) {
	clock := newWallClock()
	q := NewQueue(QueueOptions{Name: "alarms", Clock: clock.now})
	q.Put(`{"AlarmName":"a \"quoted\" <name>"}`, map[string]string{"team": "shop"})
	q.Put("plain 텍스트", nil)
	clock.pass(time.Minute)
	batch := q.Take(10)
	event := BatchEvent(q.ARN(), batch)
	got, ok := alert.Messages(event)
	if diff := cmp.Diff(batch, got); diff != "" || !ok {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	var records struct {
		Records []map[string]json.RawMessage
	}
	if err := json.Unmarshal(event, &records); err != nil {
		t.Fatal(err)
	}
	rest := map[string]string{}
	for _, name := range []string{"md5OfBody", "awsRegion", "eventSourceARN", "messageAttributes"} {
		rest[name] = string(records.Records[1][name])
	}
	want := map[string]string{
		"md5OfBody": `"` + sum("plain 텍스트") + `"`, "awsRegion": `"ap-northeast-2"`,
		"eventSourceARN": `"arn:aws:sqs:ap-northeast-2:111122223333:alarms"`, "messageAttributes": "{}",
	}
	if diff := cmp.Diff(want, rest); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}
