package cloud

import (
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
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
	// longestLatency is what can be one: 14 days in a queue, and 14 among the dead letters. What is longer belongs to an
	// alert that told no time, or a wrong one.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
	longestLatency = 28 * 24 * time.Hour
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

// Report implements [relay.Measure]. It writes nothing when nothing was received and no tick looked after anything.
func (m *Measure) Report(c relay.Counts) {
	if c.Received == 0 && c.Ticks == 0 {
		return
	}
	at, all := m.now(), relay.Deliveries{}
	for _, name := range slices.Sorted(maps.Keys(c.Destinations)) {
		d := c.Destinations[name]
		add(&all, d)
		if m.perDestination && (c.Received > 0 || !idle(d)) {
			m.write(embed(at, deliveryMetrics(d), name))
		}
	}
	var metrics []metric
	if c.Ticks > 0 {
		metrics = append(metrics, metric{"Ticks", "Count", c.Ticks, true, nil})
	}
	if c.Received > 0 || !idle(&all) { // else a tick would make three metrics cost in every hour
		metrics = append(metrics, metric{"Received", "Count", c.Received, true, nil})
		metrics = append(metrics, deliveryMetrics(&all)...)
	}
	m.write(embed(at, append(metrics, graphMetrics(c)...), ""))
}

// idle reports whether a destination had nothing to do.
func idle(d *relay.Deliveries) bool {
	return d.Requests+d.Delivered+d.Failed+d.Duplicate+d.Limited+d.Blocked == 0
}

// write hands over a line in one piece, so that the log's lines, which go the same way, don't
// get into it. There is nobody to tell when it fails: the log is where one would.
func (m *Measure) write(line []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, _ = m.w.Write(line)
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
	count      int
	always     bool    // also when it is zero
	samples    []int64 // instead of a count; not empty
}

func deliveryMetrics(d *relay.Deliveries) []metric {
	metrics := []metric{
		{"Delivered", "Count", d.Delivered, true, nil},
		{"Failed", "Count", d.Failed, true, nil},
		{"Duplicate", "Count", d.Duplicate, false, nil},
		{"Retried", "Count", d.Retried, false, nil},
		{"DeadLettered", "Count", d.DeadLettered, false, nil},
		{"Limited", "Count", d.Limited, false, nil},
		{"Blocked", "Count", d.Blocked, false, nil},
		{"Doubtful", "Count", d.Doubtful, false, nil},
		{"Truncated", "Count", d.Truncated, false, nil},
		{"Requests", "Count", d.Requests, false, nil},
	}
	metrics = slices.DeleteFunc(metrics, func(m metric) bool { return m.count == 0 && !m.always })
	if values := sample(d.Latency); len(values) > 0 {
		metrics = append(metrics, metric{"Latency", "Milliseconds", 0, true, values})
	}
	return metrics
}

// graphMetrics are of the whole invocation: several destinations may show one graph.
func graphMetrics(c relay.Counts) (metrics []metric) {
	for _, m := range []metric{{"Graphs", "Count", c.Graphs, false, nil}, {"GraphsFailed", "Count", c.GraphsFailed, false, nil}} {
		if m.count > 0 {
			metrics = append(metrics, m)
		}
	}
	return metrics
}

// sample returns durations in milliseconds, shortest first. Of too many it keeps
// ranks at even distances, so that percentiles stay what they are; the shortest and the longest are among
// them. What clocks that differ make negative is 0, and what can be none is left out.
func sample(all []time.Duration) []int64 {
	sorted := slices.Sorted(slices.Values(all))
	sorted = slices.DeleteFunc(sorted, func(d time.Duration) bool { return d > longestLatency })
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

// embed is a document in the embedded metric format, as a line. Without a destination its metrics have no dimension: the
// format wants a list of dimension sets, of which one may be empty. No text in it needs JSON's escaping. Every alarm
// pays for this, and encoding/json takes six times as long.
func embed(at time.Time, metrics []metric, destination string) []byte {
	line := make([]byte, 0, 1024)
	line = append(line, `{"_aws":{"Timestamp":`...)
	line = strconv.AppendInt(line, at.UnixMilli(), 10)
	line = append(line, `,"CloudWatchMetrics":[{"Namespace":"`+metricsNamespace+`","Dimensions":[[`...)
	if destination != "" {
		line = append(line, `"`+dimension+`"`...)
	}
	line = append(line, `]],"Metrics":[`...)
	for i, m := range metrics {
		if i > 0 {
			line = append(line, ',')
		}
		line = append(line, `{"Name":"`+m.name+`","Unit":"`+m.unit+`"}`...)
	}
	line = append(line, `]}]}`...)
	if destination != "" {
		line = append(line, `,"`+dimension+`":"`+dimensionValue(destination)+`"`...)
	}
	for _, m := range metrics {
		line = m.appendTo(line)
	}
	return append(line, '}', '\n')
}

// appendTo writes the metric's member of the document.
func (m *metric) appendTo(line []byte) []byte {
	line = append(line, `,"`+m.name+`":`...)
	if m.samples == nil {
		return strconv.AppendInt(line, int64(m.count), 10)
	}
	for i, n := range m.samples {
		separator := byte(',')
		if i == 0 {
			separator = '['
		}
		line = strconv.AppendInt(append(line, separator), n, 10)
	}
	return append(line, ']')
}

// dimensionValue writes a destination's name in ASCII, which is all that CloudWatch takes: what is not is escaped
// as in addresses.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
func dimensionValue(name string) string { return url.PathEscape(name) }
