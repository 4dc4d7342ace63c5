package formatter

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"alarmrelay/alert"
	"alarmrelay/events"
)

// TestEveryMetricAlarmOfTheSamplesIsDrawnAsBefore keeps the widget of every sample that can be drawn. A sample that can't is
// listed without one, so that it is noticed when that changes.
func TestEveryMetricAlarmOfTheSamplesIsDrawnAsBefore(t *testing.T) {
	dir, undrawn := filepath.Join("testdata", "widgets"), []string{}
	var expected []string
	for _, name := range events.Names() {
		for _, it := range sampleNotice(t, name).Items {
			if it.Kind != alert.KindMetricAlarm || it.State != alert.StateAlarm || slices.Contains(expected, name+".json") {
				continue
			}
			text, ok := Widget(&it.Alert, time.FixedZone("KST", 9*3600))
			if !ok {
				undrawn = append(undrawn, name)
				continue
			}
			expected = append(expected, name+".json")
			compareWidget(t, filepath.Join(dir, name+".json"), text)
		}
	}
	if diff := cmp.Diff([]string{
		"eventbridge-alarm-parent-of-many-series", "sns-alarm-log-alarm-unknown-shape", "sns-alarm-promql-no-reason",
	}, undrawn); diff != "" {
		t.Errorf("not drawn (-want +got):\n%s", diff)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !slices.Contains(expected, f.Name()) {
			t.Errorf("%s belongs to no sample that is drawn", f.Name())
		}
	}
}

