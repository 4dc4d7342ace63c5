package main

import (
	"context"
	"time"

	"alarmrelay/deploy/judge"
	"alarmrelay/formatter"
)

// tidy has somebody delete one of a channel's last messages now and then, until ctx ends or the weather is calm.
func (w *weather) tidy(ctx context.Context) {
	for sleep(ctx, w.upTo(w.o.tidied)) == nil {
		c := &w.town.channels[w.n(len(w.town.channels))]
		if c.edits() && w.chance(1) {
			w.town.delete(c, w.n(recent))
		}
	}
}

// recent is how far back messages are deleted.
const recent = 8

// delete deletes one of a channel's last messages, if it has as many.
func (t *town) delete(c *channel, back int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	gone := ""
	if c.service == formatter.ServiceDiscord {
		if all := t.discord.Messages(c.place); len(all) > back {
			gone = all[len(all)-1-back].ID
			t.discord.DeleteMessage(gone)
		}
	} else if all := t.slack.Messages(c.place); len(all) > back {
		m := all[len(all)-1-back]
		gone = judge.MessageOf(c.place, m.TS)
		t.slack.DeleteMessage(c.place, m.TS)
	}
	if gone == "" {
		return
	}
	if t.deleted[c.id] == nil {
		t.deleted[c.id] = map[string]time.Time{}
	}
	t.deleted[c.id][gone] = time.Now()
}
