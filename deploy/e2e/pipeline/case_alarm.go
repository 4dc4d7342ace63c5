package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"alarmrelay/alert"
)

// high and low are averages on either side of the alarms' threshold. The lows outweigh the highs of the same minute.
var (
	high = []float64{97.2}
	low  = []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
)

// hostile is a description that tries to wake everybody and to lead somewhere else.
const hostile = "Orders fail. @everyone <!channel> <https://evil.example|runbook>"

// goesOff puts an alarm that acts on the relay's topic, and values that make it go off.
func (t *town) goesOff(ctx context.Context, name string) error {
	err := t.putAlarm(ctx, alarm{name, hostile, name, t.outputs["TopicArn"]})
	if err == nil {
		err = t.putMetric(ctx, name, high...)
	}
	return err
}

// upAndDown drives a real alarm through ALARM and back to OK, and looks at both messages.
func (t *town) upAndDown(ctx context.Context, name, destination string) (string, error) {
	service := t.channels[destination].service
	before := t.cards(destination)
	began := time.Now()
	if err := t.goesOff(ctx, name); err != nil {
		return "", err
	}
	fired := append(before, went(service, name, alert.StateAlarm))
	up, err := t.shows(ctx, destination, fired...)
	if err != nil {
		return "", err
	}
	recovered := time.Now()
	if err := t.putMetric(ctx, name, low...); err != nil {
		return "", err
	}
	down, err := t.shows(ctx, destination, append(fired, went(service, name, alert.StateOK))...)
	return fmt.Sprintf("ALARM told after %.1f s, OK after %.1f s", up.Sub(began).Seconds(), down.Sub(recovered).Seconds()), err
}

func (t *town) alarmGoesOffAndRecovers(ctx context.Context) (string, error) {
	return t.upAndDown(ctx, "orders-errors", first)
}

func (t *town) slackIsToldToo(ctx context.Context) (string, error) {
	seen, err := t.upAndDown(ctx, "shop-errors", "shop")
	if err != nil {
		return "", err
	}
	began, err := t.invocations(ctx, t.outputs["LogGroup"])
	if err == nil && !strings.HasSuffix(began[len(began)-1], "Version: 2") {
		err = errors.New("version 2 has to be what runs after the update, and what ran last is " + began[len(began)-1])
	}
	return seen + ", by version 2", err
}

// storm has one metric that 60 alarms watch.
func (t *town) storm(ctx context.Context) (string, error) {
	const size, most = 60, 30 // it takes one to six; a slow machine spreads the storm
	var names []string
	for i := range size {
		names = append(names, fmt.Sprintf("storm-%02d-errors", i))
		if err := t.putAlarm(ctx, alarm{names[i], "", "storm", t.outputs["TopicArn"]}); err != nil {
			return "", err
		}
	}
	if err := t.putMetric(ctx, "storm", high...); err != nil {
		return "", err
	}
	began := time.Now()
	missing := names
	err := poll(ctx, func() (bool, error) {
		said := t.text("storm")
		missing = missing[:0:0]
		for _, name := range names {
			if !strings.Contains(said, name) {
				missing = append(missing, name)
			}
		}
		return len(missing) == 0, nil
	})
	took := time.Since(began)
	if err != nil {
		return "", fmt.Errorf("#storm has to name all of %d alarms, and lacks %s: %w", size, strings.Join(missing, ", "), err)
	}
	if err := t.settled(ctx); err != nil {
		return "", err
	}
	requests, messages := t.requests("storm"), len(t.discord.Messages(t.channels["storm"].id))
	if requests > most {
		return "", fmt.Errorf("%d alarms at once took %d requests, and at most %d were expected", size, requests, most)
	}
	return fmt.Sprintf("%d alarms in %d messages and %d requests, %.1f s", size, messages, requests, took.Seconds()), nil
}

// topicThatRefuses shows that the emulator asks the topic's policy: else the other cases would prove nothing of it.
func (t *town) topicThatRefuses(ctx context.Context) (string, error) {
	closed, err := t.makeTopic(ctx, "nobody-may-publish")
	if err != nil {
		return "", err
	}
	for _, row := range []struct{ name, topic, want string }{
		{"policy-refuses", closed, `"Failed"`},
		{"policy-lets-in", t.outputs["TopicArn"], `"Succeeded"`},
	} {
		if err := t.putAlarm(ctx, alarm{row.name, "", row.name, row.topic}); err != nil {
			return "", err
		}
		if err := t.putMetric(ctx, row.name, high...); err != nil {
			return "", err
		}
		outcome, err := t.actionOutcome(ctx, row.name)
		if err != nil {
			return "", err
		}
		if !strings.Contains(outcome, row.want) {
			return "", fmt.Errorf("of the action of %s the history has to say %s, and says %s", row.name, row.want, outcome)
		}
	}
	return "refused, and the relay's own lets it in", t.settled(ctx)
}
