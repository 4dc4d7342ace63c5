package formatter

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"
)

// Discord says a notice as messages of embeds, the worst first: as many
// messages as Discord's limits ask for, none for a notice without items. The
// Payload of each is a *[DiscordBody] that names whom it may ping, and nobody
// else is pinged whatever an alert's text says.
func Discord(n Notice, s Style) []Message {
	t := newTeller(n, s)
	cards := t.cards(n)
	embeds := make([]embed, len(cards))
	sizes := make([]int, len(cards))
	for i, c := range cards {
		embeds[i] = newEmbed(c)
		sizes[i] = embeds[i].size
	}
	var messages []Message
	first := 0
	for _, group := range pack(sizes, discordEmbeds, discordEmbedTexts) {
		last := first + len(group)
		messages = append(messages, t.discordMessage(cards[first:last], embeds[first:last]))
		first = last
	}
	return messages
}

func (t teller) discordMessage(cards []card, embeds []embed) Message {
	m := Message{Thread: t.Thread, Items: itemsOf(cards), Broken: brokenOf(cards)}
	body, cuts := t.discordBody(mentions(cards), isLoud(cards), t.summary(cards))
	m.Truncated += cuts
	t.opensFor(body, cards)
	body.Embeds, body.Attachments = distinct(embeds), []Attachment{}
	retain(body, cards)
	for i, c := range cards {
		m.show(body, body.Embeds[i], c)
	}
	for _, e := range embeds {
		m.Truncated += e.cuts
	}
	if len(cards) == 1 {
		body.Components = buttons(cards[0].links)
		m.Components = len(body.Components) > 0
		m.Plain = func() any { return t.discordPlain(cards) }
	}
	m.Payload = body
	return m
}

// retain lists the picture that a message has and is to keep, which is the first that it was posted with.
func retain(body *DiscordBody, cards []card) {
	if i := slices.IndexFunc(cards, func(c card) bool { return c.kept != "" }); i >= 0 {
		body.Attachments = append(body.Attachments, Attachment{ID: cards[i].kept, Description: cards[i].alt})
		body.Embeds[i].Image = &discordgo.MessageEmbedImage{URL: "attachment://" + pictureName(0)}
	}
}

// show puts a card's picture into its embed, and the file beside the message.
func (m *Message) show(body *DiscordBody, e *discordgo.MessageEmbed, c card) {
	if c.picture == nil {
		return
	}
	name := pictureName(len(body.Attachments))
	e.Image = &discordgo.MessageEmbedImage{URL: "attachment://" + name}
	body.Attachments = append(body.Attachments, Attachment{strconv.Itoa(len(m.Files)), name, c.alt})
	m.Files = append(m.Files, File{Name: name, ContentType: "image/png", Data: c.picture})
}

// discordPlain says a card in nothing but text, for when embeds are refused.
func (t teller) discordPlain(cards []card) *DiscordBody {
	all := mentions(cards)
	body, _ := t.discordBody(all, isLoud(cards), t.summary(cards))
	t.opensFor(body, cards)
	body.Attachments = []Attachment{} // an edit takes the picture away
	pings, _ := discordMentionsOf(all)
	said, _ := write(discordPen{}, cards[0].plain(), discordContent-units16(pings)-1)
	body.Content = strings.TrimSpace(pings + "\n" + said)
	body.Flags |= discordgo.MessageFlagsSuppressEmbeds // no previews of addresses
	return body
}

// plain is the whole card as one text.
func (c card) plain() text {
	title := say(bold(c.title))
	var facts []text
	for _, f := range c.fields {
		facts = append(facts, append(say(plain(f.label+": ")), f.value...))
	}
	var page text
	if addressLength(c.url) == len(c.url) && c.url != "" {
		page = say(span{face: faceAddress, text: c.url})
	}
	return paragraphs(title, c.body, paragraphs(facts...), page, say(plain(c.footer)))
}

// embed is a Discord embed with what its texts come to.
type embed struct {
	*discordgo.MessageEmbed
	size, cuts int
}

