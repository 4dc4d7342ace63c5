package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"alarmrelay/formatter"
)

// mistakes has sam deploy refuse what can't be right, in the template's own words and before anything is created.
func (t *town) mistakes(ctx context.Context) (string, error) {
	const other = "mistaken"
	rows := []struct{ overrides, want string }{
		{"Architecture=x86_64", "No webhook is named."},
		{"DiscordParameter=discord.com/api/webhooks", "has to be the name of an SSM parameter that begins with a slash"},
		{"DiscordParameter=/alarmrelay/discord TopicArns=alarms", "has to be ARNs of SNS topics"},
	}
	for _, row := range rows {
		args := append([]string{"deploy", "--stack-name", other, "--parameter-overrides"}, strings.Fields(row.overrides)...)
		out, err := t.do(ctx, "y\n", t.sam, args...)
		if err == nil || !strings.Contains(out, row.want) {
			return "", fmt.Errorf("sam deploy with %s has to say %q, and said:\n%s", row.overrides, row.want, tail(out, 10))
		}
		if _, err := t.stackOutputs(ctx, other); err == nil {
			return "", fmt.Errorf("sam deploy with %s has to create nothing, and there is a stack", row.overrides)
		}
	}
	return fmt.Sprintf("%d refused in one sentence each, nothing created", len(rows)), nil
}

// throwAway is how test-alarm names the alarm that it makes.
var throwAway = regexp.MustCompile(`alarmrelay-test-[0-9a-z]+`)

// testAlarm waits a few seconds between ALARM and OK, and not for the relay. Where that hears of both at once, or the wrong way round,
// there is no line.
func (t *town) testAlarm(ctx context.Context) (string, error) {
	before, link := t.cards(first), t.linkToNext(first)
	out, err := t.alarmrelay(ctx, "test-alarm", "--stack", stackName)
	if err != nil {
		return "", err
	}
	name := throwAway.FindString(out)
	err = t.settled(ctx)
	got := t.cards(first)[len(before):]
	at := slices.IndexFunc(got, func(s shown) bool { return s.Title == "🟢 RESOLVED "+name && s.Colour == discordGreen })
	rest := []shown{line(formatter.ServiceDiscord, "✅ "+name+" recovered"+link)}
	if at != 0 || len(got) > 1 && !slices.Equal(got[1:], rest) {
		return "", errors.Join(fmt.Errorf("#%s has to show that %s went off and recovered, and shows\n%s", first, name, lines(got)), err)
	}
	left, err := t.alarms(ctx, "alarmrelay-test")
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("test-alarm has to remove its alarm, and there still are %s", strings.Join(left, ", "))
	}
	return "the message of " + name + " turned green, and the alarm is gone again", err
}

// nothingLeaked looks at what all cases, and one alarm more, left in logs, and at who was asked for.
func (t *town) nothingLeaked(ctx context.Context) (string, error) {
	if _, err := t.upAndDown(ctx, "quiet-errors", "quiet"); err != nil {
		return "", err
	}
	said, err := t.logged(ctx, t.outputs["LogGroup"])
	if err != nil {
		return "", err
	}
	var found []error
	for _, line := range said {
		for _, token := range t.tokens {
			if strings.Contains(line, token) {
				found = append(found, errors.New("the function's log holds the address of a webhook"))
			}
		}
		// The one that is missing on purpose is sqs:SendMessage, in the case "failed".
		if strings.Contains(line, "not authorized") && !strings.Contains(line, "sqs:SendMessage") {
			found = append(found, errors.New("the role lacks a permission: "+readable(line)))
		}
	}
	leaked, err := t.leaks(t.tokens)
	if leaked > 0 {
		found = append(found, fmt.Errorf("the emulator's log holds the addresses of %d webhooks", leaked))
	}
	if strangers := t.gate.strangers(); len(strangers) > 0 {
		found = append(found, fmt.Errorf("the function has to ask for Discord and Slack alone, and asked for %s", strings.Join(strangers, ", ")))
	}
	return fmt.Sprintf("%d lines of log, %d addresses", len(said), len(t.tokens)), errors.Join(append(found, err)...)
}

// stackIsDeleted removes the relay as docs/operations.md says.
func (t *town) stackIsDeleted(ctx context.Context) (string, error) {
	before, err := t.items(ctx, t.outputs["Table"])
	if err != nil {
		return "", err
	}
	if _, err := t.do(ctx, "", t.sam, "delete", "--no-prompts"); err != nil {
		return "", err
	}
	if _, err := t.stackOutputs(ctx, stackName); err == nil {
		return "", errors.New("the stack has to be gone, and is there")
	}
	after, err := t.items(ctx, t.outputs["Table"])
	if err != nil {
		return "", fmt.Errorf("the table has to stay: %w", err)
	}
	slices.Sort(before)
	slices.Sort(after)
	if !slices.Equal(before, after) {
		return "", fmt.Errorf("the table has to keep its %d items, and has %d", len(before), len(after))
	}
	return fmt.Sprintf("the table stays with its %d items", len(after)), nil
}
