package formatter

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"alarmrelay/alert"
)

func TestRemindersAndSummariesAreSaidAsBefore(t *testing.T) {
	for _, locale := range []string{"en", "ko"} {
		s := Style{Locale: locale, Accounts: map[string]string{"111122223333": "prod"}, Zone: time.FixedZone("KST", 9*3600), Thread: "1300000000000000009"}
		for _, service := range []Service{ServiceDiscord, ServiceSlack} {
			file := func(name string) string {
				return filepath.Join("testdata", "ticks", name+"."+string(service)+"."+locale+".json")
			}
			for name, r := range reminders() {
				r.Arrived = fired.Add(4*time.Hour + 90*time.Second)
				compareGolden(t, file("reminder-"+name), RemindersOf(service, r, s))
			}
			for name, d := range summaries() {
				d.Arrived = fired.Add(4 * time.Hour)
				compareGolden(t, file("summary-"+name), SummaryOf(service, d, s))
			}
		}
	}
}

// texts are all that a message shows.
func texts(m Message) string {
	var all []string
	switch body := m.Payload.(type) {
	case *DiscordBody:
		all = append(all, body.Content)
		for _, e := range body.Embeds {
			all = append(all, e.Title, e.Description)
		}
	case *slack.WebhookMessage:
		all = append(all, body.Text)
		for _, a := range body.Attachments {
			for _, b := range a.Blocks.BlockSet {
				switch b := b.(type) {
				case *slack.HeaderBlock:
					all = append(all, b.Text.Text)
				case *slack.SectionBlock:
					if b.Text != nil {
						all = append(all, b.Text.Text)
					}
				}
			}
		}
	}
	return strings.Join(all, "\n")
}

func TestTheWorstAndOldestStandFirstAndTheRestIsCounted(t *testing.T) {
	line := regexp.MustCompile(`(?m)^(?:🔴|🟠|🔵|⚪) \*+([a-z0-9-]+)\*+`)
	more := regexp.MustCompile(`(?m)^\\?\+(\d+) more$`)
	open := openAlarms(60)
	var want []string
	for _, severity := range []alert.Severity{alert.SeverityCritical, alert.SeverityHigh, "", alert.SeverityWarning, alert.SeverityInfo} {
		for _, o := range slices.Backward(open) { // later ones are older
			if o.Severity == severity {
				want = append(want, o.Name)
			}
		}
	}
	for _, service := range []Service{ServiceDiscord, ServiceSlack} {
		for what, messages := range map[string][]Message{
			"reminders": RemindersOf(service, Reminders{Items: open, Arrived: fired}, Style{}),
			"a summary": SummaryOf(service, Summary{Open: open, Arrived: fired}, Style{}),
		} {
			said := texts(messages[0])
			var got []string
			for _, m := range line.FindAllStringSubmatch(said, -1) {
				got = append(got, m[1])
			}
			if len(got) < 5 {
				t.Fatalf("%s at %s names %d alarms:\n%s", what, service, len(got), said)
			}
			if diff := cmp.Diff(want[:len(got)], got); diff != "" {
				t.Errorf("%s at %s (-want +got):\n%s", what, service, diff)
			}
			left := more.FindStringSubmatch(said)
			if left == nil || left[1] != strconv.Itoa(len(open)-len(got)) {
				t.Errorf("%s at %s counts %q beside %d of %d", what, service, left, len(got), len(open))
			}
		}
	}
}

