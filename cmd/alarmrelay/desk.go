package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"alarmrelay/relay"
	"alarmrelay/relay/incident"
)

// desk is the real relay where time is what the events say: a sample that was
// written last year looks as it did when it came.
type desk struct {
	relay *relay.Relay
	notes notes
	clock *clock
}

// newDesk connects a relay to channels. A nil clock is the machine's own.
func newDesk(s setting, channels map[string]relay.Channel, n notes, at *clock) *desk {
	now := time.Now
	if at != nil {
		now = at.now
	}
	return &desk{
		relay: &relay.Relay{
			Rules: s.rules, Channels: channels, Store: incident.NewMemory(now), Measure: relay.NoMeasure{},
			Home: s.home, Now: now, Log: slog.New(n),
		},
		notes: n, clock: at,
	}
}

// handle hands one event to the relay, as Lambda would. It returns whether all
// of it was delivered; if not, the notes say why.
func (d *desk) handle(ctx context.Context, i input) (allWell bool) {
	if d.clock != nil {
		d.clock.set(i.arrival(time.Now()))
	}
	d.notes.meet(i)
	answer, err := d.relay.Handle(ctx, i.raw)
	batch, ok := answer.(relay.BatchResponse)
	return err == nil && (!ok || len(batch.Failures) == 0)
}

// forget makes the relay know nothing of what it has told.
func (d *desk) forget() { d.relay.Store = incident.NewMemory(d.relay.Now) }

// handleAll handles events each for itself: they are of any time, and somebody who gives one twice wants to see it twice. It goes
// on after one that fails.
func (d *desk) handleAll(ctx context.Context, inputs []input) (allWell bool) {
	allWell = true
	for _, i := range inputs {
		d.forget()
		allWell = d.handle(ctx, i) && allWell
	}
	return allWell
}

// clock is set to the time of each event. It may be read and set at once.
type clock struct{ nanos atomic.Int64 }

func newClock(at time.Time) *clock {
	c := new(clock)
	c.set(at)
	return c
}

func (c *clock) set(at time.Time) { c.nanos.Store(at.UnixNano()) }
func (c *clock) now() time.Time   { return time.Unix(0, c.nanos.Load()) }
