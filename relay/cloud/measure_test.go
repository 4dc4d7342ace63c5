package cloud_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"alarmrelay/relay"
	"alarmrelay/relay/cloud"
)

func atNoon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// reported returns the lines that one report writes, decoded, in order.
func reported(t *testing.T, perDestination bool, c relay.Counts) []map[string]any {
	t.Helper()
	var log bytes.Buffer
	cloud.NewMeasure(&log, perDestination, atNoon).Report(c)
	var lines []map[string]any
	for line := range strings.Lines(log.String()) {
		document := map[string]any{}
		if err := json.Unmarshal([]byte(line), &document); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if err := embeddedFormat(t).Validate(any(document)); err != nil {
			t.Errorf("no embedded metric format: %v\n%s", err, line)
		}
		lines = append(lines, document)
	}
	return lines
}

// embeddedFormat is what the specification says about the parts that Measure uses.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
func embeddedFormat(t *testing.T) *jsonschema.Schema {
	t.Helper()
	const text = `{
		"type": "object", "required": ["_aws"],
		"properties": {
			"_aws": {
				"type": "object", "required": ["Timestamp", "CloudWatchMetrics"], "additionalProperties": false,
				"properties": {
					"Timestamp": {"type": "integer"},
					"CloudWatchMetrics": {"type": "array", "minItems": 1, "items": {
						"type": "object", "required": ["Namespace", "Dimensions", "Metrics"], "additionalProperties": false,
						"properties": {
							"Namespace": {"type": "string", "minLength": 1, "maxLength": 255},
							"Dimensions": {"type": "array", "minItems": 1, "items": {"type": "array", "maxItems": 9, "items": {"enum": ["Destination"]}}},
							"Metrics": {"type": "array", "minItems": 1, "maxItems": 100, "items": {
								"type": "object", "required": ["Name"], "additionalProperties": false,
								"properties": {"Name": {"type": "string", "minLength": 1}, "Unit": {"enum": ["Count", "Milliseconds"]}}
							}}
						}
					}}
				}
			},
			"Destination": {"type": "string", "minLength": 1, "maxLength": 1024, "pattern": "^[ -~]+$"},
			"Latency": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "number", "minimum": 0}}
		},
		"additionalProperties": {"type": "integer", "minimum": 0}
	}`
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("emf.json", document); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile("emf.json")
}

// line is a document as it is to be: metrics are names and values by turns.
func line(dimensions []any, more map[string]any, metrics ...any) map[string]any {
	document := map[string]any{}
	var definitions []any
	for at := 0; at < len(metrics); at += 2 {
		name, unit := metrics[at].(string), "Count"
		document[name] = metrics[at+1]
		if name == "Latency" {
			unit = "Milliseconds"
		} else {
			document[name] = float64(metrics[at+1].(int))
		}
		definitions = append(definitions, map[string]any{"Name": name, "Unit": unit})
	}
	maps.Copy(document, more)
	document["_aws"] = map[string]any{
		"Timestamp": 1795262400000.0,
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace": "alarmrelay", "Dimensions": []any{dimensions}, "Metrics": definitions,
		}},
	}
	return document
}

