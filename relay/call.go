package relay

import (
	"context"
	"errors"
	"sync"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay/rule"
)

const (
	// reserve is kept of an invocation's time for saving and answering, or a quarter where that is less: a
	// function that is killed in mid-post does not know what it has said.
	reserve = 2500 * time.Millisecond
	// answering is what of the reserve is left when everything is saved, or a third.
	answering = 500 * time.Millisecond
	// starting is what a request may take: five seconds.
	starting = 5 * time.Second
)

// call is one invocation: its time, its messages and what became of them.
type call struct {
	*Relay
	work    context.Context // ends while there is time to save
	burying context.Context // for dead letters; ends between work and saving
	saving  context.Context // ends while there is time to answer
	time    time.Duration   // that work has; 0 for no end
	cancel  func()
	pieces  []*piece
	mu      sync.Mutex
	counts  Counts
	gallery gallery
	touches map[string][]postponedTouch // messages to be written anew in the end, by destination
	dark    map[string]bool             // destinations for which the store failed: what is told there is not remembered
}

// piece is what stands or falls together: a message of the queue, or a whole event.
type piece struct {
	message  *alert.Message // nil for an event that came without a queue
	drained  bool           // fetched by ourselves: no answer to Lambda names it
	records  []alert.Record
	tellings []*telling
	broken   error // nothing of it can be read
	fate     fate  // of what is broken
	done     bool  // deleted already
	yielded  bool  // left to the invocation that gathers the storm
	ticked   bool  // the next tick finds it again
}

// comesBack reports whether somebody brings it again when it can't be told now.
func (p *piece) comesBack() bool { return p.message != nil || p.ticked }

func (r *Relay) begin(ctx context.Context) *call {
	c := &call{Relay: r, dark: map[string]bool{}, counts: Counts{Destinations: map[string]*Deliveries{}}}
	deadline, ok := ctx.Deadline()
	if !ok {
		c.work, c.cancel = context.WithCancel(ctx)
		c.burying, c.saving = ctx, ctx
		return c
	}
	left := time.Until(deadline)
	kept := min(reserve, left/4)
	var end [3]context.CancelFunc
	c.saving, end[0] = context.WithDeadline(ctx, deadline.Add(-min(answering, kept/3)))
	c.burying, end[1] = context.WithDeadline(ctx, deadline.Add(-kept*2/3))
	c.work, end[2] = context.WithDeadline(ctx, deadline.Add(-kept))
	c.time = left - kept
	c.cancel = func() { end[2](); end[1](); end[0]() }
	return c
}

func (c *call) end() {
	c.cancel()
	c.Measure.Report(c.counts)
}

// mayBegin reports whether there is time for another request.
func (c *call) mayBegin() bool {
	deadline, ok := c.work.Deadline()
	return c.work.Err() == nil && (!ok || time.Until(deadline) >= c.least())
}

// least is the time without which no request is begun: a third of all where there is little.
func (c *call) least() time.Duration { return min(starting, c.time/3) }

// until returns when the invocation ends, which is when its leases do; a minute where nothing says so.
func (c *call) until() time.Time {
	deadline, ok := c.saving.Deadline()
	if !ok {
		return c.Now().Add(time.Minute)
	}
	return c.Now().Add(time.Until(deadline) + answering + clockSkew)
}

// sleep waits for d, or returns ctx's error when that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// clockSkew is how far the clocks of two instances may be apart.
const clockSkew = 2 * time.Second

// count changes what is counted of a destination.
func (c *call) count(destination string, change func(*Deliveries)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.counts.Destinations[destination]
	if d == nil {
		d = new(Deliveries)
		c.counts.Destinations[destination] = d
	}
	change(d)
}

// parse reads an event that came without a queue.
func (c *call) parse(event []byte) []*piece {
	p := &piece{records: alert.Parse(event)}
	c.pieces = append(c.pieces, p)
	return []*piece{p}
}

// admit makes pieces of the queue's messages. They are read when their turn comes.
func (c *call) admit(messages []alert.Message) []*piece {
	var pieces []*piece
	for i := range messages {
		pieces = append(pieces, &piece{message: &messages[i]})
	}
	c.pieces = append(c.pieces, pieces...)
	return pieces
}

