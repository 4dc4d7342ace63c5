package incident

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func zone(t fails, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return z
}

func TestSummaryDue(t *testing.T) {
	seoul := zone(t, "Asia/Seoul")
	nine := 9 * time.Hour
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, seoul) }
	for name, c := range map[string]struct {
		last, now time.Time
		at        time.Duration
		want      bool
	}{
		"before its time it is not":             {at(20, 9, 1), at(21, 8, 59), nine, false},
		"at its time it is":                     {at(20, 9, 1), at(21, 9, 0), nine, true},
		"once is enough":                        {at(21, 9, 0), at(21, 9, 5), nine, false},
		"a little late is well":                 {at(20, 9, 1), at(21, 14, 59), nine, true},
		"six hours late is too late":            {at(20, 9, 1), at(21, 15, 0), nine, false},
		"days without a tick are not made good": {at(11, 9, 1), at(21, 8, 0), nine, false},
		"a late one of yesterday is told":       {at(19, 23, 1), at(21, 2, 0), 23 * time.Hour, true},
		"and then not again":                    {at(21, 2, 0), at(21, 2, 5), 23 * time.Hour, false},
		"but that of today is":                  {at(21, 2, 0), at(21, 23, 0), 23 * time.Hour, true},
		"at midnight it is that of the day":     {at(20, 0, 0), at(21, 0, 0), 0, true},
		"a first tick tells none":               {time.Time{}, at(21, 9, 0), nine, false},
	} {
		if got := SummaryDue(c.last, c.now.UTC(), c.at, seoul); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestEveryDayHasOneSummaryWhateverTheClocksDo(t *testing.T) {
	zones := []string{"UTC", "Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Beirut", "Africa/Casablanca"}
	rapid.Check(t, func(t *rapid.T) {
		z := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		at := time.Duration(rapid.IntRange(0, 24*12-1).Draw(t, "at")) * 5 * time.Minute
		day := rapid.IntRange(1, 365).Draw(t, "day")
		now := time.Date(2018, 1, day, 12, 0, rapid.IntRange(1, 299).Draw(t, "phase"), 0, z)
		end := now.AddDate(0, 0, 5)
		var c Clock
		told := 0
		for ; !now.After(end); now = now.Add(5 * time.Minute) {
			c.Tick(now, true)
			if SummaryDue(c.LastSummary, now, at, z) {
				told++
				c.LastSummary = now
			}
		}
		if told != 5 {
			t.Fatalf("%d summaries in five days at %v from %v on", told, at, end.AddDate(0, 0, -5))
		}
	})
}

func TestTheFirstTickWithASummaryTellsNone(t *testing.T) {
	later := morning.Add(time.Hour)
	for name, c := range map[string]struct {
		before     Clock
		summarises bool
		want       Clock
	}{
		"the first of all":          {Clock{}, true, Clock{LastTick: later, LastSummary: later}},
		"the first with a summary":  {Clock{LastTick: morning}, true, Clock{LastTick: later, LastSummary: later}},
		"the next":                  {Clock{LastTick: morning, LastSummary: morning}, true, Clock{LastTick: later, LastSummary: morning}},
		"one without a summary":     {Clock{LastTick: morning, LastSummary: morning}, false, Clock{LastTick: later}},
		"the first of all, without": {Clock{}, false, Clock{LastTick: later}},
	} {
		c.before.Tick(later, c.summarises)
		if diff := cmp.Diff(c.want, c.before); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
