package formatter

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"
)

// fails reports what is wrong with a message.
type fails interface {
	Helper()
	Fatalf(format string, args ...any)
}

func TestDiscordMessagesAreWithinEveryLimitAndHoldNoMarkupOfAnAlert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyNoticeOfMany().Draw(t, "notice")
		s := Style{Locale: rapid.SampledFrom([]string{"en", "ko"}).Draw(t, "locale"), Username: hostileText(100).Draw(t, "username"), Avatar: "https://cdn.example.com/a.png", Opens: rapid.Bool().Draw(t, "opens")}
		messages := Discord(n, s)
		checkItems(t, len(n.Items), messages)
		for _, m := range messages {
			checkDiscord(t, m.Payload.(*DiscordBody), len(m.Items))
			if m.Plain != nil {
				checkDiscord(t, m.Plain().(*DiscordBody), 0)
			}
			if (m.Plain != nil) != (len(m.Items) == 1) {
				t.Fatalf("plain form of %d items: %v", len(m.Items), m.Plain != nil)
			}
		}
	})
}

func checkItems(t fails, items int, messages []Message) {
	t.Helper()
	var said []int
	for _, m := range messages {
		said = append(said, m.Items...)
	}
	slices.Sort(said)
	for i := range items {
		if i >= len(said) || said[i] != i {
			t.Fatalf("items said: %v of %d", said, items)
		}
	}
}

func checkDiscord(t fails, b *DiscordBody, embeds int) {
	t.Helper()
	most := func(what, s string, limit int) {
		t.Helper()
		if units16(s) > limit || !utf8.ValidString(s) {
			t.Fatalf("%s has %d of %d units, valid: %v: %q", what, units16(s), limit, utf8.ValidString(s), s)
		}
	}
	markup := func(what, s string) {
		t.Helper()
		if found := discordMarkup(s); found != "" {
			t.Fatalf("%s holds markup: %s\nin %q", what, found, s)
		}
	}
	most("content", b.Content, 2000)
	most("thread", b.ThreadName, 100)
	for _, a := range b.Attachments {
		most("attachment", a.Description, 1024)
		if _, err := strconv.ParseUint(a.ID, 10, 64); err != nil {
			t.Fatalf("attachment %+v", a)
		}
	}
	most("username", b.Username, 80)
	markup("content", strings.TrimPrefix(b.Content, "<@&123456789012345678>"))
	if b.AllowedMentions == nil || b.AllowedMentions.Parse == nil || len(b.AllowedMentions.Parse) > 0 {
		t.Fatalf("allowed mentions: %+v", b.AllowedMentions)
	}
	if len(b.Embeds) != embeds || len(b.Embeds) > 10 || b.Content == "" && embeds == 0 {
		t.Fatalf("%d embeds, content %q", len(b.Embeds), b.Content)
	}
	total := 0
	for _, e := range b.Embeds {
		most("title", e.Title, 256)
		most("description", e.Description, 4096)
		most("url", e.URL, 2048)
		markup("title", e.Title)
		markup("description", e.Description)
		total += units16(e.Title) + units16(e.Description)
		if e.Footer != nil {
			most("footer", e.Footer.Text, 2048)
			total += units16(e.Footer.Text)
		}
		if e.Title == "" || len(e.Fields) > 25 {
			t.Fatalf("title %q, %d fields", e.Title, len(e.Fields))
		}
		for _, f := range e.Fields {
			most("field name", f.Name, 256)
			most("field value", f.Value, 1024)
			markup("field", f.Name)
			markup("field", f.Value)
			if strings.TrimSpace(f.Name) == "" || strings.TrimSpace(f.Value) == "" {
				t.Fatalf("empty field %+v", f)
			}
			total += units16(f.Name) + units16(f.Value)
		}
	}
	if total > 6000 {
		t.Fatalf("embeds have %d units", total)
	}
	for _, row := range b.Components {
		buttons := row.(discordgo.ActionsRow).Components
		if len(buttons) < 1 || len(buttons) > 5 {
			t.Fatalf("%d buttons", len(buttons))
		}
		for _, x := range buttons {
			most("button", x.(discordgo.Button).Label, 80)
			most("button address", x.(discordgo.Button).URL, 512)
		}
	}
}

func TestSlackMessagesAreWithinEveryLimitAndHoldNoMarkupOfAnAlert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyNoticeOfMany().Draw(t, "notice")
		messages := Slack(n, Style{Locale: rapid.SampledFrom([]string{"en", "ko"}).Draw(t, "locale"), Buttons: rapid.Bool().Draw(t, "buttons")})
		checkItems(t, len(n.Items), messages)
		for _, m := range messages {
			body := m.Payload.(*slack.WebhookMessage)
			checkSlack(t, body, len(m.Items))
			checkRoundTrip(t, body)
			if m.Plain != nil {
				checkSlack(t, m.Plain().(*slack.WebhookMessage), 0)
			}
		}
	})
}

