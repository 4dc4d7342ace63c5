package main

import (
	"cmp"
	"fmt"
	"regexp"
	"time"

	"alarmrelay/alert"
	"alarmrelay/events"
	"alarmrelay/relay/fake"
)

// chapter is a part of the demo's story. Within it the relay remembers what it has told, and time goes on.
type chapter struct {
	title  string // empty for one whose messages say it all
	events []input
	drawn  bool // with graphs, of values that are made up
}

// story is what demo shows: a trouble from beginning to end, a storm that passes, and a bit of everything.
func story() ([]chapter, error) {
	trouble, err := flapping()
	if err != nil {
		return nil, err
	}
	chapters := []chapter{
		{title: "One trouble, one message", events: trouble, drawn: true},
		{title: "A storm, one digest", events: passing()},
	}
	rest, err := readSamples([]string{
		"sns-alarm-composite", "logs-lambda-errors", "sns-alarm-tags-list", "sns-alarm-rds-freeable-memory",
		"sns-budgets-actual", "eventbridge-guardduty-high", "sns-alarm-korean-name",
	})
	for _, i := range rest {
		chapters = append(chapters, chapter{events: []input{i}})
	}
	return chapters, err
}

// flapping is an alarm that fires, seems to be over, fires again, and then is over.
func flapping() (inputs []input, err error) {
	const fires, recovers = "sns-alarm-cpu-high", "sns-alarm-cpu-high-ok"
	for _, e := range []struct {
		sample string
		later  time.Duration
	}{{fires, 0}, {recovers, -17 * time.Minute}, {fires, 8 * time.Minute}, {recovers, 0}} {
		raw, err := events.Read(e.sample)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, input{e.sample, later(raw, e.later)})
	}
	return inputs, nil
}

// timesIn are an event's times: of the change, of the message, and of the datapoints.
var timesIn = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|\+0000)|\d\d/\d\d/\d\d \d\d:\d\d:\d\d`)

// later is an event that happened so much later.
func later(event []byte, by time.Duration) []byte {
	return timesIn.ReplaceAllFunc(event, func(found []byte) []byte {
		for _, layout := range []string{"2006-01-02T15:04:05.000Z", "2006-01-02T15:04:05.000-0700", "02/01/06 15:04:05"} {
			if at, err := time.Parse(layout, string(found)); err == nil {
				return []byte(at.Add(by).Format(layout))
			}
		}
		return found
	})
}

const (
	storySize  = 14 // alarms of the story's storm
	storyCalms = 11 // of which so many recover first
)

// passing is a storm, of which most alarms recover at once, and the others later.
func passing() []input {
	begin := time.Date(2026, 11, 12, 18, 40, 0, 0, time.UTC)
	most, all := begin.Add(9*time.Minute), begin.Add(14*time.Minute)
	return []input{
		{"storm", inBatch("storm", stormAlarms(storySize, begin), begin)},
		{"calm", inBatch("calm", stormRecoveries(storySize, most)[:storyCalms], most)},
		{"all-clear", inBatch("all-clear", stormRecoveries(storySize, all)[storyCalms:], all)},
	}
}

// inBatch is what Lambda hands over when a queue holds these bodies.
func inBatch(name string, bodies []string, sent time.Time) []byte {
	messages := make([]alert.Message, len(bodies))
	for i, body := range bodies {
		messages[i] = alert.Message{ID: fmt.Sprintf("%s-%d", name, i+1), Body: body, SentAt: sent, Receives: 1}
	}
	return fake.BatchEvent("arn:aws:sqs:ap-northeast-2:111122223333:alarmrelay", messages)
}

// happening says in a few words what an event tells.
func (i input) happening() string {
	var first alert.Alert
	counts := map[alert.State]int{}
	all := 0
	for _, record := range alert.Parse(i.raw) {
		if record.Err == nil && record.Skip == "" {
			first = record.Alert
			counts[first.State]++
			all++
		}
	}
	switch {
	case all == 1 && first.State != "":
		return first.Name + ": " + cmp.Or(string(first.Previous), "?") + " → " + string(first.State)
	case all == 0 || first.State == "":
		return i.name
	case counts[alert.StateAlarm] == all:
		return count(all, "alarm") + " fire"
	case counts[alert.StateOK] == all:
		return count(all, "alarm") + " recover"
	}
	return count(all, "alarm") + " change"
}
