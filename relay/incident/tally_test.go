package incident

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"alarmrelay/formatter"
)

var morning = time.Date(2026, 11, 21, 9, 2, 0, 0, time.UTC)

func TestTally(t *testing.T) {
	type event struct {
		after time.Duration // morning
		Happened
	}
	one := Happened{Fired: []string{"db-cpu"}, Recovered: 1, Delivered: 2, Failed: 3, DeadLettered: 4, Duplicates: 5}
	once := formatter.Count{Fired: 1, Recovered: 1, Delivered: 2, Failed: 3, DeadLettered: 4, Duplicates: 5}
	twice := once.Plus(once)
	noise := func(n int) []formatter.Noise { return []formatter.Noise{{Name: "db-cpu", Times: n}} }
	for name, c := range map[string]struct {
		came []event
		at   time.Duration
		want formatter.Day
	}{
		"nothing came":                            {nil, 0, formatter.Day{}},
		"what came counts":                        {[]event{{0, one}}, 0, formatter.Day{Count: once, Noisiest: noise(1)}},
		"what came in other hours adds up":        {[]event{{0, one}, {3 * time.Hour, one}}, 3 * time.Hour, formatter.Day{Count: twice, Noisiest: noise(2)}},
		"a day later it still counts":             {[]event{{0, one}}, 24 * time.Hour, formatter.Day{Count: once, Noisiest: noise(1)}},
		"more than a day later it does not":       {[]event{{0, one}}, 25 * time.Hour, formatter.Day{}},
		"the older goes first":                    {[]event{{0, one}, {20 * time.Hour, one}}, 26 * time.Hour, formatter.Day{Count: once, Noisiest: noise(1)}},
		"a pause forgets everything":              {[]event{{0, one}, {99 * time.Hour, one}}, 99 * time.Hour, formatter.Day{Count: once, Noisiest: noise(1)}},
		"a clock that is behind counts as well":   {[]event{{2 * time.Hour, one}, {0, one}}, 2 * time.Hour, formatter.Day{Count: twice, Noisiest: noise(2)}},
		"what was counted behind grows old first": {[]event{{2 * time.Hour, one}, {0, one}}, 26 * time.Hour, formatter.Day{Count: once, Noisiest: noise(1)}},
		"a clock that was far ahead is forgotten": {[]event{{999 * time.Hour, one}, {0, one}}, 0, formatter.Day{Count: once, Noisiest: noise(1)}},
		"the noisiest stand first, then by name": {
			[]event{{0, Happened{Fired: []string{"c", "b", "a", "b"}}}},
			0,
			formatter.Day{Count: formatter.Count{Fired: 4}, Noisiest: []formatter.Noise{{Name: "b", Times: 2}, {Name: "a", Times: 1}, {Name: "c", Times: 1}}},
		},
	} {
		var tally Tally
		for _, e := range c.came {
			tally.Add(morning.Add(e.after), e.Happened)
		}
		before, _ := json.Marshal(tally)
		if diff := cmp.Diff(c.want, kept(t, tally).Sum(morning.Add(c.at))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		tally.Sum(morning.Add(c.at))
		if after, _ := json.Marshal(tally); string(before) != string(after) {
			t.Errorf("%s: a sum makes %s of %s", name, after, before)
		}
	}
}

// kept is a tally as the store gives it back.
func kept(t fails, tally Tally) *Tally {
	k := &Known[Tally]{Item: Item{ID: TallyID("ops")}, Is: tally}
	read, err := Read[Tally](*k.Packed(morning))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return &read.Is
}

// fails is a test, of whatever kind.
type fails interface {
	Fatalf(format string, args ...any)
}

func TestAStormOfOthersDoesNotMakeNoisyAlarmsForgotten(t *testing.T) {
	var tally Tally
	for i := range 40 {
		tally.Add(morning.Add(time.Duration(i)*time.Minute), Happened{Fired: []string{"flapping"}})
	}
	var storm []string
	for i := range 1000 {
		storm = append(storm, fmt.Sprintf("prod-service-%03d-errors", i))
	}
	tally.Add(morning.Add(time.Hour), Happened{Fired: storm})
	for i := range 6 { // two that come after the storm, by turns
		tally.Add(morning.Add(2*time.Hour), Happened{Fired: []string{[]string{"late-a", "late-b"}[i%2]}})
	}
	got := tally.Sum(morning.Add(2 * time.Hour))
	want := []formatter.Noise{{Name: "flapping", Times: 40}, {Name: "late-a", Times: 3}, {Name: "late-b", Times: 3}}
	if diff := cmp.Diff(want, got.Noisiest[:3]); diff != "" || got.Fired != 1046 {
		t.Errorf("%d fired (-want +got):\n%s", got.Fired, diff)
	}
}

func TestATallyIsSmallAndNeverSaysMoreThanThereWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.OneOf(
			rapid.StringMatching(`[a-z]{1,12}-[a-z]{1,12}`), rapid.StringN(0, 255, -1), rapid.Just(strings.Repeat("긴", 255)), rapid.Just(strings.Repeat("\x00<", 127)),
		), 1, 60).Draw(t, "names")
		var tally Tally
		now, total := morning, formatter.Count{}
		truth := map[string]int{}
		for range rapid.IntRange(0, 60).Draw(t, "times") {
			now = now.Add(time.Duration(rapid.IntRange(-10, 50).Draw(t, "minutes")) * time.Minute)
			h := Happened{Fired: rapid.SliceOfN(rapid.SampledFrom(names), 0, 30).Draw(t, "fired"), Delivered: rapid.IntRange(0, 90_000).Draw(t, "delivered")}
			tally.Add(now, h)
			total = total.Plus(formatter.Count{Fired: len(h.Fired), Delivered: h.Delivered})
			for _, name := range h.Fired {
				truth[bounded(name)]++
			}
		}
		facts, _ := json.Marshal(tally)
		if len(facts) > 2200 {
			t.Fatalf("it takes %d bytes: %s", len(facts), facts)
		}
		d := kept(t, tally).Sum(now)
		if d.Fired > total.Fired || d.Delivered > total.Delivered || now.Sub(morning) < 23*time.Hour && d.Count != total {
			t.Fatalf("%+v of %+v", d.Count, total)
		}
		for _, n := range d.Noisiest {
			if n.Times < 1 || n.Times > truth[n.Name] {
				t.Fatalf("%q fired %d times, not %d", n.Name, truth[n.Name], n.Times)
			}
		}
	})
}

func TestDaysOfSeveralDestinationsAddUp(t *testing.T) {
	got := Merge(
		formatter.Day{Count: formatter.Count{Fired: 3, Delivered: 4, Failed: 1}, Noisiest: []formatter.Noise{{Name: "a", Times: 2}, {Name: "b", Times: 1}}},
		formatter.Day{Count: formatter.Count{Fired: 2, Delivered: 2, Duplicates: 1}, Noisiest: []formatter.Noise{{Name: "b", Times: 2}}},
		formatter.Day{},
	)
	want := formatter.Day{
		Count:    formatter.Count{Fired: 5, Delivered: 6, Failed: 1, Duplicates: 1},
		Noisiest: []formatter.Noise{{Name: "b", Times: 3}, {Name: "a", Times: 2}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
