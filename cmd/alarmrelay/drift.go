package main

import (
	"sync/atomic"
	"time"
)

// drift is the machine's clock, set forward or back. The relay waits by the machine's own.
type drift struct{ by atomic.Int64 }

func (d *drift) now() time.Time          { return time.Now().Add(d.ahead()) }
func (d *drift) ahead() time.Duration    { return time.Duration(d.by.Load()) }
func (d *drift) set(ahead time.Duration) { d.by.Store(int64(ahead)) }

// reach sets the clock to a time, unless it is later already, and returns what it shows then. A clock that goes back would confuse
// who measures by it.
func (d *drift) reach(at time.Time) time.Time {
	if now := d.now(); now.After(at) {
		return now
	}
	d.set(time.Until(at))
	return at
}
