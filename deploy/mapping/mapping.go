// Package mapping is Lambda's event source mapping for a queue, on this
// machine: it starts instances of the real function, hands each up to ten messages at a time, and
// deletes from the queue what the answer says is done. It kills instances on demand.
//
// It limits neither CPU nor memory, and it judges nothing.
package mapping

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"alarmrelay/deploy/runtimeapi"
	"alarmrelay/relay/fake"
)

// QueueARN is what the function is told of the queue; the account is invented.
const QueueARN = "arn:aws:sqs:us-east-1:123456789012:alarmrelay"

// batchSize is the most that a mapping without a batching window hands over at once.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
const batchSize = 10

// poll is how often an empty queue is looked at. SQS's long polling answers as soon as there is a message.
const poll = 10 * time.Millisecond

// Options say what is invoked, by what.
type Options struct {
	Binary    string        // the function's
	Instances int           // how many invocations run side by side
	Timeout   time.Duration // of one invocation
	Queue     *fake.Queue
	// Env returns the environment of a new process, and Output where it writes; that may be nil. A slot is a
	// place for one instance at a time; life counts the processes that were started in it.
	Env    func(slot, life int) []string
	Output func() io.Writer
	// Began is told of each invocation before it begins, and Ended what became of it. They may be nil.
	Began func(call *Call)
	Ended func(call *Call)
}

// Call is one invocation.
type Call struct {
	ID       string // of this run: "1", "2" ...
	Slot     int
	Messages int // handed over; 0 for a direct invocation
	Began    time.Time
	Took     time.Duration // as Lambda would bill it, but for the rounding
	End      End
	Why      error // of Failed
}

// End is how an invocation ended.
type End string

// The ends.
const (
	Answered End = "answered"
	Failed   End = "failed" // the function said so
	TimedOut End = "timed out"
	Killed   End = "killed" // its process ended before it answered
)

// Mapping runs a function for a queue.
type Mapping struct {
	options Options
	slots   []*slot

	mu    sync.Mutex
	calls []*Call
}

// slot is where one instance at a time runs.
type slot struct {
	turn sync.Mutex // held by whoever invokes

	mu       sync.Mutex
	function *runtimeapi.Function
	killed   bool // on purpose
	life     int
	peak     int64
}

// New returns a mapping that runs nothing yet.
func New(o Options) *Mapping {
	m := &Mapping{options: o}
	for range o.Instances {
		m.slots = append(m.slots, new(slot))
	}
	return m
}

// Run polls the queue until ctx ends, and then ends every instance. An error means that the
// function could not be started, or answered what is no answer.
func (m *Mapping) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wait sync.WaitGroup
	for n := range m.slots {
		wait.Go(func() {
			if err := m.poll(ctx, n); err != nil {
				cancel(err)
			}
		})
	}
	wait.Wait()
	for _, s := range m.slots {
		s.stop()
	}
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// poll is one of the mapping's pollers, with its own instance.
func (m *Mapping) poll(ctx context.Context, n int) error {
	for ctx.Err() == nil {
		m.slots[n].turn.Lock()
		messages := m.options.Queue.Take(batchSize)
		if len(messages) == 0 {
			m.slots[n].turn.Unlock()
			pause(ctx, poll)
			continue
		}
		answer, call, err := m.invoke(ctx, n, fake.BatchEvent(QueueARN, messages), len(messages))
		m.slots[n].turn.Unlock()
		if err != nil {
			return err
		}
		if call.End != Answered {
			continue // the messages come back when their visibility time-out is over
		}
		if err := m.options.Queue.Settle(messages, answer, nil); err != nil {
			return fmt.Errorf("settle a batch: %w", err)
		}
	}
	return nil
}

// Direct invokes the function with an event that comes from no queue. It returns how the invocation ended.
func (m *Mapping) Direct(ctx context.Context, n int, event []byte) (*Call, error) {
	s := m.slots[n%len(m.slots)]
	s.turn.Lock()
	defer s.turn.Unlock()
	_, call, err := m.invoke(ctx, n%len(m.slots), event, 0)
	return call, err
}

