package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/mapping"
	"alarmrelay/deploy/runtimeapi"
	"alarmrelay/events"
	"alarmrelay/relay/fake"
)

// noFailures is what a batch is answered of which nothing is to come back. The list is never null: ministack, and who knows what else, takes
// that for an error.
const noFailures = `{"batchItemFailures":[]}`

// trial is one case on its way: the world of a function, what it has to show, and what was found wrong.
type trial struct {
	*world
	*stage
	arch   string
	ledger *ledger
	logs   bytes.Buffer
	timed  bool // what comes now is not timed
	row    row
}

func (s *stage) newTrial(arch string, with setting, name string) (*trial, error) {
	w, err := newWorld(s.folder, with)
	if err != nil {
		return nil, err
	}
	l, err := newLedger(w.config)
	if err != nil {
		w.close()
		return nil, err
	}
	return &trial{world: w, stage: s, arch: arch, ledger: l, row: row{Arch: arch, Setting: with, Case: name}}, nil
}

func (t *trial) complain(format string, args ...any) {
	t.row.Wrong = append(t.row.Wrong, fmt.Sprintf(format, args...))
}

// on does something with an instance of the function that is started for it, and keeps what that logged.
func (t *trial) on(ctx context.Context, do func(*emulator) error) error {
	e, err := t.start(ctx, t.arch, t.environment())
	if err != nil {
		return err
	}
	err = do(e)
	e.stop()
	t.logs.Write(e.log.Bytes())
	if err != nil {
		return fmt.Errorf("%w\n%s", err, t.redacted(e.log.String()))
	}
	return nil
}

// sample hands a sample to an instance, and the same once more: to the same instance, which remembers it, or to another, which
// asks the table.
func (s *stage) sample(ctx context.Context, arch string, with setting, name string) (row, error) {
	event, err := events.Read(name)
	if err != nil {
		return row{}, err
	}
	t, err := s.newTrial(arch, with, name)
	if err != nil {
		return row{}, err
	}
	defer t.close()
	deliver := func(e *emulator) error { return t.deliver(ctx, e, event) }
	err = t.on(ctx, func(e *emulator) error {
		if err := deliver(e); err != nil || with == queued {
			return err
		}
		return deliver(e)
	})
	if err == nil && with == queued {
		t.timed = true
		err = t.on(ctx, deliver)
	}
	t.judgeLog(false)
	return t.finish(), err
}

// invoke notes how long it took, and what the answer was. An error that the function returned, or its end, is something to complain of,
// and ok is false.
func (t *trial) invoke(ctx context.Context, e *emulator, event []byte) (payload []byte, ok bool, err error) {
	answer, err := e.invoke(ctx, event)
	t.row.Answer = string(answer.Payload)
	_, said := errors.AsType[*runtimeapi.FunctionError](err)
	if err != nil && !said && !errors.Is(err, errNoAnswer) {
		return nil, false, err
	}
	t.time(answer.Took)
	if err != nil {
		t.complain("%s", t.redacted(err.Error()))
	}
	return answer.Payload, err == nil, nil
}

// time notes how long an instance took for its first event and for the one after it; later ones are not noted.
func (t *trial) time(took time.Duration) {
	ms := float64(took.Microseconds()) / 1000
	switch {
	case t.timed:
	case t.row.Cold == 0:
		t.row.Cold = ms
	default:
		t.row.Warm, t.timed = ms, true
	}
}

// deliver hands an event to the function as AWS would and compares what is answered and shown. With a queue an event of other sources is
// put into that, and its message then is the event that counts.
func (t *trial) deliver(ctx context.Context, e *emulator, event []byte) error {
	_, isBatch := alert.Messages(event)
	switch {
	case isBatch:
		_, err := t.tell(ctx, e, event, noFailures)
		return err
	case t.setting == direct:
		_, err := t.tell(ctx, e, event, "null")
		return err
	}
	put, ok, err := t.invoke(ctx, e, event)
	if err != nil || !ok {
		return err
	}
	t.answered("null", put)
	messages, err := t.take(ctx)
	if err != nil {
		return err
	}
	answer, err := t.tell(ctx, e, fake.BatchEvent(mapping.QueueARN, messages), noFailures)
	if err != nil {
		return err
	}
	t.settle(messages, answer)
	t.left(0, 0)
	return nil
}

// tell invokes the function with what it has to tell, and compares.
func (t *trial) tell(ctx context.Context, e *emulator, event []byte, want string) ([]byte, error) {
	expected, readable := t.ledger.read(event)
	if !readable {
		t.complain("nothing can be read from a part of it: a sample is something that can")
	}
	before := t.requests()
	answer, ok, err := t.invoke(ctx, e, event)
	if err != nil || !ok {
		return nil, err
	}
	t.answered(want, answer)
	t.compare(expected, before)
	return answer, nil
}

// settle does what Lambda does with the messages of a batch after the answer.
func (t *trial) settle(messages []alert.Message, answer []byte) {
	if err := t.queue.Settle(messages, answer, nil); err != nil {
		t.complain("%v", err)
	}
}

// left complains unless the queues hold so many messages.
func (t *trial) left(queue, dead int) {
	if a, b := t.queue.Len(), t.dead.Len(); a != queue || b != dead {
		t.complain("%d messages are in the queue and %d among the dead letters, want %d and %d", a, b, queue, dead)
	}
}

func (t *trial) answered(want string, got []byte) {
	if string(got) != want {
		t.complain("answered %.200s, want %s", got, want)
	}
}

// destinations are those of the configuration.
var destinations = []string{"ops", "crew"}

func (t *trial) requests() map[string]int {
	n := map[string]int{}
	for _, d := range destinations {
		_, n[d] = t.channel(d)
	}
	return n
}

// compare looks whether each destination shows what it has to and, where that is nothing, was left alone since it had seen so many requests.
func (t *trial) compare(expected []news, before map[string]int) {
	for _, d := range destinations {
		messages, requests := t.channel(d)
		has := false
		for _, n := range expected {
			if n.destination != d {
				continue
			}
			has = true
			if what := missing(n, messages); what != "" {
				t.complain("%s", what)
			}
		}
		switch made := requests - before[d]; {
		case !has && made > 0:
			t.complain("%s was sent %d messages about what is no news there", d, made)
		case has && made == 0:
			t.complain("%s was sent nothing", d)
		}
		for _, m := range messages {
			if len(m.pings) > 0 {
				t.complain("%s pings %v, whom no rule names", d, m.pings)
			}
		}
	}
}
