//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"alarmrelay/events"
)

const (
	sampleEvent = "sqs-alarm-queue-age"
	sampleAlarm = "prod-mail-outbox-age"
)

// batch returns what Lambda hands over for a queue that holds n alarms of different
// names, the first of which has the number given.
func batch(first, n int) ([]byte, error) {
	raw, err := events.Read(sampleEvent)
	if err != nil {
		return nil, err
	}
	var event struct{ Records []map[string]any }
	if err := json.Unmarshal(raw, &event); err != nil {
		return nil, fmt.Errorf("read %s: %w", sampleEvent, err)
	}
	sample, ok := event.Records[0]["body"].(string)
	if !ok || !strings.Contains(sample, sampleAlarm) {
		return nil, fmt.Errorf("%s holds no alarm %s", sampleEvent, sampleAlarm)
	}
	records := make([]map[string]any, n)
	for i := range records {
		records[i] = map[string]any{
			"messageId":      fmt.Sprintf("00000000-0000-4000-8000-%012d", first+i),
			"body":           strings.ReplaceAll(sample, sampleAlarm, alarmName(first+i)),
			"attributes":     event.Records[0]["attributes"],
			"eventSource":    event.Records[0]["eventSource"],
			"eventSourceARN": event.Records[0]["eventSourceARN"],
			"awsRegion":      event.Records[0]["awsRegion"],
		}
	}
	return json.Marshal(map[string]any{"Records": records})
}

// alarmName is the name of an alarm of a batch.
func alarmName(number int) string { return fmt.Sprintf("%s-%06d", sampleAlarm, number) }

// singles returns n events of one alarm each.
func singles(n int) ([][]byte, error) {
	all := make([][]byte, n)
	for i := range all {
		event, err := batch(i, 1)
		if err != nil {
			return nil, err
		}
		all[i] = event
	}
	return all, nil
}

// foreign are matchers of some team's, whose number is put in: none fits the sample. They are
// the forms that a generated configuration repeats; regular expressions are asked one by one.
var foreign = []string{
	"alarm: team-%05d-*",
	"alarm: prod-mail-%05d, state: ALARM",
	"namespace: Team/%05d, region: ap-*",
	"topic: \"*:team-%05d\"",
	"tag: {team: team-%05d}",
	"dimension: {QueueName: team-%05d}",
}

// rulesFile is a configuration of n rules of which only the last one fits the sample.
func rulesFile(n int) []byte {
	var b strings.Builder
	b.WriteString("destinations: {ops: {discord: \"env:OPS\"}}\nrules:\n")
	for i := range n - 1 {
		fmt.Fprintf(&b, "- {match: {"+foreign[i%len(foreign)]+"}, to: ops}\n", i)
	}
	b.WriteString("- to: ops\n")
	return []byte(b.String())
}
