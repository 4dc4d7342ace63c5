package main

import (
	"maps"
	"time"

	"alarmrelay/cmd/alarmrelay/page"
)

// attention is how often the page is told at most what waits.
const attention = 200 * time.Millisecond

// waiting is what the act has still to tell, by the machine's own clock.
func (a *act) waiting() page.Waiting {
	a.mu.Lock()
	calls := maps.Clone(a.calls)
	w := page.Waiting{Dead: a.letters.Len() + a.dropped}
	a.mu.Unlock()
	working := map[string]bool{}
	for i := range calls {
		for _, id := range i.messages() {
			working[id] = true
		}
	}
	w.Messages = a.queue.Len()
	if next, ok := a.queue.NextVisibleBut(working); ok && next.After(a.clock.now()) {
		w.Next = next.Add(-a.clock.ahead()).Truncate(time.Millisecond).UTC()
	}
	return w
}

// tellWaiting tells the page what waits, whenever that has changed, until the act ends.
func (a *act) tellWaiting(stream *page.Stream) {
	for last := (page.Waiting{}); a.ctx.Err() == nil; sleep(a.ctx, attention) {
		if now := a.waiting(); now != last {
			stream.Tell(page.KindWaiting, now)
			last = now
		}
	}
}
