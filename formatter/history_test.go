package formatter

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"alarmrelay/alert"
)

func after(d time.Duration) time.Time { return fired.Add(d) }

// histories are items that tell more than one change, to be looked at.
func histories() map[string]Item {
	flapped := Item{Alert: recovery(), Repeat: true}
	flapped.PreviousAt = time.Time{}
	for i := range 30 {
		state := []alert.State{alert.StateAlarm, alert.StateOK}[i%2]
		flapped.Trail = append(flapped.Trail, Step{state, after(time.Duration(i) * 20 * time.Second)})
	}
	flapped.Trail = append(flapped.Trail, Step{alert.StateAlarm, after(11 * time.Minute)})
	return map[string]Item{
		"trail":      {Alert: recovery(), Trail: []Step{{alert.StateAlarm, fired}}, Since: fired},
		"flapped":    flapped,
		"later":      {Alert: cpuAlarm(), Later: &Step{alert.StateOK, after(39 * time.Second)}, Mentions: []Mention{{Kind: "here"}}},
		"later-same": {Alert: cpuAlarm(), Later: &Step{alert.StateAlarm, after(5 * time.Minute)}, Trail: []Step{{alert.StateInsufficientData, after(-time.Minute)}}},
		"later-bad":  {Alert: recovery(), Later: &Step{alert.StateAlarm, after(20 * time.Minute)}},
		"flood":      {Alert: logLines(), Flood: &Flood{Batches: 17, Lines: 1204, Began: after(-4 * time.Minute)}, Repeat: true},
	}
}

func TestHistoriesAreSaidAsBefore(t *testing.T) {
	for name, it := range histories() {
		for _, locale := range []string{"en", "ko"} {
			s := Style{Locale: locale, Accounts: map[string]string{"111122223333": "prod"}, Zone: time.FixedZone("KST", 9*3600)}
			for _, service := range []Service{ServiceDiscord, ServiceSlack} {
				n := Notice{Items: []Item{it}, Arrived: after(20 * time.Minute)}
				compareGolden(t, filepath.Join("testdata", "histories", name+"."+string(service)+"."+locale+".json"), Format(service, n, s))
			}
		}
	}
}

func TestOldNewsLooksLikeWhatTheAlarmIsNowAndWakesNobody(t *testing.T) {
	type said struct {
		Title, First string
		Silent       bool
		Content      string
	}
	oncall := []Mention{{"role", "123456789012345678"}}
	for name, c := range map[string]struct {
		item Item
		want said
	}{
		"an ALARM that is over": {
			Item{Alert: cpuAlarm(), Later: &Step{alert.StateOK, after(39 * time.Second)}},
			said{"🟢 RESOLVED prod-api-cpu-high", "Fired at <t:1795230130:T>, over since <t:1795230169:T> (39 s).", true, ""},
		},
		"an ALARM of a longer trouble that is over": {
			Item{Alert: cpuAlarm(), Later: &Step{alert.StateOK, after(time.Minute)}, Since: after(-time.Minute)},
			said{"🟢 RESOLVED prod-api-cpu-high", "Fired at <t:1795230130:T>, over since <t:1795230190:T> (2 min).", true, ""},
		},
		"an ALARM before another": {
			Item{Alert: cpuAlarm(), Later: &Step{alert.StateAlarm, after(time.Minute)}},
			said{"🔴 ALARM prod-api-cpu-high", "ALARM at <t:1795230130:T>, and again at <t:1795230190:T>.", true, ""},
		},
		"a recovery that did not last": {
			Item{Alert: recovery(), Later: &Step{alert.StateAlarm, after(13 * time.Minute)}},
			said{"🔴 ALARM prod-api-cpu-high", "OK at <t:1795230850:T>, ALARM since <t:1795230910:T>.", true, ""},
		},
		"an ALARM whose data is missing now": {
			Item{Alert: cpuAlarm(), Later: &Step{alert.StateInsufficientData, after(13 * time.Minute)}},
			said{"⚪ INSUFFICIENT DATA prod-api-cpu-high", "ALARM at <t:1795230130:T>, INSUFFICIENT DATA since <t:1795230910:T>.", true, ""},
		},
		"a moment that nobody knows": {
			Item{Alert: cpuAlarm(), Later: &Step{State: alert.StateOK}},
			said{"🟢 RESOLVED prod-api-cpu-high", "Fired at <t:1795230130:T>, over since –.", true, ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.item.Mentions = oncall
			m := Discord(Notice{Items: []Item{c.item}, Arrived: after(time.Hour)}, Style{})[0].Payload.(*DiscordBody)
			got := said{m.Embeds[0].Title, firstOfLines(m.Embeds[0].Description), m.Flags == discordgo.MessageFlagsSuppressNotifications, m.Content}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if text := Slack(Notice{Items: []Item{c.item}}, Style{})[0].Payload.(*slack.WebhookMessage).Text; text != c.want.Title {
				t.Errorf("Slack's text is %q", text)
			}
		})
	}
}

