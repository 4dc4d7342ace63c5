package formatter

import (
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"alarmrelay/alert"
)

func TestWhoIsWoken(t *testing.T) {
	type woken struct {
		Content string
		Silent  bool
		Parse   []discordgo.AllowedMentionType
		Roles   []string
		Users   []string
	}
	critical, quiet, grey := recovery(), recovery(), cpuAlarm()
	quiet.Severity, grey.State = alert.SeverityHigh, alert.StateInsufficientData
	none := []discordgo.AllowedMentionType{}
	for name, c := range map[string]struct {
		alert    alert.Alert
		mentions []Mention
		want     woken
	}{
		"an ALARM is told in one sentence": {cpuAlarm(), nil, woken{Content: "🔴 prod-api-cpu-high is in ALARM (ap-northeast-2)", Parse: none}},
		"who is named is pinged, and nobody else": {
			cpuAlarm(),
			[]Mention{{"role", "123456789012345678"}, {"user", "223456789012345678"}, {"role", "123456789012345678"}, {"role", "not an id"}, {"subteam", "S1"}},
			woken{Content: "<@&123456789012345678> <@223456789012345678> 🔴 prod-api-cpu-high is in ALARM (ap-northeast-2)", Parse: none, Roles: []string{"123456789012345678"}, Users: []string{"223456789012345678"}},
		},
		"everybody": {
			cpuAlarm(),
			[]Mention{{"here", ""}},
			woken{Content: "@here 🔴 prod-api-cpu-high is in ALARM (ap-northeast-2)", Parse: []discordgo.AllowedMentionType{"everyone"}},
		},
		"a critical recovery is told":   {critical, nil, woken{Content: "🟢 prod-api-cpu-high is back to OK after 12 min", Parse: none}},
		"another recovery is silent":    {quiet, nil, woken{Silent: true, Parse: none}},
		"missing data is silent":        {grey, nil, woken{Silent: true, Parse: none}},
		"a notice is silent":            {budget(), nil, woken{Silent: true, Parse: none}},
		"a notice with a mention isn't": {budget(), []Mention{{"everyone", ""}}, woken{Content: "@everyone 💸 Budget monthly-total is over $400.00", Parse: []discordgo.AllowedMentionType{"everyone"}}},
	} {
		t.Run(name, func(t *testing.T) {
			n := notice(c.alert)
			n.Items[0].Mentions = c.mentions
			b := Discord(n, Style{})[0].Payload.(*DiscordBody)
			got := woken{b.Content, b.Flags == discordgo.MessageFlagsSuppressNotifications, b.AllowedMentions.Parse, b.AllowedMentions.Roles, b.AllowedMentions.Users}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSlackMentions(t *testing.T) {
	got := slackMentionsOf([]Mention{{"user", "U012"}, {"subteam", "S012ABC"}, {"channel", ""}, {"here", ""}, {"role", "1"}, {"user", "U1> <!everyone"}})
	if want := "<@U012> <!subteam^S012ABC> <!channel> <!here>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPack(t *testing.T) {
	for name, c := range map[string]struct {
		sizes      []int
		most, room int
		want       [][]int
	}{
		"nothing":                {nil, 10, 100, nil},
		"all in one":             {[]int{1, 2, 3}, 10, 6, [][]int{{0, 1, 2}}},
		"as many as there may":   {[]int{1, 1, 1}, 2, 100, [][]int{{0, 1}, {2}}},
		"as much as there is":    {[]int{60, 41, 59}, 10, 100, [][]int{{0}, {1, 2}}},
		"too large stands alone": {[]int{1, 200, 1}, 10, 100, [][]int{{0}, {1}, {2}}},
	} {
		if diff := cmp.Diff(c.want, pack(c.sizes, c.most, c.room)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestSeveralAlerts(t *testing.T) {
	warning := cpuAlarm()
	warning.Severity = alert.SeverityWarning
	for format, messages := range map[string][]Message{
		"discord": Discord(notice(recovery(), warning, cpuAlarm(), cpuAlarm()), Style{}),
		"slack":   Slack(notice(recovery(), warning, cpuAlarm(), cpuAlarm()), Style{}),
	} {
		if len(messages) != 1 || messages[0].Plain != nil || messages[0].Components {
			t.Fatalf("%s: %+v", format, messages)
		}
		if diff := cmp.Diff([]int{2, 3, 1, 0}, messages[0].Items); diff != "" {
			t.Errorf("%s: the worst are not first (-want +got):\n%s", format, diff)
		}
	}
	body := Discord(notice(cpuAlarm(), cpuAlarm()), Style{})[0].Payload.(*DiscordBody)
	if body.Embeds[0].URL == "" || body.Embeds[1].URL != "" {
		t.Errorf("Discord shows one of two embeds with one address: %q, %q", body.Embeds[0].URL, body.Embeds[1].URL)
	}
	if want := "🔴 2 alarms in ALARM: prod-api-cpu-high, prod-api-cpu-high"; body.Content != want {
		t.Errorf("content %q, want %q", body.Content, want)
	}
}

func TestStyle(t *testing.T) {
	s := Style{Username: "my Discord relay", Avatar: "https://cdn.example.com/bell.png", Thread: "99", Buttons: true}
	m := Discord(notice(cpuAlarm()), s)[0]
	body := m.Payload.(*DiscordBody)
	if m.Thread != "99" || body.Username != "" || body.AvatarURL != s.Avatar {
		t.Errorf("thread %q, username %q, avatar %q", m.Thread, body.Username, body.AvatarURL)
	}
	blocks := Slack(notice(cpuAlarm()), s)[0].Payload.(*slack.WebhookMessage).Attachments[0].Blocks.BlockSet
	row, ok := blocks[3].(*slack.ActionBlock)
	if !ok || len(row.Elements.ElementSet) != 4 {
		t.Errorf("no row of buttons: %+v", blocks)
	}
}

func TestRemarks(t *testing.T) {
	muted, old := cpuAlarm(), budget()
	muted.AfterMute = true
	old.Origin.SentAt = fired.Add(-time.Hour)
	for name, c := range map[string]struct {
		alert   alert.Alert
		arrived time.Duration
		want    string
	}{
		"in time":                           {cpuAlarm(), 10 * time.Minute, ""},
		"late":                              {cpuAlarm(), 25 * time.Minute, "⏱️ Late: it happened 25 min before it arrived here."},
		"late because it was muted":         {muted, 25 * time.Minute, "🔕 Told again because a mute window ended."},
		"a notice is as old as its sending": {old, 0, "⏱️ Late: it happened 1 h before it arrived here."},
	} {
		n := notice(c.alert)
		n.Arrived = fired.Add(c.arrived)
		got, _ := write(discordPen{}, newTeller(n, Style{}).remarks(&n.Items[0]), 1000)
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAnAddressTooLongForAButtonIsLeftOut(t *testing.T) {
	long := strings.Repeat("x", 600)
	var links []link
	for _, l := range []string{"1", long, "2", "3", "4", "5", "6", "runbook"} {
		links = append(links, link{l, "https://a.example/" + l})
	}
	var got []string
	for _, b := range buttons(links)[0].(discordgo.ActionsRow).Components {
		got = append(got, b.(discordgo.Button).Label)
	}
	if diff := cmp.Diff([]string{"1", "2", "3", "4", "runbook"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
