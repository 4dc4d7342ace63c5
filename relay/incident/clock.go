package incident

import "time"

// Clock is what a tick knows of those before it.
type Clock struct {
	LastTick    time.Time `json:"tick,omitzero"`
	LastSummary time.Time `json:"summary,omitzero"` // when it was told, or when a summary was first to be told
	// Until is when the tick that is at work ends at the latest; zero when it has ended.
	Until time.Time `json:"until,omitzero"`
	// Summarised are the destinations that were told the summary that is due, while others lack it.
	Summarised []string `json:"summarised,omitempty"`
}

// ClockID is where it is kept.
func ClockID() ID { return ID{"@relay", "tick"} }

// Tick notes a tick, before [SummaryDue] is asked. The first that finds a summary configured counts as one that told it: what
// was due before is nobody's concern.
func (c *Clock) Tick(now time.Time, summarises bool) {
	c.LastTick = now
	switch {
	case !summarises:
		c.LastSummary = time.Time{}
	case c.LastSummary.IsZero():
		c.LastSummary = now
	}
}

// summaryLate is how late a summary may be. Then the next one is not far.
const summaryLate = 6 * time.Hour

// SummaryDue reports whether the daily summary is to be told now: on each day of the zone once, at a time of day or up to
// six hours later. Where the clock is put forward over that time it is told then or an hour later or earlier, where it is put
// back, once. Last is when it was told last.
func SummaryDue(last, now time.Time, at time.Duration, zone *time.Location) bool {
	if last.IsZero() {
		return false
	}
	year, month, day := now.In(zone).Date()
	for _, d := range [...]int{day, day - 1} {
		due := time.Date(year, month, d, 0, 0, int(at/time.Second), 0, zone)
		if !due.After(now) {
			return due.After(last) && now.Sub(due) < summaryLate
		}
	}
	return false
}
