package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alarmrelay/formatter"
)

// high, low and higher are averages on either side of the alarms' threshold. Each outweighs those before it: ministack looks at every
// alarm whenever a value comes, and the clock of its CloudWatch is moved.
var (
	high   = []float64{97.2}
	low    = slices.Repeat([]float64{0}, 40)
	higher = slices.Repeat(high, 10)
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

// upAndDown drives a real alarm through ALARM and back to OK, and looks at its message, and at what is said besides.
func (t *town) upAndDown(ctx context.Context, name, destination string) (string, error) {
	service, before := t.channels[destination].service, t.cards(destination)
	link := t.linkToNext(destination)
	began := time.Now()
	if err := t.goesOff(ctx, name); err != nil {
		return "", err
	}
	up, err := t.shows(ctx, destination, append(before, fires(service, name))...)
	if err != nil {
		return "", err
	}
	recovered := time.Now()
	if err := t.putMetric(ctx, name, low...); err != nil {
		return "", err
	}
	green := turnedGreen(name)
	if service == formatter.ServiceSlack { // which takes no edits from a webhook
		green, link = fires(service, name), ""
	}
	down, err := t.shows(ctx, destination, append(before, green, line(service, "✅ "+name+" recovered"+link))...)
	return fmt.Sprintf("ALARM told after %.1f s, OK after %.1f s", up.Sub(began).Seconds(), down.Sub(recovered).Seconds()), err
}

// linkToNext is how a line shows that it leads to the channel's next message.
func (c *chat) linkToNext(destination string) string {
	return fmt.Sprintf(" →#%d", len(c.discord.Messages(c.channels[destination].id))+1)
}

// alarmFlaps has an alarm go off, recover, and go off again within the flap window, minutes apart.
func (t *town) alarmFlaps(ctx context.Context) (seen string, err error) {
	const name = "orders-errors"
	defer func() { err = errors.Join(err, t.setBehind(0)) }()
	before, link := t.cards(first), t.linkToNext(first)
	steps := []struct {
		ago    time.Duration
		values []float64
		card   shown
		says   string // besides
	}{
		{15 * time.Minute, high, fires(formatter.ServiceDiscord, name), ""},
		{5 * time.Minute, low, turnedGreen(name), "✅ " + name + " recovered after 10 min"},
		{0, higher, firesAnew(name), "🔴 " + name + " fires again (2nd time)"},
	}
	if err := t.putAlarm(ctx, alarm{name, hostile, name, t.outputs["TopicArn"]}); err != nil {
		return "", err
	}
	var said []shown
	for _, s := range steps {
		if err := errors.Join(t.setBehind(s.ago), t.putMetric(ctx, name, s.values...)); err != nil {
			return "", err
		}
		if s.says != "" {
			said = append(said, line(formatter.ServiceDiscord, s.says+link))
		}
		if _, err := t.shows(ctx, first, append(append(before, s.card), said...)...); err != nil {
			return "", err
		}
	}
	const counts = "Fired **2 times**"
	if text := t.text(first); !strings.Contains(text, counts) {
		return "", fmt.Errorf("the message of %s has to say %s, and #%s says\n%s", name, counts, first, text)
	}
	return "one message, edited twice, and two lines", nil
}

func (t *town) alarmGoesOffAndRecovers(ctx context.Context) (string, error) {
	return t.upAndDown(ctx, "checkout-errors", first)
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
