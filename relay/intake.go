package relay

import (
	"context"
	"sync"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay/incident"
)

const (
	// fullBatch is a batch that says that more is waiting: the most that a mapping without a window hands over.
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
	fullBatch = 10
	// maxDrain is how many messages an invocation takes at most; 128 MB hold them.
	maxDrain = 600
	// drainTime is how long what waits already is held up by looking for more.
	drainTime = time.Second
	// drainers ask the queue side by side.
	drainers = 8
	// trusted is how often a message may have been handed out before it is suspected of stopping the relay.
	trusted = 2
)

// drain receives what else waits behind a full batch, so that a storm is seen as one.
func (c *call) drain(batch []alert.Message) []*piece {
	if c.Queue == nil || len(batch) < fullBatch || !c.mayBegin() {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.work, drainTime)
	defer cancel()
	var mu sync.Mutex
	var found []alert.Message
	room := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(batch)+len(found)+drainers*fullBatch <= maxDrain
	}
	var wait sync.WaitGroup
	for range drainers {
		wait.Go(func() {
			for ctx.Err() == nil && room() {
				// Not ctx: what the queue hands out while we hang up would be lost for its visibility time-out.
				more, err := c.Queue.Receive(c.work)
				if err != nil {
					c.Log.WarnContext(ctx, "queue not drained", "error", err)
					return
				}
				if len(more) == 0 {
					return
				}
				mu.Lock()
				found = append(found, more...)
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	pieces := c.admit(found)
	for _, p := range pieces {
		p.drained = true
	}
	return pieces
}

// sort parts what may be told at once from what has come so often that it may be what stopped the
// relay each time.
func (c *call) sort(pieces []*piece) (fresh, suspects []*piece) {
	for _, p := range pieces {
		if p.message.Receives > trusted {
			suspects = append(suspects, p)
			continue
		}
		fresh = append(fresh, p)
	}
	return fresh, suspects
}

// separate has each suspect handled alone, after what is done has been deleted. Those that came back because a
// destination was in trouble are none, and are told together.
func (c *call) separate(suspects []*piece) (groups [][]*piece) {
	if len(suspects) == 0 {
		return nil
	}
	c.deleteDone()
	trouble := c.lastTrouble()
	var explained []*piece
	for _, p := range suspects {
		if p.message.SentAt.Before(trouble) {
			explained = append(explained, p)
			continue
		}
		groups = append(groups, []*piece{p})
	}
	if len(explained) > 0 {
		groups = append([][]*piece{explained}, groups...)
	}
	return groups
}

// lastTrouble returns when a destination last had something wait. While the store does not
// tell, everything is explained by that.
func (c *call) lastTrouble() (last time.Time) {
	var ids []incident.ID
	for _, d := range c.Rules.Destinations {
		ids = append(ids, incident.ID{Destination: d.Name})
	}
	items, err := c.Store.Read(c.work, ids...)
	if err != nil {
		return c.Now()
	}
	for _, item := range items {
		d, err := incident.Read[incident.Destination](item)
		if err != nil {
			return c.Now()
		}
		if d.Is.LastTrouble.After(last) {
			last = d.Is.LastTrouble
		}
	}
	return last
}
