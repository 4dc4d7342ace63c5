package formatter

import (
	"strings"

	"github.com/bwmarrin/discordgo"
)

// discordUpdate is text alone, so that it takes little room below what it is about.
func discordUpdate(n news, mentions []Mention) Message {
	write := func(linked bool) (*DiscordBody, bool) {
		body, _ := n.discordBody(mentions, n.loud, "")
		said, wasCut := n.fitting(discordPen{}, discordContent-units16(body.Content)-1, linked)
		body.Content = strings.TrimSpace(body.Content + " " + said)
		names, worst := n.about()
		n.opens(body, names, worst)
		return body, wasCut
	}
	body, wasCut := write(true)
	m := Message{Payload: body, Truncated: count(wasCut)}
	if n.alone() {
		m.Plain = func() any {
			body, _ := write(false)
			body.Flags |= discordgo.MessageFlagsSuppressEmbeds // no previews of addresses
			return body
		}
	}
	return m
}
