package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay"
)

// schedule is one of EventBridge Scheduler's, as far as it matters here.
type schedule struct {
	ScheduleExpression, State string
	Target                    struct{ Arn, Input string }
}

// schedule asks for one of the default group.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html
func (a *aws) schedule(ctx context.Context, name string) (s schedule, err error) {
	answer, err := a.ask(ctx, http.MethodGet, "scheduler", "/schedules/"+url.PathEscape(name)+"?groupName=default", nil)
	if err != nil {
		return s, fmt.Errorf("GetSchedule: %w", err)
	}
	return s, json.Unmarshal(answer, &s)
}

// tick has the function look after what is open, with the order that the deployed schedule has: nobody waits for five minutes here.
func (t *town) tick(ctx context.Context) (string, error) {
	s, err := t.tickSchedule(ctx)
	if err != nil {
		return "", err
	}
	var order relay.Order
	if err := json.Unmarshal([]byte(s.Target.Input), &order); err != nil {
		return "", fmt.Errorf("read the schedule's input %q: %w", s.Target.Input, err)
	}
	if s.Target.Arn != t.outputs["FunctionArn"] || s.State != "ENABLED" {
		return "", fmt.Errorf("the schedule has to invoke %s, and is %+v", t.outputs["FunctionArn"], s)
	}
	for _, leads := range []string{t.outputs["TopicArn"], t.outputs["FunctionArn"]} {
		if !slices.Contains(order.Sources, leads) {
			return "", fmt.Errorf("%s leads to the relay, and the schedule's input names %s", leads, strings.Join(order.Sources, ", "))
		}
	}
	return fmt.Sprintf("%s, with %d sources", s.ScheduleExpression, len(order.Sources)), t.ticked(ctx)
}

func (t *town) tickSchedule(ctx context.Context) (schedule, error) {
	name, err := t.resource(ctx, stackName, "TickSchedule")
	if err != nil {
		return schedule{}, err
	}
	return t.schedule(ctx, name)
}

// ticked invokes the function as the schedule does, and looks at its answer and its log.
func (t *town) ticked(ctx context.Context) error {
	s, err := t.tickSchedule(ctx)
	if err != nil {
		return err
	}
	before, err := t.logged(ctx, t.outputs["LogGroup"])
	if err != nil {
		return err
	}
	answer, err := t.send(ctx, "lambda", "/2015-03-31/functions/"+url.PathEscape(s.Target.Arn)+"/invocations", []byte(s.Target.Input))
	if err != nil {
		return err
	}
	var done relay.OrderAnswer
	if err := json.Unmarshal(answer, &done); err != nil || done.Do != relay.OrderTick {
		return fmt.Errorf("the function has to do the tick, and answers %s", answer)
	}
	return poll(ctx, func() (counted bool, err error) {
		lines, err := t.logged(ctx, t.outputs["LogGroup"])
		for _, line := range lines[min(len(before), len(lines)):] {
			counted = counted || strings.Contains(line, `"Ticks":1`)
			if strings.Contains(line, `"message":"tick"`) && strings.Contains(line, `"level":"ERROR"`) {
				return false, errors.Join(err, errors.New("a part of the tick failed: "+readable(line)))
			}
		}
		return counted, err
	})
}

// forgotten looks at what a tick finds out. Two alarms fired a while ago; of one nobody here was told, because it led elsewhere, and the
// other one recovers while its actions are switched off.
func (t *town) forgotten(ctx context.Context) (seen string, err error) {
	const destination, told, lost = "forgotten", "forgotten-told", "forgotten-lost"
	defer func() { err = errors.Join(err, t.setBehind(0)) }()
	if err := t.fireLongAgo(ctx, told, lost); err != nil {
		return "", err
	}
	shows := []shown{fires(formatter.ServiceDiscord, told)}
	if _, err := t.shows(ctx, destination, shows...); err != nil {
		return "", err
	}
	if err := t.ticked(ctx); err != nil {
		return "", err
	}
	shows = append(shows, fires(formatter.ServiceDiscord, lost), line(formatter.ServiceDiscord, "⏰ **"+told+"** is still in ALARM after 20 min →#1"))
	if _, err := t.shows(ctx, destination, shows...); err != nil {
		return "", err
	}
	err = errors.Join(t.setBehind(5*time.Minute), t.switchActionsOff(ctx, told), t.putMetric(ctx, told, low...))
	if err == nil {
		err = t.ticked(ctx)
	}
	if err != nil {
		return "", err
	}
	shows[0] = turnedGreen(told)
	_, err = t.shows(ctx, destination, append(shows, line(formatter.ServiceDiscord, "✅ "+told+" recovered after 15 min →#1"))...)
	return "announced, reminded of, and turned green without a notice", err
}

// fireLongAgo has two alarms fire twenty minutes ago, of which one leads to the relay only from then on.
func (t *town) fireLongAgo(ctx context.Context, told, lost string) error {
	elsewhere, err := t.makeTopic(ctx, "somebody-else")
	if err != nil {
		return err
	}
	late := alarm{lost, "", lost, elsewhere}
	err = errors.Join(t.setBehind(20*time.Minute), t.goesOff(ctx, told), t.putAlarm(ctx, late), t.putMetric(ctx, lost, high...))
	if err != nil {
		return err
	}
	late.topic = t.outputs["TopicArn"]
	return t.putAlarm(ctx, late)
}
