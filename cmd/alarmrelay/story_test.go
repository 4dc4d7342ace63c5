package main

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

func TestTheStoryGoesOnInTime(t *testing.T) {
	chapters, err := story()
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, c := range chapters {
		last := time.Time{}
		for _, i := range c.events {
			at := i.arrival(time.Now())
			if !at.After(last) {
				t.Errorf("%s: %s arrives at %v, after what came at %v", c.title, i.name, at, last)
			}
			last = at
			if c.title != "" {
				told = append(told, at.Format("15:04:05 ")+i.happening())
			}
		}
	}
	want := []string{
		"18:02:43 prod-api-cpu-high: OK → ALARM", "18:07:43 prod-api-cpu-high: ALARM → OK",
		"18:10:43 prod-api-cpu-high: OK → ALARM", "18:24:43 prod-api-cpu-high: ALARM → OK",
		"18:40:01 14 alarms fire", "18:49:01 11 alarms recover", "18:54:01 3 alarms recover",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("story (-want +got):\n%s", diff)
	}
}

func TestLaterMovesEveryTimeOfAnEvent(t *testing.T) {
	const event = `{"at":"2026-11-12T18:02:41.337+0000","sent":"2026-11-12T18:02:41.390Z","why":"[1 (12/11/26 18:01:00)]","not":"2026-11-12"}`
	const want = `{"at":"2026-11-13T00:01:41.337+0000","sent":"2026-11-13T00:01:41.390Z","why":"[1 (13/11/26 00:00:00)]","not":"2026-11-12"}`
	if diff := cmp.Diff(want, string(later([]byte(event), 5*time.Hour+59*time.Minute))); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestTheAlarmsOfAStormRecoverAsThemselves(t *testing.T) {
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	read := func(bodies []string) (alerts []alert.Alert) {
		for _, body := range bodies {
			for _, r := range (alert.Message{ID: "m", Body: body}).Parse() {
				alerts = append(alerts, r.Alert)
			}
		}
		return alerts
	}
	fired, over := read(stormAlarms(30, now)), read(stormRecoveries(30, now.Add(time.Minute)))
	if len(fired) != 30 || len(over) != 30 {
		t.Fatalf("%d fire and %d recover", len(fired), len(over))
	}
	for i, a := range over {
		if a.Key != fired[i].Key || a.Change == fired[i].Change || a.State != alert.StateOK || a.Previous != alert.StateAlarm || len(a.Metric.Values) != 1 {
			t.Errorf("recovery of %s: %+v", fired[i].Name, a)
		}
	}
}

func TestWhatHappensIsSaidInAFewWords(t *testing.T) {
	samples, err := readSamples([]string{"sns-alarm-cpu-high-ok", "sns-budgets-actual"})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	mixed := slices.Concat(stormAlarms(2, now), stormRecoveries(1, now))
	for want, i := range map[string]input{
		"prod-api-cpu-high: ALARM → OK": samples[0],
		"sns-budgets-actual":            samples[1],
		"2 alarms fire":                 {raw: inBatch("a", stormAlarms(2, now), now)},
		"3 alarms recover":              {raw: inBatch("a", stormRecoveries(3, now), now)},
		"3 alarms change":               {raw: inBatch("a", mixed, now)},
		"junk.json":                     {"junk.json", []byte("null")},
	} {
		if got := i.happening(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
