package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

// invocation is one call of the relay: what it was handed, under which configuration.
type invocation struct {
	setting setting // as it was read, not bound to a stage
	stage   *stage

	mu   sync.Mutex
	told []told
	held []string // the ids of what it was handed from the queue
}

// told is an alert that an invocation was handed.
type told struct {
	alert   alert.Alert
	at      time.Time // when it arrived
	setting setting
}

// hand notes what messages of a queue tell.
func (i *invocation) hand(now time.Time, messages ...alert.Message) {
	for _, m := range messages {
		i.mu.Lock()
		i.held = append(i.held, m.ID)
		i.mu.Unlock()
		i.note(now, m.Parse())
	}
}

// note notes what was parsed.
func (i *invocation) note(now time.Time, records []alert.Record) {
	i.setting.home.Complete(records)
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, r := range records {
		if r.Err == nil && r.Skip == "" {
			i.told = append(i.told, told{r.Alert, now, i.setting})
			i.stage.measure(&r.Alert)
		}
	}
}

// all is what the invocation was handed.
func (i *invocation) all() []told {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.told)
}

// listening is a channel that says who speaks there.
type listening struct {
	relay.Channel
	watch       *watch
	destination string
	by          *invocation
}

// Post implements [relay.Channel].
func (l listening) Post(ctx context.Context, m formatter.Message) (relay.Ref, error) {
	l.watch.speaks(l.destination, l.by)
	return l.Channel.Post(ctx, m)
}

// Edit implements [relay.Channel].
func (l listening) Edit(ctx context.Context, ref relay.Ref, m formatter.Message) (relay.Ref, error) {
	l.watch.speaks(l.destination, l.by)
	return l.Channel.Edit(ctx, ref, m)
}

// drained is a queue that notes what an invocation takes from it beside its batch.
type drained struct {
	*fake.Queue
	by  *invocation
	now func() time.Time
}

// Receive implements [relay.Queue].
func (d drained) Receive(ctx context.Context) ([]alert.Message, error) {
	messages, err := d.Queue.Receive(ctx)
	d.by.hand(d.now(), messages...)
	return messages, err
}

// messages are the ids of what it was handed from the queue.
func (i *invocation) messages() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.held)
}

// maxAlerts is how many alerts of one message are explained.
const maxAlerts = 200

// alertsIn are what a message tells: of what the invocations that wrote it were handed, and else of everything that is known, the
// alerts whose names it has. Of each it is the newest change.
func alertsIn(m seen, known []told) []told {
	said := lettersOf(string(m.message.Payload))
	var found []told
	for _, i := range m.said {
		all := i.all()
		if len(all) > 1 {
			all = named(all, said)
		}
		found = append(found, all...)
	}
	if len(found) == 0 {
		found = named(known, said)
	}
	newest := map[string]int{}
	var alerts []told
	for _, t := range found {
		if at, again := newest[t.alert.Key]; again {
			alerts[at] = t
			continue
		}
		newest[t.alert.Key] = len(alerts)
		alerts = append(alerts, t)
	}
	return alerts[:min(len(alerts), maxAlerts)]
}

// named are the alerts whose names a text has.
func named(all []told, said string) []told {
	return slices.DeleteFunc(slices.Clone(all), func(t told) bool {
		const enough = 40 // a long name is cut
		name := []rune(lettersOf(t.alert.Name))
		return len(name) == 0 || !strings.Contains(said, string(name[:min(len(name), enough)]))
	})
}

// lettersOf leaves of a text what no markup changes.
func lettersOf(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
