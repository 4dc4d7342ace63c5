package main

import (
	"cmp"
	"fmt"
	"time"

	"alarmrelay/alert"
	"alarmrelay/events"
	"alarmrelay/relay/fake"
)

// chapter is a part of the demo's story. Within it the relay remembers what it has told, and time goes on.
type chapter struct {
	title  string // empty for one whose messages say it all
	events []input
	why    []string // what each event shows, to who sees it for the first time under the built-in sample; or none
	drawn  bool     // with graphs, of values that are made up
}

// story is what demo shows: a trouble from beginning to end, a storm that passes, and a bit of everything.
func story() ([]chapter, error) {
	trouble, err := flapping()
	if err != nil {
		return nil, err
	}
	rest, err := everything()
	return append([]chapter{trouble, passing()}, rest...), err
}

// flapping is an alarm that fires, seems to be over, fires again, and then is over.
func flapping() (chapter, error) {
	const fires, recovers = "sns-alarm-cpu-high", "sns-alarm-cpu-high-ok"
	c := chapter{title: "One trouble, one message", drawn: true}
	for _, e := range []struct {
		sample string
		later  time.Duration
		why    string
	}{
		{fires, 0, "It fires: one message says what is wrong, how bad and since when, with a graph, and pings who is on call."},
		{recovers, -17 * time.Minute, "It recovers: that message turns green where it stands. One short line says so, and pings nobody."},
		{fires, 8 * time.Minute, "It fires again: the same message turns red and counts. Since an edit wakes nobody, a short line pings."},
		{recovers, 0, "It is over: the one message now tells all of it, from first to last, and again nobody is pinged."},
	} {
		raw, err := events.Read(e.sample)
		if err != nil {
			return chapter{}, err
		}
		c.events, c.why = append(c.events, input{e.sample, later(raw, e.later)}), append(c.why, e.why)
	}
	return c, nil
}

const (
	storySize  = 14 // alarms of the story's storm
	storyCalms = 11 // of which so many recover first
)

// passing is a storm, of which most alarms recover at once, and the others later.
func passing() chapter {
	begin := time.Date(2026, 11, 12, 18, 40, 0, 0, time.UTC)
	most, all := begin.Add(9*time.Minute), begin.Add(14*time.Minute)
	return chapter{
		title: "A storm, one digest",
		events: []input{
			{"storm", inBatch("storm", stormAlarms(storySize, begin), begin)},
			{"calm", inBatch("calm", stormRecoveries(storySize, most)[:storyCalms], most)},
			{"all-clear", inBatch("all-clear", stormRecoveries(storySize, all)[storyCalms:], all)},
		},
		why: []string{
			"14 alarms within seconds: each channel gets one message that lists them, and one ping instead of 14.",
			"Most recover: the same message now names the 3 that still fire first. One short line, and no ping.",
			"The last 3 recover, and the list turns green. No recovery has pinged anybody.",
		},
	}
}

// everything is a bit of it: what else is told, event by event.
func everything() (all []chapter, err error) {
	for _, e := range []struct{ sample, why string }{
		{"sns-alarm-composite", "A composite alarm: its message names which of its alarms fire, so nobody has to look for the cause."},
		{"logs-lambda-errors", "Log lines that a filter let through, as they were written. A rule sends them to #backend alone."},
		{"sns-alarm-tags-list", "The alarm's own tags say how bad it is and where its runbook is: there is a button for that."},
		{"sns-alarm-rds-freeable-memory", "Numbers as people read them, 202 MiB instead of 211812352, and a button that opens the database in AWS."},
		{"sns-budgets-actual", "Not only alarms: a budget is passed. Good to know, and no reason to wake anybody, so it pings nobody."},
		{"eventbridge-guardduty-high", "A security finding as a sentence: who did what, and from where. No rule was needed for it."},
		{"sns-alarm-korean-name", "Names and descriptions stay as the team wrote them, and rules match them: this one pings who is on call."},
	} {
		raw, err := events.Read(e.sample)
		if err != nil {
			return nil, err
		}
		all = append(all, chapter{events: []input{{e.sample, raw}}, why: []string{e.why}})
	}
	return all, nil
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
