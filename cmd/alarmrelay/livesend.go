package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/events"
)

// asked reads what somebody wants to send.
func asked(e page.Event) (i input, err error) {
	if e.Sample != "" {
		i.name = e.Sample
		i.raw, err = events.Read(e.Sample)
		return i, err
	}
	i = input{"your event", []byte(e.Text)}
	if err := broken(i.raw); err != nil {
		return i, err
	}
	for _, r := range alert.Parse(i.raw) {
		if r.Err != nil {
			return i, fmt.Errorf("%s: cannot be read: %w", i.name, r.Err)
		}
	}
	return i, nil
}

// jsonBegun is how JSON that holds something begins, unlike "[Alarm] disk full".
var jsonBegun = regexp.MustCompile(`^\s*(?:\{|\[\s*(?:[{\["\]]|$))`)

// broken says where a text that is meant to be JSON is none. AWS sends such a text as well, and the relay tells it as it is; who
// writes it here has made a mistake.
func broken(text []byte) error {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if !jsonBegun.Match(text) {
		return nil
	}
	wrong, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(text, new(any)))
	if !ok {
		return nil
	}
	line := 1 + bytes.Count(text[:min(max(wrong.Offset-1, 0), int64(len(text)))], []byte("\n"))
	return fmt.Errorf("no JSON: line %d: %w", line, wrong)
}

// arriving is an event that arrives now, as if it had just happened, with what it tells.
func (s setting) arriving(i input, now time.Time) (input, []alert.Record) {
	i = i.anew(now)
	records := alert.Parse(i.raw)
	s.home.Complete(records)
	return i, records
}

// Send implements [page.Show].
func (l *live) Send(ctx context.Context, e page.Event) (answer string, err error) {
	i, err := asked(e)
	if err != nil {
		return "", err
	}
	l.endStory()
	a := l.current()
	a.mu.Lock()
	s := a.setting
	a.mu.Unlock()
	now := a.clock.now()
	i, records := s.arriving(i, now)
	if err := a.again(ctx, records); err != nil {
		return "", err
	}
	order, err := a.send(ctx, i)
	switch {
	case err != nil:
		return "", err
	case order != nil:
		return string(mustJSON(order)), nil
	}
	return s.answer(i, records, now), nil
}

// answer says what an event is, and whom it tells or why nobody.
func (s setting) answer(i input, records []alert.Record, now time.Time) string {
	var places, silences []string
	skipped := ""
	for _, r := range records {
		if r.Skip != "" {
			skipped = r.Skip
			continue
		}
		routing := s.rules.Route(&r.Alert, now)
		for _, d := range routing.Deliveries {
			places = append(places, "#"+d.Destination)
		}
		if routing.Silence != "" {
			silences = append(silences, routing.Silence)
		}
	}
	places, silences = distinct(places), distinct(silences)
	switch {
	case len(places) > 0:
		return i.title() + " · to " + strings.Join(places, ", ")
	case len(silences) > 0:
		return i.title() + " · nobody is told: " + strings.Join(silences, "; ")
	}
	return "no news: " + skipped
}

// distinct are texts without those that were there before.
func distinct(texts []string) (kept []string) {
	for _, t := range texts {
		if !slices.Contains(kept, t) {
			kept = append(kept, t)
		}
	}
	return kept
}

// title is what an event tells, or else what it is called.
func (i input) title() string {
	if said := i.happening(); said != i.name {
		return said
	}
	for _, r := range alert.Parse(i.raw) {
		if r.Err == nil && r.Skip == "" && r.Alert.Name != "" {
			return r.Alert.Name
		}
	}
	return i.name
}

// maxPerSecond keeps a storm from being more than a machine can show.
const maxPerSecond = 1000

// Storm implements [page.Show].
func (l *live) Storm(alarms, perSecond int) error {
	switch {
	case alarms < 1 || alarms > maxStorm:
		return fmt.Errorf("a storm has 1 to %d alarms", maxStorm)
	case perSecond < 1 || perSecond > maxPerSecond:
		return fmt.Errorf("1 to %d alarms come in a second", maxPerSecond)
	}
	l.endStory()
	l.mu.Lock() // the act does not end before it knows of the storm
	defer l.mu.Unlock()
	a := l.act
	if a.queue.Len()+alarms > maxStorm {
		return errors.New("the queue still holds the last storm")
	}
	a.wait.Go(func() {
		began := time.Now()
		for i := range alarms {
			sleep(a.ctx, time.Until(began.Add(time.Duration(i)*time.Second/time.Duration(perSecond))))
			if a.ctx.Err() != nil {
				return
			}
			a.queue.Put(stormChange(i, a.clock.now(), alert.StateAlarm), nil)
			a.wake()
		}
	})
	return nil
}
