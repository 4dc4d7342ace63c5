package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"alarmrelay/events"
)

// sampleTimes are the times in a sample event, as CloudWatch writes them.
var sampleTimes = regexp.MustCompile(`2026-11-[0-9]{2}T[0-9:.]+\+0000`)

// alarmAction is what CloudWatch invokes a function with that an alarm has as its action, of an alarm that has just gone off.
func alarmAction(name string) (json.RawMessage, error) {
	sample, err := events.Read("lambda-alarm-lambda-errors")
	if err != nil {
		return nil, err
	}
	text := strings.ReplaceAll(string(sample), "prod-payment-callback-errors", name)
	return json.RawMessage(sampleTimes.ReplaceAllString(text, time.Now().UTC().Format("2006-01-02T15:04:05.000+0000"))), nil
}

// act invokes the function's alias with an alarm's action, and waits until #direct shows n messages, that alarm last.
func (t *town) act(ctx context.Context, name string, n int) (time.Duration, error) {
	event, err := alarmAction(name)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := t.invokeEvent(ctx, t.outputs["FunctionArn"], event); err != nil {
		return 0, err
	}
	err = poll(ctx, func() (bool, error) { return len(t.cards("direct")) >= n, nil })
	took := time.Since(began)
	if err == nil {
		err = t.settled(ctx)
	}
	if got := t.cards("direct"); len(got) != n || got[n-1].Title != "🔴 ALARM "+name || got[n-1].Colour != discordRed {
		return took, errors.Join(fmt.Errorf("#direct has to show %d messages, %s last, and shows\n%s", n, name, lines(got)), err)
	}
	return took, err
}

// counted is act, with a look at how often the function is invoked for it.
func (t *town) counted(ctx context.Context, name string, want int) (time.Duration, error) {
	before, err := t.invocations(ctx, t.outputs["LogGroup"])
	if err != nil {
		return 0, err
	}
	took, err := t.act(ctx, name, len(t.cards("direct"))+1)
	if err != nil {
		return 0, err
	}
	n := 0
	err = poll(ctx, func() (bool, error) {
		after, err := t.invocations(ctx, t.outputs["LogGroup"])
		n = len(after) - len(before)
		return n >= want, err
	})
	if n != want {
		err = errors.Join(fmt.Errorf("the function has to be invoked %d times, and was %d times", want, n), err)
	}
	return took, err
}

// directInvocation takes two invocations: one puts the event into the queue, one tells it.
func (t *town) directInvocation(ctx context.Context) (string, error) {
	took, err := t.counted(ctx, "direct-action", 2)
	return fmt.Sprintf("through the queue, told after %.1f s", took.Seconds()), err
}

// failedInvocation takes the right to send from the function until Lambda has tried three times and put a failed
// invocation's record into the queue, where the destination of the alias leads. The fourth invocation tells it.
func (t *town) failedInvocation(ctx context.Context) (seen string, err error) {
	role, err := t.resource(ctx, stackName, "RelayRole")
	if err != nil {
		return "", err
	}
	if err := t.forbid(ctx, role, "sqs:SendMessage"); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, t.allowAgain(context.WithoutCancel(ctx), role)) }()
	took, err := t.counted(ctx, "direct-in-vain", 4)
	return fmt.Sprintf("three tries in vain, then told from the queue, %.1f s after the first", took.Seconds()), err
}
