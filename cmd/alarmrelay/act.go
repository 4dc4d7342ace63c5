package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/setup"
)

const (
	// workers is how many invocations there are at once, as template.yaml has it.
	workers = 5
	// hidden is for how long the queue of an act hides what it hands out: longer than an invocation lasts.
	hidden = handleTimeout + 10*time.Second
	// ticking is how often the relay looks after what is open: oftener than by template.yaml's schedule, since somebody waits for it.
	ticking = time.Minute
)

// act is a live demo from one clearing to the next: a stage, and the relay as it is deployed, with a queue, a store and a
// tick.
type act struct {
	ctx     context.Context
	stop    func()
	wait    sync.WaitGroup
	note    func(of context.Context, text string)
	stage   *stage
	watch   *watch
	clock   *drift
	queue   *fake.Queue
	letters *fake.Queue
	put     chan struct{} // something was put into the queue

	mu      sync.Mutex
	setting setting              // that holds, not bound
	base    relay.Relay          // what invocations are made of
	known   []told               // the newest alerts, of which maxKnown are kept
	calls   map[*invocation]bool // that have not ended
	dropped int                  // dead letters that are not kept any more
}

const (
	maxKnown = 2000
	// maxLetters is how many dead letters are kept: no page shows them, and a service may be dead for hours.
	maxLetters = 1000
)

// openAct opens an act under a configuration, with its clock set.
func openAct(l *live, c config, ahead time.Duration) (*act, error) {
	ctx, stop := context.WithCancel(l.ctx)
	a := &act{ctx: ctx, stop: stop, note: l.note, clock: new(drift), put: make(chan struct{}, 1), calls: map[*invocation]bool{}}
	a.clock.set(ahead)
	a.watch = newWatch(l, a.clock.now)
	stage, err := openStage(ctx, c.bound, fake.Options{Clock: a.clock.now, Watch: a.watch.exchanged})
	if err != nil {
		stop()
		return nil, err
	}
	a.stage = stage
	a.letters = fake.NewQueue(fake.QueueOptions{Name: "alarms-dead", Clock: a.clock.now})
	a.queue = fake.NewQueue(fake.QueueOptions{
		Name: "alarms", Clock: a.clock.now, Visibility: hidden, MaxReceives: maxReceives, DeadLetters: a.letters,
	})
	a.base.Store = incident.NewMemory(a.clock.now)
	a.bind(c)
	for range workers {
		a.wait.Go(a.work)
	}
	a.wait.Go(a.tick)
	a.wait.Go(func() { a.watch.run(ctx) })
	a.wait.Go(func() { a.tellWaiting(l.stream) })
	return a, nil
}

// close ends the act and everything in it.
func (a *act) close() {
	a.stop()
	a.stage.close() // before who waits for an answer of it
	a.wait.Wait()
}

// bind has a configuration hold from the next invocation on. What was told under another is remembered.
func (a *act) bind(c config) {
	a.watch.bind(a.stage, c.bound)
	d := newDesk(setting{rules: c.bound, home: c.setting.home}, setup.Channels(a.stage.destinations()), notes{}, nil)
	d.relay.Now, d.relay.Graphs, d.relay.DeadLetters = a.clock.now, a.stage.graphs(), a.letters
	a.mu.Lock()
	defer a.mu.Unlock()
	d.relay.Store = a.base.Store
	a.base, a.setting = *d.relay, c.setting
}

// forget makes the relay know nothing of what it has told.
func (a *act) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.base.Store = incident.NewMemory(a.clock.now)
}

// begin makes a desk for one invocation, which notes nothing once the context has ended.
func (a *act) begin(ctx context.Context) (*desk, *invocation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := &invocation{setting: a.setting, stage: a.stage}
	r := a.base
	r.Channels = make(map[string]relay.Channel, len(a.base.Channels))
	for name, c := range a.base.Channels {
		r.Channels[name] = listening{c, a.watch, name, i}
	}
	r.Queue = drained{a.queue, i, a.clock.now}
	n := newNotes(lines(func(text string) { a.note(ctx, text) }), true).by(a.clock.now)
	r.Log = slog.New(n)
	a.calls[i] = true
	return &desk{relay: &r, notes: n}, i
}

// end keeps what an invocation was handed.
func (a *act) end(i *invocation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.calls, i)
	a.known = append(a.known, i.all()...)
	a.known = a.known[max(0, len(a.known)-maxKnown):]
	for a.letters.Len() > maxLetters {
		oldest := a.letters.Take(batchSize)
		if err := a.letters.Delete(a.ctx, oldest...); err != nil || len(oldest) == 0 {
			return // the demo has ended, or somebody else is at it
		}
		a.dropped += len(oldest)
	}
}