func compareWidget(t *testing.T, file, text string) {
	t.Helper()
	var got bytes.Buffer
	if err := json.Indent(&got, []byte(text), "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: run go test ./formatter -update and look at what it wrote", err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

func TestWhatCannotBeDrawnWellIsNotDrawn(t *testing.T) {
	for name, change := range map[string]func(*alert.Alert){
		"a composite alarm":           func(a *alert.Alert) { a.Metric = nil },
		"no time":                     func(a *alert.Alert) { a.ChangedAt = time.Time{} },
		"no region":                   func(a *alert.Alert) { a.Region = "" },
		"a region that is a host":     func(a *alert.Alert) { a.Region = "evil.example/" },
		"no threshold and no band":    func(a *alert.Alert) { a.Metric.Threshold, a.Reason = nil, "" },
		"a comparison nobody knows":   func(a *alert.Alert) { a.Metric.Comparison = "?" },
		"an infinite threshold":       func(a *alert.Alert) { a.Metric.Threshold = new(math.Inf(1)) },
		"no metric":                   func(a *alert.Alert) { a.Metric.Queries = nil },
		"a metric without a name":     func(a *alert.Alert) { a.Metric.Queries[0].Name = "" },
		"no statistic":                func(a *alert.Alert) { a.Metric.Queries[0].Stat = "" },
		"math without ids":            func(a *alert.Alert) { a.Metric.Queries = append(a.Metric.Queries, alert.Query{Expression: "m1*2"}) },
		"more than a hundred metrics": func(a *alert.Alert) { a.Metric.Queries = manyQueries(101) },
		"more than a hundred KB": func(a *alert.Alert) {
			a.Metric.Queries = []alert.Query{{Expression: strings.Repeat("m", 101<<10), Returned: true}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := cpuAlarm()
			change(&a)
			if text, ok := Widget(&a, nil); ok {
				t.Errorf("drawn: %.300s", text)
			}
		})
	}
	a := cpuAlarm()
	a.Metric.Queries = manyQueries(100)
	if _, ok := Widget(&a, nil); !ok {
		t.Error("a hundred metrics are not drawn")
	}
}

func manyQueries(n int) (all []alert.Query) {
	for i := range n {
		all = append(all, alert.Query{ID: "m" + string(rune('a'+i/26)) + string(rune('a'+i%26)), Namespace: "Shop", Name: "Orders", Stat: "Sum", Returned: i == 0})
	}
	return all
}

func TestTheSpanGrowsWithThePeriodAndWithHowLongCloudWatchLooksBack(t *testing.T) {
	const day = 24 * time.Hour
	for name, row := range map[string]struct {
		alarm alert.MetricAlarm
		want  time.Duration
	}{
		"ten seconds":                {alert.MetricAlarm{Period: 10, Evaluations: 3}, time.Hour},
		"a minute":                   {alert.MetricAlarm{Period: 60, Evaluations: 3}, 3 * time.Hour},
		"nobody says":                {alert.MetricAlarm{}, 3 * time.Hour},
		"only the query says":        {alert.MetricAlarm{Queries: []alert.Query{{Name: "Orders", Period: 300}}}, 5 * time.Hour},
		"five minutes":               {alert.MetricAlarm{Period: 300, Evaluations: 1}, 5 * time.Hour},
		"an hour":                    {alert.MetricAlarm{Period: 3600, Evaluations: 1}, 60 * time.Hour},
		"five minutes for half days": {alert.MetricAlarm{Period: 300, Evaluations: 144}, 36 * time.Hour},
		"a day":                      {alert.MetricAlarm{Period: 86400, Evaluations: 1}, 14 * day},
		"more than any calendar":     {alert.MetricAlarm{Period: math.MaxInt, Evaluations: math.MaxInt}, 14 * day},
	} {
		if got := SpanOf(&row.alarm); got != row.want {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
}

// TestAWidgetIsJSONWhateverAnAlarmSays: a label stays a label, and what is in it adds no key.
func TestAWidgetIsJSONWhateverAnAlarmSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := cpuAlarm()
		a.Name, a.Metric = hostileText(300).Draw(t, "name"), anyMetric().Draw(t, "metric")
		text, ok := Widget(&a, time.UTC)
		if !ok {
			return
		}
		if len(text) > widgetBytes {
			t.Fatalf("%d bytes", len(text))
		}
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.DisallowUnknownFields()
		var w widget
		if err := decoder.Decode(&w); err != nil {
			t.Fatal(err)
		}
		if len(w.Metrics) != len(a.Metric.Queries) || w.Region != a.Region || len(w.Annotations.Vertical) != 1 {
			t.Errorf("%d metrics in %s, %d marks", len(w.Metrics), w.Region, len(w.Annotations.Vertical))
		}
	})
}

// TestTheWidgetOfAWholeTrouble keeps it for a short trouble and one that is longer than a picture shows.
func TestTheWidgetOfAWholeTrouble(t *testing.T) {
	a := recovery()
	for name, lasted := range map[string]time.Duration{"trouble-short": 12 * time.Minute, "trouble-long": 50 * time.Hour} {
		text, ok := WidgetOf(&a, fired, fired.Add(lasted), time.FixedZone("KST", 9*3600))
		if !ok {
			t.Fatalf("%s is not drawn", name)
		}
		compareWidget(t, filepath.Join("testdata", "troubles", name+".json"), text)
	}
	for name, c := range map[string][2]time.Time{"nobody knows when it began": {{}, fired}, "it ended before it began": {fired, fired}} {
		if text, ok := WidgetOf(&a, c[0], c[1], nil); ok {
			t.Errorf("%s: drawn %s", name, text)
		}
	}
	composite := compositeAlarm()
	if _, ok := WidgetOf(&composite, fired, after(time.Hour), nil); ok {
		t.Error("a composite alarm is drawn")
	}
}

func TestTheSpanOfAWholeTroubleIsADayAtMost(t *testing.T) {
	for name, row := range map[string]struct {
		alarm  alert.MetricAlarm
		lasted time.Duration
		want   time.Duration
	}{
		"a short one":                      {alert.MetricAlarm{Period: 60}, 12 * time.Minute, 3*time.Hour + 12*time.Minute},
		"a long one":                       {alert.MetricAlarm{Period: 60}, 50 * time.Hour, 24 * time.Hour},
		"an endless one":                   {alert.MetricAlarm{Period: 60}, math.MaxInt64, 24 * time.Hour},
		"periods that need more than that": {alert.MetricAlarm{Period: 3600}, time.Hour, 60 * time.Hour},
		"ten seconds are kept three hours": {alert.MetricAlarm{Period: 10}, 5 * time.Hour, 3 * time.Hour},
		"it ended before it began":         {alert.MetricAlarm{Period: 60}, -time.Hour, 3 * time.Hour},
	} {
		if got := IncidentSpanOf(&row.alarm, row.lasted); got != row.want {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
}
