package relay

import (
	"crypto/rand"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay/incident"
)

const (
	// fullBatch is a batch that says that more is waiting: the most that a mapping without a window hands over.
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
	fullBatch = 10
	// maxGathered is how many messages an invocation takes at most; 128 MB hold them.
	maxGathered = 800
	// maxGatheredBytes is the same for large ones; what is under way when it is met comes on top.
	maxGatheredBytes = 4 << 20
	// lingering is how long the queue is asked at least: what others leave to us is visible again by then.
	lingering = 300 * time.Millisecond
	// gathering is how long what waits already is held up at most by looking for more.
	gathering = time.Second
	// drainers ask the queue side by side.
	drainers = 8
)

// gather lets one invocation see a storm whole. A full batch means that more is waiting, and that other
// invocations have full batches as well. One of them takes what the queue holds; the others leave it their batches, and
// wait for that moment instead of being handed them again.
func (c *call) gather(batch []*piece) []*piece {
	if c.Queue == nil || len(batch) < fullBatch || !c.mayBegin() {
		return batch
	}
	turn := c.takeTurn()
	if turn == nil {
		if c.yield(batch) {
			return nil
		}
		return batch
	}
	found := c.drain(len(batch))
	c.endTurn(turn)
	pieces := c.admit(found)
	for _, p := range pieces {
		p.drained = true
	}
	return append(batch, pieces...)
}

// gatherer is where the store keeps whose turn it is.
var gatherer = incident.ID{Key: "gather"}

type turn = incident.Known[incident.Lease]

// takeTurn returns nil when another invocation is gathering. While the store does not answer, everybody does.
func (c *call) takeTurn() *turn {
	mine := &turn{Item: incident.Item{ID: gatherer}}
	items, err := c.Store.Read(c.work, gatherer)
	if err != nil {
		return mine
	}
	if t, err := incident.Read[incident.Lease](items[0]); err == nil {
		mine = t
	}
	now := c.Now()
	if mine.Is.Held(now) {
		return nil
	}
	mine.Is = incident.Lease{Owner: rand.Text(), Until: now.Add(gathering + clockSkew)}
	if stale, err := c.Store.Write(c.work, mine.Packed(now.Add(incident.Keep))); err == nil && len(stale) > 0 {
		return nil
	}
	return mine
}

func (c *call) endTurn(t *turn) {
	t.Is = incident.Lease{}
	if _, err := c.Store.Write(c.work, t.Packed(c.Now().Add(incident.Keep))); err != nil {
		c.Log.WarnContext(c.work, "store does not answer", "error", err) // the turn ends by itself
	}
}

// yield makes a batch visible to the one that gathers, and waits until that has taken it. It returns false when
// the batch is better told here: a message that is handed on too often would look like one that stops the relay, unless
// a destination's trouble explains it.
func (c *call) yield(batch []*piece) bool {
	var messages []Postponed
	var trouble time.Time
	for _, p := range batch {
		if p.message.Receives >= trusted {
			if trouble.IsZero() {
				trouble = c.lastTrouble()
			}
			if !p.message.SentAt.Before(trouble) {
				return false
			}
		}
		messages = append(messages, Postponed{Message: *p.message})
	}
	if err := c.Queue.Postpone(c.work, messages...); err != nil {
		c.Log.WarnContext(c.work, "not left to others", "error", err)
		return false
	}
	c.Log.InfoContext(c.work, "left to the invocation that gathers the storm", "messages", len(batch))
	for _, p := range batch {
		p.yielded = true
	}
	for end := time.Now().Add(gathering); time.Now().Before(end) && c.isGathering(); {
		if sleep(c.work, 30*time.Millisecond+mathrand.N(40*time.Millisecond)) != nil {
			break
		}
	}
	return true
}

func (c *call) isGathering() bool {
	items, err := c.Store.Read(c.work, gatherer)
	if err != nil {
		return false
	}
	t, err := incident.Read[incident.Lease](items[0])
	return err == nil && t.Is.Held(c.Now())
}

// drain receives what waits in the queue, until there is nothing or enough.
func (c *call) drain(have int) []alert.Message {
	var mu sync.Mutex
	var found []alert.Message
	bytes := 0
	full := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return have+len(found)+drainers*fullBatch > maxGathered || bytes > maxGatheredBytes
	}
	begun := time.Now()
	var wait sync.WaitGroup
	for range drainers {
		wait.Go(func() {
			for time.Since(begun) < gathering && !full() && c.mayBegin() {
				more, err := c.Queue.Receive(c.work)
				if err != nil {
					c.Log.WarnContext(c.work, "queue not drained", "error", err)
					return
				}
				if len(more) == 0 {
					if time.Since(begun) > lingering || sleep(c.work, lingering/10) != nil {
						return
					}
					continue
				}
				mu.Lock()
				found = append(found, more...)
				for _, m := range more {
					bytes += len(m.Body)
				}
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	return found
}
