// Package incidenttest holds the laws of [incident.Store], which every store is
// tested by. It knows none of them.
package incidenttest

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/relay/incident"
)

// Open returns a store that has just been made and holds nothing. It judges by now what has
// expired, which starts as time.Now and is moved ahead by some laws.
type Open func(t *testing.T, now func() time.Time) incident.Store

// Run checks a store by all laws.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, law := range laws {
		t.Run(law.name, func(t *testing.T) { law.hold(t, open) })
	}
}

// RunInBubble does so with each law in a synctest bubble, for a store that has deadlines
// and no socket: it is not failed by a slow machine.
func RunInBubble(t *testing.T, open Open) {
	t.Helper()
	for _, law := range laws {
		t.Run(law.name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { law.hold(t, open) }) })
	}
}

type law struct {
	name  string
	check func(*bench)
}

func (l law) hold(t *testing.T, open Open) {
	t.Helper()
	c := &clock{time: time.Now().Truncate(time.Second)}
	l.check(&bench{T: t, Store: open(t, c.now), clock: c})
}

var laws = []law{
	{"what was never written is absent", (*bench).neverWritten},
	{"what is written is read back", (*bench).readBack},
	{"a write takes the place of all that was there", (*bench).replaced},
	{"what is read and written stays the caller's", (*bench).callersOwn},
	{"items are read in the order that was asked, also when asked for twice", (*bench).inOrder},
	{"an old version is stale and changes nothing", (*bench).oldVersion},
	{"a version from the future is stale", (*bench).futureVersion},
	{"of a few items the stale ones are named and the others written", func(b *bench) { b.someStale(4) }},
	{"of many items the stale ones are named and the others written", func(b *bench) { b.someStale(120) }},
	{"where all are stale nothing is written", (*bench).allStale},
	{"an ID that comes twice is written once", (*bench).twice},
	{"what has expired is absent and may be written anew", (*bench).expired},
	{"who read an item before it expired is stale", (*bench).expiredSince},
	{"an expiry counts from the next whole second", (*bench).wholeSeconds},
	{"an item without an expiry is refused", (*bench).withoutExpiry},
	{"of two writers of an item one wins", func(b *bench) { b.race(1) }},
	{"of two writers of many items one wins each", func(b *bench) { b.race(50) }},
	{"no update is lost", (*bench).noLostUpdate},
	{"what is open is listed until it is closed or has expired", (*bench).listed},
	{"different IDs are different items, whatever is in them", (*bench).oddIDs},
	{"odd IDs are listed as they are", (*bench).oddIDsListed},
	{"many items are one call", (*bench).many},
	{"large facts are kept whole", (*bench).large},
	{"an empty call does nothing", (*bench).empty},
	{"nothing is done when the context has ended", (*bench).ended},
}

// clock is what a store under test takes for the time.
type clock struct {
	mu   sync.Mutex
	time time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.time
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.time = c.time.Add(d)
}

// bench is a store under test; its methods fail the test when the store does.
type bench struct {
	*testing.T
	incident.Store
	clock *clock
}

// in is a time from now.
func (b *bench) in(d time.Duration) time.Time { return b.clock.now().Add(d) }

func (b *bench) item(key, facts string) *incident.Item {
	return &incident.Item{ID: id(key), Facts: []byte(facts), Expires: b.in(time.Hour)}
}

func id(key string) incident.ID { return incident.ID{Destination: "ops", Key: key} }

func (b *bench) read(ids ...incident.ID) []incident.Item {
	b.Helper()
	items, err := b.Read(b.Context(), ids...)
	if err != nil {
		b.Fatal(err)
	}
	return items
}

// write returns the places of what was stale.
func (b *bench) write(items ...*incident.Item) []int {
	b.Helper()
	stale, err := b.Write(b.Context(), items...)
	if err != nil {
		b.Fatal(err)
	}
	return stale
}

// written fails the test when anything was stale.
func (b *bench) written(items ...*incident.Item) {
	b.Helper()
	if stale := b.write(items...); len(stale) > 0 {
		b.Fatalf("stale: %v", stale)
	}
}

func (b *bench) list() []incident.ID {
	b.Helper()
	open, err := b.Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return open
}

func endedContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
