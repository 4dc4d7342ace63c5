package formatter

import (
	"strings"

	"github.com/slack-go/slack"
)

// slackUpdate is one section; the text beside it is what a notification shows.
func slackUpdate(n news, mentions []Mention) Message {
	pings := slackMentionsOf(mentions)
	said, wasCut := n.fitting(n.slackPen(), slackSection-maxPingText-1, true)
	sentence, _ := n.fitting(n.slackPen(), maxSummary, false)
	sentence = strings.TrimSpace(pings + " " + sentence)
	body := n.slackBody(sentence)
	body.Blocks = &slack.Blocks{BlockSet: []slack.Block{
		&slack.SectionBlock{Type: slack.MBTSection, Text: markupObject(strings.TrimSpace(pings + " " + said))},
	}}
	m := Message{Payload: body, Truncated: count(wasCut)}
	if n.alone() {
		m.Plain = func() any { return n.slackBody(sentence) }
	}
	return m
}
