package main

import (
	"encoding/json"
	"strings"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// slackPayload reads the body of a request.
func (r reader) slackPayload(m formatter.Message, at time.Time) (shown, error) {
	raw, err := json.Marshal(m.Payload)
	if err != nil {
		return shown{}, err
	}
	var body struct {
		Text        string            `json:"text"`
		Blocks      []fake.Block      `json:"blocks"`
		Attachments []fake.Attachment `json:"attachments"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return shown{}, err
	}
	return r.slack(fake.SlackMessage{At: at, Text: body.Text, Blocks: body.Blocks, Attachments: body.Attachments}), nil
}

// slack reads a message as Slack's client shows it.
func (r reader) slack(m fake.SlackMessage) shown {
	s := shown{
		id: m.TS, at: m.At, author: m.Username, head: r.slackText(m.Text, m.At),
		thread: m.Thread, reply: m.Thread != "", pings: m.Pings, edits: m.Edits,
	}
	switch {
	case len(m.Blocks) == 1 && m.Blocks[0].Type == "section" && len(m.Blocks[0].Fields) == 0:
		s.head = r.slackObject(m.Blocks[0].Text, m.At) // in place of the text, which only notifications show
	case len(m.Blocks) > 0:
		s.cards = append(s.cards, r.slackCard("", m.Blocks, m.At))
	}
	for _, a := range m.Attachments {
		c := r.slackCard(a.Color, a.Blocks, m.At)
		for _, legacy := range []string{a.Pretext, a.Title, a.Text} {
			c.add(partText, r.slackText(legacy, m.At))
		}
		for _, f := range a.Fields {
			c.add(partText, append(text{{f.Title + "\n", lookBold}}, r.slackText(f.Value, m.At)...))
		}
		c.add(partSmall, plain(a.Footer))
		s.cards = append(s.cards, c)
	}
	return s
}

func (r reader) slackCard(colour string, blocks []fake.Block, at time.Time) card {
	c := card{colour: colour}
	for _, b := range blocks {
		switch b.Type {
		case "header":
			c.add(partTitle, r.slackObject(b.Text, at))
		case "context":
			for _, e := range b.Elements {
				c.add(partSmall, r.slackElement(e, at))
			}
		case "actions":
			buttons := part{kind: partButtons}
			for _, e := range b.Elements {
				buttons.texts = append(buttons.texts, r.slackObject(e.Text, at))
			}
			c.parts = append(c.parts, buttons)
		default:
			c.add(partText, r.slackObject(b.Text, at))
			c.addCells(r, b.Fields, at)
		}
	}
	return c
}

func (c *card) addCells(r reader, fields []fake.Text, at time.Time) {
	if len(fields) == 0 {
		return
	}
	cells := part{kind: partCells}
	for _, f := range fields {
		cells.texts = append(cells.texts, r.slackObject(&f, at))
	}
	c.parts = append(c.parts, cells)
}

// slackElement reads an element of a context block: its text stands in the element itself.
func (r reader) slackElement(b fake.Block, at time.Time) text {
	if b.Text == nil {
		return plain(b.AltText)
	}
	return r.slackObject(&fake.Text{Type: b.Type, Text: b.Text.Text}, at)
}

// slackObject reads a text object.
func (r reader) slackObject(t *fake.Text, at time.Time) text {
	switch {
	case t == nil:
		return nil
	case t.Type == "mrkdwn":
		return r.slackText(t.Text, at)
	}
	return plain(slackEntities(t.Text))
}

func slackEntities(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

var slackMarks = map[string]look{"*": lookBold, "_": lookItalic, "~": lookStruck}

// slackText reads Slack's mrkdwn.
// https://docs.slack.dev/messaging/formatting-message-text
func (r reader) slackText(source string, now time.Time) text {
	s := &scanner{reader: r, now: now, rest: source}
	for s.rest != "" {
		switch {
		case s.rest[0] == '`' && s.code(slackEntities), s.rest[0] == '<' && s.slackAngle():
		case s.rest[0] == '&' && s.slackEntity():
		case s.emphasis(slackMarks, slackOpens, slackCloses):
		default:
			s.char()
		}
	}
	return s.out
}

func slackOpens(before, after rune) bool { return !isWord(before) && !isGap(after) }

func slackCloses(before, after rune) bool { return !isGap(before) && !isWord(after) }

func (s *scanner) slackEntity() bool {
	for _, entity := range []string{"&amp;", "&lt;", "&gt;"} {
		if strings.HasPrefix(s.rest, entity) {
			s.put(span{text: slackEntities(entity)})
			s.skip(len(entity))
			return true
		}
	}
	return false
}

// slackAngle takes a time, a mention or a link.
func (s *scanner) slackAngle() bool {
	inner, size, ok := s.between("<", ">")
	if !ok {
		return false
	}
	target, label, labelled := strings.Cut(inner, "|")
	var r span
	switch {
	case strings.HasPrefix(inner, "!date^"):
		if r, ok = s.slackMoment(inner[len("!date^"):], s.now); !ok {
			return false
		}
	case strings.HasPrefix(target, "!subteam^"):
		r = s.mention("subteam", target[len("!subteam^"):])
	case strings.HasPrefix(target, "!"):
		r = s.mention(target[1:], "")
	case strings.HasPrefix(target, "@"):
		r = s.mention("user", target[1:])
	case labelled:
		r = span{slackEntities(label), lookLink}
	default:
		r = span{slackEntities(target), lookLink}
	}
	s.put(r)
	s.skip(size)
	return true
}
