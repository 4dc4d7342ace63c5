package incident

import (
	"fmt"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func like(pattern, name string) bool {
	ok, _ := path.Match(pattern, name)
	return ok
}

func quiet(alarm string, hours int, why string) Mute {
	return Mute{Alarm: alarm, Since: morning, Until: morning.Add(time.Duration(hours) * time.Hour), By: "mina", Why: why}
}

func mutes(t *testing.T, orders ...Mute) (m Mutes) {
	t.Helper()
	for _, o := range orders {
		if err := m.Add(morning, o); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func TestALaterOrderTakesThePlaceOfAnEarlierOne(t *testing.T) {
	m := mutes(t, quiet("db-*", 1, "first"), quiet("api", 2, ""), quiet("db-*", 3, "second"))
	if diff := cmp.Diff(Mutes{quiet("api", 2, ""), quiet("db-*", 3, "second")}, m); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsMutedAndForHowLong(t *testing.T) {
	m := mutes(t, quiet("db-*", 1, ""), quiet("db-cpu", 3, ""), quiet("*-cpu", 2, ""), quiet("a[1]", 1, ""))
	for name, c := range map[string]struct {
		alarm string
		after time.Duration
		want  Mute
		ok    bool
	}{
		"the longest of several counts":       {"db-cpu", 0, quiet("db-cpu", 3, ""), true},
		"a pattern mutes what it matches":     {"web-cpu", 0, quiet("*-cpu", 2, ""), true},
		"a name mutes itself whatever it has": {"a[1]", 0, quiet("a[1]", 1, ""), true},
		"another is not muted":                {"web", 0, Mute{}, false},
		"just before its end it is muted":     {"db-disk", time.Hour - 1, quiet("db-*", 1, ""), true},
		"at its end it is not":                {"db-disk", time.Hour, Mute{}, false},
		"what lasts longer still mutes":       {"db-cpu", 150 * time.Minute, quiet("db-cpu", 3, ""), true},
	} {
		got, ok := m.Active(morning.Add(c.after), c.alarm, like)
		if diff := cmp.Diff(c.want, got); diff != "" || ok != c.ok {
			t.Errorf("%s: %v (-want +got):\n%s", name, ok, diff)
		}
	}
}

func TestAnOrderEndsByItsPatternOrByAWiderOne(t *testing.T) {
	api, cpu, all := quiet("api", 2, ""), quiet("db-cpu", 2, ""), quiet("db-*", 2, "")
	over := quiet("old", 1, "")
	for pattern, c := range map[string]struct{ ended, left Mutes }{
		"db-cpu": {Mutes{cpu}, Mutes{api, all}},
		"db-*":   {Mutes{cpu, all}, Mutes{api}},
		"*":      {Mutes{api, cpu, all}, nil},
		"web":    {nil, Mutes{api, cpu, all}},
		"old":    {nil, Mutes{api, cpu, all}},
	} {
		m := mutes(t, api, cpu, all, over)
		ended := m.Remove(morning.Add(time.Hour), pattern, like)
		if diff := cmp.Diff([]Mutes{c.ended, c.left}, []Mutes{ended, m}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", pattern, diff)
		}
	}
}

func TestWhatAMuteMayNotBe(t *testing.T) {
	var full Mutes
	for i := range maxMutes {
		full = append(full, quiet(fmt.Sprint("a", i), 2, ""))
	}
	for name, c := range map[string]struct {
		known Mutes
		order Mute
		want  string
	}{
		"of nothing":      {nil, quiet("", 1, ""), "a mute needs the name of an alarm, or a pattern"},
		"of a novel":      {nil, quiet(strings.Repeat("é", 256), 1, ""), "no alarm's name is longer than 255 characters"},
		"over at once":    {nil, quiet("a", 0, ""), "a mute ends after now"},
		"one of too many": {full, quiet("a", 1, ""), "200 mutes are in force already: end some first, or mute a pattern"},
	} {
		before := append(Mutes(nil), c.known...)
		if err := c.known.Add(morning, c.order); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(before, c.known); diff != "" {
			t.Errorf("%s (-before +after):\n%s", name, diff)
		}
	}
	if err := full.Add(morning, quiet("a7", 3, "")); err != nil || len(full) != maxMutes {
		t.Errorf("one in the place of another: %v, %d", err, len(full))
	}
}

func TestMutesThatEndedMakeRoomAndTextsAreCut(t *testing.T) {
	m := mutes(t, quiet("a", 1, ""), quiet("b", 9, ""))
	order := quiet("c", 4, strings.Repeat("é", 400))
	order.By = strings.Repeat("m", 300)
	if err := m.Add(morning.Add(2*time.Hour), order); err != nil {
		t.Fatal(err)
	}
	want := quiet("c", 4, strings.Repeat("é", 300))
	want.By = strings.Repeat("m", 80)
	if diff := cmp.Diff(Mutes{quiet("b", 9, ""), want}, m); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if end := morning.Add(9 * time.Hour); !m.End().Equal(end) {
		t.Errorf("the last ends at %v, not %v", m.End(), end)
	}
}
