package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"alarmrelay/relay/cloud/account"
)

const (
	// stepTimeout bounds sending and deleting one batch, which are not interrupted.
	stepTimeout = 30 * time.Second
	// hopeless is after how many batches in a row of which nothing could be sent no other is tried. One may just hold
	// a letter that the queue does not take.
	hopeless = 3
)

// Why a letter is where it was.
var (
	errGone     = errors.New("it is no longer in the dead-letter queue, or somebody else looks at it just now")
	errNotTried = errors.New("not tried, since none of many before it could be sent")
)

// move takes letters from the dead-letter queue to the other.
type move struct {
	queues
	depth    account.Depth
	progress progress

	wanted map[string]bool
	ended  map[string]error // by id, nil for what was moved
	unsent int              // so many batches in a row of which nothing could be sent
}

// run moves letters and returns what went wrong, by id.
func (m *move) run(ctx context.Context, letters []letter) (failed map[string]error) {
	m.wanted, m.ended = map[string]bool{}, map[string]error{}
	for _, l := range letters {
		m.wanted[l.ID] = true
	}
	defer m.progress.clear()
	err := m.dead.Walk(ctx, m.depth, func(batch []account.Letter) bool {
		m.take(ctx, batch)
		m.progress.say("%d of %d moved", len(m.ended), len(letters))
		return m.unsent < hopeless && len(m.ended) < len(m.wanted)
	})
	_ = m.dead.PutBack(ctx) // what it leaves shows up by itself, and nothing is lost
	rest := errGone
	switch {
	case err != nil:
		rest = wordInterrupt(ctx, err)
	case m.unsent >= hopeless:
		rest = errNotTried
	}
	failed = map[string]error{}
	for id := range m.wanted {
		if err, ended := m.ended[id]; !ended {
			failed[id] = rest
		} else if err != nil {
			failed[id] = err
		}
	}
	return failed
}

// take moves what is wanted of a batch: it sends, and then deletes what is safely there. It is seen through
// even when ctx ends, so that as few copies as possible stay behind.
func (m *move) take(ctx context.Context, batch []account.Letter) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stepTimeout)
	defer cancel()
	var chosen, sent []account.Letter
	for _, l := range batch {
		if m.wanted[l.ID] {
			chosen = append(chosen, l)
		}
	}
	failed := m.input.Send(ctx, chosen)
	for _, l := range chosen {
		if m.ended[l.ID] = failed[l.ID]; failed[l.ID] == nil {
			sent = append(sent, l)
		}
	}
	switch {
	case len(sent) > 0:
		m.unsent = 0
	case len(chosen) > 0:
		m.unsent++
	}
	for id, err := range m.dead.Delete(ctx, sent) {
		m.ended[id] = fmt.Errorf("sent, but a copy stays in the dead-letter queue: %w", err)
	}
}
