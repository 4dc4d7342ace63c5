package relay

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// bury puts what this destination cannot be told into the dead-letter queue, one letter
// for a message of the queue, and notes that it lies there.
func (s *session) bury() {
	var lost []*telling
	for _, t := range s.tellings {
		switch {
		case t.same != nil, t.fate != hopeless && t.fate != dead:
		case t.held != "":
			t.end(silent, nil) // only a message that is there already would have been changed
		case s.DeadLetters == nil || t.piece.message == nil:
			t.postpone(s.Now().Add(s.Rules.Retry.Longest), t.why)
		default:
			lost = append(lost, t)
		}
	}
	failed := s.addLetters(lost)
	for _, t := range lost {
		if err := failed[t.piece]; err != nil {
			s.Log.ErrorContext(s.saving, "not dead-lettered", "alert", t.alert.Key, "destination", s.name, "error", err)
			t.postpone(s.Now().Add(s.Rules.Retry.First), t.why)
			continue
		}
		t.fate = buried
		s.incidents[t.id()].Is.Bury(t.alert.Change)
		s.changed[t.id()] = true
	}
}

// writers put dead letters into their queue side by side.
const writers = 8

// addLetters returns the messages whose letters could not be kept.
func (s *session) addLetters(lost []*telling) map[*piece]error {
	failed := map[*piece]error{}
	var mu sync.Mutex
	var wait sync.WaitGroup
	free := make(chan struct{}, writers)
	written := map[*piece]bool{}
	for _, t := range lost {
		if written[t.piece] {
			continue
		}
		written[t.piece] = true
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			if err := s.addLetter(s.burying, t.piece, s.name, t.why); err != nil {
				mu.Lock()
				failed[t.piece] = err
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	return failed
}

func (c *call) addLetter(ctx context.Context, p *piece, destination string, why error) error {
	now := c.Now()
	first := p.message.SentAt
	if first.IsZero() {
		first = now
	}
	err := c.DeadLetters.Add(ctx, DeadLetter{
		Body: p.message.Body, Destination: destination, Reason: why.Error(), First: first, Last: now,
		Attempts: p.receives(), Attributes: p.message.Attributes,
	})
	return wrap("put into the dead-letter queue", err)
}

// buryBroken buries what nothing can be read from, when nothing else of its message has to come back: it
// would be buried again each time.
func (c *call) buryBroken(pieces []*piece) {
	for _, p := range pieces {
		switch {
		case p.broken == nil, !p.isTold():
			continue
		case c.DeadLetters == nil || p.message == nil:
			p.fate = hopeless
			continue
		}
		p.fate = buried
		if err := c.addLetter(c.burying, p, "", fmt.Errorf("cannot be read: %w", p.broken)); err != nil {
			c.Log.ErrorContext(c.saving, "not dead-lettered", "record", p.message.ID, "error", err)
			p.fate = hopeless
		}
	}
}

// triesInTheDark is how often a message that is partly delivered is tried again while nobody remembers which part.
const triesInTheDark = 3

// buryInTheDark ends a message that was told to some for whom the store failed: with every further
// try those would be told again.
func (c *call) buryInTheDark(p *piece) {
	if c.DeadLetters == nil || p.message == nil || p.message.Receives < triesInTheDark || !c.isToldInTheDark(p) {
		return
	}
	for _, t := range p.tellings {
		if t.isDone() {
			continue
		}
		t = t.last()
		why := fmt.Errorf("told to others, and the store is down: %w", t.why)
		if err := c.addLetter(c.saving, p, t.delivery.Destination, why); err != nil {
			c.Log.ErrorContext(c.saving, "not dead-lettered", "alert", t.alert.Key, "error", err)
			continue
		}
		t.end(buried, why)
	}
}

func (c *call) isToldInTheDark(p *piece) bool {
	for _, t := range p.tellings {
		if t = t.last(); t.fate == told && c.dark[t.delivery.Destination] {
			return true
		}
	}
	return false
}

// soonest returns when the first of what is left of a message may be tried again.
func (p *piece) soonest(now, longest time.Time) time.Time {
	if p.fate == hopeless {
		return longest
	}
	again := longest
	for _, t := range p.tellings {
		switch t = t.last(); {
		case t.isDone():
		case t.fate == pending:
			return now
		case t.again.Before(again):
			again = t.again
		}
	}
	return again
}
