package relay

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

// deliver serves the destinations side by side, so that a slow one holds up
// nobody else's alerts. Within one destination the order is kept.
func (r *Relay) deliver(ctx context.Context, told []*telling) {
	var wait sync.WaitGroup
	for _, letters := range byDestination(told) {
		wait.Go(func() {
			for _, l := range letters {
				r.send(ctx, l)
			}
		})
	}
	wait.Wait()
}

// letter is what one destination is told in one voice.
type letter struct {
	destination string
	voice       rule.Voice
	insteadOf   string // the destination that is dead
	tellings    []*telling
}

// byDestination groups the tellings, keeping their order.
func byDestination(told []*telling) [][]*letter {
	type address struct {
		destination string
		voice       rule.Voice
	}
	letters := make(map[address]*letter)
	place := make(map[string]int)
	var out [][]*letter
	for _, t := range told {
		a := address{t.delivery.Destination, t.delivery.Voice}
		l, ok := letters[a]
		if !ok {
			l = &letter{destination: a.destination, voice: a.voice}
			letters[a] = l
			i, ok := place[a.destination]
			if !ok {
				i = len(out)
				place[a.destination] = i
				out = append(out, nil)
			}
			out[i] = append(out[i], l)
		}
		l.tellings = append(l.tellings, t)
	}
	return out
}

// send tells one letter, and what a dead webhook could not take to the destination's fallback.
func (r *Relay) send(ctx context.Context, l *letter) {
	r.post(ctx, l)
	var redirected []*telling
	for _, t := range l.tellings {
		dead := (*DeadError)(nil)
		if !errors.As(t.outcome, &dead) {
			continue
		}
		if other, ok := r.Rules.Fallback(t.delivery); ok {
			r.Log.ErrorContext(ctx, "redirected", "alert", t.alert.Key, "destination", l.destination, "fallback", other.Destination, "error", t.outcome)
			t.delivery = other
			redirected = append(redirected, t)
		}
	}
	for _, letters := range byDestination(redirected) {
		for _, other := range letters {
			other.insteadOf = l.destination
			r.send(ctx, other)
		}
	}
}

// post formats a letter and posts it, message by message. When the service is
// in trouble the rest is not tried: it would meet the same.
func (r *Relay) post(ctx context.Context, l *letter) {
	channel, ok := r.Channels[l.destination]
	if !ok {
		l.end(fmt.Errorf("destination %s is not connected", l.destination))
		return
	}
	for _, m := range r.format(channel.Service(), l) {
		if ctx.Err() != nil {
			return
		}
		_, err := channel.Post(ctx, m)
		if refused := (*RefusedError)(nil); errors.As(err, &refused) && len(m.Items) > 1 {
			r.postAlone(ctx, l, m.Items)
			continue
		}
		for _, i := range m.Items {
			l.tellings[i].outcome = err
		}
		if inTrouble(err) {
			l.giveUp(err)
			return
		}
	}
}

// postAlone finds out which alert of a refused message the service does not like.
func (r *Relay) postAlone(ctx context.Context, l *letter, items []int) {
	for _, i := range items {
		alone := &letter{destination: l.destination, voice: l.voice, insteadOf: l.insteadOf, tellings: l.tellings[i : i+1]}
		r.post(ctx, alone)
	}
}

// inTrouble reports whether the next message would fail like this one.
func inTrouble(err error) bool {
	refused := (*RefusedError)(nil)
	return err != nil && !errors.As(err, &refused)
}

// giveUp marks what was not tried because of err.
func (l *letter) giveUp(err error) {
	for _, t := range l.tellings {
		if errors.Is(t.outcome, errNotTried) {
			t.outcome = err
		}
	}
}

func (l *letter) end(err error) {
	for _, t := range l.tellings {
		t.outcome = err
	}
}

func (r *Relay) format(service formatter.Service, l *letter) []formatter.Message {
	notice := formatter.Notice{Arrived: r.Now(), InsteadOf: l.insteadOf}
	for _, t := range l.tellings {
		notice.Items = append(notice.Items, formatter.Item{Alert: t.alert, Mentions: t.delivery.Mentions})
	}
	return Format(service, notice, r.Rules.Style(l.destination, l.voice))
}

// Format says a notice in the service's form.
func Format(service formatter.Service, n formatter.Notice, s formatter.Style) []formatter.Message {
	if service == formatter.ServiceSlack {
		return formatter.Slack(n, s)
	}
	return formatter.Discord(n, s)
}