func firstOfLines(s string) string {
	for i := range len(s) {
		if s[i] == '\n' {
			return s[:i]
		}
	}
	return s
}

func TestHowLongATroubleTookIsKnownFromItsHistory(t *testing.T) {
	ok := recovery()
	ok.Previous, ok.PreviousAt = "", time.Time{}
	for name, c := range map[string]struct {
		since time.Time
		trail []Step
		want  string
	}{
		"nothing is known":               {time.Time{}, nil, ""},
		"the incident's beginning":       {fired, []Step{{alert.StateAlarm, after(11 * time.Minute)}}, "12 min"},
		"its only ALARM":                 {time.Time{}, []Step{{alert.StateAlarm, after(2 * time.Minute)}}, "10 min"},
		"the last of several":            {time.Time{}, []Step{{alert.StateAlarm, fired}, {alert.StateOK, after(time.Minute)}, {alert.StateAlarm, after(9 * time.Minute)}}, "3 min"},
		"missing data is no recovery":    {time.Time{}, []Step{{alert.StateAlarm, fired}, {alert.StateInsufficientData, after(time.Minute)}}, "12 min"},
		"an ALARM of an unknown moment":  {time.Time{}, []Step{{State: alert.StateAlarm}}, ""},
		"data was missing, nothing more": {time.Time{}, []Step{{alert.StateInsufficientData, fired}}, ""},
	} {
		it := Item{Alert: ok, Since: c.since, Trail: c.trail}
		if got := newTeller(Notice{}, Style{}).lasted(&it); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestALongHistoryIsShortened(t *testing.T) {
	steps := func(n int) (all []Step) {
		for i := range n {
			all = append(all, Step{State: alert.State(rune('a' + i))})
		}
		return all
	}
	for n, want := range map[int]string{0: "", 1: "a", 3: "abc", 4: "a…cd", 9: "a…hi"} {
		got := ""
		for _, s := range shortened(steps(n), 3) {
			if s == nil {
				got += ellipsis
				continue
			}
			got += string(s.State)
		}
		if got != want {
			t.Errorf("%d steps become %q, want %q", n, got, want)
		}
	}
}

func TestAFloodShowsItsNewestLines(t *testing.T) {
	a := logLines()
	a.Logs.Lines = nil
	for i := range 30 {
		a.Logs.Lines = append(a.Logs.Lines, alert.LogLine{Text: string(rune('A' + i))})
	}
	flood := &Flood{Batches: 4, Lines: 90, Began: fired}
	for name, c := range map[string]struct {
		item Item
		want string
	}{
		"one batch":          {Item{Alert: a}, "```\nA\nB\nC\nD\nE\nF\nG\nH\nI\nJ\n```\n\\+23 more lines"},
		"a flood of one":     {Item{Alert: a, Flood: &Flood{Batches: 1, Lines: 33, Began: fired}}, "```\nA\nB\nC\nD\nE\nF\nG\nH\nI\nJ\n```\n\\+23 more lines"},
		"a flood":            {Item{Alert: a, Flood: flood}, "**90 lines** in 4 batches since <t:1795230130:R>.\n```\nU\nV\nW\nX\nY\nZ\n[\n\\\n]\n^\n```\n\\+80 more lines"},
		"told a second time": {Item{Alert: a, Repeat: true}, "```\nA\nB\nC\nD\nE\nF\nG\nH\nI\nJ\n```\n\\+23 more lines\n🔁 May have been told before: the relay was interrupted."},
	} {
		m := Discord(Notice{Items: []Item{c.item}}, Style{})[0].Payload.(*DiscordBody)
		if diff := cmp.Diff(c.want, m.Embeds[0].Description); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
