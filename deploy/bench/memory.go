//go:build linux

package main

import (
	"context"
	"fmt"
	"time"
)

// memoryRows measures the most memory that a relay has held after a storm.
func memoryRows(ctx context.Context, b *binaries) ([]Row, error) {
	d, err := plainDiscord(b.folder)
	if err != nil {
		return nil, err
	}
	defer d.close()
	event, err := batch(0, 1000)
	if err != nil {
		return nil, err
	}
	f, err := contender{b.relay, d.relay()}.start(ctx)
	if err != nil {
		return nil, err
	}
	defer f.Stop()
	took, err := deliverTimed(ctx, f, event)
	if err != nil {
		return nil, err
	}
	peak, err := peakMemory(f.PID())
	if err != nil {
		return nil, err
	}
	return []Row{{
		Promise: "memory of a batch of 1,000 alarms", Measured: float64(peak) / 1e6, Limit: 64, Below: true, Unit: "MB",
		Detail: fmt.Sprintf("peak RSS; %d requests in %.0f ms", len(d.service.Log()), in(time.Millisecond, took)),
	}}, nil
}
