//go:build linux

package main

import (
	"context"
	"fmt"
	"time"
)

const (
	warmRounds = 15
	notWarmYet = 20 // invocations of an instance that don't count
	warmRound  = 60 // invocations that do
)

// warmRows measures the CPU time that an alarm takes when everything is ready.
func warmRows(ctx context.Context, b *binaries) ([]Row, error) {
	d, err := tlsDiscord(b.folder)
	if err != nil {
		return nil, err
	}
	defer d.close()
	events, err := singles(notWarmYet + warmRound)
	if err != nil {
		return nil, err
	}
	message, err := d.message(ctx, b, events[0])
	if err != nil {
		return nil, err
	}
	// Each round has instances of its own: one that finds a rhythm with its threads keeps it.
	cpu, err := repeat(warmRounds, func(c contender) (time.Duration, error) { return c.warmCPU(ctx, events) },
		contender{b.relay, d.relay()}, contender{b.fixed, d.fixed(message)})
	if err != nil {
		return nil, err
	}
	return []Row{{
		Promise: "CPU of a warm alarm beside a fixed message", Measured: float64(cpu[0]) / float64(cpu[1]), Limit: 1.5,
		Detail: fmt.Sprintf("relay %.0f µs, fixed message %.0f µs", in(time.Microsecond, cpu[0]), in(time.Microsecond, cpu[1])),
	}}, nil
}

// warmCPU returns the CPU time of one invocation of a new instance that has had some.
func (c contender) warmCPU(ctx context.Context, events [][]byte) (time.Duration, error) {
	f, err := c.start(ctx)
	if err != nil {
		return 0, err
	}
	defer f.Stop()
	for _, event := range events[:notWarmYet] {
		if err := deliver(ctx, f, event); err != nil {
			return 0, err
		}
	}
	before, err := cpuTime(f.PID())
	if err != nil {
		return 0, err
	}
	for _, event := range events[notWarmYet:] {
		if err := deliver(ctx, f, event); err != nil {
			return 0, err
		}
	}
	after, err := cpuTime(f.PID())
	return (after - before) / time.Duration(len(events)-notWarmYet), err
}
