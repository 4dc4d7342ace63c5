package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"alarmrelay/deploy/judge"
	"alarmrelay/deploy/mapping"
	"alarmrelay/deploy/traffic"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

const (
	// In virtual time everything is as long as template.yaml makes it.
	lambdaTimeout    = 30 * time.Second
	lambdaVisibility = 180 * time.Second
	// maxSkew is how far an instance's clock is off at most.
	maxSkew = 900 * time.Millisecond
)

// virtualRun is a run in this process: several relays that share a store and a queue. It belongs
// into a testing/synctest bubble, or it takes hours.
type virtualRun struct {
	options
	town    *town
	weather *weather
	rules   *rule.Config
	memory  *incident.Memory
	meter   *meter
	network fake.Transport
	slots   []chan *instance // each holds the slot's instance while nobody uses it

	mu     sync.Mutex
	random *rand.Rand
	serial int
	calls  map[string]judge.Call
	lives  []*life
	killed int
	late   int // timed out
	sent   sent
	failed error
}

func newVirtualRun(o options) (*virtualRun, error) {
	r := &virtualRun{
		options: o, town: newTown(o.seed, lambdaVisibility, o.doom != nil), memory: incident.NewMemory(time.Now), meter: newMeter(o.log),
		random: rand.New(rand.NewPCG(o.seed, 3)), calls: map[string]judge.Call{},
	}
	r.weather = newWeather(r.town, o.seed, climate{
		chat: 0.25, store: 0.02, queue: 0.05, wait: time.Minute, every: 10 * time.Minute, lasts: 5 * time.Minute, deaths: true, blocks: true,
		tidied: 3 * time.Minute,
	})
	r.weather.calm = o.doom != nil
	r.network = fake.Transport{
		"discord.com":     befalling(r.weather, formatter.ServiceDiscord, r.town.discord),
		"hooks.slack.com": befalling(r.weather, formatter.ServiceSlack, r.town.slack),
		"slack.com":       befalling(r.weather, formatter.ServiceSlack, r.town.slack),
	}
	var err error
	config := r.town.config(thresholds{window: "1m", first: "30s", longest: "15m", giveUp: "24h", flap: "10m", repeat: "5m"})
	if r.rules, err = rule.Parse("alarmrelay.yaml", []byte(config)); err != nil {
		return nil, fmt.Errorf("the run's own configuration: %w", err)
	}
	for range o.instances {
		slot := make(chan *instance, 1)
		slot <- r.newInstance()
		r.slots = append(r.slots, slot)
	}
	return r, nil
}

// run sends the day's parcels, waits until the queue is empty, and has everything judged.
func (r *virtualRun) run(ctx context.Context) (report, error) {
	ctx, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	parcels := traffic.Day(traffic.Options{
		Rand: rand.New(rand.NewPCG(r.seed, 4)), Start: time.Now(), Alarms: r.alarms, Span: r.span,
		Routes: routes, Drift: 5 * time.Second, Gap: 4 * time.Minute, Flap: 10 * time.Minute, Long: 70 * time.Minute, Bursts: 6,
	})
	return r.play(ctx, parcels, func(running context.Context, wait *sync.WaitGroup) {
		wait.Go(func() { r.weather.rage(running) })
		wait.Go(func() { r.weather.tidy(running) })
		wait.Go(func() {
			for sleep(running, ticking) == nil {
				r.tick(running)
			}
		})
		wait.Go(func() {
			if sleep(running, r.span/2) == nil {
				r.town.ruin()
			}
		})
	})
}

// play sends parcels while beside has other things happen, waits until the queue is empty, and has everything judged.
func (r *virtualRun) play(ctx context.Context, parcels []traffic.Parcel, beside func(context.Context, *sync.WaitGroup)) (report, error) {
	began := time.Now()
	running, stop := context.WithCancel(ctx)
	var wait sync.WaitGroup
	for n := range r.slots {
		wait.Go(func() { r.poll(running, n) })
	}
	beside(running, &wait)
	r.sent.send(running, began, parcels, r.town.queue, r.invoke)
	_ = sleep(running, r.span/2)
	r.weather.settle()
	for r.town.queue.Len() > 0 && sleep(running, time.Second) == nil {
	}
	took := time.Since(began)
	for range lastTicks {
		r.tick(running)
		_ = sleep(running, ticking)
	}
	stop()
	wait.Wait()
	r.town.close()
	return r.report(ctx, took)
}

const (
	// tickEvent is what the schedule invokes the function with, every so often.
	tickEvent = `{"alarmrelay":"tick"}`
	ticking   = 5 * time.Minute
	// lastTicks are what a run gives the relay to make up for what it had to leave, when the weather is calm.
	lastTicks = 2
)

