package main

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay"
)

func TestStormAlarmsAreAlarmsOfTheirOwn(t *testing.T) {
	const n = 250
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	names := map[string]bool{}
	for i, body := range stormAlarms(n, now) {
		records := alert.Message{ID: "m", Body: body}.Parse()
		if len(records) != 1 || records[0].Err != nil {
			t.Fatalf("alarm %d: %+v", i, records)
		}
		a := records[0].Alert
		names[a.Name] = true
		if a.Kind != alert.KindMetricAlarm || a.State != alert.StateAlarm || a.Region != "ap-northeast-2" || len(a.Metric.Values) != 1 {
			t.Fatalf("alarm %d: %+v", i, a)
		}
		if late := now.Sub(a.ChangedAt); late < 0 || late > 10*time.Second {
			t.Errorf("%s happened %v ago", a.Name, late)
		}
	}
	if len(names) != n {
		t.Errorf("%d alarms have %d names", n, len(names))
	}
}

// refusing is a channel of a service that is never there.
type refusing struct{ service formatter.Service }

func (r refusing) Service() formatter.Service { return r.service }

func (r refusing) Post(context.Context, formatter.Message) (relay.Ref, error) {
	return relay.Ref{}, &relay.DeadError{Status: 404, Code: "10015"}
}

// Link implements [relay.Channel].
func (refusing) Link(context.Context, relay.Ref) string { return "" }

func (r refusing) Edit(context.Context, relay.Ref, formatter.Message) (relay.Ref, error) {
	return relay.Ref{}, relay.ErrGone
}

func TestStormThatCannotBeDeliveredSaysWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newTestEnv()
		e.watching = true
		s := setting{rules: parsed(t, liveConfig)}
		channels := map[string]relay.Channel{"ops": refusing{formatter.ServiceDiscord}, "backend": refusing{formatter.ServiceSlack}}
		got := e.storm(t.Context(), s, channels, 11)
		if diff := cmp.Diff(&stormResult{Alarms: 11, Batches: 1}, got); diff != "" {
			t.Errorf("result (-want +got):\n%s", diff)
		}
		if said := e.err.String(); !strings.Contains(said, "0 of 11 alarms delivered") || !strings.Contains(said, "webhook is dead: status 404") {
			t.Errorf("said %q", said)
		}
	})
}

func TestInterruptedStormFails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e := newTestEnv("demo", "--storm", "5")
	if code := run(ctx, e.env); code != exitFailure {
		t.Errorf("exit code %d, %s", code, e.out.String())
	}
}

func TestInputArrivesShortlyAfterTheNewestThingInIt(t *testing.T) {
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	inputs, err := readSamples([]string{"sns-alarm-cpu-high"})
	if err != nil {
		t.Fatal(err)
	}
	got := []time.Time{inputs[0].arrival(now), input{raw: []byte("hello")}.arrival(now)}
	want := []time.Time{time.Date(2026, 11, 12, 18, 2, 43, 390e6, time.UTC), now}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("arrivals (-want +got):\n%s", diff)
	}
}
