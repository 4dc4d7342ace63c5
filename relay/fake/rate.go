package fake

import (
	"math"
	"strconv"
	"time"
)

// window is a limit on requests in a span of time that begins with its first request.
type window struct {
	limit int
	span  time.Duration
	start time.Time
	used  int
}

// take counts one request. It returns false, and counts nothing, when the limit is met.
func (w *window) take(now time.Time) bool {
	if now.Sub(w.start) >= w.span {
		w.start, w.used = now, 0
	}
	if w.used >= w.limit {
		return false
	}
	w.used++
	return true
}

func (w *window) resetAfter(now time.Time) time.Duration { return max(0, w.start.Add(w.span).Sub(now)) }

// bucket holds up to size requests and gets one back every refill.
type bucket struct {
	size   float64
	refill time.Duration
	left   float64
	at     time.Time
}

// take counts one request, or returns how long the next one has to wait.
func (b *bucket) take(now time.Time) (wait time.Duration) {
	if b.at.IsZero() {
		b.left = b.size
	} else {
		b.left = min(b.size, b.left+float64(now.Sub(b.at))/float64(b.refill))
	}
	b.at = now
	if b.left >= 1 {
		b.left--
		return 0
	}
	return time.Duration((1 - b.left) * float64(b.refill))
}

// wholeSeconds rounds up, as Retry-After is written.
func wholeSeconds(d time.Duration) string { return itoa(int(math.Ceil(d.Seconds()))) }

func decimalSeconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', 3, 64)
}

func itoa(n int) string { return strconv.Itoa(n) }
