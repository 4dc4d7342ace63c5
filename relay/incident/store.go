// Package incident is what the relay remembers: which alerts a destination was
// told, how its service is doing, and which message is still open. It decides,
// purely, what of a batch is news, what is late and what has to wait.
//
// It posts nothing and reads no clock. A [Store] keeps its facts.
package incident

import (
	"context"
	"time"
)

// ID names what a store keeps: a destination, or one thing at a destination.
type ID struct {
	Destination string
	Key         string // empty for the destination itself
}

// Item is what a store keeps under an ID.
type Item struct {
	ID
	Version int64     // of what was read; 0 when there was nothing
	Facts   []byte    // JSON; nil when there was nothing
	Open    bool      // listed by [Store.Open]: an incident that is not over
	Expires time.Time // from then on it counts as absent, deleted or not; in whole seconds, rounded up
}

// Store keeps items. [Memory] and relay/cloud's Table are the two there are;
// incidenttest checks both.
//
// Methods may be called from several goroutines and processes. What Read
// returns is the caller's to change.
type Store interface {
	// Read returns an item for each ID, in order, as it is now: with version 0 and without
	// facts where there is none or it has expired.
	Read(ctx context.Context, ids ...ID) ([]Item, error)
	// Write writes each item whose version is still the one that it was read with, and raises
	// that version in the item. It returns the places of the others, which it leaves alone: also those of an ID that
	// was given before, and of what has expired since it was read. An item without Expires is an error. After an
	// error any of the items may have been written.
	Write(ctx context.Context, items ...*Item) (stale []int, err error)
	// Open lists the items that were written with Open set and have not expired. What was written in the
	// last second may be missing.
	Open(ctx context.Context) ([]ID, error)
}
