//go:build linux

package main

import (
	"context"
	"fmt"
	"time"
)

const starts = 30

// startRows measures how long the functions take from being executed to their first
// request for an event. The relay has its webhook's address and a connection by then, and has
// read its table once, if it has one.
func startRows(ctx context.Context, b *binaries) ([]Row, error) {
	d, err := plainDiscord(b.folder, 1)
	if err != nil {
		return nil, err
	}
	defer d.close()
	a := openAccount(d)
	defer a.close()
	taken, err := repeat(starts, func(c contender) (time.Duration, error) { return c.startTime(ctx) },
		contender{b.relay, d.relay()}, contender{b.relay, append(d.relay(), a.env...)}, contender{b.hello, nil})
	if err != nil {
		return nil, err
	}
	if n := a.table.Requests()["BatchGetItem"]; n != warmUps+starts {
		return nil, fmt.Errorf("the table was read %d times in %d starts", n, warmUps+starts)
	}
	if err := a.wellAsked(); err != nil {
		return nil, err
	}
	hello := taken[2]
	row := func(promise string, relay time.Duration) Row {
		return Row{
			Promise: promise, Measured: in(time.Millisecond, relay-hello), Limit: 6, Unit: "ms",
			Detail: fmt.Sprintf("relay %.2f ms, hello world %.2f ms", in(time.Millisecond, relay), in(time.Millisecond, hello)),
		}
	}
	return []Row{
		row("start, more than hello world", taken[0]),
		row("start with a table and queues, more than hello world", taken[1]),
	}, nil
}

func (c contender) startTime(ctx context.Context) (time.Duration, error) {
	f, err := c.start(ctx)
	if err != nil {
		return 0, err
	}
	defer f.Stop()
	return f.Ready(ctx)
}
