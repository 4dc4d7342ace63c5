package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"alarmrelay/formatter"
)

// mute is what somebody does before a planned work, and after it.
func (t *town) mute(ctx context.Context) (string, error) {
	const name, why = "order-muted", "moving the database"
	before := t.cards("order")
	if _, err := t.alarmrelay(ctx, "mute", name, "--for", "1h", "--why", why, "--by", "mina"); err != nil {
		return "", err
	}
	listed, err := t.alarmrelay(ctx, "mute", "--list")
	if err != nil || !strings.Contains(listed, name) || !strings.Contains(listed, why+", says mina") {
		return "", errors.Join(fmt.Errorf("alarmrelay mute --list has to name %s, why and by whom, and says\n%s", name, listed), err)
	}
	logged, err := t.logged(ctx, t.outputs["LogGroup"])
	if err != nil {
		return "", err
	}
	if err := t.goesOff(ctx, name); err != nil {
		return "", err
	}
	if err := t.logs(ctx, len(logged), `"message":"held back"`); err != nil {
		return "", err
	}
	if _, err := t.shows(ctx, "order", before...); err != nil {
		return "", err
	}
	if _, err := t.alarmrelay(ctx, "unmute", name); err != nil {
		return "", err
	}
	_, err = t.shows(ctx, "order", append(before, fires(formatter.ServiceDiscord, name))...)
	return "nothing while it was muted, told when that ended", err
}

// ack is what somebody on call does who may do nothing else in the account.
func (t *town) ack(ctx context.Context) (string, error) {
	const name = "order-acked"
	before := t.cards("order")
	if err := t.goesOff(ctx, name); err != nil {
		return "", err
	}
	if _, err := t.shows(ctx, "order", append(before, fires(formatter.ServiceDiscord, name))...); err != nil {
		return "", err
	}
	oncall, err := t.makeUser(ctx, "oncall")
	if err != nil {
		return "", err
	}
	theirs := *t
	theirs.desk = t.with("AWS_ACCESS_KEY_ID="+oncall.ID, "AWS_SECRET_ACCESS_KEY="+oncall.Secret)
	typed := []string{"ack", name, "--by", "mina", "--function", t.outputs["FunctionArn"]}
	if out, err := theirs.alarmrelay(ctx, typed...); err == nil || !strings.Contains(out, "it takes lambda:InvokeFunction") {
		return "", fmt.Errorf("alarmrelay ack by somebody who may do nothing has to name the right that is missing, and says\n%s", out)
	}
	if err := t.allow(ctx, "oncall", "lambda:InvokeFunction", t.outputs["FunctionArn"]); err != nil {
		return "", err
	}
	said, err := theirs.alarmrelay(ctx, typed...)
	if err != nil {
		return "", err
	}
	const shows = "**mina** takes care of it"
	if text := t.text("order"); !strings.Contains(text, shows) {
		return "", fmt.Errorf("the message of %s has to say %q, and #order says\n%s", name, shows, text)
	}
	_, err = t.shows(ctx, "order", append(before, firesAnew(name))...)
	return strings.TrimSpace(said), err
}
