package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/events"
)

func openWorld(t *testing.T) (*world, *ledger) {
	t.Helper()
	w, err := newWorld(t.TempDir(), queued)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	l, err := newLedger(w.config)
	if err != nil {
		t.Fatal(err)
	}
	return w, l
}

// others are the samples of which not both destinations have to be told, and who has to be. They are written down
// because the ledger asks the same rules as the function.
var others = map[string]string{
	"eventbridge-alarm-composite-suppressed":          "nobody",
	"eventbridge-alarm-config-create":                 "nobody",
	"eventbridge-alarm-config-delete":                 "nobody",
	"eventbridge-alarm-config-update":                 "nobody",
	"eventbridge-alarm-muted":                         "nobody",
	"eventbridge-cloudformation-resource-in-progress": "nobody",
	"eventbridge-ecs-task-running":                    "nobody",
	"eventbridge-health-backup-event":                 "nobody",
	"eventbridge-securityhub-passed":                  "nobody",
	"logs-control-message":                            "nobody",
	"logs-relay-itself":                               "nobody",
	"sns-alarm-ok-after-deployment":                   "nobody",
	"sns-cloudformation-resource-in-progress":         "nobody",
	"eventbridge-alarm-insufficient-data":             "ops",
	"sns-alarm-worker-insufficient-data":              "ops",
	"eventbridge-cost-anomaly":                        "crew",
	"sns-budgets-actual":                              "crew",
	"sns-budgets-forecasted":                          "crew",
	"sns-cost-anomaly":                                "crew",
}

func TestWhoHasToBeToldOfTheSamples(t *testing.T) {
	_, l := openWorld(t)
	got := map[string]string{}
	for _, name := range events.Names() {
		event, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		clear(l.told)
		all, readable := l.read(event)
		if !readable {
			t.Errorf("%s can't be read", name)
		}
		told := map[string]bool{}
		for _, n := range all {
			told[n.destination] = true
		}
		switch {
		case !told["ops"] && !told["crew"]:
			got[name] = "nobody"
		case !told["ops"]:
			got[name] = "crew"
		case !told["crew"]:
			got[name] = "ops"
		}
	}
	if diff := cmp.Diff(others, got); diff != "" {
		t.Errorf("told to others than both (-want +got):\n%s", diff)
	}
}

// joined is an event with the records of several samples.
func joined(t *testing.T, names ...string) []byte {
	t.Helper()
	var all struct{ Records []json.RawMessage }
	for _, name := range names {
		event, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		var one struct{ Records []json.RawMessage }
		if err := json.Unmarshal(event, &one); err != nil {
			t.Fatal(err)
		}
		all.Records = append(all.Records, one.Records...)
	}
	event, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func TestTheNewestOfAnAlarmIsKnownAndWhatWasToldIsNoNews(t *testing.T) {
	type told struct {
		Destination, State string
		Newest             bool
	}
	alarm := []told{{"ops", "ALARM", false}, {"crew", "ALARM", false}}
	recovery := []told{{"ops", "OK", true}, {"crew", "OK", true}}
	for name, row := range map[string]struct {
		event []byte
		want  []told
	}{
		"in order":     {joined(t, "sns-alarm-cpu-high", "sns-alarm-cpu-high-ok"), append(slices.Clone(alarm), recovery...)},
		"out of order": {joined(t, "sns-alarm-cpu-high-ok", "sns-alarm-cpu-high"), append(slices.Clone(recovery), alarm...)},
	} {
		_, l := openWorld(t)
		var got []told
		for range 2 {
			all, _ := l.read(row.event)
			for _, n := range all {
				got = append(got, told{n.destination, string(n.alert.State), n.newest})
			}
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: news (-want +got):\n%s", name, diff)
		}
	}
}