// newEmbed writes a card. The title, the footer and the fields come first, since
// they are short and all of use; the text takes the room that is left.
func newEmbed(c card) embed {
	e := embed{MessageEmbed: &discordgo.MessageEmbed{Color: discordColour(c.tone)}}
	e.Title = e.take(write(discordPen{}, say(plain(c.title)), discordTitle))
	if len(c.url) <= discordEmbedURL {
		e.URL = c.url
	}
	if footer := e.take(cut(c.footer, maxFooter, units16)); footer != "" {
		e.Footer = &discordgo.MessageEmbedFooter{Text: footer}
	}
	room := maxFieldTexts
	for _, f := range c.fields {
		before := e.size
		if !e.field(f, room) {
			e.cuts++
			break
		}
		room -= e.size - before
	}
	e.Description = e.take(write(discordPen{}, c.body, min(discordDescription, discordEmbedTexts-e.size)))
	return e
}

// take counts a text that was written.
func (e *embed) take(s string, wasCut bool) string {
	e.size += units16(s)
	e.cuts += count(wasCut)
	return s
}

// field adds a field; it reports false where there is no room for one.
func (e *embed) field(f field, room int) bool {
	const least = 40 // a field shorter than this tells nothing
	name, nameCut := write(discordPen{}, say(plain(f.label)), discordFieldName)
	room -= units16(name)
	if room < least || len(e.Fields) == discordFields {
		return false
	}
	value, valueCut := write(discordPen{}, f.value, min(discordFieldValue, room))
	if value == "" {
		value = "–" // Discord used to refuse a field without a value
	}
	e.Fields = append(e.Fields, &discordgo.MessageEmbedField{
		Name: e.take(name, nameCut), Value: e.take(value, valueCut), Inline: f.short,
	})
	return true
}

// distinct takes an address away where an earlier embed of the message has it:
// Discord shows only the first of several with the same one.
func distinct(embeds []embed) []*discordgo.MessageEmbed {
	seen := map[string]bool{"": true}
	all := make([]*discordgo.MessageEmbed, len(embeds))
	for i, e := range embeds {
		if seen[e.URL] {
			e.URL = ""
		}
		seen[e.URL] = true
		all[i] = e.MessageEmbed
	}
	return all
}

// buttons offers links as one row of buttons. A link too long for a button is
// left out; the runbook, which comes last, keeps its place.
func buttons(links []link) []discordgo.MessageComponent {
	var row []discordgo.MessageComponent
	for i, l := range links {
		label, _ := cut(l.label, discordButtonLabel, units16)
		if len(l.url) > discordButtonURL || label == "" || len(row) == discordButtons-1 && i < len(links)-1 {
			continue
		}
		row = append(row, discordgo.Button{Label: label, Style: discordgo.LinkButton, URL: l.url})
	}
	if len(row) == 0 {
		return nil
	}
	return []discordgo.MessageComponent{discordgo.ActionsRow{Components: row}}
}

// discordMentionsOf writes mentions and the list of those that Discord may act on.
func discordMentionsOf(all []Mention) (pings string, allowed *discordgo.MessageAllowedMentions) {
	allowed = &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
	var parts []string
	for _, m := range all {
		switch {
		case m.Kind == "here" || m.Kind == "everyone":
			parts = append(parts, "@"+m.Kind)
			allowed.Parse = []discordgo.AllowedMentionType{discordgo.AllowedMentionTypeEveryone}
		case !isSnowflake(m.ID) || len(parts) >= maxPings:
		case m.Kind == "role":
			parts = append(parts, "<@&"+m.ID+">")
			allowed.Roles = append(allowed.Roles, m.ID)
		case m.Kind == "user":
			parts = append(parts, "<@"+m.ID+">")
			allowed.Users = append(allowed.Users, m.ID)
		}
	}
	return strings.Join(parts, " "), allowed
}

// isSnowflake reports whether s has the form of Discord's ids.
func isSnowflake(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) >= 15 && len(s) <= 20
}

// discordName returns a name that Discord accepts, or nothing: then the webhook's own is shown.
// https://docs.discord.com/developers/resources/user#usernames-and-nicknames
func discordName(s string) string {
	s = oneLine(s)
	lower := strings.ToLower(s)
	if units16(s) > discordUsername || lower == "here" || lower == "everyone" || strings.Contains(lower, "clyde") || strings.Contains(lower, "discord") {
		return ""
	}
	return s
}

func discordAvatarOf(address string) string {
	if u := runbookLink(address); utf8.RuneCountInString(u) <= discordAvatar {
		return u
	}
	return ""
}

func discordColour(t tone) int {
	return [...]int{0xED4245, 0xFAA61A, 0x5865F2, 0x99A1AB, 0x3BA55D}[t]
}

func count(wasCut bool) int {
	if wasCut {
		return 1
	}
	return 0
}
