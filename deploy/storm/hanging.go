package main

import (
	"context"
	"fmt"
	"time"

	"alarmrelay/deploy/traffic"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// alerts come one after another while a destination hangs.
const (
	alerts     = 10
	alertEvery = 2 * time.Second
)

// besideHanging measures how long the alerts for one destination take while another, which is to be told the
// same, never answers.
func besideHanging(ctx context.Context, binary string) (*Hanging, error) {
	both := []traffic.Route{{Name: "crit", To: []string{"a", "b"}}, {Name: "both", To: []string{"a", "b"}}}
	w, err := newWorld(binary, both, formatter.ServiceDiscord, formatter.ServiceDiscord)
	if err != nil {
		return nil, err
	}
	defer w.close()
	w.discord.Break(fake.Fault{Kind: fake.Hang, Webhook: w.channels[0].id})
	all := traffic.Storm(alerts, -1, time.Now(), both)
	puts := make([]time.Time, alerts)
	err = w.run(ctx, func(ctx context.Context) {
		for i := range all {
			puts[i] = time.Now()
			w.put(all[i : i+1])
			if sleep(ctx, alertEvery) != nil {
				return
			}
		}
	})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	h := &Hanging{Alerts: alerts}
	first := w.verdict(all).First
	for i, p := range all {
		at, shown := first[p.Change]
		if !shown {
			return nil, fmt.Errorf("alert %d was not shown at all", i+1)
		}
		took := at.Sub(puts[i]).Seconds()
		if i == 0 {
			h.First = took
		}
		h.Slowest = max(h.Slowest, took)
	}
	return h, nil
}
