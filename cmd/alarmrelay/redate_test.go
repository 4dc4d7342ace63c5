package main

import (
	"strings"
	"testing"
	"time"

	"alarmrelay/alert"
	"alarmrelay/events"
)

func TestLaterMovesTimesAsTheyAreWritten(t *testing.T) {
	for before, want := range map[string]string{
		"2026-11-12T18:02:41.337+0000":    "2026-11-12T20:02:41.337+0000",
		"2026-11-12T18:02:41.390Z":        "2026-11-12T20:02:41.390Z",
		"2026-11-12T18:02:41Z":            "2026-11-12T20:02:41Z",
		"2026-11-12T18:02:41.5+09:00":     "2026-11-12T20:02:41.5+09:00",
		"12/11/26 23:01:00":               "13/11/26 01:01:00",
		"Thu, 12 Nov 2026 23:10:00 GMT":   "Fri, 13 Nov 2026 01:10:00 GMT",
		"Fri Nov 13 09:03:38 UTC 2026":    "Fri Nov 13 11:03:38 UTC 2026",
		"2026-11-08 17:02:31.877":         "2026-11-08 19:02:31.877",
		`"startTime": "1794506580000"`:    `"startTime": "1794513780000"`,
		`\"createTime\":\"1794506580.5\"`: `\"createTime\":\"1794513780.5\"`,
		`"timestamp":1794506580000,`:      `"timestamp":1794513780000,`,
		`"id":"1794506580000"`:            `"id":"1794506580000"`,
		"2026-11-12":                      "2026-11-12",
		"2026-13-42T18:02:41Z":            "2026-13-42T18:02:41Z",
	} {
		if got := string(later([]byte("at "+before+", so"), 2*time.Hour)); got != "at "+want+", so" {
			t.Errorf("%s came to %s", before, got)
		}
	}
}

func TestEverySampleCanHappenNow(t *testing.T) {
	now := time.Date(2031, 1, 2, 3, 4, 5, 678_000_000, time.UTC)
	for _, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		before, after := alert.Parse(raw), alert.Parse(input{name, raw}.anew(now).raw)
		if len(before) != len(after) {
			t.Fatalf("%s: %d alerts became %d", name, len(before), len(after))
		}
		for i, r := range after {
			if r.Alert.Name != before[i].Alert.Name || r.Alert.Kind != before[i].Alert.Kind || r.Skip != before[i].Skip || (r.Err == nil) != (before[i].Err == nil) {
				t.Errorf("%s: %+v became %+v", name, before[i], r)
			}
			if at := r.Alert.ChangedAt; !at.IsZero() && (at.After(now) || now.Sub(at) > 30*24*time.Hour) {
				t.Errorf("%s happens at %v", name, at)
			}
		}
	}
}

func TestALogThatCannotBeUnpackedStaysAsItIs(t *testing.T) {
	const event = `{"awslogs":{"data":"bm8gZ3ppcA=="}}`
	if got := string(redated([]byte(event), time.Hour)); got != event {
		t.Errorf("became %s", got)
	}
	if got := string(redated([]byte(strings.Repeat("[", 20)), time.Hour)); got != strings.Repeat("[", 20) {
		t.Errorf("became %s", got)
	}
}
