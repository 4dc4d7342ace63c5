package incidenttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"alarmrelay/relay/incident"
)

// same compares items as a caller sees them: facts by their bytes, times by the instant.
func (b *bench) same(got, want []incident.Item) {
	b.Helper()
	if !slices.EqualFunc(got, want, func(x, y incident.Item) bool {
		return x.ID == y.ID && x.Version == y.Version && x.Open == y.Open && x.Expires.Equal(y.Expires) &&
			bytes.Equal(x.Facts, y.Facts) && (x.Facts == nil) == (y.Facts == nil)
	}) {
		b.Errorf("got  %s\nwant %s", show(got), show(want))
	}
}

func show(items []incident.Item) string {
	var lines strings.Builder
	for _, i := range items[:min(len(items), 5)] {
		fmt.Fprintf(&lines, "%.60q v%d %.60q open %v until %v; ", i.ID, i.Version, i.Facts, i.Open, i.Expires)
	}
	return fmt.Sprintf("%d items: %s", len(items), &lines)
}

// asWritten are the items as a reader finds them.
func asWritten(items ...*incident.Item) (want []incident.Item) {
	for _, item := range items {
		want = append(want, *item)
	}
	return want
}

func ids(items []*incident.Item) (all []incident.ID) {
	for _, item := range items {
		all = append(all, item.ID)
	}
	return all
}

func (b *bench) neverWritten() {
	b.same(b.read(id("a"), incident.ID{Destination: "ops"}), []incident.Item{{ID: id("a")}, {ID: incident.ID{Destination: "ops"}}})
}

func (b *bench) readBack() {
	destination := &incident.Item{ID: incident.ID{Destination: "ops"}, Facts: []byte(`{"lease":"한"}`), Expires: b.in(time.Minute)}
	open := &incident.Item{ID: id("a"), Facts: []byte(`{"state":"ALARM"}`), Open: true, Expires: b.in(time.Hour)}
	bare := &incident.Item{ID: id("b"), Expires: b.in(time.Hour)}
	b.written(destination, open, bare)
	if destination.Version != 1 || open.Version != 1 || bare.Version != 1 {
		b.Errorf("the first version is not 1: %d, %d, %d", destination.Version, open.Version, bare.Version)
	}
	b.same(b.read(destination.ID, open.ID, bare.ID), asWritten(destination, open, bare))
}

func (b *bench) replaced() {
	first := &incident.Item{ID: id("a"), Facts: []byte(`{"state":"ALARM"}`), Open: true, Expires: b.in(time.Hour)}
	b.written(first)
	second := b.read(id("a"))[0]
	second.Facts, second.Open, second.Expires = nil, false, b.in(time.Minute)
	b.written(&second)
	if second.Version != 2 {
		b.Errorf("version %d after the second write", second.Version)
	}
	b.same(b.read(id("a")), asWritten(&second))
}

func (b *bench) callersOwn() {
	item := b.item("a", `{"state":"ALARM"}`)
	b.written(item)
	want := asWritten(b.item("a", `{"state":"ALARM"}`))
	want[0].Version = 1
	item.Facts[2] = 'X'
	b.read(id("a"))[0].Facts[2] = 'X'
	again := b.read(id("a"), id("a"))
	again[0].Facts[2] = 'X'
	b.same(again[1:], want)
	b.same(b.read(id("a")), want)
}

func (b *bench) inOrder() {
	x, y := b.item("x", `1`), b.item("y", `2`)
	b.written(x, y)
	b.same(b.read(id("y"), id("none"), id("x"), id("y")), []incident.Item{*y, {ID: id("none")}, *x, *y})
}

func (b *bench) many() {
	items := make([]*incident.Item, 250)
	for n := range items {
		items[n] = b.item(fmt.Sprint("alarm ", n), fmt.Sprintf(`{"n":%d}`, n))
		items[n].Open = n%2 == 0
	}
	b.written(items...)
	b.same(b.read(ids(items)...), asWritten(items...))
	slices.Reverse(items)
	b.written(items...)
	b.same(b.read(ids(items)...), asWritten(items...))
}

