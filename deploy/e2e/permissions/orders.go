package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"alarmrelay/deploy/runtimeapi"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

// acked is an alarm that somebody takes care of.
func acked(ctx context.Context, w *world, f *runtimeapi.Function) error {
	if err := w.one(ctx, f); err != nil {
		return err
	}
	said, err := f.Invoke(ctx, fmt.Appendf(nil, `{"alarmrelay":%q,"alarm":%q,"by":"mina"}`, relay.OrderAck, alarmName))
	if err != nil {
		return err
	}
	var answer relay.OrderAnswer
	if err := json.Unmarshal(said.Payload, &answer); err != nil || len(answer.Acked) == 0 {
		return fmt.Errorf("nobody takes care of anything: %s, %w", said.Payload, err)
	}
	return w.left(0, 0)
}

// ownAccount is that of the function's ARN, as the runtime says it.
const ownAccount = "123456789012"

// ticked is the schedule's tick, while two alarms fire that nobody was told of: the series of one are told, the other one is muted.
func ticked(ctx context.Context, w *world, f *runtimeapi.Function) error {
	input, err := w.stack.tick()
	if input == "" || err != nil {
		return err // without Ticks there is nobody to tick
	}
	var order relay.Order
	if err := json.Unmarshal([]byte(input), &order); err != nil {
		return fmt.Errorf("read the schedule's input: %w", err)
	}
	since := time.Now().Add(-time.Hour)
	w.metrics.Close()
	w.metrics = fake.NewCloudWatch(fake.Options{}, region, ownAccount) // of the account that the function's ARN names
	w.metrics.AddAlarm(fake.MetricAlarm{
		Alarm: fake.Alarm{
			Name: "errors-by-function", Since: since, Actions: order.Sources[:1],
			Contributors: []fake.AlarmContributor{{ID: "4b7d20c8e19fa356", Attributes: map[string]string{"FunctionName": "checkout"}, Since: since}},
		},
		Expression: `SELECT SUM(Errors) FROM "AWS/Lambda" GROUP BY FunctionName`, Period: 60, Evaluations: 1, Comparison: "GreaterThanThreshold", Threshold: 1,
	})
	w.metrics.AddAlarm(fake.MetricAlarm{
		Alarm:     fake.Alarm{Name: "muted", Since: since, Actions: order.Sources},
		Namespace: "Shop", Metric: "Orders", Stat: "Sum", Period: 60, Evaluations: 1, Comparison: "LessThanThreshold", Threshold: 1,
	})
	w.metrics.AddMuteRule(fake.MuteRule{Name: "nightly", Alarms: []string{"muted"}})
	before := w.posts()
	if _, err := f.Invoke(ctx, []byte(input)); err != nil {
		return err
	}
	if told := w.posts() - before; told != w.discords {
		return fmt.Errorf("%d messages at Discord, want one at each of %d destinations", told, w.discords)
	}
	return nil
}

// posts are how many messages Discord was given.
func (w *world) posts() (n int) {
	for _, asked := range w.discord.Log() {
		if asked.Method == http.MethodPost && asked.Status == http.StatusOK {
			n++
		}
	}
	return n
}

var errNoTopic = errors.New("the schedule's input names nothing that leads to the relay")

// tick is what the template's schedule invokes the function with; empty where the stack has no schedule.
func (s *stack) tick() (string, error) {
	const schedule = "TickSchedule"
	if !s.condition(s.Resources[schedule].Condition) {
		return "", nil
	}
	target, _ := s.value(member(s.resource(schedule).properties, "Target")).(map[string]any)
	input := s.text(target["Input"])
	if input == "" {
		return "", errNoTopic
	}
	return input, s.err()
}
