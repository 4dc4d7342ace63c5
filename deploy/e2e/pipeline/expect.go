package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// shows waits until a channel shows what is wanted and the queue is empty, and looks once more. It returns when that was seen first.
func (t *town) shows(ctx context.Context, destination string, want ...shown) (time.Time, error) {
	err := poll(ctx, func() (bool, error) { return slices.Equal(t.cards(destination), want), nil })
	at := time.Now()
	if err == nil {
		err = t.settled(ctx) // what is told twice would be told by then
	}
	if got := t.cards(destination); !slices.Equal(got, want) {
		return at, fmt.Errorf("#%s has to show\n%s\nand shows\n%s", destination, lines(want), lines(got))
	}
	return at, err
}

// settled waits until nothing is in the queue any more.
func (t *town) settled(ctx context.Context) error {
	left := 0
	err := poll(ctx, func() (bool, error) {
		var err error
		left, err = t.held(ctx, t.outputs["QueueUrl"])
		return left == 0, err
	})
	if err != nil {
		err = fmt.Errorf("%d messages are still in the queue: %w", left, err)
	}
	return err
}

// logs waits until the function has logged something since its line number from.
func (t *town) logs(ctx context.Context, from int, text string) error {
	err := poll(ctx, func() (bool, error) {
		lines, err := t.logged(ctx, t.outputs["LogGroup"])
		return slices.ContainsFunc(lines[min(from, len(lines)):], func(l string) bool { return strings.Contains(l, text) }), err
	})
	if err != nil {
		err = fmt.Errorf("the function has to log %s: %w", text, err)
	}
	return err
}

// lines puts each message on a line.
func lines(all []shown) string {
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "  %v\n", s)
	}
	if len(all) == 0 {
		return "  nothing"
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// account tells of a failure what there is to see: the channels, the queues, and the function's and the emulator's last words.
func (t *town) account(ctx context.Context) string {
	var b strings.Builder
	for destination := range t.channels {
		if t.requests(destination) > 0 {
			fmt.Fprintf(&b, "#%s, after %d requests:\n%s\n", destination, t.requests(destination), lines(t.cards(destination)))
		}
	}
	for _, output := range []string{"QueueUrl", "DeadLetterQueueUrl", "SubscriptionDeadLetterQueueUrl"} {
		n, err := t.held(ctx, t.outputs[output])
		fmt.Fprintf(&b, "%s holds %d%s\n", strings.TrimSuffix(output, "Url"), n, inBrackets(err))
	}
	said, err := t.logged(ctx, t.outputs["LogGroup"])
	said = slices.DeleteFunc(said, func(line string) bool { return strings.HasPrefix(line, `{"_aws"`) }) // metrics
	fmt.Fprintf(&b, "the function's last lines%s:\n", inBrackets(err))
	for _, line := range said[max(0, len(said)-15):] {
		fmt.Fprintln(&b, " ", readable(line))
	}
	return b.String()
}

func inBrackets(err error) string {
	if err == nil {
		return ""
	}
	return " (" + err.Error() + ")"
}

// readable is a line of the log without what is the same in all of them.
func readable(line string) string {
	var fields map[string]any
	if json.Unmarshal([]byte(line), &fields) != nil || fields["message"] == nil {
		return line
	}
	said := []string{fmt.Sprint(fields["level"]), fmt.Sprint(fields["message"])}
	for _, name := range []string{"alert", "destination", "again", "error"} {
		if fields[name] != nil {
			said = append(said, fmt.Sprintf("%s=%v", name, fields[name]))
		}
	}
	return strings.Join(said, " ")
}
