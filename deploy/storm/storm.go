package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"alarmrelay/deploy/judge"
	"alarmrelay/deploy/mapping"
	"alarmrelay/deploy/traffic"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// longest is how long a storm may take.
const longest = 5 * time.Minute

// storm lets n alarms fire at once, a critical one among them at a random place, and measures until the queue is empty.
func storm(ctx context.Context, binary string, service formatter.Service, n int) (Row, error) {
	w, err := newWorld(binary, []traffic.Route{{Name: "crit", To: []string{"a"}}, {Name: "prod", To: []string{"a"}}}, service)
	if err != nil {
		return Row{}, err
	}
	defer w.close()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	critical := rand.IntN(n)
	var began time.Time
	var parcels []traffic.Parcel
	err = w.run(ctx, func(ctx context.Context) {
		began = time.Now()
		parcels = traffic.Storm(n, critical, began, w.routes)
		w.put(parcels)
		w.drain(ctx)
	})
	if err != nil {
		return Row{}, err
	}
	v := w.verdict(parcels)
	row := Row{
		Alarms: n, Service: service, Requests: v.Requests, Messages: v.Messages, Named: v.Shown, Counted: v.Counted,
		Last: w.last(began), Critical: v.First[parcels[critical].Change].Sub(began).Seconds(),
		Peak: float64(w.mapping.Peak()) / 1e6,
	}
	row.count(v)
	row.bill(w.mapping.Calls())
	return row, nil
}

// last is how many seconds after the beginning a request was accepted last.
func (w *world) last(began time.Time) float64 {
	var last time.Time
	for _, log := range [][]fake.Exchange{w.discord.Log(), w.slack.Log()} {
		for _, e := range log {
			if e.Message != "" && e.At.After(last) {
				last = e.At
			}
		}
	}
	return last.Sub(began).Seconds()
}

// count sorts what the judge complains of.
func (r *Row) count(v judge.Verdict) {
	for _, c := range v.Complaints {
		switch c.Kind {
		case judge.Lost:
			r.Lost++
		case judge.Left:
			r.Left++
		case judge.Twice:
			r.Twice++
		default:
			r.Wrong++
		}
		r.complaints = append(r.complaints, fmt.Sprintf("%s: %s", c.Kind, c.What))
	}
	r.Buried = v.Buried
}

// memoryGB is what a function of 128 MB is billed as; durations are rounded up to milliseconds.
// https://aws.amazon.com/lambda/pricing/
const memoryGB = 128.0 / 1024

func (r *Row) bill(calls []mapping.Call) {
	for _, c := range calls {
		r.Invocations++
		r.GBSeconds += math.Ceil(c.Took.Seconds()*1000) / 1000 * memoryGB
	}
}
