package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/incident"
)

var (
	errStore = errors.New("the store is in trouble")
	errQueue = errors.New("the queue is in trouble")
)

// cloudTakes is how long the way to AWS and back takes at most.
const cloudTakes = 10 * time.Millisecond

// wavering is the store as an instance of a virtual run sees it: it fails at times, before
// or after it has done what it was asked for.
type wavering struct {
	*life
	store incident.Store
}

// Read implements [incident.Store].
func (s wavering) Read(ctx context.Context, ids ...incident.ID) (items []incident.Item, err error) {
	fails := s.weather.chance(s.weather.o.store)
	over := s.through(ctx, cloudTakes, func() { items, err = s.store.Read(ctx, ids...) })
	if over != nil {
		return nil, over
	}
	if fails {
		s.weather.note("store: not read")
		err = errStore
	}
	if err != nil {
		s.note(placesOf(len(ids), func(i int) incident.ID { return ids[i] })...)
		return nil, err
	}
	return items, nil
}

// Write implements [incident.Store].
func (s wavering) Write(ctx context.Context, items ...*incident.Item) (stale []int, err error) {
	fails, done := s.weather.chance(s.weather.o.store), s.weather.n(2) == 0
	over := s.through(ctx, cloudTakes, func() {
		if !fails || done {
			stale, err = s.store.Write(ctx, items...)
		}
	})
	if over != nil {
		return nil, over
	}
	if fails {
		s.weather.note("store: write failed")
		err = errStore
	}
	if err != nil {
		s.note(placesOf(len(items), func(i int) incident.ID { return items[i].ID })...)
		return nil, err
	}
	return stale, nil
}

// Open implements [incident.Store].
func (s wavering) Open(ctx context.Context) (ids []incident.ID, err error) {
	if over := s.through(ctx, cloudTakes, func() { ids, err = s.store.Open(ctx) }); over != nil {
		return nil, over
	}
	return ids, err
}

func placesOf(n int, id func(int) incident.ID) (places []string) {
	for i := range n {
		if p := id(i).Destination; !slices.Contains(places, p) {
			places = append(places, p)
		}
	}
	return places
}

// queues are both queues as an instance of a virtual run sees them.
type queues struct {
	*life
	queue   relay.Queue
	letters relay.DeadLetters
}

// ask does something at a queue, which fails at times before or after it.
func (q queues) ask(ctx context.Context, do func() error) (err error) {
	fails, done := q.weather.chance(q.weather.o.queue), q.weather.n(2) == 0
	over := q.through(ctx, cloudTakes, func() {
		if !fails || done {
			err = do()
		}
	})
	switch {
	case over != nil:
		return over
	case fails:
		q.weather.note("queue: failed")
		return errQueue
	}
	return err
}

// Receive implements [relay.Queue].
func (q queues) Receive(ctx context.Context) (messages []alert.Message, err error) {
	if q.doom != nil { // many ask at once, and none of them is a step
		return q.queue.Receive(ctx)
	}
	err = q.ask(ctx, func() (err error) { messages, err = q.queue.Receive(ctx); return err })
	if err != nil {
		return nil, err
	}
	return messages, nil
}

// Delete implements [relay.Queue].
func (q queues) Delete(ctx context.Context, messages ...alert.Message) error {
	return q.ask(ctx, func() error { return q.queue.Delete(ctx, messages...) })
}

// Postpone implements [relay.Queue].
func (q queues) Postpone(ctx context.Context, messages ...relay.Postponed) error {
	return q.ask(ctx, func() error { return q.queue.Postpone(ctx, messages...) })
}

// Send implements [relay.Queue].
func (q queues) Send(ctx context.Context, body string) error {
	return q.ask(ctx, func() error { return q.queue.Send(ctx, body) })
}

// Add implements [relay.DeadLetters].
func (q queues) Add(ctx context.Context, l relay.DeadLetter) error {
	err := q.ask(ctx, func() error { return q.letters.Add(ctx, l) })
	if err != nil {
		q.noteLetter(l.Destination)
	}
	return err
}
