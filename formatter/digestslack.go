package formatter

import (
	"strings"

	"github.com/slack-go/slack"
)

// slackListRoom is room for the link to the console's list.
const slackListRoom = 300

func (t teller) slackFrame() frame {
	p := t.slackPen()
	return frame{
		pen: p,
		heading: func(s string) string {
			s, _ = cut(s, slackHeader, p.size)
			return s
		},
		box: slackTexts, boxes: slackAttachments, page: slackTexts - maxSummary - maxPingText - slackListRoom - pageNumbers,
	}
}

func slackDigest(d Digest, s Style) []Message {
	t := newTeller(Notice{Arrived: d.Arrived}, s)
	said := t.digest(d, t.slackFrame())
	messages := make([]Message, len(said.pages))
	for n := range said.pages {
		messages[n] = t.slackPage(&said, n, once(d.Mentions))
	}
	return messages
}

// slackPage makes the n-th message.
func (t teller) slackPage(said *told, n int, mentions []Mention) Message {
	p, of := &said.pages[n], len(said.pages)
	pings, sentence := slackMentionsOf(mentions), said.summary
	if n > 0 {
		pings, sentence = "", p.boxes[0].title
	}
	if of > 1 {
		sentence += " (" + pageNumber(n, of) + ")"
	}
	text, wasCut := write(t.slackPen(), say(plain(sentence)), maxSummary)
	body := t.slackBody(strings.TrimSpace(pings + " " + text))
	for i := range p.boxes {
		body.Attachments = append(body.Attachments, t.slackBox(&p.boxes[i]))
	}
	last := &body.Attachments[len(body.Attachments)-1].Blocks
	if n == 0 && said.list != "" {
		last.BlockSet = append(last.BlockSet, contextBlock(markupObject(slackLink(said.list, t.label("Alarms in ALARM")))))
	}
	if of > 1 {
		last.BlockSet = append(last.BlockSet, contextBlock(plainObject(pageNumber(n, of))))
	}
	return Message{Payload: body, Thread: t.Thread, Items: p.items, Truncated: p.cuts + count(wasCut), Counted: said.counted}
}

func (t teller) slackBox(b *box) slack.Attachment {
	a := slack.Attachment{Color: slackColour(b.tone), Fallback: b.title}
	a.Blocks.BlockSet = []slack.Block{&slack.HeaderBlock{Type: slack.MBTHeader, Text: plainObject(b.title)}}
	for _, part := range parts(b.rows, slackSection, t.slackPen().size) {
		a.Blocks.BlockSet = append(a.Blocks.BlockSet, &slack.SectionBlock{Type: slack.MBTSection, Text: markupObject(part)})
	}
	return a
}

// parts joins rows into as few texts as a limit allows.
func parts(rows []string, limit int, size func(string) int) (texts []string) {
	from, used := 0, 0
	for i, r := range rows {
		n := size(r) + 1
		if i > from && used+n > limit {
			texts = append(texts, strings.TrimSpace(strings.Join(rows[from:i], "\n")))
			from, used = i, 0
		}
		used += n
	}
	return append(texts, strings.TrimSpace(strings.Join(rows[from:], "\n")))
}