func (b *bench) large() {
	items := make([]*incident.Item, 40)
	for n := range items {
		items[n] = b.item(fmt.Sprint(n), `"`+strings.Repeat(fmt.Sprint(n%10), 100<<10)+`"`)
	}
	b.written(items[0])
	b.written(items[1:]...)
	b.same(b.read(ids(items)...), asWritten(items...))
}

func (b *bench) empty() {
	if items, stale := b.read(), b.write(); len(items)+len(stale) > 0 {
		b.Errorf("read %v, stale %v", items, stale)
	}
}

func (b *bench) ended() {
	item := b.item("a", `1`)
	_, reading := b.Read(endedContext(b.T), id("a"))
	_, writing := b.Write(endedContext(b.T), item)
	_, listing := b.Open(endedContext(b.T))
	for doing, err := range map[string]error{"read": reading, "write": writing, "open": listing} {
		if !errors.Is(err, context.Canceled) {
			b.Errorf("%s: %v", doing, err)
		}
	}
	b.same(b.read(id("a")), []incident.Item{{ID: id("a")}})
}

// oddIDs are names and keys that a store might take for one another, or could not keep as they are.
func oddIDs() []incident.ID {
	long := strings.Repeat("긴 이름 ", 400)
	return []incident.ID{
		{Destination: "a", Key: "b|c"},
		{Destination: "a|b", Key: "c"},
		{Destination: "a|b|c"},
		{Destination: "a%7Cb", Key: "c"},
		{Destination: "a%257Cb", Key: "c"},
		{Destination: "a%7Cb%7Cc"},
		{Destination: "a", Key: "b%7Cc"},
		{Destination: "a"},
		{Destination: "a", Key: "|"},
		{Destination: "a|"},
		{Destination: "A"},
		{Destination: "a "},
		{Destination: "a", Key: "\x00"},
		{Destination: "a", Key: "\n\"'<&\u2028"},
		{Destination: "a", Key: "\xff"},
		{Destination: "a", Key: "\xfe"},
		{Destination: "a", Key: "\ufffd"},
		{Destination: "온콜 🚨", Key: "경보|é"},
		{Destination: "온콜 🚨", Key: "경보|e\u0301"},
		{Destination: "a", Key: long},
		{Destination: "a", Key: long + "1"},
		{Destination: long, Key: "a"},
		{Destination: long},
		{Destination: long + "1", Key: long},
		{Destination: "a", Key: "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{Destination: "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{Destination: "a", Key: "sha256:"},
	}
}

func (b *bench) oddIDs() {
	all := oddIDs()
	items := make([]*incident.Item, len(all))
	for n, odd := range all {
		items[n] = &incident.Item{ID: odd, Facts: fmt.Appendf(nil, "%d", n), Expires: b.in(time.Hour)}
	}
	b.written(items...)
	b.same(b.read(all...), asWritten(items...))
	for n, item := range items {
		item.Facts = fmt.Appendf(nil, "%d again", n)
		b.written(item)
	}
	b.same(b.read(all...), asWritten(items...))
}

func (b *bench) oddIDsListed() {
	all := oddIDs()
	for _, odd := range all {
		b.written(&incident.Item{ID: odd, Open: true, Expires: b.in(time.Hour)})
	}
	b.lists(all...)
}

// lists fails the test when the store lists anything else. An index may be some seconds behind.
func (b *bench) lists(want ...incident.ID) {
	b.Helper()
	order := func(x, y incident.ID) int { return strings.Compare(fmt.Sprintf("%q", x), fmt.Sprintf("%q", y)) }
	slices.SortFunc(want, order)
	var got []incident.ID
	for range 50 {
		got = b.list()
		slices.SortFunc(got, order)
		if slices.Equal(got, want) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.Errorf("got %d: %.2000q\nwant %d: %.2000q", len(got), got, len(want), want)
}

func equal[T any](b *bench, what string, got, want T) {
	b.Helper()
	if !reflect.DeepEqual(got, want) {
		b.Errorf("%s: got %v, want %v", what, got, want)
	}
}
