package rule

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"alarmrelay/alert"
)

// TestTheIndexChangesNothing compares routing by the index with asking every rule.
func TestTheIndexChangesNothing(t *testing.T) {
	words := []string{"a", "ab", "abc", "b", "ba", "*", "a*", "ab*", "*b", "*ab", "a*b", "ab*b", "?b", "a?c", "/^a/", "/b/", "abcd", "한*", "한글"}
	names := []string{"a", "ab", "abc", "abcd", "b", "ba", "bab", "한글", "한", ""}
	fields := []field{fieldAlarm, fieldTopic, fieldNamespace, fieldMetric, fieldSubject, fieldRegion, fieldSeverity, fieldTag, fieldDimension}
	severities := []string{"critical", "high", "info"}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string, from []string) string { return rapid.SampledFrom(from).Draw(t, label) }
		var text strings.Builder
		text.WriteString("destinations: {a: {discord: \"env:A\"}, b: {slack: \"env:B\"}}\nrules:\n")
		for range rapid.IntRange(0, 12).Draw(t, "rules") {
			var match []string
			for _, f := range rapid.SliceOfNDistinct(rapid.SampledFrom(fields), 1, 3, rapid.ID[field]).Draw(t, "fields") {
				from, form := words, `%s: ["%s", "%s"]`
				switch f {
				case fieldSeverity:
					from = severities
				case fieldTag, fieldDimension:
					form = `%s: {t: ["%s", "%s"]}`
				}
				match = append(match, fmt.Sprintf(form, fieldNames[f], draw("pattern", from), draw("pattern", from)))
			}
			if rapid.Bool().Draw(t, "not") {
				match = append(match, fmt.Sprintf(`not: {alarm: "%s"}`, draw("pattern", words)))
			}
			fmt.Fprintf(&text, "- {match: {%s}, to: %s, continue: %v, severity: %s}\n", strings.Join(match, ", "),
				draw("to", []string{"a", "b"}), rapid.Bool().Draw(t, "continue"), draw("severity", severities))
		}
		text.WriteString("- to: [a]\n")
		config, err := Parse("alarmrelay.yaml", []byte(text.String()))
		if err != nil {
			t.Fatalf("%v\n%s", err, text.String())
		}
		a := &alert.Alert{
			Name: draw("alarm", names), Region: draw("region", names), Tags: map[string]string{"t": draw("tag", names)},
			Severity: alert.Severity(draw("severity", severities)),
			Origin:   alert.Origin{Topic: draw("topic", names), Subject: draw("subject", names)},
			Metric: &alert.MetricAlarm{Queries: []alert.Query{
				{Namespace: draw("namespace", names), Name: draw("metric", names)},
				{Namespace: draw("namespace", names), Name: draw("metric", names), Dimensions: []alert.Dimension{{Name: "t", Value: draw("dimension", names)}}},
			}},
			Contributor: &alert.Contributor{Attributes: map[string]string{"t": draw("attribute", names)}},
		}
		linear := config.decide(newSubject(a), time.Time{}, every(len(config.Rules)), nil)
		if diff := cmp.Diff(linear, config.Route(a, time.Time{})); diff != "" {
			t.Fatalf("the index routes otherwise:\n%s\n%s", diff, text.String())
		}
	})
}

// TestAGlobIsAnExpression compares globs with the regular expressions they abbreviate.
func TestAGlobIsAnExpression(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab한")), 0, 12, -1).Draw(t, "text")
		shape := rapid.StringOfN(rapid.SampledFrom([]rune("ab한*?")), 1, 8, -1).Draw(t, "glob")
		same := strings.NewReplacer("*", "(?s:.*)", "?", "(?s:.)").Replace(shape)
		globbed, err := parsePattern(shape)
		if err != nil {
			t.Fatal(err)
		}
		expressed, err := parsePattern("/^" + same + "$/")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := globbed.matches(text), expressed.matches(text); got != want {
			t.Errorf("%q fits %q: %v, want %v", text, shape, got, want)
		}
	})
}

// TestFewCandidatesOfManyRules holds the index to its purpose whatever the machine.
func TestFewCandidatesOfManyRules(t *testing.T) {
	config := services(t, 10_000)
	a := &alert.Alert{Name: "service-09998-errors"}
	var asked []int
	for i := range config.candidates(newSubject(a)) {
		asked = append(asked, i)
	}
	if diff := cmp.Diff([]int{9998, 9999}, asked); diff != "" {
		t.Error(diff)
	}
}

// TestEveryFixedBeginningOrEndIsAGuide holds the same for other ways to write a rule.
func TestEveryFixedBeginningOrEndIsAGuide(t *testing.T) {
	a := &alert.Alert{
		Name: "errors-of-00123", Tags: map[string]string{"service": "s-00123"}, Origin: alert.Origin{Topic: "arn:aws:sns:eu-west-1:111122223333:t-00123"},
		Metric: &alert.MetricAlarm{Queries: []alert.Query{{Dimensions: []alert.Dimension{{Name: "FunctionName", Value: "f-00123-prod"}}}}},
	}
	for _, form := range []string{`alarm: "*-%05d"`, `topic: "*:t-%05d"`, `topic: "arn:aws:sns:*:*:t-%05d"`, `tag: {service: "s-%05d"}`, `dimension: {FunctionName: "f-%05d-*"}`} {
		var text strings.Builder
		text.WriteString("destinations: {ops: {discord: \"env:OPS\"}}\nrules:\n")
		for i := range 1000 {
			fmt.Fprintf(&text, "- {match: {"+form+"}, to: ops}\n", i)
		}
		text.WriteString("- to: ops\n")
		config, err := Parse("alarmrelay.yaml", []byte(text.String()))
		if err != nil {
			t.Fatal(err)
		}
		var asked []int
		for i := range config.candidates(newSubject(a)) {
			asked = append(asked, i)
		}
		if diff := cmp.Diff([]int{123, 1000}, asked); diff != "" {
			t.Errorf("%s: %s", form, diff)
		}
	}
}

func BenchmarkRoute10(b *testing.B)    { benchmarkRoute(b, 10) }
func BenchmarkRoute10000(b *testing.B) { benchmarkRoute(b, 10_000) }

// benchmarkRoute routes to the rule before the last.
func benchmarkRoute(b *testing.B, rules int) {
	config := services(b, rules)
	a := &alert.Alert{
		Kind: alert.KindMetricAlarm, Name: fmt.Sprintf("service-%05d-errors", rules-2), State: alert.StateAlarm,
		Account: "111122223333", Region: "ap-northeast-2",
		Metric: &alert.MetricAlarm{Queries: []alert.Query{{Namespace: "AWS/Lambda", Name: "Errors"}}},
	}
	b.ReportAllocs()
	for b.Loop() {
		if routing := config.Route(a, time.Time{}); len(routing.Deliveries) != 1 || routing.Deliveries[0].Rule != rules-1 {
			b.Fatalf("routed to %+v", routing.Deliveries)
		}
	}
}

// services has a rule for each of many services, and one for the rest.
func services(t testing.TB, rules int) *Config {
	var text strings.Builder
	text.WriteString("destinations: {ops: {discord: \"env:OPS\"}}\nrules:\n")
	for i := range rules - 1 {
		fmt.Fprintf(&text, "- {match: {alarm: service-%05d-*, region: ap-*}, to: ops}\n", i)
	}
	text.WriteString("- to: ops\n")
	config, err := Parse("alarmrelay.yaml", []byte(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	return config
}
