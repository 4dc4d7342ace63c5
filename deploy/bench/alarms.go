//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

// path is the way of an event through the pure part of the relay.
type path struct {
	rules *rule.Config
	now   time.Time
}

func newPath(rules int) (path, error) {
	config, err := rule.Parse("alarmrelay.yaml", rulesFile(rules))
	return path{config, time.Date(2026, 11, 12, 18, 11, 3, 0, time.UTC)}, err
}

// walk reads, routes and formats an event and encodes its messages. It returns how many there are.
func (p path) walk(event []byte, service formatter.Service) (messages int, err error) {
	notice := formatter.Notice{Arrived: p.now}
	var to rule.Delivery
	for _, record := range alert.Parse(event) {
		if record.Err != nil {
			return 0, record.Err
		}
		routing := p.rules.Route(&record.Alert, p.now)
		if len(routing.Deliveries) != 1 {
			return 0, errors.New("an alarm of the sample is not routed")
		}
		to = routing.Deliveries[0]
		notice.Items = append(notice.Items, formatter.Item{Alert: record.Alert, Mentions: to.Mentions})
	}
	for _, m := range formatter.Format(service, notice, p.rules.Style(to.Destination, to.Voice)) {
		encoder := json.NewEncoder(new(bytes.Buffer))
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(m.Payload); err != nil {
			return 0, err
		}
		messages++
	}
	return messages, nil
}

// times returns the median time of each event's way.
func (p path) times(service formatter.Service, events ...[]byte) ([]time.Duration, error) {
	var walks []func()
	for _, event := range events {
		if messages, err := p.walk(event, service); err != nil || messages == 0 {
			return nil, fmt.Errorf("%d messages: %w", messages, err)
		}
		walks = append(walks, func() { _, _ = p.walk(event, service) }) // it went well just now
	}
	return timed(walks...), nil
}

// alarmRows measures one alarm, and whether many cost more than their number.
func alarmRows(context.Context, *binaries) ([]Row, error) {
	p, err := newPath(10)
	if err != nil {
		return nil, err
	}
	sizes := []int{1, 10, 100, 1000}
	events := make([][]byte, len(sizes))
	for i, n := range sizes {
		if events[i], err = batch(0, n); err != nil {
			return nil, err
		}
	}
	discord, err := p.times(formatter.ServiceDiscord, events...)
	if err != nil {
		return nil, err
	}
	slack, err := p.times(formatter.ServiceSlack, events[0])
	if err != nil {
		return nil, err
	}
	each := make([]float64, len(sizes))
	for i, n := range sizes {
		each[i] = in(time.Microsecond, discord[i]) / float64(n)
	}
	return []Row{
		{
			Promise: "read, route and format one alarm", Measured: each[0], Limit: 150, Unit: "µs",
			Detail: fmt.Sprintf("for Discord; for Slack %.0f µs", in(time.Microsecond, slack[0])),
		},
		{
			Promise: "an alarm of a batch of 1,000 beside one of 10", Measured: each[3] / each[1], Limit: 1.5,
			Detail: fmt.Sprintf("each of 10: %.0f µs, of 100: %.0f µs, of 1,000: %.0f µs", each[1], each[2], each[3]),
		},
	}, nil
}

// ruleRows measures what rules cost that do not match.
func ruleRows(context.Context, *binaries) ([]Row, error) {
	few, err := newPath(10)
	if err != nil {
		return nil, err
	}
	many, err := newPath(10_000)
	if err != nil {
		return nil, err
	}
	event, err := batch(0, 1)
	if err != nil {
		return nil, err
	}
	sample := alert.Parse(event)[0].Alert
	route := timed(
		func() { few.rules.Route(&sample, few.now) },
		func() { many.rules.Route(&sample, many.now) },
	)
	whole := timed(
		func() { _, _ = few.walk(event, formatter.ServiceDiscord) },
		func() { _, _ = many.walk(event, formatter.ServiceDiscord) },
	)
	row := func(promise string, times []time.Duration) Row {
		return Row{
			Promise: promise, Measured: float64(times[1]) / float64(times[0]), Limit: 10, Below: true,
			Detail: fmt.Sprintf("10 rules: %.2f µs, 10,000: %.2f µs", in(time.Microsecond, times[0]), in(time.Microsecond, times[1])),
		}
	}
	return []Row{
		row("routing by 10,000 rules beside 10", route),
		row("one alarm with 10,000 rules beside 10", whole),
	}, nil
}
