package relay_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

// mapping is a desk behind a queue, as Lambda's event source mapping runs it.
type mapping struct {
	*desk
	queue   *fake.Queue
	letters *fake.Queue
	counts  *counts
}

// newMapping is newDesk with the queues that template.yaml will deploy.
func newMapping(t *testing.T, config string) *mapping {
	t.Helper()
	m := &mapping{
		desk:    newDesk(t, config),
		letters: fake.NewQueue(fake.QueueOptions{Name: "letters"}),
		counts:  new(counts),
	}
	m.queue = fake.NewQueue(fake.QueueOptions{Name: "input", Visibility: 3 * time.Minute, MaxReceives: 200, DeadLetters: m.letters})
	m.Queue, m.DeadLetters, m.Measure = m.queue, m.letters, m.counts
	return m
}

// counts adds up what each invocation reported, several of which may end at once.
type counts struct {
	mu       sync.Mutex
	received int
	ticks    int
	graphs   [2]int // those that came, and those that did not
	sum      relay.Deliveries
}

func (c *counts) Report(n relay.Counts) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.received += n.Received
	c.ticks += n.Ticks
	c.graphs[0] += n.Graphs
	c.graphs[1] += n.GraphsFailed
	for _, d := range n.Destinations {
		c.sum.Delivered += d.Delivered
		c.sum.Duplicate += d.Duplicate
		c.sum.Failed += d.Failed
		c.sum.Retried += d.Retried
		c.sum.DeadLettered += d.DeadLettered
		c.sum.Limited += d.Limited
		c.sum.Blocked += d.Blocked
		c.sum.Doubtful += d.Doubtful
		c.sum.Requests += d.Requests
		c.sum.Latency = append(c.sum.Latency, d.Latency...)
	}
}

// once hands one batch over. It returns how many messages were in it.
func (m *mapping) once(t *testing.T) int {
	t.Helper()
	taken := m.queue.Take(10)
	if len(taken) == 0 {
		return 0
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	answer, err := m.Handle(ctx, fake.BatchEvent(m.queue.ARN(), taken))
	if ctx.Err() != nil {
		t.Error("the function was killed in the middle of its work")
	}
	response, encodeErr := json.Marshal(answer)
	if encodeErr != nil {
		t.Fatal(encodeErr)
	}
	if err := m.queue.Settle(taken, response, err); err != nil {
		t.Fatal(err)
	}
	return len(taken)
}

// run hands over what is visible, waiting for what will be, for a while or until the queue is empty.
func (m *mapping) run(t *testing.T, atMost time.Duration) {
	t.Helper()
	for end := time.Now().Add(atMost); !time.Now().After(end); {
		if m.once(t) > 0 {
			continue
		}
		at, ok := m.queue.NextVisible()
		if !ok || at.After(end) {
			return
		}
		time.Sleep(max(time.Until(at), time.Millisecond))
	}
}

// letter is a dead letter as people find it.
type letter struct{ Alarm, Destination, Reason, Attempts string }

func (m *mapping) deadLetters() (all []letter) {
	for _, held := range m.letters.All() {
		var body struct{ AlarmName string }
		_ = json.Unmarshal([]byte(held.Body), &body) // the broken ones have none
		a := held.Attributes
		all = append(all, letter{body.AlarmName, a[relay.AttributeDestination], a[relay.AttributeReason], a[relay.AttributeAttempts]})
	}
	return all
}

// change is CloudWatch's message about an alarm's change at a moment from now.
func change(name, from, to string, after time.Duration) string {
	return fmt.Sprintf(`{"AlarmName":%q,"AlarmArn":"arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:%s","NewStateValue":%q,"OldStateValue":%q,`+
		`"NewStateReason":"Threshold Crossed","StateChangeTime":%q}`, name, name, to, from, time.Now().Add(after).UTC().Format("2006-01-02T15:04:05.000-0700"))
}

// put puts messages into the queue.
func (m *mapping) put(bodies ...string) {
	for _, body := range bodies {
		m.queue.Put(body, nil)
	}
}

// posts counts the requests of a method that a channel's webhook accepted.
func (d *desk) accepted(method string) (n int) {
	for _, e := range append(d.discord.Log(), d.slack.Log()...) {
		if e.Method == method && e.Status/100 == 2 {
			n++
		}
	}
	return n
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %q", part, text)
		}
	}
}
