package formatter

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"alarmrelay/alert"
)

func TestUpdatesAreSaidAsBefore(t *testing.T) {
	for name, u := range updates() {
		u.Arrived = after(20 * time.Minute)
		for _, locale := range []string{"en", "ko"} {
			for _, service := range []Service{ServiceDiscord, ServiceSlack} {
				compareGolden(t, filepath.Join("testdata", "updates", name+"."+string(service)+"."+locale+".json"), UpdateOf(service, u, Style{Locale: locale}))
			}
		}
	}
}

func TestWhatAnUpdateSaysAndWhomItWakes(t *testing.T) {
	type said struct {
		Content string
		Silent  bool
		Roles   []string
	}
	const link = " [→](" + messageURL + ")"
	for name, want := range map[string]said{
		"again":     {"<@&123456789012345678> 🔴 prod-api-cpu-high fires again (3rd time)" + link, false, []string{"123456789012345678"}},
		"critical":  {"✅ prod-api-cpu-high recovered after 12 min" + link, false, nil},
		"recovered": {"✅ prod-api-cpu-high recovered after 12 min" + link, true, nil},
		"flapped":   {"✅ prod-api-cpu-high recovered after 12 min, having fired 3 times" + link, true, nil},
		"only-word": {"✅ prod-api-cpu-high recovered after 12 min", true, nil},
		"hostile": {
			"✅ 2 alarms recovered: prod-api-cpu-high (12 min), \\<!channel> \\`\\[a\\](https\\://evil.example)\\` @\u200beveryone (12 min)", true, nil,
		},
		"both": {
			"🔴 2 alarms fire again: prod-api-cpu-high" + link + ", prod-api-cpu-high\n✅ 2 alarms recovered: prod-api-cpu-high, prod-api-cpu-high" + link, false, nil,
		},
	} {
		m := UpdateOf(ServiceDiscord, updates()[name], Style{})[0]
		b := m.Payload.(*DiscordBody)
		got := said{b.Content, b.Flags == discordgo.MessageFlagsSuppressNotifications, b.AllowedMentions.Roles}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(m.Items) != len(updates()[name].Items) || (m.Plain != nil) != (len(m.Items) == 1) {
			t.Errorf("%s says %v, plain form: %v", name, m.Items, m.Plain != nil)
		}
	}
	if got := UpdateOf(ServiceDiscord, Update{}, Style{}); got != nil {
		t.Errorf("nothing is said in %d messages", len(got))
	}
}

func TestAnUpdateOfManyNamesWhatHasRoom(t *testing.T) {
	for n, want := range map[int]struct {
		head, tail string
		links      int
	}{
		2:    {"✅ 2 alarms recovered: prod-checkout-errors [→]", ")", 2},
		37:   {"✅ 37 alarms recovered: prod-checkout-errors [→]", " and 27 more", 10},
		1000: {"✅ 1,000 alarms recovered: prod-checkout-errors [→]", " and 990 more", 10},
	} {
		m := UpdateOf(ServiceDiscord, Update{Items: manyUpdates(n)}, Style{})
		content := m[0].Payload.(*DiscordBody).Content
		if len(m) != 1 || !strings.HasPrefix(content, want.head) || !strings.HasSuffix(content, want.tail) || strings.Count(content, "[→]") != want.links || len(m[0].Items) != n {
			t.Errorf("%d messages, %d items: %s", len(m), len(m[0].Items), content)
		}
	}
}

func TestSlacksUpdateIsASectionAndASentenceForNotifications(t *testing.T) {
	u := updates()["again"]
	body := UpdateOf(ServiceSlack, u, Style{Thread: "1700000000.000100"})[0]
	got := body.Payload.(*slack.WebhookMessage)
	section := got.Blocks.BlockSet[0].(*slack.SectionBlock).Text
	const sentence = "<!subteam^S012ABC> 🔴 prod-api-cpu-high fires again (3rd time)"
	if got.Text != sentence || section.Text != sentence+" <"+messageURL+"|→>" || !section.Verbatim || body.Thread != "1700000000.000100" {
		t.Errorf("text %q, section %+v, thread %q", got.Text, section, body.Thread)
	}
	if plain := body.Plain().(*slack.WebhookMessage); plain.Text != sentence || plain.Blocks != nil {
		t.Errorf("plain form %+v", plain)
	}
}

func TestAnyUpdateIsWithinEveryLimitAndHoldsNoMarkupOfAnAlert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := anyUpdate().Draw(t, "update")
		s := Style{Locale: rapid.SampledFrom([]string{"en", "ko"}).Draw(t, "locale"), Opens: rapid.Bool().Draw(t, "opens")}
		for _, service := range []Service{ServiceDiscord, ServiceSlack} {
			messages := UpdateOf(service, u, s)
			checkItems(t, len(u.Items), messages)
			if len(messages) != min(1, len(u.Items)) {
				t.Fatalf("%d messages of %d items", len(messages), len(u.Items))
			}
			for _, m := range messages {
				checkUpdate(t, m.Payload, len(u.Mentions) > 0)
				if m.Plain != nil {
					checkUpdate(t, m.Plain(), len(u.Mentions) > 0)
				}
			}
		}
	})
}

func checkUpdate(t fails, payload any, pings bool) {
	t.Helper()
	switch body := payload.(type) {
	case *DiscordBody:
		checkDiscord(t, body, 0)
		if got := strings.HasPrefix(body.Content, "<@&123456789012345678> "); got != pings || len(body.AllowedMentions.Roles) > 0 != pings {
			t.Fatalf("pings: %v, %+v", got, body.AllowedMentions)
		}
	case *slack.WebhookMessage:
		if body.Blocks != nil {
			section := body.Blocks.BlockSet[0].(*slack.SectionBlock).Text
			text := strings.TrimPrefix(section.Text, "<!subteam^S012ABC>")
			if found := slackMarkup(text); found != "" || !section.Verbatim || utf8.RuneCountInString(text) > 3000 || len(body.Blocks.BlockSet) != 1 {
				t.Fatalf("verbatim: %v, markup: %s\nin %q", section.Verbatim, found, text)
			}
		}
		checkSlack(t, body, 0)
		checkRoundTrip(t, body)
	}
}

// anyUpdate has few alarms or many.
func anyUpdate() *rapid.Generator[Update] {
	return rapid.Custom(func(t *rapid.T) Update {
		u := Update{Arrived: anyTime().Draw(t, "arrived")}
		for range rapid.SampledFrom([]int{0, 1, 1, 2, 40}).Draw(t, "items") {
			if len(u.Items) > 3 { // many, but not drawn one by one
				u.Items = append(u.Items, u.Items[len(u.Items)%3])
				continue
			}
			it := UpdateItem{Item: Item{Alert: anyAlert().Draw(t, "alert"), Since: anyTime().Draw(t, "since"), Trail: anyTrail().Draw(t, "trail")}}
			if rapid.Bool().Draw(t, "recovered") {
				it.State = alert.StateOK
			}
			it.Again, it.Fires, it.Link = rapid.Bool().Draw(t, "again"), rapid.IntRange(-1, 1000).Draw(t, "fires"), anyMessageLink().Draw(t, "link")
			u.Items = append(u.Items, it)
		}
		if rapid.Bool().Draw(t, "mention") {
			u.Mentions = []Mention{{Kind: "role", ID: "123456789012345678"}, {Kind: "user", ID: "1> @everyone"}, {Kind: "subteam", ID: "S012ABC"}}
		}
		return u
	})
}