// tell reads the pieces, routes their alerts and delivers them.
func (c *call) tell(pieces []*piece) {
	var told []*telling
	for _, p := range pieces {
		if err := c.safely("read", func() error { c.read(p); return nil }); err != nil {
			p.broken, p.tellings = err, nil
		}
		told = append(told, p.tellings...)
	}
	c.deliver(told)
	c.addLateGraphs()
	c.touchUp()
	c.buryBroken(pieces)
}

// read makes alerts of a piece, and finds out who is to be told.
func (c *call) read(p *piece) {
	if p.message != nil {
		p.records = p.message.Parse()
	}
	c.Home.Complete(p.records)
	c.route(p)
}

// route finds out who is to be told what. Alerts that nobody is told are logged with the reason.
func (c *call) route(p *piece) {
	for i := range p.records {
		record := &p.records[i]
		switch {
		case record.Err != nil:
			c.Log.ErrorContext(c.work, "cannot be read", "record", record.ID, "error", record.Err)
			p.broken = errors.Join(p.broken, record.Err)
			continue
		case record.Skip != "":
			c.Log.InfoContext(c.work, "no news", "record", record.ID, "reason", record.Skip)
			continue
		}
		c.counts.Received++
		routing := c.Rules.Route(&record.Alert, c.Now())
		c.logSilence(record.Alert.Key, &routing)
		for n, d := range only(routing.Deliveries, p.message) {
			t := newTelling(p, &record.Alert, d)
			t.tallied = n == 0 && !p.isRedriven()
			p.tellings = append(p.tellings, t)
		}
		if record.Alert.IsAlarm() && !p.isRedriven() {
			p.tellings = append(p.tellings, c.followers(p, &record.Alert, &routing)...)
		}
	}
}

func newTelling(p *piece, a *alert.Alert, d rule.Delivery) *telling {
	return &telling{piece: p, alert: a, severity: d.Severity, runbook: d.Runbook, delivery: d, fate: pending, why: errNoTime}
}

// followers are the tellings of an alarm that only change what is shown of it already: what a rule holds back, and what was
// told at the fallback of a destination while that was dead.
func (c *call) followers(p *piece, a *alert.Alert, routing *rule.Routing) (all []*telling) {
	for _, h := range routing.Held {
		t := newTelling(p, a, h.Delivery)
		switch h.Kind {
		case rule.HeldMuted:
			t.held = muted
		case rule.HeldEscalated:
			t.held = follows
		default:
			t.held = ignored
		}
		all = append(all, t)
	}
	if a.State == alert.StateAlarm {
		return all // should the destination still be dead, the fallback is told in full
	}
	for _, d := range routing.Deliveries {
		if other, ok := c.Rules.Fallback(d); ok {
			t := newTelling(p, a, d).at(other)
			t.held = follows
			all = append(all, t)
		}
	}
	return all
}

// isRedriven reports whether somebody put the piece back from the dead-letter queue.
func (p *piece) isRedriven() bool {
	return p.message != nil && p.message.Attributes[AttributeDestination] != ""
}

// only returns the deliveries that a re-driven dead letter is about: the one to the destination that it
// was not delivered to. When the rules no longer name that, it is told to all who lack it.
func only(deliveries []rule.Delivery, m *alert.Message) []rule.Delivery {
	if m == nil || m.Attributes[AttributeDestination] == "" {
		return deliveries
	}
	for i, d := range deliveries {
		if d.Destination == m.Attributes[AttributeDestination] {
			return deliveries[i : i+1]
		}
	}
	return deliveries
}

// logSilence logs what of an alarm's wishes and of its rules' destinations comes to nothing.
func (c *call) logSilence(key string, routing *rule.Routing) {
	for _, tag := range routing.Tags {
		if !tag.Accepted {
			c.Log.WarnContext(c.work, "tag ignored", "alert", key, "tag", tag.Tag, "reason", tag.Why)
		}
	}
	if routing.Silence != "" {
		c.Log.InfoContext(c.work, "nobody told", "alert", key, "reason", routing.Silence)
		return
	}
	for _, held := range routing.Held {
		c.Log.InfoContext(c.work, "held back", "alert", key, "destination", held.Destination, "reason", held.Why)
	}
}
