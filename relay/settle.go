package relay

import (
	"errors"
	"fmt"
	"time"

	"alarmrelay/alert"
)

// settle answers for every message: what is done is deleted, the rest is visible
// again when its soonest destination may be tried.
func (c *call) settle() BatchResponse {
	response := BatchResponse{Failures: []BatchFailure{}}
	var postponed []Postponed
	now := c.Now()
	for _, p := range c.pieces {
		c.buryInTheDark(p)
		c.log(p)
		if p.isDone() {
			continue
		}
		if p.yielded { // visible again, if not in another's hands
			response.Failures = append(response.Failures, BatchFailure{p.message.ID})
			continue
		}
		delay := p.soonest(now, now.Add(c.Rules.Retry.Longest)).Sub(now)
		postponed = append(postponed, Postponed{*p.message, max(delay, 0)})
		if !p.drained {
			response.Failures = append(response.Failures, BatchFailure{p.message.ID})
		}
	}
	c.deleteDrained()
	if c.Queue != nil && len(postponed) > 0 {
		if err := c.Queue.Postpone(c.saving, postponed...); err != nil {
			// They come back when the queue's own time-out says so.
			c.Log.WarnContext(c.saving, "not postponed", "messages", len(postponed), "error", err)
		}
	}
	return response
}

// isDone reports whether nothing of a piece is to come back.
func (p *piece) isDone() bool {
	if p.broken != nil && p.fate != buried {
		return false
	}
	return p.isTold() && (p.records != nil || p.fate == buried)
}

// isTold reports whether nobody who is to be told of it waits any more.
func (p *piece) isTold() bool {
	for _, t := range p.tellings {
		if !t.isDone() {
			return false
		}
	}
	return true
}

// deleteDone deletes what is done so far. Lambda would do it in the end, if there is one.
func (c *call) deleteDone() {
	c.delete(func(*piece) bool { return true })
}

func (c *call) deleteDrained() {
	c.delete(func(p *piece) bool { return p.drained })
}

func (c *call) delete(which func(*piece) bool) {
	var done []alert.Message
	for _, p := range c.pieces {
		if p.isDone() && !p.done && which(p) {
			p.done = true
			done = append(done, *p.message)
		}
	}
	if c.Queue == nil || len(done) == 0 {
		return
	}
	if err := c.Queue.Delete(c.saving, done...); err != nil {
		// They come back, and are known then.
		c.Log.WarnContext(c.saving, "not deleted", "messages", len(done), "error", err)
	}
}

// failure is the answer for an event that came without a queue.
func (c *call) failure() error {
	var all []error
	for _, p := range c.pieces {
		c.log(p)
		all = append(all, p.broken)
		for _, t := range p.tellings {
			if t = t.last(); !t.isDone() {
				all = append(all, fmt.Errorf("deliver to %s: %w", t.delivery.Destination, t.why))
			}
		}
	}
	return errors.Join(all...)
}

// log writes one line for each alert and destination, and counts it.
func (c *call) log(p *piece) {
	for _, first := range p.tellings {
		t := first.last()
		fields := []any{"alert", t.alert.Key, "change", t.alert.Change, "destination", first.delivery.Destination}
		if t.delivery.Destination != first.delivery.Destination {
			fields = append(fields, "fallback", t.delivery.Destination)
		}
		fate := t.fate
		if fate == told && first.isCopyOf(t) {
			fate = known
		}
		switch fate {
		case silent: // logged when it was routed
		case told:
			c.Log.InfoContext(c.saving, "delivered", fields...)
		case known:
			c.Log.InfoContext(c.saving, "told before", fields...)
			c.count(t.delivery.Destination, func(d *Deliveries) { d.Duplicate++ })
		case buried:
			c.Log.ErrorContext(c.saving, "dead-lettered", append(fields, "error", t.why)...)
			c.count(t.delivery.Destination, func(d *Deliveries) { d.Failed++; d.DeadLettered++ })
		default:
			if t.fate == postponed && p.message != nil {
				fields = append(fields, "again", t.again.UTC().Format(time.RFC3339))
			}
			c.Log.ErrorContext(c.saving, "not delivered", append(fields, "error", t.why)...)
			c.count(t.delivery.Destination, func(d *Deliveries) { d.Failed++; d.Retried++ })
		}
	}
}
