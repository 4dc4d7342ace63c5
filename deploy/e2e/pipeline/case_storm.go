package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

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
	seen, err := t.stormIsOver(ctx, names)
	return fmt.Sprintf("%d alarms in %d messages and %d requests, %.1f s; %s", size, messages, requests, took.Seconds(), seen), err
}

// stormIsOver has all alarms of the storm recover at once. Nothing red is left, and few requests are made: a batch needs an edit and a line.
func (t *town) stormIsOver(ctx context.Context, names []string) (string, error) {
	const most = 30
	before, began := t.requests("storm"), time.Now()
	if err := t.putMetric(ctx, "storm", low...); err != nil {
		return "", err
	}
	var red []shown
	err := poll(ctx, func() (bool, error) {
		red = slices.DeleteFunc(t.cards("storm"), func(s shown) bool { return s.Colour != discordRed })
		return len(red) == 0, nil
	})
	took := time.Since(began)
	if err == nil {
		err = t.settled(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("#storm has to show nothing red, and shows\n%s\n%w", lines(red), err)
	}
	said, requests := t.text("storm"), t.requests("storm")-before
	missing := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return strings.Contains(said, "🟢 RESOLVED "+name) || strings.Contains(said, "🟢 "+name)
	})
	if len(missing) > 0 || !strings.Contains(said, "✅ ") {
		return "", fmt.Errorf("#storm has to show each as recovered, and say so in a line: %s is missing in\n%s", strings.Join(missing, ", "), said)
	}
	if requests > most {
		return "", fmt.Errorf("%d recoveries took %d requests, and at most %d were expected", len(names), requests, most)
	}
	return fmt.Sprintf("all green after %d requests, %.1f s", requests, took.Seconds()), nil
}
