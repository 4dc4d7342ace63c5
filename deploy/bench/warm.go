//go:build linux

package main

import (
	"context"
	"fmt"
	"time"

	"alarmrelay/deploy/runtimeapi"
)

const (
	warmRounds = 15
	notWarmYet = 20 // invocations of an instance that don't count
	warmRound  = 60 // invocations that do
)

// warmth is what the warm functions are given, and what they are compared with.
type warmth struct {
	discord *discord
	account *account
	events  [][]byte
	fixed   contender
}

// warmRows measures the CPU time that an alarm takes when everything is ready, and what it asks of the table.
func warmRows(ctx context.Context, b *binaries) ([]Row, error) {
	d, err := tlsDiscord(b.folder, notWarmYet+warmRound)
	if err != nil {
		return nil, err
	}
	defer d.close()
	a := openAccount(d)
	defer a.close()
	events, err := singles(notWarmYet + warmRound)
	if err != nil {
		return nil, err
	}
	message, err := d.message(ctx, b, events[0])
	if err != nil {
		return nil, err
	}
	w := warmth{d, a, events, contender{b.fixed, d.fixed(message)}}
	alone, err := w.row(ctx, contender{b.relay, d.relay()}, "CPU of a warm alarm beside a fixed message", 1.5)
	if err != nil {
		return nil, err
	}
	// Five requests: one to Discord, four to the table.
	withTable := contender{b.relay, append(d.relay(), a.env...)}
	beside, err := w.row(ctx, withTable, "CPU of a warm alarm with a table beside a fixed message", 5)
	if err != nil {
		return nil, err
	}
	asked, err := w.asked(ctx, withTable)
	return []Row{alone, beside, tableRow(asked, len(events))}, err
}

// row compares a relay with the fixed message. Each round has instances of its own: one that finds a
// rhythm with its threads keeps it.
func (w *warmth) row(ctx context.Context, relay contender, promise string, limit float64) (Row, error) {
	var own, others []time.Duration
	var ratios []float64
	for range warmRounds {
		w.account.forget()
		before := len(w.discord.posted())
		cpu, err := warmCPU(ctx, w.events, relay, w.fixed)
		if err != nil {
			return Row{}, err
		}
		if posted := len(w.discord.posted()) - before; posted != 2*len(w.events) {
			return Row{}, fmt.Errorf("%d alarms and as many fixed messages became %d messages", len(w.events), posted)
		}
		own, others = append(own, cpu[0]), append(others, cpu[1])
		ratios = append(ratios, float64(cpu[0])/float64(cpu[1]))
	}
	return Row{
		Promise: promise, Measured: median(ratios), Limit: limit,
		Detail: fmt.Sprintf("relay %.0f µs, fixed message %.0f µs", in(time.Microsecond, median(own)), in(time.Microsecond, median(others))),
	}, nil
}

// warmCPU returns the CPU time of one invocation of new instances that have had some. They take
// turns with each event, so that what disturbs the machine disturbs all of them.
func warmCPU(ctx context.Context, events [][]byte, contenders ...contender) ([]time.Duration, error) {
	functions := make([]*runtimeapi.Function, len(contenders))
	for i, c := range contenders {
		f, err := c.start(ctx)
		if err != nil {
			return nil, err
		}
		defer f.Stop()
		functions[i] = f
	}
	if err := deliverAll(ctx, events[:notWarmYet], functions...); err != nil {
		return nil, err
	}
	before, err := cpuTimes(functions)
	if err != nil {
		return nil, err
	}
	if err := deliverAll(ctx, events[notWarmYet:], functions...); err != nil {
		return nil, err
	}
	each, err := cpuTimes(functions)
	for i := range each {
		each[i] = (each[i] - before[i]) / time.Duration(len(events)-notWarmYet)
	}
	return each, err
}

func cpuTimes(functions []*runtimeapi.Function) ([]time.Duration, error) {
	times := make([]time.Duration, len(functions))
	for i, f := range functions {
		t, err := cpuTime(f.PID())
		if err != nil {
			return nil, err
		}
		times[i] = t
	}
	return times, nil
}

func deliverAll(ctx context.Context, events [][]byte, functions ...*runtimeapi.Function) error {
	for _, event := range events {
		for _, f := range functions {
			if err := deliver(ctx, f, event); err != nil {
				return err
			}
		}
	}
	return nil
}

// asked returns what the events make a relay ask of its table, without what its init does.
func (w *warmth) asked(ctx context.Context, relay contender) (map[string]int, error) {
	w.account.forget()
	f, err := relay.start(ctx)
	if err != nil {
		return nil, err
	}
	defer f.Stop()
	if _, err := f.Ready(ctx); err != nil {
		return nil, err
	}
	before := w.account.table.Requests()
	err = deliverAll(ctx, w.events, f)
	return w.account.askedSince(before), err
}

// tableRow says how many requests an alarm costs: one read, one write that takes the destination's
// lease, and two that save the outcome and let go of the lease.
func tableRow(asked map[string]int, alarms int) Row {
	all := 0
	for _, n := range asked {
		all += n
	}
	each := func(operation string) float64 { return float64(asked[operation]) / float64(alarms) }
	return Row{
		Promise: "requests to the table for a warm alarm", Measured: float64(all) / float64(alarms), Limit: 6, Unit: "requests", Steady: true,
		Detail: fmt.Sprintf("%.4g BatchGetItem, %.4g PutItem", each("BatchGetItem"), each("PutItem")),
	}
}
