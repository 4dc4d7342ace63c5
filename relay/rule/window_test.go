package rule_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"alarmrelay/relay/rule"
)

// windowsOf are those of a rule with these texts.
func windowsOf(t interface{ Fatal(...any) }, texts ...string) rule.Windows {
	config, err := rule.Parse("f", fmt.Appendf(nil, "destinations: {ops: {discord: \"env:OPS\"}}\nrules: [{to: ops, mute: [%s]}]\n",
		`"`+strings.Join(texts, `", "`)+`"`))
	if err != nil {
		t.Fatal(err)
	}
	return config.Rules[0].Mute
}

func TestAWindowBelongsToTheDayItStartsOn(t *testing.T) {
	const never = "not open"
	for _, test := range []struct {
		name    string
		windows []string
		now     string
		end     string // in the window's zone, or why there is none
	}{
		{"a weekday night", []string{"weekdays 22:00-07:00 Asia/Seoul"}, "2026-11-19T23:30:00+09:00", "2026-11-20T07:00:00+09:00"}, // a Thursday
		{"Friday's night lasts until Saturday", []string{"weekdays 22:00-07:00 Asia/Seoul"}, "2026-11-21T06:59:59.5+09:00", "2026-11-21T07:00:00+09:00"},
		{"Saturday's night is no weekday's", []string{"weekdays 22:00-07:00 Asia/Seoul"}, "2026-11-21T22:00:00+09:00", never},
		{"Sunday's night is no weekday's on Monday morning", []string{"weekdays 22:00-07:00 Asia/Seoul"}, "2026-11-23T06:59:00+09:00", never},
		{"it opens on the minute", []string{"weekdays 22:00-07:00 Asia/Seoul"}, "2026-11-23T22:00:00+09:00", "2026-11-24T07:00:00+09:00"},
		{"and not before", []string{"weekdays 22:00-07:00 Asia/Seoul"}, "2026-11-23T21:59:59.999+09:00", never},
		{"it closes on the minute", []string{"weekdays 22:00-07:00 Asia/Seoul"}, "2026-11-24T07:00:00+09:00", never},
		{"the zone is the window's, whatever the clock's", []string{"daily 22:00-07:00 Asia/Seoul"}, "2026-11-23T13:00:00Z", "2026-11-24T07:00:00+09:00"},
		{"the file's zone is that of a window without one", []string{"daily 22:00-07:00"}, "2026-11-23T22:00:00Z", "2026-11-24T07:00:00Z"},
		{"whole days end at midnight", []string{"weekends Asia/Seoul"}, "2026-11-21T12:00:00+09:00", "2026-11-23T00:00:00+09:00"},
		{"days may go round the week", []string{"sat-mon"}, "2026-11-21T00:00:00Z", "2026-11-24T00:00:00Z"},
		{"times without days are daily", []string{"12:00-13:00"}, "2026-11-22T12:59:00Z", "2026-11-22T13:00:00Z"},
		{"until midnight", []string{"sun 23:00-24:00"}, "2026-11-22T23:59:00Z", "2026-11-23T00:00:00Z"},
		{"nearly a whole day", []string{"sun 12:01-12:00"}, "2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z"},
		{
			"what follows without a break is one",
			[]string{"weekdays 22:00-24:00 Asia/Seoul", "weekends Asia/Seoul", "mon 00:00-07:00 Asia/Seoul"},
			"2026-11-20T22:30:00+09:00", "2026-11-23T07:00:00+09:00",
		},
		{"what overlaps as well, in other zones too", []string{"sun 00:00-06:00", "sun 10:00-18:00 Asia/Seoul"}, "2026-11-22T01:30:00Z", "2026-11-22T18:00:00+09:00"},
		{"a break ends it", []string{"sun 00:00-06:00", "sun 06:01-08:00"}, "2026-11-22T05:00:00Z", "2026-11-22T06:00:00Z"},
		// Paris puts its clocks forward on 2027-03-28 from 02:00 to 03:00, and back on 2026-10-25 from 03:00 to 02:00.
		{"a night that is an hour shorter", []string{"sat 22:00-07:00 Europe/Paris"}, "2027-03-27T22:00:00+01:00", "2027-03-28T07:00:00+02:00"},
		{"a night that is an hour longer", []string{"sat 22:00-07:00 Europe/Paris"}, "2026-10-24T22:00:00+02:00", "2026-10-25T07:00:00+01:00"},
		{"a beginning that the clocks leave out", []string{"sun 02:30-04:00 Europe/Paris"}, "2027-03-28T03:00:00+02:00", "2027-03-28T04:00:00+02:00"},
		{"an end that the clocks leave out", []string{"sun 01:00-02:30 Europe/Paris"}, "2027-03-28T01:59:00+01:00", "2027-03-28T03:00:00+02:00"},
		{"a window that the clocks leave out", []string{"sun 02:10-02:50 Europe/Paris"}, "2027-03-28T03:00:00+02:00", never},
		{"a time that clocks show twice, at first", []string{"sun 02:10-02:50 Europe/Paris"}, "2026-10-25T02:30:00+02:00", "2026-10-25T02:50:00+02:00"},
		{"and again", []string{"sun 02:10-02:50 Europe/Paris"}, "2026-10-25T02:30:00+01:00", "2026-10-25T02:50:00+01:00"},
		{"until they are put back", []string{"sun 02:10-03:00 Europe/Paris"}, "2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+01:00"},
		{"through both", []string{"sun 02:00-03:30 Europe/Paris"}, "2026-10-25T02:30:00+02:00", "2026-10-25T03:30:00+01:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			now, err := time.Parse(time.RFC3339Nano, test.now)
			if err != nil {
				t.Fatal(err)
			}
			got := never
			if end, active := windowsOf(t, test.windows...).Until(now); active {
				got = end.Format(time.RFC3339Nano)
			} else if !end.Equal(now) {
				t.Errorf("what is not open ends at %s", end)
			}
			if got != test.end {
				t.Errorf("ends %s, want %s", got, test.end)
			}
		})
	}
}

