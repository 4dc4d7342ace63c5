//go:build linux

package main

import (
	"context"
	"fmt"
	"time"
)

const starts = 30

// startRows measures how long the functions take from being executed to their first
// request for an event. The relay has its webhook's address and a connection by then.
func startRows(ctx context.Context, b *binaries) ([]Row, error) {
	d, err := plainDiscord(b.folder)
	if err != nil {
		return nil, err
	}
	defer d.close()
	taken, err := repeat(starts, func(c contender) (time.Duration, error) { return c.startTime(ctx) },
		contender{b.relay, d.relay()}, contender{b.hello, nil})
	if err != nil {
		return nil, err
	}
	relay, hello := in(time.Millisecond, taken[0]), in(time.Millisecond, taken[1])
	return []Row{{
		Promise: "start, more than hello world", Measured: relay - hello, Limit: 4, Unit: "ms",
		Detail: fmt.Sprintf("relay %.2f ms, hello world %.2f ms", relay, hello),
	}}, nil
}

func (c contender) startTime(ctx context.Context) (time.Duration, error) {
	f, err := c.start(ctx)
	if err != nil {
		return 0, err
	}
	defer f.Stop()
	return f.Ready(ctx)
}
