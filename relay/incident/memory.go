package incident

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// maxRemembered is how many items a [Memory] keeps: more than an account may have alarms in a Region without
	// asking for more.
	maxRemembered = 100_000
	// maxHeld is how many bytes they may take, which leaves a function of 128 MB room to work.
	maxHeld = 32 << 20
	// heldBeside is what an item takes beside its texts.
	heldBeside = 200
)

// sweepEvery is how often a [Memory] looks for expired items, at most.
const sweepEvery = time.Minute

// Memory is the [Store] of one process: what an instance of the function knows when
// no table is configured. It keeps the 100,000 items that expire last, or as many of them as fit into 32 MB, and a tenth
// fewer just after there were more.
type Memory struct {
	now func() time.Time

	mu    sync.Mutex
	items map[ID]Item
	held  int // bytes
	swept time.Time
}

var _ Store = (*Memory)(nil)

// NewMemory returns a Memory without items. What has expired is judged by now.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{now: now, items: map[ID]Item{}, swept: now()}
}

// Read implements [Store].
func (m *Memory) Read(ctx context.Context, ids ...ID) ([]Item, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read from memory: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	items := make([]Item, len(ids))
	for i, id := range ids {
		items[i] = m.alive(id, now)
		items[i].Facts = bytes.Clone(items[i].Facts)
	}
	return items, nil
}

// Write implements [Store].
func (m *Memory) Write(ctx context.Context, items ...*Item) (stale []int, err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("write to memory: %w", err)
	}
	for _, item := range items {
		if item.Expires.IsZero() {
			return nil, fmt.Errorf("write to memory: item %q of %q never expires", item.Key, item.Destination)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	seen := map[ID]bool{}
	for i, item := range items {
		again := seen[item.ID]
		seen[item.ID] = true
		if again || m.alive(item.ID, now).Version != item.Version {
			stale = append(stale, i)
			continue
		}
		item.Version++
		kept := *item
		kept.Facts, kept.Expires = bytes.Clone(item.Facts), wholeSeconds(item.Expires)
		m.keep(kept)
	}
	m.forget(now)
	return stale, nil
}

// Open implements [Store].
func (m *Memory) Open(ctx context.Context) ([]ID, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list what is open in memory: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	var open []ID
	for id := range m.items {
		if m.alive(id, now).Open {
			open = append(open, id)
		}
	}
	return open, nil
}

// alive returns the item as a reader sees it: nothing but its ID when it is absent or has expired.
func (m *Memory) alive(id ID, now time.Time) Item {
	if item, ok := m.items[id]; ok && item.Expires.After(now) {
		return item
	}
	return Item{ID: id}
}

// keep puts an item in the place of the one with its ID.
func (m *Memory) keep(item Item) {
	m.drop(item.ID)
	m.items[item.ID] = item
	m.held += item.size()
}

func (m *Memory) drop(id ID) {
	if item, ok := m.items[id]; ok {
		m.held -= item.size()
		delete(m.items, id)
	}
}

func (i *Item) size() int { return heldBeside + len(i.Destination) + len(i.Key) + len(i.Facts) }

// fits reports whether what is kept is at most so many hundredths of what may be.
func (m *Memory) fits(percent int) bool {
	return len(m.items) <= maxRemembered/100*percent && m.held <= maxHeld/100*percent
}

// forget drops what has expired, now and then, and what expires soonest when there is too much.
func (m *Memory) forget(now time.Time) {
	if m.fits(100) && now.Sub(m.swept) < sweepEvery {
		return
	}
	m.swept = now
	for id, item := range m.items {
		if !item.Expires.After(now) {
			m.drop(id)
		}
	}
	if m.fits(100) {
		return
	}
	soonest := make([]Item, 0, len(m.items))
	for _, item := range m.items {
		soonest = append(soonest, item)
	}
	slices.SortFunc(soonest, func(a, b Item) int { return a.Expires.Compare(b.Expires) })
	for _, item := range soonest {
		if m.fits(90) {
			return
		}
		m.drop(item.ID)
	}
}

// wholeSeconds rounds up, as every store does: DynamoDB's expiry is in seconds.
func wholeSeconds(t time.Time) time.Time {
	if whole := t.Truncate(time.Second); whole.Before(t) {
		return whole.Add(time.Second)
	}
	return t
}
