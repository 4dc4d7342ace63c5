package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alarmrelay/deploy/traffic"
	"alarmrelay/relay/fake"
)

// notices are what SNS puts into the queue of alarms that have just gone off, in the shape that AWS itself sends.
func notices(destination string, n int) (bodies, names []string) {
	routes := []traffic.Route{{Name: destination, To: []string{destination}}}
	for _, p := range traffic.Storm(n, 0, time.Now(), routes) {
		bodies = append(bodies, p.Body)
		names = append(names, p.Change.Name)
	}
	return bodies, names
}

func (t *town) poisonAmongGoodOnes(ctx context.Context) (string, error) {
	const poison = "{}"
	bodies, names := notices("mixed", 3)
	if err := t.sendMessages(ctx, t.outputs["QueueUrl"], bodies[0], poison, bodies[1], bodies[2]); err != nil {
		return "", err
	}
	err := poll(ctx, func() (bool, error) { return len(t.cards("mixed")) >= len(names), nil })
	if err != nil {
		return "", fmt.Errorf("#mixed has to show %d alarms: %w", len(names), err)
	}
	if err := t.settled(ctx); err != nil {
		return "", err
	}
	for _, name := range names {
		if n := strings.Count(lines(t.cards("mixed")), name+`" colour 0xed4245`); n != 1 {
			return "", fmt.Errorf("#mixed has to show %s once, and shows it %d times:\n%s", name, n, lines(t.cards("mixed")))
		}
	}
	letters, err := t.takeLetters(ctx, t.outputs["DeadLetterQueueUrl"])
	if err != nil {
		return "", err
	}
	if len(letters) != 1 || letters[0].Body != poison || letters[0].attribute("alarmrelay-reason") == "" {
		return "", fmt.Errorf("the dead-letter queue has to hold the poison alone, with a reason, and holds %+v", letters)
	}
	return fmt.Sprintf("3 told once, 1 dead letter: %s", letters[0].attribute("alarmrelay-reason")), nil
}

func (t *town) outage(ctx context.Context) (string, error) {
	const name = "outage-errors"
	ch := t.channels["outage"]
	t.discord.Break(fake.Fault{Kind: fake.Down, Status: 503, Webhook: ch.hook})
	defer t.discord.Mend()
	if err := t.goesOff(ctx, name); err != nil {
		return "", err
	}
	// One invocation tries up to three times: with more than six it has come back from the queue twice.
	err := poll(ctx, func() (bool, error) { return t.requests("outage", 503) > 6, nil })
	if err != nil {
		return "", fmt.Errorf("it has to be tried again, and was tried %d times: %w", t.requests("outage", 503), err)
	}
	if shown := t.cards("outage"); len(shown) > 0 {
		return "", fmt.Errorf("#outage can't show anything yet, and shows\n%s", lines(shown))
	}
	failed := t.requests("outage", 503)
	t.discord.Mend()
	mended := time.Now()
	at, err := t.shows(ctx, "outage", fires(ch.service, name))
	return fmt.Sprintf("told once, after %d requests in vain and %.1f s after the end", failed, at.Sub(mended).Seconds()), err
}

// deadWebhook goes the whole way of somebody whose channel's webhook is gone: list, replace, put back.
func (t *town) deadWebhook(ctx context.Context) (string, error) {
	const name = "gone-errors"
	ch := t.channels["gone"]
	t.discord.RemoveWebhook(ch.hook)
	if err := t.goesOff(ctx, name); err != nil {
		return "", err
	}
	err := poll(ctx, func() (bool, error) {
		n, err := t.held(ctx, t.outputs["DeadLetterQueueUrl"])
		return n == 1, err
	})
	if err != nil {
		return "", fmt.Errorf("the dead-letter queue has to hold one letter: %w", err)
	}
	reason, err := t.deadLetter(ctx, name)
	if err != nil {
		return "", err
	}
	t.replace(ch)
	if err := t.initChannel(ctx, ch, "--keep", "--yes"); err != nil {
		return "", err
	}
	if _, err := t.alarmrelay(ctx, "redrive", "--stack", stackName, "--all", "--yes"); err != nil {
		return "", err
	}
	if _, err := t.shows(ctx, "gone", fires(ch.service, name)); err != nil {
		return "", err
	}
	if n, err := t.held(ctx, t.outputs["DeadLetterQueueUrl"]); err != nil || n > 0 {
		return "", errors.Join(fmt.Errorf("the dead-letter queue has to be empty, and holds %d", n), err)
	}
	return "put back and told once; the reason was: " + reason, nil
}

// deadLetter has alarmrelay list the one dead letter there is, and returns its reason.
func (t *town) deadLetter(ctx context.Context, name string) (reason string, err error) {
	out, err := t.alarmrelay(ctx, "dead", "--stack", stackName, "--json")
	if err != nil {
		return "", err
	}
	var listed struct {
		Letters []struct {
			Alerts      []struct{ Name string }
			Destination string
			Reason      string
		}
	}
	if err := json.Unmarshal([]byte(out), &listed); err != nil {
		return "", fmt.Errorf("alarmrelay dead --json: %w", err)
	}
	if len(listed.Letters) == 1 {
		l := listed.Letters[0]
		if len(l.Alerts) == 1 && l.Alerts[0].Name == name && l.Destination == "gone" && l.Reason != "" {
			return l.Reason, nil
		}
	}
	return "", fmt.Errorf("alarmrelay dead has to list %s for gone with a reason, and lists %+v", name, listed.Letters)
}

func (t *town) sameNoticeTwice(ctx context.Context) (string, error) {
	bodies, names := notices("twice", 1)
	if err := t.sendMessages(ctx, t.outputs["QueueUrl"], bodies[0]); err != nil {
		return "", err
	}
	err := poll(ctx, func() (bool, error) { return len(t.cards("twice")) > 0, nil })
	if err == nil {
		err = t.settled(ctx)
	}
	if err != nil {
		return "", err
	}
	before, err := t.logged(ctx, t.outputs["LogGroup"])
	if err != nil {
		return "", err
	}
	if err := t.sendMessages(ctx, t.outputs["QueueUrl"], bodies[0]); err != nil {
		return "", err
	}
	if err := t.logs(ctx, len(before), `"Duplicate":1`); err != nil {
		return "", err
	}
	if got := t.cards("twice"); len(got) != 1 || got[0].Title != "🔴 ALARM "+names[0] {
		return "", fmt.Errorf("#twice has to show %s once, and shows\n%s", names[0], lines(got))
	}
	keys, err := t.items(ctx, t.outputs["Table"])
	if err != nil {
		return "", err
	}
	told := func(key string) bool {
		return strings.HasPrefix(key, "twice|") && strings.HasSuffix(key, ":alarm:"+names[0])
	}
	if !slices.Contains(keys, "twice") || !slices.ContainsFunc(keys, told) {
		return "", fmt.Errorf("the stack's table has to hold the destination twice and its alarm, and holds %q", keys)
	}
	return fmt.Sprintf("told once; the stack's table holds %d items", len(keys)), nil
}
