package formatter

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// pageNumbers is room for "3/5" in a digest's last embed or attachment.
const pageNumbers = 16

func discordFrame() frame {
	return frame{
		pen: discordPen{},
		heading: func(s string) string {
			s, _ = write(discordPen{}, say(plain(s)), discordTitle)
			return s
		},
		box: discordDescription, boxes: discordEmbeds, page: discordEmbedTexts - pageNumbers, attaches: true,
	}
}

func discordDigest(d Digest, s Style) []Message {
	t := newTeller(Notice{Arrived: d.Arrived}, s)
	said := t.digest(d, discordFrame())
	messages := make([]Message, len(said.pages))
	for n := range said.pages {
		messages[n] = t.discordPage(&said, n, once(d.Mentions))
	}
	return messages
}

// discordPage makes the n-th message. Only the first speaks up.
func (t teller) discordPage(said *told, n int, mentions []Mention) Message {
	p := &said.pages[n]
	if n > 0 {
		mentions = nil
	}
	body, cuts := t.discordBody(mentions, said.fires && n == 0, said.summary)
	body.Attachments = []Attachment{}
	name := cmp.Or(said.about, said.summary)
	if len(said.pages) > 1 {
		name = pageNumber(n, len(said.pages)) + " " + name
	}
	t.opens(body, name, said.worst)
	m := Message{Payload: body, Thread: t.Thread, Items: p.items, Truncated: p.cuts + cuts, Counted: said.counted}
	for _, b := range p.boxes {
		body.Embeds = append(body.Embeds, &discordgo.MessageEmbed{Color: discordColour(b.tone), Title: b.title, Description: b.text()})
	}
	if len(said.pages) > 1 {
		body.Embeds[len(body.Embeds)-1].Footer = &discordgo.MessageEmbedFooter{Text: pageNumber(n, len(said.pages))}
	}
	if n > 0 {
		return m
	}
	for i, f := range said.whole {
		body.Attachments = append(body.Attachments, Attachment{ID: strconv.Itoa(i), Filename: f.Name})
	}
	m.Files = said.whole
	if said.list != "" {
		body.Embeds[0].URL = said.list
		body.Components = buttons([]link{{t.label("Alarms in ALARM"), said.list}})
		m.Components = true
	}
	return m
}

func pageNumber(n, of int) string { return strconv.Itoa(n+1) + "/" + strconv.Itoa(of) }

// discordBody is a message without its embeds: who is pinged, and, where it may wake somebody, the sentence that a phone shows.
func (t teller) discordBody(mentions []Mention, loud bool, sentence string) (*DiscordBody, int) {
	pings, allowed := discordMentionsOf(mentions)
	body := &DiscordBody{WebhookParams: &discordgo.WebhookParams{
		Username:        discordName(t.Username),
		AvatarURL:       discordAvatarOf(t.Avatar),
		AllowedMentions: allowed,
	}}
	if !loud && pings == "" {
		body.Flags = discordgo.MessageFlagsSuppressNotifications
		return body, 0
	}
	said, wasCut := write(discordPen{}, say(plain(sentence)), maxSummary)
	body.Content = strings.TrimSpace(pings + " " + said)
	return body, count(wasCut)
}
