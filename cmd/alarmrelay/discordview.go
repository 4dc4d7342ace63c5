package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// discordPayload reads the body of a request.
func (r reader) discordPayload(m formatter.Message, at time.Time) (shown, error) {
	raw, err := json.Marshal(m.Payload)
	if err != nil {
		return shown{}, err
	}
	var body struct {
		Username   string           `json:"username"`
		Content    string           `json:"content"`
		Embeds     []fake.Embed     `json:"embeds"`
		Components []fake.Component `json:"components"`
		Flags      int              `json:"flags"`
		ThreadName string           `json:"thread_name"`
		Tags       []string         `json:"applied_tags"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return shown{}, err
	}
	message := fake.Message{
		Username: body.Username, Content: body.Content, Embeds: body.Embeds, Components: body.Components,
		Flags: body.Flags, Thread: cmp.Or(body.ThreadName, m.Thread), PostedAt: at,
	}
	for _, f := range m.Files {
		message.Files = append(message.Files, fake.File{Name: f.Name, Data: f.Data})
	}
	one := r.discord(message)
	one.tags = r.tagged(body.Tags)
	return one, nil
}

// discord reads a message as Discord's client shows it.
func (r reader) discord(m fake.Message) shown {
	s := shown{
		id: m.ID, at: m.PostedAt, author: m.Username, head: r.discordText(m.Content, m.PostedAt),
		thread: m.Thread, silent: m.Silent(), pings: m.Pings, edits: m.Edits,
	}
	for _, e := range m.Embeds {
		s.cards = append(s.cards, r.embed(e, m.PostedAt))
	}
	for _, row := range m.Components {
		for _, b := range row.Components {
			s.buttons = append(s.buttons, b.Label)
		}
	}
	for _, f := range m.Files {
		s.files = append(s.files, f.Name)
	}
	return s
}

func (r reader) embed(e fake.Embed, at time.Time) card {
	c := card{}
	if e.Color != 0 {
		c.colour = fmt.Sprintf("#%06x", e.Color)
	}
	c.add(partTitle, r.discordText(e.Title, at))
	c.add(partText, r.discordText(e.Description, at))
	for _, f := range e.Fields {
		cell := append(text{{f.Name, lookBold}, {text: "\n"}}, r.discordText(f.Value, at)...)
		last := len(c.parts) - 1
		if f.Inline && last >= 0 && c.parts[last].kind == partCells {
			c.parts[last].texts = append(c.parts[last].texts, cell)
			continue
		}
		kind := partText
		if f.Inline {
			kind = partCells
		}
		c.add(kind, cell)
	}
	if e.Footer != nil {
		c.add(partSmall, plain(e.Footer.Text))
	}
	return c
}

// add appends a part unless it says nothing.
func (c *card) add(kind partKind, t text) {
	if len(t) > 0 && (len(t) > 1 || t[0].text != "") {
		c.parts = append(c.parts, part{kind, []text{t}})
	}
}

var discordMarks = map[string]look{"**": lookBold, "~~": lookStruck, "*": lookItalic, "_": lookItalic}

// discordText reads Discord's Markdown as far as the relay writes it.
// https://docs.discord.com/developers/reference#message-formatting
func (r reader) discordText(source string, now time.Time) text {
	s := &scanner{reader: r, now: now, rest: source}
	for s.rest != "" {
		switch {
		case s.rest[0] == '\\' && len(s.rest) > 1:
			s.skip(1)
			s.char()
		case s.rest[0] == '`' && s.code(strings.Clone), s.rest[0] == '<' && s.discordAngle():
		case s.rest[0] == '[' && s.discordLink(), s.rest[0] == '@' && s.discordCrowd():
		case s.emphasis(discordMarks, discordOpens, discordCloses):
		default:
			s.char()
		}
	}
	return s.out
}

func discordOpens(_, after rune) bool { return !isGap(after) }

func discordCloses(before, _ rune) bool { return !isGap(before) }

// discordAngle takes a time, a mention or an address.
func (s *scanner) discordAngle() bool {
	inner, size, ok := s.between("<", ">")
	if !ok {
		return false
	}
	var r span
	switch {
	case strings.HasPrefix(inner, "t:"):
		if r, ok = s.discordMoment(inner[2:], s.now); !ok {
			return false
		}
	case strings.HasPrefix(inner, "@&"):
		r = s.mention("role", inner[2:])
	case strings.HasPrefix(inner, "@"):
		r = s.mention("user", strings.TrimPrefix(inner[1:], "!"))
	case strings.HasPrefix(inner, "https://"), strings.HasPrefix(inner, "http://"):
		r = span{inner, lookLink}
	default:
		return false
	}
	s.put(r)
	s.skip(size)
	return true
}

// discordLink takes [label](address).
func (s *scanner) discordLink() bool {
	label, size, ok := s.between("[", "](")
	if !ok || strings.ContainsAny(label, "[]\n") {
		return false
	}
	address, _, ok := strings.Cut(s.rest[size:], ")")
	if !ok || !strings.HasPrefix(address, "http") {
		return false
	}
	s.put(span{label, lookLink})
	s.skip(size + len(address) + 1)
	return true
}

// discordCrowd takes @everyone and @here.
func (s *scanner) discordCrowd() bool {
	for _, who := range []string{"everyone", "here"} {
		if strings.HasPrefix(s.rest[1:], who) {
			s.put(s.mention(who, ""))
			s.skip(1 + len(who))
			return true
		}
	}
	return false
}
