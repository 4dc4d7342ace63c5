//go:build linux

package main

import (
	"context"
	"fmt"
	"time"
)

const firsts = 15

// firstRows measures the first alarm of an instance that has only the CPU of a
// function with 128 MB once its init is over.
func firstRows(ctx context.Context, b *binaries) ([]Row, error) {
	d, err := tlsDiscord(b.folder, 1)
	if err != nil {
		return nil, err
	}
	defer d.close()
	a := openAccount(d)
	defer a.close()
	event, err := batch(0, 1)
	if err != nil {
		return nil, err
	}
	message, err := d.message(ctx, b, event)
	if err != nil {
		return nil, err
	}
	taken, err := repeat(firsts, func(c contender) (time.Duration, error) {
		a.forget()
		return c.firstTime(ctx, event)
	}, contender{b.relay, d.relay()}, contender{b.relay, append(d.relay(), a.env...)}, contender{b.fixed, d.fixed(message)})
	if err != nil {
		return nil, err
	}
	fixed := taken[2]
	row := func(promise string, relay time.Duration) Row {
		return Row{
			Promise: promise, Measured: float64(relay) / float64(fixed), Limit: 1, Below: true,
			Detail: fmt.Sprintf("relay %.0f ms, fixed message %.0f ms", in(time.Millisecond, relay), in(time.Millisecond, fixed)),
		}
	}
	return []Row{
		row("first alarm at 128 MB beside a fixed message", taken[0]),
		row("first alarm with a table at 128 MB beside a fixed message", taken[1]),
	}, nil
}

func (c contender) firstTime(ctx context.Context, event []byte) (time.Duration, error) {
	f, err := c.start(ctx)
	if err != nil {
		return 0, err
	}
	defer f.Stop()
	if _, err := f.Ready(ctx); err != nil {
		return 0, err
	}
	limit, err := limitCPU(f.PID(), share128MB)
	if err != nil {
		return 0, err
	}
	defer limit.lift()
	limit.settle()
	return deliverTimed(ctx, f, event)
}
