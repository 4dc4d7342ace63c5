//go:build linux

package main

import (
	"context"
	"fmt"
	"time"
)

const stormSize = 1000

// memoryRows measures the most memory that a relay has held after a storm: one that remembers
// everything itself, and one with a table.
func memoryRows(ctx context.Context, b *binaries) ([]Row, error) {
	event, err := batch(0, stormSize)
	if err != nil {
		return nil, err
	}
	alone, err := memoryRow(ctx, b, event, "memory of a batch of 1,000 alarms", false)
	if err != nil {
		return nil, err
	}
	withTable, err := memoryRow(ctx, b, event, "memory of a batch of 1,000 alarms with a table", true)
	return []Row{alone, withTable}, err
}

func memoryRow(ctx context.Context, b *binaries, event []byte, promise string, withTable bool) (Row, error) {
	d, err := plainDiscord(b.folder, 1)
	if err != nil {
		return Row{}, err
	}
	defer d.close()
	a := openAccount(d)
	defer a.close()
	relay := contender{b.relay, d.relay()}
	if withTable {
		relay.env = append(relay.env, a.env...)
	}
	f, err := relay.start(ctx)
	if err != nil {
		return Row{}, err
	}
	defer f.Stop()
	took, err := deliverTimed(ctx, f, event)
	if err != nil {
		return Row{}, err
	}
	peak, err := f.PeakMemory()
	if err != nil {
		return Row{}, err
	}
	return Row{
		Promise: promise, Measured: float64(peak) / 1e6, Limit: 64, Below: true, Unit: "MB",
		Detail: fmt.Sprintf("peak RSS; posts: %d, requests to the table: %d, in %.0f ms", len(d.posted()), len(a.table.Log()), in(time.Millisecond, took)),
	}, d.named(stormSize)
}
