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

func TestQueueBringsFailuresBackUntilTheyWereHandedOutTooOften(t *testing.T) {
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	q := &queue{waiting: stormAlarms(12, now)}
	first, _, _ := q.next(now)
	second, _, _ := q.next(now)
	if len(first) != batchSize || len(second) != 2 {
		t.Fatalf("batches of %d and %d", len(first), len(second))
	}
	stubborn := []relay.BatchFailure{{ID: second[0].id}}
	if done := q.settle(second, stubborn, now); done != 1 {
		t.Errorf("%d done, want 1", done)
	}
	for receives := 2; receives <= maxReceives; receives++ {
		batch, pause, ok := q.next(now)
		if len(batch) != 0 || pause != redelivery || !ok {
			t.Fatalf("before its time: %d messages, pause %v", len(batch), pause)
		}
		now = now.Add(pause)
		if batch, _, _ = q.next(now); len(batch) != 1 || batch[0].receives != receives {
			t.Fatalf("after %v: %+v", pause, batch)
		}
		q.settle(batch, stubborn, now)
	}
	if _, _, ok := q.next(now.Add(time.Hour)); ok {
		t.Error("the queue still holds what was handed out too often")
	}
}

func TestStormAlarmsAreAlarmsOfTheirOwn(t *testing.T) {
	const n = 250
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	names := map[string]bool{}
	alarms := stormAlarms(n, now)
	for from := 0; from < n; from += batchSize {
		for i, r := range alert.Parse(batchEvent(alarms[from : from+batchSize])) {
			a := r.Alert
			names[a.Name] = true
			if r.ID != alarms[from+i].id || a.Kind != alert.KindMetricAlarm || a.State != alert.StateAlarm || a.Region != "ap-northeast-2" || len(a.Metric.Values) != 1 {
				t.Fatalf("record %+v", r)
			}
			if late := now.Sub(a.ChangedAt); late < 0 || late > 10*time.Second {
				t.Errorf("%s happened %v ago", a.Name, late)
			}
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

func (r refusing) Edit(context.Context, relay.Ref, formatter.Message) error { return relay.ErrGone }

func TestStormThatCannotBeDeliveredSaysWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newTestEnv()
		e.watching = true
		s := setting{rules: parsed(t, liveConfig)}
		channels := map[string]relay.Channel{"ops": refusing{formatter.ServiceDiscord}, "backend": refusing{formatter.ServiceSlack}}
		began := time.Now()
		got := e.storm(t.Context(), s, channels, 11)
		if diff := cmp.Diff(&stormResult{Alarms: 11, Batches: 2 * maxReceives}, got); diff != "" {
			t.Errorf("result (-want +got):\n%s", diff)
		}
		if took, want := time.Since(began), (maxReceives-1)*redelivery; took != want {
			t.Errorf("given up after %v, want %v", took, want)
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