// invoke runs one invocation in a slot whose turn the caller has.
func (m *Mapping) invoke(ctx context.Context, n int, event []byte, messages int) ([]byte, *Call, error) {
	call := m.newCall(n, messages)
	function, err := m.ready(ctx, n)
	if err != nil {
		return nil, call, err
	}
	if m.options.Began != nil {
		m.options.Began(call)
	}
	answer, err := function.Invoke(ctx, event)
	m.end(call, answer, err)
	m.slots[n].note(function)
	if m.options.Ended != nil {
		m.options.Ended(call)
	}
	if call.End == Killed || call.End == TimedOut {
		if onPurpose := m.slots[n].drop(function); call.End == Killed && !onPurpose && ctx.Err() == nil {
			return nil, call, fmt.Errorf("nobody killed it: %w", err)
		}
	}
	return answer.Payload, call, nil
}

// end notes what became of an invocation.
func (m *Mapping) end(call *Call, answer runtimeapi.Answer, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	call.Took = time.Since(call.Began)
	if err == nil {
		call.Took = answer.Took
	}
	call.End, call.Why = endOf(err), err
}

func endOf(err error) End {
	switch said := (*runtimeapi.FunctionError)(nil); {
	case err == nil:
		return Answered
	case errors.Is(err, runtimeapi.ErrTimeout):
		return TimedOut
	case errors.As(err, &said):
		return Failed
	}
	return Killed
}

func (m *Mapping) newCall(n, messages int) *Call {
	m.mu.Lock()
	defer m.mu.Unlock()
	call := &Call{ID: fmt.Sprint(len(m.calls) + 1), Slot: n, Messages: messages, Began: time.Now(), End: Killed}
	m.calls = append(m.calls, call)
	return call
}

// ready returns a slot's instance, started if need be.
func (m *Mapping) ready(ctx context.Context, n int) (*runtimeapi.Function, error) {
	s := m.slots[n]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.function != nil {
		return s.function, nil
	}
	s.life++
	o := runtimeapi.Options{Env: m.options.Env(n, s.life), Timeout: m.options.Timeout}
	if m.options.Output != nil {
		o.Output = m.options.Output()
	}
	f, err := runtimeapi.Start(ctx, m.options.Binary, o)
	if err != nil {
		return nil, err
	}
	s.function, s.killed = f, false
	return f, nil
}

// Kill ends the process of a slot at once, as SIGKILL does. It does nothing where there is none.
func (m *Mapping) Kill(n int) {
	s := m.slots[n]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.function != nil {
		s.killed = true
		s.function.Kill()
	}
}

// Calls returns the invocations so far. Those that are running have ended as [Killed].
func (m *Mapping) Calls() []Call {
	m.mu.Lock()
	defer m.mu.Unlock()
	calls := make([]Call, len(m.calls))
	for i, c := range m.calls {
		calls[i] = *c
	}
	return calls
}

// Peak returns the most memory in bytes that an instance has held, as far as was seen after its invocations.
func (m *Mapping) Peak() int64 {
	var peak int64
	for _, s := range m.slots {
		s.mu.Lock()
		peak = max(peak, s.peak)
		s.mu.Unlock()
	}
	return peak
}

// note looks at how much memory an instance has held.
func (s *slot) note(f *runtimeapi.Function) {
	peak, err := f.PeakMemory()
	if err != nil {
		return // it has ended
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.peak = max(s.peak, peak)
}

// drop forgets an instance, so that the next invocation starts another. It reports whether it was killed on purpose.
func (s *slot) drop(f *runtimeapi.Function) (onPurpose bool) {
	f.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.function = nil
	return s.killed
}

func (s *slot) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.function != nil {
		s.function.Stop()
		s.function = nil
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
