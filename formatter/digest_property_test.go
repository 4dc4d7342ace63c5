package formatter

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"
)

func TestAnyDigestIsWithinEveryLimitAndSaysEveryLineOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDigest().Draw(t, "digest")
		s := Style{Locale: rapid.SampledFrom([]string{"en", "ko"}).Draw(t, "locale"), Accounts: map[string]string{"111122223333": "prod `<@1>"}}
		for _, service := range []Service{ServiceDiscord, ServiceSlack} {
			messages := DigestOf(service, d, s)
			checkItems(t, len(d.Lines), messages)
			if len(messages) > max(1, d.Room) || (len(messages) == 0) != (len(d.Lines) == 0) {
				t.Fatalf("%d messages for %d lines in a room of %d", len(messages), len(d.Lines), d.Room)
			}
			for n, m := range messages {
				if m.Plain != nil || len(m.Files) > 0 && (n > 0 || len(messages) > 1) {
					t.Fatalf("message %d has %d files and a plain form: %v", n, len(m.Files), m.Plain != nil)
				}
				checkPage(t, m, n == 0 && len(d.Mentions) > 0)
			}
		}
	})
}

func checkPage(t fails, m Message, pings bool) {
	t.Helper()
	switch body := m.Payload.(type) {
	case *DiscordBody:
		checkDiscord(t, body, len(body.Embeds))
		silent := body.Flags == discordgo.MessageFlagsSuppressNotifications
		if got := strings.HasPrefix(body.Content, "<@&123456789012345678>"); got != pings || silent != (body.Content == "") {
			t.Fatalf("pings: %v, silent: %v, content %q", got, silent, body.Content)
		}
		if len(body.AllowedMentions.Roles) > 0 != pings || len(body.Attachments) != len(m.Files) {
			t.Fatalf("allowed %+v, %d attachments of %d files", body.AllowedMentions, len(body.Attachments), len(m.Files))
		}
		for _, e := range body.Embeds {
			if e.Description == "" {
				t.Fatalf("an embed without lines: %+v", e)
			}
		}
	case *slack.WebhookMessage:
		checkSlack(t, body, len(body.Attachments))
		checkRoundTrip(t, body)
		if got := strings.HasPrefix(body.Text, "<!subteam^S012ABC>"); got != pings {
			t.Fatalf("pings: %v, text %q", got, body.Text)
		}
	}
}

func TestTheOrderOfLinesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDigest().Draw(t, "digest")
		for i := range d.Lines { // of equally old lines of one key the later counts
			d.Lines[i].At = fired.Add(time.Duration(i) * time.Second)
		}
		mixed := d
		mixed.Lines = rapid.Permutation(d.Lines).Draw(t, "lines in another order")
		for _, service := range []Service{ServiceDiscord, ServiceSlack} {
			want, got := DigestOf(service, d, Style{}), DigestOf(service, mixed, Style{})
			if diff := cmp.Diff(payloads(want), payloads(got)); diff != "" {
				t.Fatalf("%s differs (-first +mixed):\n%s", service, diff)
			}
			for i := range want {
				if diff := cmp.Diff(times(d, want[i]), times(mixed, got[i])); diff != "" {
					t.Fatalf("%s: message %d says other lines (-first +mixed):\n%s", service, i, diff)
				}
			}
		}
	})
}

func payloads(messages []Message) (all []string) {
	for _, m := range messages {
		text, _ := json.Marshal(m.Payload)
		all = append(all, string(text))
		for _, f := range m.Files {
			all = append(all, string(f.Data))
		}
	}
	return all
}

func times(d Digest, m Message) (all []time.Time) {
	for _, i := range m.Items {
		all = append(all, d.Lines[i].At)
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}
