package incidenttest

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"alarmrelay/relay/incident"
)

func (b *bench) oldVersion() {
	item := b.item("a", `"first"`)
	b.written(item)
	old := *item
	item.Facts = []byte(`"second"`)
	b.written(item)
	old.Facts, old.Open = []byte(`"old"`), true
	equal(b, "stale", b.write(&old), []int{0})
	equal(b, "the version of a stale item", old.Version, 1)
	first := b.item("a", `"first again"`)
	equal(b, "stale", b.write(first), []int{0})
	equal(b, "the version of a stale item", first.Version, 0)
	b.same(b.read(id("a")), asWritten(item))
}

func (b *bench) futureVersion() {
	absent, item := b.item("a", `1`), b.item("b", `1`)
	b.written(item)
	ahead := *item
	absent.Version, ahead.Version, ahead.Facts = 1, 2, []byte(`2`)
	equal(b, "stale", b.write(absent, &ahead), []int{0, 1})
	b.same(b.read(id("a"), id("b")), []incident.Item{{ID: id("a")}, *item})
}

// someStale makes every third of n items stale, and every fifth new.
func (b *bench) someStale(n int) {
	items := make([]*incident.Item, n)
	var known []*incident.Item
	for i := range items {
		items[i] = b.item(fmt.Sprint(i), `"first"`)
		if i%5 != 0 {
			known = append(known, items[i])
		}
	}
	b.written(known...)
	var want []int
	others := map[int]incident.Item{}
	for i, item := range items {
		if i%3 == 1 {
			other := *item
			other.Facts = []byte(`"other"`)
			b.written(&other)
			others[i], want = other, append(want, i)
		}
		item.Facts = []byte(`"second"`)
	}
	equal(b, "stale", b.write(items...), want)
	kept := asWritten(items...)
	for i, other := range others {
		kept[i] = other
	}
	b.same(b.read(ids(items)...), kept)
}

func (b *bench) allStale() {
	items := make([]*incident.Item, 7)
	var want []int
	for i := range items {
		items[i] = b.item(fmt.Sprint(i), `"mine"`)
		want = append(want, i)
		b.written(b.item(fmt.Sprint(i), `"another's"`))
	}
	equal(b, "stale", b.write(items...), want)
	for _, item := range b.read(ids(items)...) {
		equal(b, "facts", string(item.Facts), `"another's"`)
	}
}

func (b *bench) twice() {
	for _, n := range []int{0, 10} { // beside so many others
		items := []*incident.Item{b.item(fmt.Sprint("same ", n), `1`), b.item(fmt.Sprint("same ", n), `2`)}
		for i := range n {
			items = append(items, b.item(fmt.Sprint(n, " ", i), `1`))
		}
		equal(b, "stale", b.write(items...), []int{1})
		b.same(b.read(items[0].ID), asWritten(items[0]))
		equal(b, "the version of what was not written", items[1].Version, 0)
	}
}

func (b *bench) expired() {
	items := make([]*incident.Item, 6)
	for i := range items {
		items[i] = b.item(fmt.Sprint(i), `"first"`)
		items[i].Open = true
	}
	b.written(items...)
	b.clock.pass(time.Hour - time.Second)
	b.same(b.read(ids(items)...), asWritten(items...))
	b.clock.pass(time.Second)
	for i, item := range b.read(ids(items)...) {
		b.same([]incident.Item{item}, []incident.Item{{ID: items[i].ID}})
		*items[i] = item
		items[i].Facts, items[i].Expires = []byte(`"second"`), b.in(time.Hour)
	}
	b.written(items[0])
	b.written(items[1:]...)
	b.same(b.read(ids(items)...), asWritten(items...))
	equal(b, "the version of what is written anew", items[0].Version, 1)
}

func (b *bench) expiredSince() {
	items := make([]*incident.Item, 6)
	want := make([]int, len(items))
	for i := range items {
		items[i], want[i] = b.item(fmt.Sprint(i), `1`), i
	}
	b.written(items...)
	b.clock.pass(time.Hour)
	equal(b, "stale", b.write(items[0]), []int{0})
	equal(b, "stale", b.write(items...), want)
}

func (b *bench) wholeSeconds() {
	item := b.item("a", `1`)
	item.Expires = b.in(time.Minute + time.Millisecond)
	b.written(item)
	b.clock.pass(time.Minute + time.Second - time.Nanosecond)
	got := b.read(id("a"))[0]
	if want := b.in(time.Nanosecond); !got.Expires.Equal(want) || got.Version != 1 {
		b.Errorf("version %d expires %v, want 1 and %v", got.Version, got.Expires, want)
	}
	b.clock.pass(time.Nanosecond)
	b.same(b.read(id("a")), []incident.Item{{ID: id("a")}})
}

func (b *bench) withoutExpiry() {
	item := b.item("a", `1`)
	item.Expires = time.Time{}
	if _, err := b.Write(b.Context(), b.item("b", `1`), item); err == nil {
		b.Error("it was written")
	}
	b.same(b.read(id("a"), id("b")), []incident.Item{{ID: id("a")}, {ID: id("b")}})
}

// race lets two write n items that both have read.
func (b *bench) race(n int) {
	for round := range 5 {
		var all sync.WaitGroup
		writers := make([][]*incident.Item, 2)
		winners := make([]int, n)
		var mu sync.Mutex
		for w := range writers {
			for i := range n {
				writers[w] = append(writers[w], b.item(fmt.Sprint(round, " ", i), fmt.Sprint(w)))
			}
			all.Go(func() {
				stale, err := b.Write(b.Context(), writers[w]...)
				if err != nil {
					b.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				for i := range winners {
					winners[i]++
				}
				for _, i := range stale {
					winners[i]--
				}
			})
		}
		all.Wait()
		for i, item := range b.read(ids(writers[0])...) {
			w, err := strconv.Atoi(string(item.Facts))
			if winners[i] != 1 || err != nil || writers[w][i].Version != 1 || writers[1-w][i].Version != 0 {
				b.Fatalf("round %d, item %d: %d winners, it holds %q", round, i, winners[i], item.Facts)
			}
		}
	}
}

// noLostUpdate counts up by several who read and write until they are not stale.
func (b *bench) noLostUpdate() {
	const writers, times = 4, 10
	counter := []*incident.Item{b.item("a", `0`), b.item("b", `0`)}
	b.written(counter...)
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for done := 0; done < times && !b.Failed(); {
				items, err := b.Read(b.Context(), id("a"))
				if err != nil {
					b.Error(err)
					return
				}
				n, err := strconv.Atoi(string(items[0].Facts))
				if err != nil {
					b.Error(err)
					return
				}
				items[0].Facts = strconv.AppendInt(nil, int64(n+1), 10)
				stale, err := b.Write(b.Context(), &items[0])
				if err != nil {
					b.Error(err)
					return
				}
				done += 1 - len(stale)
			}
		})
	}
	all.Wait()
	got := b.read(id("a"))[0]
	equal(b, "count", string(got.Facts), strconv.Itoa(writers*times))
	equal(b, "version", got.Version, 1+writers*times)
}

func (b *bench) listed() {
	short, long, closed := b.item("short", `1`), b.item("long", `1`), b.item("closed", `1`)
	short.Open, long.Open, short.Expires = true, true, b.in(time.Minute)
	b.lists()
	b.written(short, long, closed)
	b.lists(short.ID, long.ID)
	b.clock.pass(time.Minute)
	b.lists(long.ID)
	closed.Open = true
	b.written(closed)
	b.lists(long.ID, closed.ID)
	long.Open, closed.Open = false, false
	b.written(long, closed)
	b.lists()
}
