package examples_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told are the relay's own samples that each rule of events.yaml has to match, and no others.
var told = map[string][]string{
	"Health":    {"eventbridge-health-backup-event", "eventbridge-health-issue", "eventbridge-health-issue-closed", "eventbridge-health-scheduled-change"},
	"GuardDuty": {"eventbridge-guardduty-eks", "eventbridge-guardduty-high", "eventbridge-guardduty-high-resent"},
	"Ecs":       {"eventbridge-ecs-deployment-failed"},
}

func TestRulesMatchTheSamplesTheyAreFor(t *testing.T) {
	samples, err := filepath.Glob("../../events/eventbridge-*.json")
	if err != nil || len(samples) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	got := map[string][]string{}
	f := readTemplate(t, "events.yaml")
	for _, r := range f.resources() {
		if r.kind != "AWS::Events::Rule" {
			continue
		}
		pattern := patternOf(t, f, r)
		for _, sample := range samples {
			var event map[string]any
			if err := json.Unmarshal([]byte(readText(t, sample)), &event); err != nil {
				t.Fatalf("%s: %v", sample, err)
			}
			if matches(pattern, event) {
				got[r.id] = append(got[r.id], strings.TrimSuffix(filepath.Base(sample), ".json"))
			}
		}
		slices.Sort(got[r.id])
	}
	if diff := cmp.Diff(told, got); diff != "" {
		t.Errorf("the rules match something else (-want +got):\n%s", diff)
	}
}

// patternOf is a rule's pattern as EventBridge gets it, with the parameters' defaults.
func patternOf(t *testing.T, f template, r resource) map[string]any {
	t.Helper()
	if pattern, ok := r.properties["EventPattern"].(map[string]any); ok && pattern["Fn::Sub"] == nil {
		return pattern
	}
	text := section(r.properties, "EventPattern")["Fn::Sub"].(string)
	for name, p := range f.parameters() {
		if preset, ok := p["Default"].(string); ok {
			text = strings.ReplaceAll(text, "${"+name+"}", preset)
		}
	}
	var pattern map[string]any
	if err := json.Unmarshal([]byte(text), &pattern); err != nil {
		t.Fatalf("%s: the pattern is no JSON: %v", r.id, err)
	}
	return pattern
}

// matches decides as EventBridge does, for as much of its language as the rules use: each key of a pattern has a list, of which
// one has to fit, or keys below it. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
func matches(pattern, event map[string]any) bool {
	for key, want := range pattern {
		switch want := want.(type) {
		case map[string]any:
			below, ok := event[key].(map[string]any)
			if !ok || !matches(want, below) {
				return false
			}
		case []any:
			if !slices.ContainsFunc(want, func(one any) bool { return fitsValue(one, event[key]) }) {
				return false
			}
		}
	}
	return true
}

func fitsValue(want, got any) bool {
	if comparison, ok := want.(map[string]any); ok {
		numeric := comparison["numeric"].([]any)
		number, ok := got.(float64)
		return ok && numeric[0] == ">=" && number >= numeric[1].(float64)
	}
	return want == got
}

func TestTheAnomalyThresholdIsJSON(t *testing.T) {
	f := readTemplate(t, "cost.yaml")
	for _, r := range f.resources() {
		if r.kind != "AWS::CE::AnomalySubscription" {
			continue
		}
		text := section(r.properties, "ThresholdExpression")["Fn::Sub"].(string)
		dollars := f.parameters()["AnomalyDollars"]["Default"].(string)
		var got map[string]any
		if err := json.Unmarshal([]byte(strings.ReplaceAll(text, "${AnomalyDollars}", dollars)), &got); err != nil {
			t.Fatal(err)
		}
		values := section(got, "Dimensions")["Values"].([]any)
		if _, err := strconv.ParseFloat(values[0].(string), 64); err != nil || len(values) != 1 {
			t.Errorf("the threshold is %v", values)
		}
		return
	}
	t.Error("cost.yaml has no subscription")
}
