package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
)

const discordOnly = `
destinations: {ops: {discord: "env:OPS"}}
rules: [{to: [ops]}]
`

// deploy puts the relay itself behind the function's name, and returns it with the channel that it posts to.
func (p *postOffice) deploy(t *testing.T) (*desk, *tray) {
	t.Helper()
	s := setting{rules: parsed(t, discordOnly), home: sampleHome}
	written := newTray(s.rules, newClock(time.Now()))
	d := newDesk(s, written.channels(), newNotes(t.Output(), false), nil)
	d.forget()
	p.lambda.Add("alarmrelay", 30*time.Second, func(ctx context.Context, payload []byte) ([]byte, error) {
		answer, err := d.relay.Handle(ctx, payload)
		if err != nil {
			return nil, err
		}
		return json.Marshal(answer)
	}, "live")
	return d, written
}

// shows is what the messages begin with, and which of them name mina.
func (t *tray) shows() (said []string) {
	for _, p := range t.posts["ops"] {
		seen, err := reader{zone: time.UTC}.payload(formatter.ServiceDiscord, p)
		line := seen.headline()
		if err != nil || strings.Contains(string(mustJSON(p.latest().Payload)), "mina") {
			line += " (mina)"
		}
		said = append(said, line)
	}
	return said
}

func TestTheRelayDoesAsItIsOrdered(t *testing.T) {
	inOffice(t, func(t *testing.T, p *postOffice) {
		d, written := p.deploy(t)
		time.Sleep(time.Hour) // of the bubble
		fire := func(n int) {
			if !d.handle(t.Context(), input{"storm", inBatch("storm", stormAlarms(n+1, time.Now())[n:], time.Now())}) {
				t.Error("an alarm was not told")
			}
		}
		var told []carried
		order := func(args ...string) { told = append(told, p.orders(t, args...)) }

		fire(0)
		order("ack", "prod-checkout-*")
		order("ack", "prod-orders-errors")
		order("mute", "prod-orders-*", "--for", "2h", "--why", "moving it")
		fire(1)
		order("mute", "--list")
		muted := slices.Clone(written.shows())
		order("unmute", "*")
		order("unmute", "*")

		wantTold := []carried{
			{Out: "✓ mina takes care of prod-checkout-errors, which fired 2000-01-01 00:59 (7 seconds ago) and is shown at ops\n"},
			{exitFailure, "", "alarmrelay ack: no open incident matches prod-orders-errors: did you mean prod-checkout-errors?\n"},
			{Out: "✓ prod-orders-* is muted until 2000-01-01 03:00 (in 2 hours). What still fires then is told then; alarmrelay unmute ends it before.\n"},
			{Out: "prod-orders-*  until 2000-01-01 03:00 (in 2 hours)\n  moving it, says mina\n"},
			{Out: "✓ prod-orders-* is no longer muted; it was, until 2000-01-01 03:00 (in 2 hours): moving it, says mina\n"},
			{exitFailure, "", "alarmrelay unmute: no mute is made for *: nothing is muted by order\n"},
		}
		if diff := cmp.Diff(wantTold, told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		const checkout, orders = "🔴 ALARM prod-checkout-errors (mina)", "🔴 ALARM prod-orders-errors"
		if diff := cmp.Diff([]string{checkout}, muted); diff != "" {
			t.Errorf("shown while the other was muted (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{checkout, orders}, written.shows()); diff != "" {
			t.Errorf("shown after that (-want +got):\n%s", diff)
		}
	})
}
