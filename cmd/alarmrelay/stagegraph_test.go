package main

import (
	"encoding/json"
	"strings"
	"testing"

	"alarmrelay/alert"
	"alarmrelay/cmd/alarmrelay/page"
)

func TestAGraphShowsWhatItsAlarmSays(t *testing.T) {
	v := visit(t, "")
	for sample, want := range map[string]string{
		"sns-alarm-cpu-high":            "max 97.2 % · last 97.2 %",
		"sns-alarm-rds-freeable-memory": "min 202 MiB",
		"sns-alarm-tags-list":           "last 22.2 min",
	} {
		var got struct{ Messages []page.Message }
		if err := json.Unmarshal([]byte(v.post("preview", page.Event{Sample: sample})), &got); err != nil {
			t.Fatal(err)
		}
		bars := ""
		for _, m := range got.Messages {
			if m.Service == "slack" {
				bars += string(m.Payload)
			}
		}
		if !strings.Contains(bars, want) {
			t.Errorf("%s: no %q in %s", sample, want, bars)
		}
	}
}

func TestAMetricWasOnTheOtherSideOfItsThreshold(t *testing.T) {
	for name, row := range map[string]struct {
		comparison       string
		threshold, value float64
		want             float64
	}{
		"high":              {"GreaterThanOrEqualToThreshold", 80, 97.2, 40.44},
		"a little too high": {"GreaterThanThreshold", 80, 80, 56},
		"far too high":      {"GreaterThanThreshold", 5, 61, 0.5},
		"low":               {"LessThanThreshold", 256, 202, 380.2},
		"below zero":        {"GreaterThanThreshold", -10, -8, -14.6},
		"not firing":        {"GreaterThanThreshold", 80, 41.2, 41.2},
	} {
		m := &alert.MetricAlarm{Comparison: row.comparison, Threshold: &row.threshold}
		if got := usual(m, row.value); got-row.want > 1e-6 || row.want-got > 1e-6 {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
}
