package judge

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"

	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// page is what people see of one accepted request, without markup. A moment in it is written as @ and its Unix time.
type page struct {
	cards []card
	files []string // the texts of attached files
	pings bool     // somebody is mentioned
}

// card is an embed, an attachment, or a message of text only.
type card struct {
	title string
	lines []string
}

// readPage takes a request's body apart, in ways of its own: what the relay's types cannot hold shows here.
func readPage(service formatter.Service, e fake.Exchange) (page, error) {
	read := discordPage
	if service == formatter.ServiceSlack {
		read = slackPage
	}
	p, err := read(e.Request)
	if err != nil {
		return page{}, fmt.Errorf("read an accepted request: %w", err)
	}
	for _, f := range e.Sent {
		p.files = append(p.files, string(f.Data))
	}
	return p, nil
}

func discordPage(body []byte) (p page, err error) {
	var m struct {
		Content string
		Embeds  []struct {
			Title, Description string
			Fields             []struct{ Name, Value string }
			Footer             struct{ Text string }
		}
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return page{}, err
	}
	p.pings = strings.Contains(m.Content, "<@")
	for _, e := range m.Embeds {
		c := card{title: spokenDiscord(e.Title)}
		c.add(spokenDiscord(e.Description))
		for _, f := range e.Fields {
			c.add(spokenDiscord(f.Name) + ": " + spokenDiscord(f.Value))
		}
		c.add(spokenDiscord(e.Footer.Text))
		p.cards = append(p.cards, c)
	}
	if len(m.Embeds) == 0 {
		p.cards = append(p.cards, textCard(spokenDiscord(m.Content)))
	}
	return p, nil
}

// block is a part of a Slack message; its text is an object, or in elements a bare string.
type block struct {
	Type     string
	Text     json.RawMessage
	Fields   []block
	Elements []block
}

func slackPage(body []byte) (p page, err error) {
	var m struct {
		Text        string
		Attachments []struct{ Blocks []block }
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return page{}, err
	}
	p.pings = strings.Contains(m.Text, "<!subteam^")
	for _, a := range m.Attachments {
		var c card
		for _, b := range a.Blocks {
			if b.Type == "header" && c.title == "" {
				c.title = spokenSlack(b.text())
				continue
			}
			c.addBlock(b)
		}
		p.cards = append(p.cards, c)
	}
	if len(m.Attachments) == 0 {
		p.cards = append(p.cards, textCard(spokenSlack(m.Text)))
	}
	return p, nil
}

func (c *card) addBlock(b block) {
	c.add(spokenSlack(b.text()))
	for _, f := range b.Fields { // a label in bold, and the value below
		c.add(strings.Replace(spokenSlack(f.text()), "\n", ": ", 1))
	}
	for _, e := range b.Elements {
		c.addBlock(e)
	}
}

// text is the block's own.
func (b block) text() string {
	var bare string
	if json.Unmarshal(b.Text, &bare) == nil {
		return bare
	}
	var object struct{ Text string }
	if json.Unmarshal(b.Text, &object) != nil {
		return ""
	}
	return object.Text
}

func (c *card) add(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			c.lines = append(c.lines, line)
		}
	}
}

// textCard takes the first line that has a state in it for the title.
func textCard(text string) (c card) {
	c.add(text)
	for i, line := range c.lines {
		if titleForm.MatchString(strings.Trim(line, "*")) {
			return card{title: strings.Trim(line, "*"), lines: c.lines[i+1:]}
		}
	}
	return c
}

var (
	discordMoment = regexp.MustCompile(`<t:(\d+)(?::[a-zA-Z])?>`)
	discordEscape = regexp.MustCompile(`\\([^a-zA-Z0-9])`)
	slackMoment   = regexp.MustCompile(`<!date\^(\d+)\^[^>]*>`)
)

const zeroWidth = "\u200b"

func spokenDiscord(s string) string {
	s = discordMoment.ReplaceAllString(s, "@$1")
	return discordEscape.ReplaceAllString(strings.ReplaceAll(s, zeroWidth, ""), "$1")
}

func spokenSlack(s string) string {
	s = slackMoment.ReplaceAllString(s, "@$1")
	return html.UnescapeString(strings.ReplaceAll(s, zeroWidth, ""))
}

// countForm is the title of a part of a digest: "🔴 ALARM · 187".
var countForm = regexp.MustCompile(`^(?:🔴|🟠|🔵|⚪|🟢) .* · ([0-9][0-9.,\x{a0}\x{202f}]*)$`)

// count is how many alerts a digest says that it is about; 0 for what is none.
func (p page) count() (n int) {
	for _, c := range p.cards {
		if m := countForm.FindStringSubmatch(c.title); m != nil {
			digits := strings.Map(func(r rune) rune {
				if r < '0' || r > '9' {
					return -1
				}
				return r
			}, m[1])
			some, _ := strconv.Atoi(digits) // of digits
			n += some
		}
	}
	return n
}