// tick has the relay look after what is open. One that fails is made up for by the next.
func (r *virtualRun) tick(ctx context.Context) { _, _ = r.handle(ctx, 0, []byte(tickEvent)) }

// invoke hands an event to the function until that has put it into the queue.
func (r *virtualRun) invoke(ctx context.Context, n int, p traffic.Parcel) {
	for ctx.Err() == nil {
		if _, err := r.handle(ctx, n%len(r.slots), []byte(p.Body)); err == nil {
			r.sent.accept(p)
			return
		}
		_ = sleep(ctx, time.Minute)
	}
}

// poll is one of the event source mapping's pollers.
func (r *virtualRun) poll(ctx context.Context, n int) {
	for ctx.Err() == nil {
		messages := r.town.queue.Take(10)
		if len(messages) == 0 {
			_ = sleep(ctx, r.idle())
			continue
		}
		answer, err := r.handle(ctx, n, fake.BatchEvent(mapping.QueueARN, messages))
		if err != nil {
			continue
		}
		if err := r.town.queue.Settle(messages, answer, nil); err != nil {
			r.mu.Lock()
			r.failed = errors.Join(r.failed, err)
			r.mu.Unlock()
			return
		}
	}
}

// idle is how long there is nothing to take, as far as is known, and a second at most.
func (r *virtualRun) idle() time.Duration {
	if at, ok := r.town.queue.NextVisible(); ok {
		return min(max(time.Until(at), 10*time.Millisecond), time.Second)
	}
	return time.Second
}

// handle invokes a slot's instance. After a kill or a time-out another instance takes its place.
func (r *virtualRun) handle(ctx context.Context, n int, event []byte) (answer []byte, err error) {
	var i *instance
	select {
	case i = <-r.slots[n]:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	id, strike, after := r.plan()
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, lambdaTimeout)
	defer cancel()
	i.begin(id, strike, cancel)
	if after > 0 {
		timer := time.AfterFunc(after, i.kill)
		defer timer.Stop()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		var said any
		if said, err = i.relay.Handle(ctx, event); err == nil {
			answer, err = json.Marshal(said)
		}
	}()
	end := mapping.Answered
	select {
	case <-done:
	case <-ctx.Done():
		if end = mapping.TimedOut; i.isOver() {
			end = mapping.Killed
		}
		i.kill()
		<-done // what it still does reaches nobody
	}
	return r.settle(n, i, id, began, end, answer, err)
}

// settle notes how an invocation ended.
func (r *virtualRun) settle(n int, i *instance, id string, began time.Time, end mapping.End, answer []byte, err error) ([]byte, error) {
	over := i.isOver()
	if over && end == mapping.Answered {
		end = mapping.Killed
	}
	r.mu.Lock()
	r.calls[id] = judge.Call{Began: began, Ended: time.Now(), Stopped: over, Trouble: i.trouble[id]}
	switch end {
	case mapping.Killed:
		r.killed++
	case mapping.TimedOut:
		r.late++
	}
	r.mu.Unlock()
	if over {
		i = r.newInstance()
		err = errKilled
	}
	r.slots[n] <- i
	return answer, err
}

// plan numbers an invocation and says when its instance is killed, if at all.
func (r *virtualRun) plan() (id string, s mapping.Strike, after time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.serial++
	if r.weather.chance(0.05) {
		s = mapping.Strike{Request: 1 + r.random.IntN(12), Done: r.random.IntN(2) == 0}
	}
	if r.weather.chance(0.02) {
		after = time.Duration(r.random.Int64N(int64(3 * time.Second)))
	}
	return fmt.Sprint(r.serial), s, after
}

func (r *virtualRun) report(ctx context.Context, took time.Duration) (report, error) {
	store := incident.Store(r.memory)
	if r.store != nil {
		store = r.store(r, time.Now)
	}
	kept, err := r.town.memories(ctx, store, r.sent.parcels)
	evidence := judge.Evidence{
		Parcels: r.sent.parcels, Places: r.town.places(), Calls: r.calls, Kept: kept,
		Queue: held(r.town.queue), Letters: held(r.town.dead),
	}
	for _, l := range r.lives {
		evidence.LetterTrouble = append(evidence.LetterTrouble, l.letters...)
	}
	out := report{
		Mode: "virtual", Seed: r.seed, Alarms: r.alarms, Took: took, Invocations: r.serial,
		Faults: r.weather.met, Counted: r.meter.sum("Doubtful"), Said: r.meter.errors,
		Killed: r.killed, TimedOut: r.late,
	}
	out.judge(evidence, r.trace)
	return out, errors.Join(r.failed, err)
}
