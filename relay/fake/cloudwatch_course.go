package fake

import (
	"hash/fnv"
	"math"
	"slices"
	"time"
)

const (
	// climb is how long a metric takes from what is usual to a value that was measured.
	climb = 12 * time.Minute
	// maxTurns and maxCourses bound what is remembered of what was measured.
	maxTurns   = 50
	maxCourses = 1000
)

// course is what a metric does: it waves about what is usual, and goes from one measured value to the next.
type course struct {
	usual float64
	turns []turn // in order of time
}

type turn struct {
	at    time.Time
	value float64
}

// Measure has a metric, or an expression, come to a value at a time. Usual is what it waves about before the first of them. Metrics of
// which nothing was measured wave about 40 and climb to 97.2, which samples of alarms name.
func (c *CloudWatch) Measure(name string, usual float64, at time.Time, value float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.courses[name]
	if known == nil {
		if len(c.courses) >= maxCourses {
			clear(c.courses)
		}
		known = &course{usual: usual}
		c.courses[name] = known
	}
	known.turns = slices.DeleteFunc(known.turns, func(t turn) bool { return t.at.Equal(at) })
	known.turns = append(known.turns, turn{at, value})
	slices.SortFunc(known.turns, func(a, b turn) int { return a.at.Compare(b.at) })
	known.turns = known.turns[max(0, len(known.turns)-maxTurns):]
}

// valueAt is the value of a metric at a time, where there are values until end.
func (c *CloudWatch) valueAt(name string, at, end time.Time) float64 {
	known := c.courses[name]
	if known == nil {
		known = &course{40, []turn{{end, 97.2}}}
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	phase := float64(h.Sum32() % 64)
	wave := (6*math.Sin(float64(at.Unix())/900+phase) + 2*math.Sin(float64(at.Unix())/140+2*phase)) / 8
	return known.valueAt(at, wave)
}

// valueAt is where the course is at a time. The wave, from -1 to 1, is told before it climbs.
func (c *course) valueAt(at time.Time, wave float64) float64 {
	first := c.turns[0]
	level := c.usual + wave*math.Abs(first.value-c.usual)/7
	if c.usual >= 0 {
		level = max(0, level)
	}
	for n, t := range c.turns {
		begin := t.at.Add(-climb)
		if n > 0 && begin.Before(c.turns[n-1].at) {
			begin = c.turns[n-1].at
		}
		switch {
		case at.Before(begin):
			return rounded(level)
		case at.Before(t.at):
			return rounded(level + (t.value-level)*float64(at.Sub(begin))/float64(t.at.Sub(begin)))
		}
		level = t.value
	}
	return rounded(level)
}

// rounded keeps four digits.
func rounded(v float64) float64 {
	if v == 0 {
		return 0
	}
	digits := 3 - math.Floor(math.Log10(math.Abs(v)))
	unit := math.Pow(10, math.Abs(digits)) // as a whole number, which is exact
	if digits < 0 {
		return math.Round(v/unit) * unit
	}
	return math.Round(v*unit) / unit
}