// work invokes the relay with what is in the queue, as Lambda does, until the act ends.
func (a *act) work() {
	for a.ctx.Err() == nil {
		batch := a.queue.Take(batchSize)
		if len(batch) == 0 {
			a.rest()
			continue
		}
		d, i := a.begin(a.ctx)
		i.hand(a.clock.now(), batch...)
		for _, m := range batch {
			d.notes.meet(input{"event", []byte(m.Body)})
		}
		if err := d.serve(a.ctx, a.queue, batch); err != nil {
			a.note(a.ctx, err.Error())
		}
		a.end(i)
	}
}

// rest waits until there may be something in the queue.
func (a *act) rest() {
	pause := time.Second
	if next, ok := a.queue.NextVisible(); ok {
		pause = min(pause, max(next.Sub(a.clock.now()), 10*time.Millisecond))
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-a.put:
	case <-a.ctx.Done():
	}
}

// wake has a worker look into the queue.
func (a *act) wake() {
	select {
	case a.put <- struct{}{}:
	default:
	}
}

// tick has the relay look after what is open, now and then, as a schedule does.
func (a *act) tick() {
	for sleep(a.ctx, ticking); a.ctx.Err() == nil; sleep(a.ctx, ticking) {
		d, i := a.begin(a.ctx)
		if _, err := d.relay.Handle(a.ctx, mustJSON(relay.Order{Do: relay.OrderTick})); err != nil {
			a.note(a.ctx, err.Error())
		}
		a.end(i)
	}
}

// send hands an event over as AWS does: what a queue holds is put into the queue, and the rest is handed to the
// function, which does the same but for orders. It returns what came of an order.
func (a *act) send(ctx context.Context, i input) (answer any, err error) {
	defer a.wake()
	if messages, ok := alert.Messages(i.raw); ok {
		for _, m := range messages {
			if err := a.queue.Send(ctx, m.Body); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	d, by := a.begin(a.ctx)
	defer a.end(by)
	return d.relay.Handle(ctx, i.raw)
}

// handle hands an event to the relay without a queue, and waits until it is told.
func (a *act) handle(ctx context.Context, i input, graphs relay.Grapher) (allWell bool) {
	d, by := a.begin(ctx)
	d.relay.Queue, d.relay.Graphs = nil, graphs
	by.note(a.clock.now(), alert.Parse(i.raw))
	defer a.end(by)
	ctx, cancel := context.WithTimeout(ctx, handleTimeout)
	defer cancel()
	return d.handle(ctx, i)
}

// again makes the relay forget notices that it is told for a second time: somebody who sends one twice wants to see it twice.
func (a *act) again(ctx context.Context, records []alert.Record) error {
	a.mu.Lock()
	store, rules := a.base.Store, a.base.Rules
	a.setting.home.Complete(records)
	a.mu.Unlock()
	for _, r := range records {
		if r.Err != nil || r.Skip != "" || r.Alert.IsAlarm() {
			continue
		}
		for _, d := range rules.Destinations {
			items, err := store.Read(ctx, incident.IDOf(d.Name, &r.Alert))
			if err != nil {
				return err
			}
			if item := items[0]; item.Version > 0 {
				item.Facts, item.Expires = nil, a.clock.now() // from now on it counts as absent
				if _, err := store.Write(ctx, &item); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// mended tells the relay that a service works again, as if the time had passed after which it asks.
func (a *act) mended(ctx context.Context, service formatter.Service) error {
	a.mu.Lock()
	store, rules := a.base.Store, a.base.Rules
	a.mu.Unlock()
	for _, d := range rules.Destinations {
		if d.Service != service {
			continue
		}
		items, err := store.Read(ctx, incident.ID{Destination: d.Name})
		if err != nil {
			return err
		}
		known, err := incident.Read[incident.Destination](items[0])
		if err != nil {
			return err
		}
		if known.Version == 0 || known.Is.Lease.Held(a.clock.now()) {
			continue // nothing is known, or who speaks there finds out
		}
		known.Is.Works()
		if _, err := store.Write(ctx, known.Packed(a.clock.now().Add(incident.Keep))); err != nil {
			return fmt.Errorf("note that %s works: %w", d.Name, err)
		}
	}
	return nil
}

// lines is a writer that is told line by line.
type lines func(string)

func (l lines) Write(text []byte) (int, error) {
	for line := range strings.Lines(string(text)) {
		l(strings.TrimSuffix(line, "\n"))
	}
	return len(text), nil
}
