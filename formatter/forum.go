package formatter

import (
	"cmp"
	"strings"

	"alarmrelay/alert"
)

// opens has Discord open a post of a forum for a message, where the style asks for that. Its name says what the message is
// about and not how that is: a webhook can't rename it. Its tag is that of its severity, or else the one of all others.
func (t teller) opens(body *DiscordBody, name string, worst alert.Severity) {
	if !t.Opens {
		return
	}
	body.ThreadName, _ = cut(cmp.Or(oneLine(name), t.Notice), discordThreadName, units16)
	if tag := cmp.Or(t.ForumTags[worst], t.ForumTags[""]); isSnowflake(tag) {
		body.AppliedTags = []string{tag}
	}
}

func (t teller) opensFor(body *DiscordBody, cards []card) {
	var worst alert.Severity
	names := make([]string, len(cards))
	for i, c := range cards {
		names[i], worst = cmp.Or(c.name, c.title), worse(worst, c.severity)
	}
	t.opens(body, strings.Join(names, ", "), worst)
}

// worse returns the worse of two severities.
func worse(a, b alert.Severity) alert.Severity {
	if b.Rank() > a.Rank() {
		return b
	}
	return a
}
