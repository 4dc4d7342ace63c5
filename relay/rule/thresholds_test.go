package rule_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
)

const shortest = "destinations: {ops: {discord: \"env:OPS_WEBHOOK\"}}\nrules: [{to: ops}]\n"

// thresholds are the parts of a configuration that are all numbers.
type thresholds struct {
	storm  rule.Storm
	retry  rule.Retry
	logs   time.Duration
	single bool
}

func thresholdsOf(c *rule.Config) thresholds {
	return thresholds{c.Storm, c.Retry, c.LogWindow, c.MetricsPerDestination}
}

func TestThresholdsHaveDefaults(t *testing.T) {
	environment, err := rule.FromWebhooks(secret.New("env:DISCORD"), secret.New(""))
	if err != nil {
		t.Fatal(err)
	}
	want := thresholds{
		storm: rule.Storm{Alerts: 10, Messages: 5, Window: time.Minute},
		retry: rule.Retry{First: 30 * time.Second, Longest: 15 * time.Minute, GiveUp: 24 * time.Hour},
		logs:  5 * time.Minute,
	}
	for name, config := range map[string]*rule.Config{
		"without a file":             environment,
		"a file without them":        parse(t, shortest),
		"a file with empty sections": parse(t, "storm: {}\nretry: {}\nlogs: {}\nmetrics: {}\n"+shortest),
		"the defaults of the schema": parse(t, schemaDefaults(t, "storm", "retry", "logs", "metrics")+shortest),
		"one of each and no more":    parse(t, "storm: {messages: 5}\nretry: {give_up: 1d}\n"+shortest),
		"the defaults in other words": parse(t, "storm: {window: 60s}\nlogs: {window: 300s}\n"+
			"retry: {first: 0.5m, longest: 0h15m0s, give_up: 0d24h}\n"+shortest),
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, thresholdsOf(config), cmp.AllowUnexported(thresholds{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// schemaDefaults writes a file's sections with what the schema says is the default of each key.
func schemaDefaults(t *testing.T, names ...string) string {
	t.Helper()
	sections := map[string]map[string]any{}
	for _, section := range names {
		sections[section] = map[string]any{}
		keys := loadSchema(t).(map[string]any)["properties"].(map[string]any)[section].(map[string]any)["properties"]
		for key, property := range keys.(map[string]any) {
			value, ok := property.(map[string]any)["default"]
			if !ok {
				t.Errorf("%s.%s has no default in the schema", section, key)
			}
			sections[section][key] = value
		}
	}
	text, err := yaml.Dump(sections)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheEndsOfEachRangeAreAccepted(t *testing.T) {
	least := parse(t, "storm: {alerts: 1, messages: 1, window: 10s}\nretry: {first: 100ms, longest: 100ms, give_up: 1m}\nlogs: {window: 0s}\n"+shortest)
	most := parse(t, "storm: {alerts: 10, messages: 20, window: 1h}\nretry: {first: 15m, longest: 12h, give_up: 13d}\nlogs: {window: 1h}\n"+shortest)
	want := []thresholds{
		{
			storm: rule.Storm{Alerts: 1, Messages: 1, Window: 10 * time.Second},
			retry: rule.Retry{First: 100 * time.Millisecond, Longest: 100 * time.Millisecond, GiveUp: time.Minute},
		},
		{
			storm: rule.Storm{Alerts: 10, Messages: 20, Window: time.Hour},
			retry: rule.Retry{First: 15 * time.Minute, Longest: 12 * time.Hour, GiveUp: 312 * time.Hour},
			logs:  time.Hour,
		},
	}
	if diff := cmp.Diff(want, []thresholds{thresholdsOf(least), thresholdsOf(most)}, cmp.AllowUnexported(thresholds{})); diff != "" {
		t.Error(diff)
	}
}

func TestDurationsAsParserAndSchemaReadThem(t *testing.T) {
	schema := compile(t)
	// A schema has one zero, however it is written, and no ranges of durations.
	onlyByParser := []string{"00", "0.0", "99999999999999999999d", "99999999999999999999h"}
	tests := []struct {
		text string // as in YAML
		want time.Duration
		ok   bool
	}{
		{"0", 0, true},
		{"0s", 0, true},
		{"0d", 0, true},
		{"90s", 90 * time.Second, true},
		{"1h", time.Hour, true},
		{`"1h"`, time.Hour, true},
		{"0.5h", 30 * time.Minute, true},
		{".5m", 30 * time.Second, true},
		{"5.s", 5 * time.Second, true},
		{"1500ms", 1500 * time.Millisecond, true},
		{"30m1s", 30*time.Minute + time.Second, true},
		{"0d1h", time.Hour, true},
		{`"0"`, 0, false},
		{"0d0", 0, false},
		{"00", 0, false},
		{"0.0", 0, false},
		{"5", 0, false},
		{"5.0", 0, false},
		{"5 m", 0, false},
		{"-5m", 0, false},
		{"+5m", 0, false},
		{"5M", 0, false},
		{"5us", 0, false},
		{"5min", 0, false},
		{"5m3", 0, false},
		{"m", 0, false},
		{".m", 0, false},
		{"d", 0, false},
		{"0.5d", 0, false},
		{"1h1d", 0, false},
		{"00:05", 0, false},
		{`""`, 0, false},
		{"true", 0, false},
		{"~", 0, false},
		{"[5m]", 0, false},
		{"99999999999999999999d", 0, false},
		{"99999999999999999999h", 0, false},
		{"PT5M", 0, false},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			file := fmt.Appendf(nil, "logs: {window: %s}\n%s", test.text, shortest)
			config, err := rule.Parse("f", file)
			if ok := err == nil; ok != test.ok || ok && config.LogWindow != test.want {
				t.Errorf("the parser reads %+v, error %v; want %s, accepted: %v", config, err, test.want, test.ok)
			}
			if err := schema.Validate(asJSON(t, file)); (err == nil) != (test.ok || slices.Contains(onlyByParser, test.text)) {
				t.Errorf("the schema says %v, the parser accepts it: %v", err, test.ok)
			}
		})
	}
}

// outOfRange says which threshold of an accepted configuration is one that nobody may set.
func outOfRange(c *rule.Config) string {
	switch {
	case c.Storm.Alerts < 1, c.Storm.Alerts > 10, c.Storm.Messages < 1, c.Storm.Messages > 20:
		return fmt.Sprintf("storm counts %+v", c.Storm)
	case c.Storm.Window < 10*time.Second, c.Storm.Window > time.Hour, c.LogWindow < 0, c.LogWindow > time.Hour:
		return fmt.Sprintf("windows of %s and %s", c.Storm.Window, c.LogWindow)
	case c.Retry.First < 100*time.Millisecond, c.Retry.First > 15*time.Minute, c.Retry.Longest < c.Retry.First, c.Retry.Longest > 12*time.Hour,
		c.Retry.GiveUp < c.Retry.Longest, c.Retry.GiveUp < time.Minute, c.Retry.GiveUp > 13*24*time.Hour:
		return fmt.Sprintf("pauses %+v", c.Retry)
	case c.Incidents.Flap < 0, c.Incidents.Flap > 24*time.Hour, c.Incidents.RepeatPing < 0, c.Incidents.RepeatPing > 24*time.Hour:
		return fmt.Sprintf("incidents %+v", c.Incidents)
	case c.Summary != nil && (c.Summary.At < 0 || c.Summary.At >= 24*time.Hour || len(c.Summary.To) == 0):
		return fmt.Sprintf("a summary %+v", c.Summary)
	}
	const soonest, latest = 5 * time.Minute, 7 * 24 * time.Hour
	for _, r := range c.Rules {
		if n := len(r.Remind); n > 20 || n > 0 && (r.Remind[0] < soonest || r.Remind[n-1] > latest) || !slices.IsSorted(r.Remind) {
			return fmt.Sprintf("reminders %s", r.Remind)
		}
		if e := r.Escalate; e != nil && (e.After < soonest || e.After > latest || len(e.To) == 0) {
			return fmt.Sprintf("an escalation %+v", e)
		}
	}
	return ""
}
