package relay

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"

	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

// deliver serves the destinations side by side, so that a slow one holds up
// nobody else's alerts. Within one destination, what is said about an alert
// keeps its order.
func (r *Relay) deliver(ctx context.Context, told []*telling) {
	book := newPlaces(told)
	var wait sync.WaitGroup
	for _, letters := range byDestination(told) {
		wait.Go(func() {
			for _, l := range letters {
				r.send(ctx, l, book)
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

// byDestination makes the letters of each destination, in order.
func byDestination(told []*telling) [][]*letter {
	place := make(map[string]int)
	var out [][]*letter
	for _, t := range told {
		i, ok := place[t.delivery.Destination]
		if !ok {
			i = len(out)
			place[t.delivery.Destination] = i
			out = append(out, nil)
		}
		out[i] = add(out[i], t)
	}
	return out
}

// add puts t into the letter that has its voice, unless a later one speaks of the
// same alert already: an OK must not be told before its ALARM.
func add(letters []*letter, t *telling) []*letter {
	for _, l := range slices.Backward(letters) {
		if l.voice == t.delivery.Voice {
			l.tellings = append(l.tellings, t)
			return letters
		}
		if slices.ContainsFunc(l.tellings, func(earlier *telling) bool { return earlier.alert.Key == t.alert.Key }) {
			break
		}
	}
	return append(letters, &letter{destination: t.delivery.Destination, voice: t.delivery.Voice, tellings: []*telling{t}})
}

// send tells one letter, and what a dead webhook could not take to the destination's fallback.
func (r *Relay) send(ctx context.Context, l *letter, book *places) {
	_ = r.post(ctx, l) // each telling has its outcome
	for _, letters := range byDestination(r.redirect(ctx, l, book)) {
		for _, other := range letters {
			other.insteadOf = l.destination
			r.send(ctx, other, book)
		}
	}
}

// post formats a letter and posts it, message by message. When the service is
// in trouble it returns that and does not try the rest, which would meet the same.
func (r *Relay) post(ctx context.Context, l *letter) (trouble error) {
	channel, ok := r.Channels[l.destination]
	if !ok {
		trouble = fmt.Errorf("destination %s is not connected", l.destination)
		l.giveUp(trouble)
		return trouble
	}
	messages, err := r.format(ctx, channel, l)
	if err != nil {
		return r.postAlone(ctx, l, every(l.tellings), err)
	}
	for _, m := range messages {
		if ctx.Err() != nil {
			return nil
		}
		err := r.safely(ctx, "post", func() error {
			_, err := channel.Post(ctx, m)
			return err
		})
		if refused := (*RefusedError)(nil); errors.As(err, &refused) {
			err = r.postAlone(ctx, l, m.Items, err)
		} else {
			l.end(m.Items, err)
		}
		if err != nil {
			l.giveUp(err)
			return err
		}
	}
	return nil
}

// postAlone finds out which alert of a letter the service, or the formatter, does not
// like: that one's outcome is why. It returns what trouble the service is in.
func (r *Relay) postAlone(ctx context.Context, l *letter, items []int, why error) (trouble error) {
	if len(items) == 1 {
		l.end(items, why)
		return nil
	}
	for _, i := range items {
		alone := &letter{destination: l.destination, voice: l.voice, insteadOf: l.insteadOf, tellings: l.tellings[i : i+1]}
		if trouble = r.post(ctx, alone); trouble != nil {
			return trouble
		}
	}
	return nil
}

func every(tellings []*telling) []int {
	items := make([]int, len(tellings))
	for i := range items {
		items[i] = i
	}
	return items
}

// safely makes an error of a panic: a bug that one alert runs into must not end
// the process, and with it what others are being told.
func (r *Relay) safely(ctx context.Context, doing string, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			// The value itself may quote what was being said; the stack holds no text.
			r.Log.ErrorContext(ctx, "panic", "doing", doing, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = fmt.Errorf("%s: panic, see the log", doing)
		}
	}()
	return do()
}

// giveUp marks what was not tried because of err.
func (l *letter) giveUp(err error) {
	for _, t := range l.tellings {
		if errors.Is(t.outcome, errNotTried) {
			t.outcome = err
		}
	}
}

// end notes what became of some of the tellings.
func (l *letter) end(items []int, err error) {
	for _, i := range items {
		l.tellings[i].outcome = err
	}
}

func (r *Relay) format(ctx context.Context, channel Channel, l *letter) (messages []formatter.Message, err error) {
	notice := formatter.Notice{Arrived: r.Now(), InsteadOf: l.insteadOf}
	for _, t := range l.tellings {
		notice.Items = append(notice.Items, formatter.Item{Alert: t.alert, Mentions: t.delivery.Mentions})
	}
	err = r.safely(ctx, "format", func() error {
		messages = Format(channel.Service(), notice, r.Rules.Style(l.destination, l.voice))
		return nil
	})
	return messages, err
}

// Format says a notice in the service's form.
func Format(service formatter.Service, n formatter.Notice, s formatter.Style) []formatter.Message {
	if service == formatter.ServiceSlack {
		return formatter.Slack(n, s)
	}
	return formatter.Discord(n, s)
}