// TestWindowsAreWhatTheClocksShow compares windows with a look at the clock in each minute of some weeks, in zones that change
// their clocks by half an hour, an hour and two, at midnight and at noon of UTC, and once by a whole day.
func TestWindowsAreWhatTheClocksShow(t *testing.T) {
	zones := []string{
		"Asia/Seoul", "Europe/Paris", "America/New_York", "America/Havana", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo",
		"Antarctica/Troll", "Atlantic/Azores", "Pacific/Apia", "Asia/Kolkata",
	}
	const span = 15 * 24 * 60 // minutes that are looked at
	rapid.Check(t, func(t *rapid.T) {
		var all []model
		for range rapid.IntRange(1, 3).Draw(t, "windows") {
			all = append(all, drawModel(t, zones))
		}
		start := time.Date(2006, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 22*365).Draw(t, "day"))
		if _, change := start.In(all[0].zone).ZoneBounds(); rapid.Bool().Draw(t, "near a change") && !change.IsZero() {
			start = change.Truncate(time.Minute).Add(-3 * 24 * time.Hour)
		}
		open := make([]bool, span)
		for minute := range open {
			at := start.Add(time.Duration(minute) * time.Minute)
			open[minute] = slices.ContainsFunc(all, func(m model) bool { return m.open(at) })
		}
		texts := make([]string, len(all))
		for i := range all {
			texts[i] = all[i].text
		}
		windows := windowsOrEndless(t, texts)
		for minute, end := span-1, -1; minute >= 0 && windows != nil; minute-- {
			if !open[minute] {
				end = minute
			}
			if minute > 0 && open[minute] == open[minute-1] && minute%11 > 0 {
				continue
			}
			now := start.Add(time.Duration(minute)*time.Minute + 17*time.Second)
			got, active := windows.Until(now)
			week := 7 * 24 * 60
			switch want := start.Add(time.Duration(end) * time.Minute); {
			case active != open[minute]:
				t.Fatalf("%q at %s: open is %v", texts, now, active)
			case !active || end < 0 && minute > span-8*24*60: // the end lies beyond what was looked at
			case end < 0 || end-minute > week:
				if got.Sub(now) < 7*24*time.Hour {
					t.Fatalf("%q at %s: ends at %s, and lasts for more than a week", texts, now, got)
				}
			case !got.Equal(want):
				t.Fatalf("%q at %s: ends at %s, want %s", texts, now, got, want)
			}
		}
	})
}

// windowsOrEndless returns nil for texts that the configuration refuses because they never end.
func windowsOrEndless(t *rapid.T, texts []string) rule.Windows {
	file := fmt.Appendf(nil, "destinations: {ops: {discord: \"env:OPS\"}}\nrules: [{to: ops, mute: %q}]\n", texts)
	file = []byte(strings.ReplaceAll(string(file), `" "`, `", "`))
	config, err := rule.Parse("f", file)
	switch {
	case err == nil:
		return config.Rules[0].Mute
	case !strings.Contains(err.Error(), "this never ends"):
		t.Fatalf("%s: %v", file, err)
	}
	return nil
}

// model is a window that asks the clock alone.
type model struct {
	text       string
	on         string // days by three letters
	begin, end string // hh:mm
	zone       *time.Location
}

func drawModel(t *rapid.T, zones []string) model {
	name := rapid.SampledFrom(zones).Draw(t, "zone")
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	m := model{zone: zone, begin: "00:00", end: "24:00"}
	days := rapid.SampledFrom([][2]string{
		{"daily", "Mon Tue Wed Thu Fri Sat Sun"},
		{"weekdays", "Mon Tue Wed Thu Fri"},
		{"weekends", "Sat Sun"},
		{"fri", "Fri"},
		{"sun,thu", "Sun Thu"},
		{"sat-mon", "Sat Sun Mon"},
		{"tue-Thursday, sun", "Tue Wed Thu Sun"},
	}).Draw(t, "days")
	m.on, m.text = days[1], days[0]
	if rapid.Bool().Draw(t, "times") {
		clock := func(label string, last int) string {
			minutes := 30 * rapid.IntRange(0, last).Draw(t, label)
			if rapid.Bool().Draw(t, "odd "+label) {
				minutes = min(minutes+17, 30*last)
			}
			return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
		}
		m.begin, m.end = clock("begin", 47), clock("end", 48)
		if m.begin == m.end {
			m.end = "24:00"
		}
		m.text += " " + m.begin + "-" + m.end
	}
	m.text += " " + name
	return m
}

// open compares what a clock shows with the window, as texts. The day before is that of the calendar.
func (m *model) open(at time.Time) bool {
	at = at.In(m.zone)
	clock, today := at.Format("15:04"), at.Weekday().String()[:3]
	if m.begin < m.end {
		return strings.Contains(m.on, today) && m.begin <= clock && clock < m.end
	}
	yesterday := time.Date(at.Year(), at.Month(), at.Day()-1, 12, 0, 0, 0, time.UTC).Weekday().String()[:3]
	return strings.Contains(m.on, today) && m.begin <= clock || strings.Contains(m.on, yesterday) && clock < m.end
}