func TestWhereAnOpenAlarmLeads(t *testing.T) {
	console := "https://eu-west-1.console.aws.amazon.com/cloudwatch/deeplink.js?region=eu-west-1#alarmsV2:alarm/db"
	at := func(link string) Open {
		return Open{Item: Item{Alert: alert.Alert{Name: "db", Partition: "aws", Region: "eu-west-1"}}, Link: link}
	}
	long := at("")
	long.Name = strings.Repeat("é", 200)
	for name, c := range map[string]struct {
		open Open
		want string
	}{
		"to its message":                          {at("https://discord.com/channels/1/2/3"), "https://discord.com/channels/1/2/3"},
		"to its page where it has no message":     {at(""), console},
		"nowhere else":                            {at("http://discord.com/channels/1/2/3"), console},
		"no further than the link's end":          {at("https://discord.com/channels/1/2/3)[x](https://evil.example"), console},
		"nowhere where nothing is known":          {Open{}, ""},
		"nowhere where the address would be long": {long, ""},
	} {
		if got := c.open.page(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAQuietDayIsSaidInOneLine(t *testing.T) {
	for name, c := range map[string]struct {
		summary Summary
		want    string
	}{
		"nothing came":   {Summary{}, "\n📋 Daily summary\n🟢 A quiet day. Nothing fired, and nothing is in ALARM."},
		"notices came":   {Summary{Day: Day{Count: Count{Delivered: 1}}}, "\n📋 Daily summary\n🟢 A quiet day. Nothing fired, and nothing is in ALARM.\n📨 1 alert delivered"},
		"a failure came": {Summary{Day: Day{Count: Count{Failed: 1}}}, "\n📋 Daily summary\n🟢 Nothing is in ALARM.\nLast 24 hours\n0 fired, 0 recovered, 0 open\n⚠️ 0 alerts delivered · 1 failed attempt"},
	} {
		if diff := cmp.Diff(c.want, texts(SummaryOf(ServiceDiscord, c.summary, Style{})[0])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAnEscalatedAlarmSaysWhyItIsToldAndIsNotLate(t *testing.T) {
	a := cpuAlarm()
	n := Notice{Items: []Item{{Alert: a, Escalated: 15 * time.Minute}}, Arrived: fired.Add(16 * time.Minute)}
	for locale, want := range map[string]string{"en": "⏫ Nobody has taken care of it for 15 min.", "ko": "⏫ 15분 동안 아무도 확인하지 않았습니다."} {
		for _, service := range []Service{ServiceDiscord, ServiceSlack} {
			said := texts(Format(service, n, Style{Locale: locale})[0])
			if !strings.Contains(said, want) || strings.Contains(said, "⏱️") {
				t.Errorf("%s in %s: %s", service, locale, said)
			}
		}
	}
}

func TestNothingToRemindOfIsNoMessage(t *testing.T) {
	for _, service := range []Service{ServiceDiscord, ServiceSlack} {
		if got := RemindersOf(service, Reminders{Arrived: fired}, Style{}); got != nil {
			t.Errorf("%s: %+v", service, got)
		}
	}
}

func anyOpen() *rapid.Generator[Open] {
	return rapid.Custom(func(t *rapid.T) Open {
		o := Open{Since: anyTime().Draw(t, "since")}
		o.Alert = alert.Alert{
			Kind: alert.KindMetricAlarm, Name: hostileText(300).Draw(t, "name"),
			State:   rapid.SampledFrom([]alert.State{alert.StateAlarm, alert.StateInsufficientData, alert.StateOK, "", "<!here>"}).Draw(t, "state"),
			Account: rapid.SampledFrom([]string{"", "111122223333", "x"}).Draw(t, "account"), Partition: rapid.SampledFrom([]string{"", "aws", "aws-cn"}).Draw(t, "partition"),
			Region:   rapid.SampledFrom([]string{"", "eu-west-1", "cn-north-1", "<@1>.evil.example/"}).Draw(t, "region"),
			Severity: rapid.SampledFrom([]alert.Severity{"", "critical", "warning", "info", "<@1>"}).Draw(t, "severity"),
		}
		if rapid.Bool().Draw(t, "of many series") {
			o.Contributor = &alert.Contributor{Attributes: map[string]string{"host": hostileText(60).Draw(t, "host")}}
		}
		o.Fires = rapid.IntRange(0, 900).Draw(t, "fires")
		o.Link = rapid.SampledFrom([]string{"", "https://discord.com/channels/1/2/3", "https://evil.example/)[a](b", "javascript:alert(1)", "https://a@evil.example"}).Draw(t, "link")
		if rapid.Bool().Draw(t, "acked") {
			o.Acked = &Acked{By: hostileText(300).Draw(t, "by")}
		}
		return o
	})
}

// anyOpens are few, or many of which most are the same.
func anyOpens() *rapid.Generator[[]Open] {
	return rapid.Custom(func(t *rapid.T) []Open {
		open := rapid.SliceOfN(anyOpen(), 0, 6).Draw(t, "open")
		if len(open) > 0 && rapid.Bool().Draw(t, "many") {
			open = slices.Repeat(open, 20)
		}
		return open
	})
}

func anySummary() *rapid.Generator[Summary] {
	return rapid.Custom(func(t *rapid.T) Summary {
		count := rapid.IntRange(0, 3_000_000)
		s := Summary{Open: anyOpens().Draw(t, "open"), Arrived: anyTime().Draw(t, "arrived")}
		s.Day.Count = Count{
			Fired: count.Draw(t, "fired"), Recovered: count.Draw(t, "recovered"), Delivered: count.Draw(t, "delivered"),
			Failed: count.Draw(t, "failed"), DeadLettered: count.Draw(t, "dead"), Duplicates: count.Draw(t, "duplicates"),
		}
		if rapid.Bool().Draw(t, "nothing happened") {
			s.Day.Count = Count{}
		}
		for range rapid.IntRange(0, 7).Draw(t, "noisy") {
			s.Day.Noisiest = append(s.Day.Noisiest, Noise{hostileText(300).Draw(t, "name"), count.Draw(t, "times")})
		}
		q := Quiet{What: hostileText(300).Draw(t, "what"), Until: anyTime().Draw(t, "until"), By: hostileText(300).Draw(t, "by"), Why: hostileText(900).Draw(t, "why")}
		s.Muted = slices.Repeat([]Quiet{q}, rapid.SampledFrom([]int{0, 1, 200}).Draw(t, "muted"))
		return s
	})
}

func TestAnyReminderIsOneMessageWithinEveryLimitAndSpeaksUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Reminders{Items: anyOpens().Draw(t, "items"), Arrived: anyTime().Draw(t, "arrived")}
		if rapid.Bool().Draw(t, "mention") {
			r.Mentions = []Mention{{Kind: "role", ID: "123456789012345678"}, {Kind: "user", ID: "1> @everyone"}, {Kind: "subteam", ID: "S012ABC"}}
		}
		s := Style{Locale: rapid.SampledFrom([]string{"en", "ko"}).Draw(t, "locale"), Accounts: map[string]string{"111122223333": "prod `<@1>"}}
		for _, service := range []Service{ServiceDiscord, ServiceSlack} {
			messages := RemindersOf(service, r, s)
			checkItems(t, len(r.Items), messages)
			if len(messages) != min(1, len(r.Items)) {
				t.Fatalf("%d messages of %d items", len(messages), len(r.Items))
			}
			for _, m := range messages {
				checkTick(t, m)
				if body, ok := m.Payload.(*DiscordBody); ok && (body.Content == "" || body.Flags&discordgo.MessageFlagsSuppressNotifications != 0) {
					t.Fatalf("it is silent: %+v", body)
				}
				if said := texts(m); strings.Contains(said, "S012ABC") != (len(r.Mentions) > 0 && service == ServiceSlack) {
					t.Fatalf("mentions %v in %q", r.Mentions, said)
				}
			}
		}
	})
}

func TestAnySummaryIsOneSilentMessageWithinEveryLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anySummary().Draw(t, "summary")
		s := Style{Locale: rapid.SampledFrom([]string{"en", "ko"}).Draw(t, "locale"), Accounts: map[string]string{"111122223333": "prod `<@1>"}}
		for _, service := range []Service{ServiceDiscord, ServiceSlack} {
			messages := SummaryOf(service, d, s)
			if len(messages) != 1 {
				t.Fatalf("%d messages", len(messages))
			}
			checkTick(t, messages[0])
			if body, ok := messages[0].Payload.(*DiscordBody); ok && (body.Content != "" || body.Flags != discordgo.MessageFlagsSuppressNotifications) {
				t.Fatalf("it is not silent: %+v", body)
			}
		}
	})
}

// checkTick holds a message against the limits, with as many embeds or attachments as it has.
func checkTick(t fails, m Message) {
	t.Helper()
	switch body := m.Payload.(type) {
	case *DiscordBody:
		checkDiscord(t, body, len(body.Embeds))
		for _, e := range body.Embeds {
			if e.Description == "" {
				t.Fatalf("an embed without lines: %+v", e)
			}
		}
	case *slack.WebhookMessage:
		checkSlack(t, body, len(body.Attachments))
		checkRoundTrip(t, body)
	}
}
