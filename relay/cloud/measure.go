package cloud

import (
	"encoding/json"
	"io"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"

	"alarmrelay/relay"
)

const (
	// metricsNamespace is where CloudWatch shows the metrics.
	metricsNamespace = "alarmrelay"
	// maxValues of one metric in one line:
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html#CloudWatch_Embedded_Metric_Format_Specification_structure_target
	maxValues = 100
	// dimension is the name of the only dimension there is.
	dimension = "Destination"
)

// Measure writes CloudWatch's metrics into the log, in its embedded metric format.
// docs/metrics.md lists them.
type Measure struct {
	mu             sync.Mutex
	w              io.Writer
	perDestination bool
	now            func() time.Time
}

var _ relay.Measure = (*Measure)(nil)

// NewMeasure returns a Measure that writes to w, a whole line at once. With perDestination there is a
// line for each destination besides the one for all.
func NewMeasure(w io.Writer, perDestination bool, now func() time.Time) *Measure {
	return &Measure{w: w, perDestination: perDestination, now: now}
}

// Report implements [relay.Measure]. It writes nothing when nothing was received.
func (m *Measure) Report(c relay.Counts) {
	if c.Received == 0 {
		return
	}
	at, all := m.now(), relay.Deliveries{}
	for _, name := range slices.Sorted(maps.Keys(c.Destinations)) {
		d := c.Destinations[name]
		add(&all, d)
		if m.perDestination {
			m.write(embed(at, deliveryMetrics(d), name))
		}
	}
	received := metric{"Received", "Count", c.Received, true}
	m.write(embed(at, append([]metric{received}, deliveryMetrics(&all)...), ""))
}

// write hands over a line in one piece, so that the log's lines, which go the same way, don't
// get into it. There is nobody to tell when it fails: the log is where one would.
func (m *Measure) write(document map[string]any) {
	line, err := json.Marshal(document)
	if err != nil {
		panic(err) // our own types
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, _ = m.w.Write(append(line, '\n'))
}

func add(sum, d *relay.Deliveries) {
	sum.Delivered += d.Delivered
	sum.Duplicate += d.Duplicate
	sum.Failed += d.Failed
	sum.Retried += d.Retried
	sum.DeadLettered += d.DeadLettered
	sum.Limited += d.Limited
	sum.Blocked += d.Blocked
	sum.Doubtful += d.Doubtful
	sum.Truncated += d.Truncated
	sum.Requests += d.Requests
	sum.Latency = append(sum.Latency, d.Latency...)
}

// metric is one row of docs/metrics.md.
type metric struct {
	name, unit string
	value      any
	always     bool // also when it is zero
}

func deliveryMetrics(d *relay.Deliveries) []metric {
	metrics := []metric{
		{"Delivered", "Count", d.Delivered, true},
		{"Failed", "Count", d.Failed, true},
		{"Duplicate", "Count", d.Duplicate, false},
		{"Retried", "Count", d.Retried, false},
		{"DeadLettered", "Count", d.DeadLettered, false},
		{"Limited", "Count", d.Limited, false},
		{"Blocked", "Count", d.Blocked, false},
		{"Doubtful", "Count", d.Doubtful, false},
		{"Truncated", "Count", d.Truncated, false},
		{"Requests", "Count", d.Requests, false},
	}
	metrics = slices.DeleteFunc(metrics, func(m metric) bool { return m.value == 0 && !m.always })
	if len(d.Latency) > 0 {
		metrics = append(metrics, metric{"Latency", "Milliseconds", sample(d.Latency), true})
	}
	return metrics
}

// sample returns durations in milliseconds, shortest first. Of too many it keeps
// ranks at even distances, so that percentiles stay what they are; the shortest and the longest are among
// them. What clocks that differ make negative is 0.
func sample(all []time.Duration) []int64 {
	sorted := slices.Sorted(slices.Values(all))
	n := min(len(sorted), maxValues)
	values := make([]int64, n)
	for i := range values {
		at := i
		if len(sorted) > n {
			at = i * (len(sorted) - 1) / (n - 1)
		}
		values[i] = max(0, sorted[at].Milliseconds())
	}
	return values
}

// embed is a document in the embedded metric format. Without a destination its metrics have no dimension: the format
// wants a list of dimension sets, of which one may be empty.
func embed(at time.Time, metrics []metric, destination string) map[string]any {
	set, definitions := []string{}, []map[string]string{}
	document := map[string]any{}
	if destination != "" {
		set = append(set, dimension)
		document[dimension] = dimensionValue(destination)
	}
	for _, m := range metrics {
		definitions = append(definitions, map[string]string{"Name": m.name, "Unit": m.unit})
		document[m.name] = m.value
	}
	document["_aws"] = map[string]any{
		"Timestamp": at.UnixMilli(),
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace": metricsNamespace, "Dimensions": [][]string{set}, "Metrics": definitions,
		}},
	}
	return document
}

// dimensionValue writes a destination's name in ASCII, which is all that CloudWatch takes: what is not is escaped
// as in addresses.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
func dimensionValue(name string) string { return url.PathEscape(name) }
