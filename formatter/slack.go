package formatter

import (
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Slack says a notice as messages of coloured attachments, the worst first: as
// many messages as Slack's limits ask for, none for a notice without items. The
// Payload of each is a *[slack.WebhookMessage] whose texts are verbatim: only
// the mentions that the configuration names are mentions.
func Slack(n Notice, s Style) []Message {
	t := newTeller(n, s)
	t.trends = true
	cards := t.cards(n)
	sheets := make([]sheet, len(cards))
	sizes := make([]int, len(cards))
	for i, c := range cards {
		sheets[i] = t.newSheet(c)
		sizes[i] = sheets[i].size
	}
	var messages []Message
	first := 0
	for _, group := range pack(sizes, slackAttachments, slackTexts-maxSummary-maxPingText) {
		last := first + len(group)
		messages = append(messages, t.slackMessage(cards[first:last], sheets[first:last]))
		first = last
	}
	return messages
}

func (t teller) slackMessage(cards []card, sheets []sheet) Message {
	pings := slackMentionsOf(mentions(cards))
	sentence, wasCut := write(t.slackPen(), say(plain(t.summary(cards))), maxSummary)
	body := t.slackBody(strings.TrimSpace(pings + " " + sentence))
	m := Message{Payload: body, Thread: t.Thread, Items: itemsOf(cards), Truncated: count(wasCut), Broken: brokenOf(cards)}
	for _, s := range sheets {
		body.Attachments = append(body.Attachments, s.Attachment)
		m.Truncated += s.cuts
	}
	if len(cards) == 1 {
		m.Plain = func() any { return t.slackBody(t.slackPlain(pings, cards[0])) }
	}
	return m
}

// slackPlain says a card in text alone, shorter where its characters take many bytes.
func (t teller) slackPlain(pings string, c card) string {
	for limit := slackText - units16(pings) - 1; ; limit -= limit / 4 {
		said, _ := write(t.slackPen(), c.plain(), limit)
		if text := strings.TrimSpace(pings + "\n" + said); len(text) <= slackTextBytes {
			return text
		}
	}
}

func (t teller) slackBody(text string) *slack.WebhookMessage {
	no := false
	return &slack.WebhookMessage{
		Text: text, Username: oneLine(t.Username), IconURL: runbookLink(t.Avatar), UnfurlLinks: &no, UnfurlMedia: &no,
	}
}

func (t teller) slackPen() slackPen {
	return slackPen{clock: func(s span) string {
		layout := "2006-01-02 15:04 MST"
		switch s.face {
		case faceClock:
			layout = "15:04 MST"
		case faceSecond:
			layout = "15:04:05 MST"
		case faceDay:
			layout = time.DateOnly
		}
		return clockText(s.at, t.Zone, layout)
	}}
}

// sheet is a Slack attachment with what its texts come to.
type sheet struct {
	slack.Attachment
	pen        slackPen
	size, cuts int
}

// newSheet writes a card as an attachment, which is the only thing in Slack that has a colour.
func (t teller) newSheet(c card) sheet {
	s := sheet{pen: t.slackPen()}
	s.Color = slackColour(c.tone)
	s.Fallback = s.take(write(s.pen, say(plain(c.title)), maxFooter))
	s.add(&slack.HeaderBlock{Type: slack.MBTHeader, Text: plainObject(s.take(cut(c.title, slackHeader, s.pen.size)))})
	if body := s.take(write(s.pen, c.body, slackSection)); body != "" {
		s.add(&slack.SectionBlock{Type: slack.MBTSection, Text: markupObject(body)})
	}
	s.fields(c.fields)
	if t.Buttons {
		s.buttons(c.links)
	} else if line := s.linkLine(c.links); line != "" {
		s.add(contextBlock(markupObject(line)))
	}
	if footer := s.take(cut(c.footer, maxFooter, s.pen.size)); footer != "" {
		s.add(contextBlock(plainObject(footer)))
	}
	return s
}

func (s *sheet) add(b slack.Block) { s.Blocks.BlockSet = append(s.Blocks.BlockSet, b) }

// take counts a text that was written.
func (s *sheet) take(text string, wasCut bool) string {
	s.size += s.pen.size(text)
	s.cuts += count(wasCut)
	return text
}

// fields adds the fields in two columns, at most two sections of them.
func (s *sheet) fields(all []field) {
	const least = 40 // a field shorter than this tells nothing
	room := maxFieldTexts
	var section *slack.SectionBlock
	for i, f := range all {
		if room < least || i == 2*slackFields {
			s.cuts++
			return
		}
		label, _ := cut(f.label, 80, s.pen.size)
		said, wasCut := write(s.pen, append(say(bold(label), plain("\n")), f.value...), min(slackSectionField, room))
		room -= s.pen.size(s.take(said, wasCut))
		if i%slackFields == 0 {
			section = &slack.SectionBlock{Type: slack.MBTSection}
			s.add(section)
		}
		section.Fields = append(section.Fields, markupObject(said))
	}
}

// linkLine writes the links side by side; one that has no room is left out, never cut.
func (s *sheet) linkLine(links []link) string {
	line := ""
	for _, l := range links {
		label, _ := write(s.pen, say(plain(strings.ReplaceAll(l.label, "|", " "))), slackButtonLabel)
		piece := slackLink(l.url, label)
		if line != "" {
			piece = " · " + piece
		}
		if len(line)+len(piece) <= maxLinksText {
			line += piece
		}
	}
	return s.take(line, false)
}

func (s *sheet) buttons(links []link) {
	row := &slack.BlockElements{}
	for _, l := range links {
		label, _ := cut(l.label, slackButtonLabel, s.pen.size)
		if label == "" || len(l.url) > slackButtonURL || len(row.ElementSet) == slackButtons {
			continue
		}
		row.ElementSet = append(row.ElementSet, &slack.ButtonBlockElement{Type: slack.METButton, Text: plainObject(s.take(label, false)), URL: l.url})
	}
	if len(row.ElementSet) > 0 {
		s.add(&slack.ActionBlock{Type: slack.MBTAction, Elements: row})
	}
}

func contextBlock(text *slack.TextBlockObject) *slack.ContextBlock {
	return &slack.ContextBlock{Type: slack.MBTContext, ContextElements: slack.ContextElements{Elements: []slack.MixedElement{text}}}
}

func plainObject(s string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: s}
}

// markupObject is text with markup in which nothing but the markup is markup.
// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
func markupObject(s string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: s, Verbatim: true}
}

// slackMentionsOf writes mentions.
// https://docs.slack.dev/messaging/formatting-message-text#mentioning-users
func slackMentionsOf(all []Mention) string {
	var parts []string
	for _, m := range all {
		switch {
		case m.Kind == "here" || m.Kind == "channel" || m.Kind == "everyone":
			parts = append(parts, "<!"+m.Kind+">")
		case !isSlackID(m.ID) || len(parts) >= maxPings:
		case m.Kind == "subteam":
			parts = append(parts, "<!subteam^"+m.ID+">")
		case m.Kind == "user":
			parts = append(parts, "<@"+m.ID+">")
		}
	}
	return strings.Join(parts, " ")
}

// isSlackID reports whether s has the form of Slack's ids.
func isSlackID(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && len(s) <= 24
}

func slackColour(t tone) string {
	return [...]string{"#E01E5A", "#ECB22E", "#36C5F0", "#9AA0A6", "#2EB67D"}[t]
}
