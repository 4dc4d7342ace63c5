package relay

import "time"

// Measure is where the relay says how it is doing. relay/cloud writes CloudWatch's metrics;
// [NoMeasure] is for the desk.
type Measure interface {
	// Report is called once, at the end of each invocation.
	Report(c Counts)
}

// Counts are what one invocation came to.
type Counts struct {
	Received     int // alerts that came, whatever became of them
	Ticks        int // 1 where the schedule invoked the function, and it looked after what is open
	Graphs       int // pictures, and lines of values that were fetched, each once however many destinations show it
	GraphsFailed int // that were refused, or not there in time
	Destinations map[string]*Deliveries
}

// Deliveries are what became of alerts at one destination, each counted once for
// an invocation unless it says otherwise.
type Deliveries struct {
	Delivered    int
	Duplicate    int // had been told already
	Failed       int // not told: retried or dead-lettered
	Retried      int // to come back
	DeadLettered int
	Limited      int             // requests that the rate limit put off
	Blocked      int             // requests that the service's front door turned away
	Doubtful     int             // alerts that were told though they may have been before: a relay was stopped, an answer lost
	Truncated    int             // texts that were cut to fit
	Requests     int             // posts and edits
	Latency      []time.Duration // from an alert's change to its message being accepted
}

// NoMeasure reports nothing.
type NoMeasure struct{}

// Report implements [Measure].
func (NoMeasure) Report(Counts) {}