func TestAnInvocationIsOneLineWithoutDimensions(t *testing.T) {
	none := []any{}
	full := &relay.Deliveries{
		Delivered: 1, Duplicate: 2, Failed: 3, Retried: 4, DeadLettered: 5, Limited: 6, Blocked: 7, Doubtful: 8, Truncated: 9, Requests: 10,
		Latency: []time.Duration{2500 * time.Millisecond, -time.Second, 900 * time.Microsecond},
	}
	few := &relay.Deliveries{Delivered: 10, Requests: 1, Latency: []time.Duration{time.Second}}
	for name, row := range map[string]struct {
		counts relay.Counts
		want   []map[string]any
	}{
		"nothing received": {relay.Counts{Destinations: map[string]*relay.Deliveries{"ops": few}}, nil},
		"nobody told":      {relay.Counts{Received: 4}, []map[string]any{line(none, nil, "Received", 4, "Delivered", 0, "Failed", 0)}},
		"two destinations": {
			relay.Counts{Received: 11, Destinations: map[string]*relay.Deliveries{"ops": full, "backend": few}},
			[]map[string]any{line(none, nil, "Received", 11, "Delivered", 11, "Failed", 3, "Duplicate", 2, "Retried", 4, "DeadLettered", 5, "Limited", 6,
				"Blocked", 7, "Doubtful", 8, "Truncated", 9, "Requests", 11, "Latency", []any{0.0, 0.0, 1000.0, 2500.0})},
		},
		"a tick that found nothing to do": {
			relay.Counts{Ticks: 1, Destinations: map[string]*relay.Deliveries{"ops": {}}},
			[]map[string]any{line(none, nil, "Ticks", 1)},
		},
		"a tick that reminded people": {
			relay.Counts{Ticks: 1, Destinations: map[string]*relay.Deliveries{"ops": {Requests: 2}}},
			[]map[string]any{line(none, nil, "Ticks", 1, "Received", 0, "Delivered", 0, "Failed", 0, "Requests", 2)},
		},
		"graphs": {
			relay.Counts{Received: 1, Graphs: 2, GraphsFailed: 3},
			[]map[string]any{line(none, nil, "Received", 1, "Delivered", 0, "Failed", 0, "Graphs", 2, "GraphsFailed", 3)},
		},
		"what is zero is left out": {
			relay.Counts{Received: 10, Destinations: map[string]*relay.Deliveries{"backend": few}},
			[]map[string]any{line(none, nil, "Received", 10, "Delivered", 10, "Failed", 0, "Requests", 1, "Latency", []any{1000.0})},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, reported(t, false, row.counts)); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDestinationsHaveLinesOfTheirOwnWhenAskedFor(t *testing.T) {
	counts := relay.Counts{Received: 3, Destinations: map[string]*relay.Deliveries{
		"ops": {Delivered: 2, Requests: 1}, "당직": {Failed: 3, Retried: 3},
	}}
	dimension := []any{"Destination"}
	want := []map[string]any{
		line(dimension, map[string]any{"Destination": "ops"}, "Delivered", 2, "Failed", 0, "Requests", 1),
		line(dimension, map[string]any{"Destination": "%EB%8B%B9%EC%A7%81"}, "Delivered", 0, "Failed", 3, "Retried", 3),
		line([]any{}, nil, "Received", 3, "Delivered", 2, "Failed", 3, "Retried", 3, "Requests", 1),
	}
	if diff := cmp.Diff(want, reported(t, true, counts)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestATickIsToldOfWhereItHadSomethingToDo(t *testing.T) {
	counts := relay.Counts{Ticks: 1, Destinations: map[string]*relay.Deliveries{"ops": {Delivered: 1, Requests: 1}, "backend": {}}}
	want := []map[string]any{
		line([]any{"Destination"}, map[string]any{"Destination": "ops"}, "Delivered", 1, "Failed", 0, "Requests", 1),
		line([]any{}, nil, "Ticks", 1, "Received", 0, "Delivered", 1, "Failed", 0, "Requests", 1),
	}
	if diff := cmp.Diff(want, reported(t, true, counts)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestManyLatenciesAreSampledEvenly(t *testing.T) {
	for n, want := range map[int]struct{ values, first, middle, last float64 }{
		99: {99, 1, 50, 99}, 100: {100, 1, 51, 100}, 101: {100, 1, 51, 101}, 10_000: {100, 1, 5051, 10_000},
	} {
		d := &relay.Deliveries{}
		for i := range n {
			d.Latency = append(d.Latency, time.Duration(n-i)*time.Millisecond)
		}
		before := slices.Clone(d.Latency)
		got, _ := reported(t, false, relay.Counts{Received: n, Destinations: map[string]*relay.Deliveries{"ops": d}})[0]["Latency"].([]any)
		if len(got) != int(want.values) || got[0] != want.first || got[len(got)/2] != want.middle || got[len(got)-1] != want.last {
			t.Errorf("of %d: %d values from %v by %v to %v, want %+v", n, len(got), got[0], got[len(got)/2], got[len(got)-1], want)
		}
		if !slices.Equal(before, d.Latency) {
			t.Errorf("of %d: the counts were changed", n)
		}
	}
}

// TestALatencyThatCanBeNoneIsLeftOut has alerts that tell no time of theirs, or say 1970.
func TestALatencyThatCanBeNoneIsLeftOut(t *testing.T) {
	for name, row := range map[string]struct {
		latencies []time.Duration
		want      any
	}{
		"beside others":                    {[]time.Duration{time.Second, atNoon().Sub(time.Time{}), 3 * time.Second, atNoon().Sub(time.Unix(0, 0))}, []any{1000.0, 3000.0}},
		"alone":                            {[]time.Duration{atNoon().Sub(time.Time{})}, nil},
		"of a re-driven letter it is told": {[]time.Duration{20 * 24 * time.Hour}, []any{1728000000.0}},
	} {
		counts := relay.Counts{Received: 4, Destinations: map[string]*relay.Deliveries{"ops": {Latency: row.latencies}}}
		if diff := cmp.Diff(row.want, reported(t, false, counts)[0]["Latency"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// wholeWrites fails a test when a write is not one line.
type wholeWrites struct {
	t     *testing.T
	mu    sync.Mutex
	lines int
}

func (w *wholeWrites) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines++
	if bytes.Count(p, []byte("\n")) != 1 || !bytes.HasSuffix(p, []byte("\n")) || !json.Valid(p) {
		w.t.Errorf("wrote %q", p)
	}
	return len(p), nil
}

func TestLinesKeepWholeBesideTheLog(t *testing.T) {
	w := &wholeWrites{t: t}
	log, measure := slog.New(slog.NewJSONHandler(w, nil)), cloud.NewMeasure(w, true, atNoon)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() { log.Info("delivered") })
		wait.Go(func() {
			measure.Report(relay.Counts{Received: 1, Destinations: map[string]*relay.Deliveries{"ops": {Delivered: 1}}})
		})
	}
	wait.Wait()
	if w.lines != 60 {
		t.Errorf("%d writes", w.lines)
	}
}