func checkSlack(t fails, m *slack.WebhookMessage, attachments int) {
	t.Helper()
	total := 0
	object := func(o *slack.TextBlockObject, limit int) {
		t.Helper()
		n := utf8.RuneCountInString(o.Text)
		total += n
		if n < 1 || n > limit || !utf8.ValidString(o.Text) {
			t.Fatalf("text of %d of %d: %q", n, limit, o.Text)
		}
		if o.Type == slack.PlainTextType {
			return
		}
		if found := slackMarkup(o.Text); found != "" || !o.Verbatim {
			t.Fatalf("verbatim: %v, markup: %s\nin %q", o.Verbatim, found, o.Text)
		}
	}
	text := strings.TrimPrefix(m.Text, "<!subteam^S012ABC>")
	if found := slackMarkup(text); found != "" || utf8.RuneCountInString(m.Text) > 3000 || len(m.Text) > 4000 || m.Text == "" {
		t.Fatalf("text: %s\nin %q", found, m.Text)
	}
	if len(m.Attachments) != attachments || attachments > 10 {
		t.Fatalf("%d attachments", len(m.Attachments))
	}
	for _, a := range m.Attachments {
		if n := len(a.Blocks.BlockSet); n < 1 || n > 20 || a.Color == "" || a.Fallback == "" {
			t.Fatalf("%d blocks, colour %q, fallback %q", n, a.Color, a.Fallback)
		}
		for _, b := range a.Blocks.BlockSet {
			switch b := b.(type) {
			case *slack.HeaderBlock:
				object(b.Text, 150)
			case *slack.SectionBlock:
				if b.Text != nil {
					object(b.Text, 3000)
				}
				if b.Text == nil && len(b.Fields) == 0 || len(b.Fields) > 10 {
					t.Fatalf("section with %d fields", len(b.Fields))
				}
				for _, f := range b.Fields {
					object(f, 2000)
				}
			case *slack.ContextBlock:
				object(b.ContextElements.Elements[0].(*slack.TextBlockObject), 3000)
			case *slack.ActionBlock:
				for _, e := range b.Elements.ElementSet {
					button := e.(*slack.ButtonBlockElement)
					object(button.Text, 75)
					if len(button.URL) > 3000 || len(b.Elements.ElementSet) > 25 {
						t.Fatalf("button %q of %d", button.URL, len(b.Elements.ElementSet))
					}
				}
			default:
				t.Fatalf("block %T", b)
			}
		}
	}
	if total > 8000 {
		t.Fatalf("texts have %d characters", total)
	}
}

// checkRoundTrip proves with slack-go's own decoder that nothing in a message is unknown to it.
func checkRoundTrip(t fails, m *slack.WebhookMessage) {
	t.Helper()
	first, err := json.Marshal(m)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	var read slack.WebhookMessage
	if err := json.Unmarshal(first, &read); err != nil {
		t.Fatalf("decode: %v", err)
	}
	again, err := json.Marshal(&read)
	if err != nil || !bytes.Equal(first, again) {
		t.Fatalf("round trip: %v\n%s", err, cmp.Diff(string(first), string(again)))
	}
}

func TestCutNeverSplitsACharacterAndNeverExceedsTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := clean(hostileText(300).Draw(t, "text"))
		limit := rapid.IntRange(0, 60).Draw(t, "limit")
		for name, size := range map[string]func(string) int{"utf16": units16[string], "runes": utf8.RuneCountInString} {
			got, wasCut := cut(s, limit, size)
			kept := strings.TrimSuffix(got, ellipsis)
			switch {
			case size(got) > limit || !utf8.ValidString(got):
				t.Fatalf("%s: cut(%q, %d) = %q", name, s, limit, got)
			case !wasCut && got != s, wasCut && !strings.HasPrefix(s, kept):
				t.Fatalf("%s: cut(%q, %d) = %q, %v", name, s, limit, got, wasCut)
			case wasCut && !isBoundary(s, len(kept)):
				t.Fatalf("%s: cut(%q, %d) = %q splits a character", name, s, limit, got)
			}
		}
	})
}

func isBoundary(s string, at int) bool {
	i := 0
	for i < at {
		i += cluster(s[i:])
	}
	return i == at
}

func TestCleanTextIsValidAndStaysAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		got := clean(rapid.OneOf(hostileText(200), rapid.String()).Draw(t, "text"))
		if !utf8.ValidString(got) || clean(got) != got || strings.ContainsAny(got, "\u202e\u200b\x00\x1b\t") {
			t.Fatalf("clean gives %q, and again %q", got, clean(got))
		}
	})
}
