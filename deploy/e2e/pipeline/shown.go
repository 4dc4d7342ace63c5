package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// The colours of a card, which each service has of its own: an alarm is red, a recovery green.
const (
	discordRed   = 0xED4245
	discordGreen = 0x3BA55D
	slackRed     = 0xE01E5A
	slackGreen   = 0x2EB67D
)

// shown is what somebody on call sees: a card, or a line.
type shown struct {
	Title  string // of a line: all of it
	Colour int
	Link   string // of the title: where a click leads
	Pings  string // who is woken, by name, and who may be
	Silent bool
	Edited bool
}

func (s shown) String() string {
	return fmt.Sprintf("%q colour %#06x, link %s, pings [%s], silent %t, edited %t", s.Title, s.Colour, s.Link, s.Pings, s.Silent, s.Edited)
}

// fires is what the message of an alarm looks like that goes off, when nobody is to be pinged.
func fires(service formatter.Service, name string) shown {
	s := shown{Title: "🔴 ALARM " + name, Colour: discordRed, Link: consoleLink(name)}
	if service == formatter.ServiceSlack {
		s.Colour = slackRed
	}
	return s
}

// turnedGreen is what becomes of that message at Discord when the alarm recovers.
func turnedGreen(name string) shown {
	return shown{Title: "🟢 RESOLVED " + name, Colour: discordGreen, Link: consoleLink(name), Edited: true}
}

// firesAnew is what becomes of it when the alarm goes off again.
func firesAnew(name string) shown {
	s := fires(formatter.ServiceDiscord, name)
	s.Edited = true
	return s
}

// line is a short message, which wakes nobody when it tells of a recovery. Only Discord can be silent.
func line(service formatter.Service, says string) shown {
	return shown{Title: says, Silent: service == formatter.ServiceDiscord && strings.HasPrefix(says, "✅")}
}

// consoleLink is where an alarm is in the console.
func consoleLink(name string) string {
	return fmt.Sprintf("https://%s.console.aws.amazon.com/cloudwatch/deeplink.js?region=%s#alarmsV2:alarm/%s", region, region, name)
}

// cards returns what a destination's channel shows, oldest first.
func (c *chat) cards(destination string) (all []shown) {
	ch := c.channels[destination]
	if ch.service == formatter.ServiceSlack {
		for _, m := range c.slack.Messages(ch.id) {
			all = append(all, slackShown(m))
		}
		return all
	}
	messages := c.discord.Messages(ch.id)
	for _, m := range messages {
		all = append(all, discordShown(m, messages)...)
	}
	return all
}

var (
	// arrow is the link to another message that ends a line.
	arrow = regexp.MustCompile(`\[→\]\(https://discord\.com/channels/\d+/(\d+)/(\d+)\)`)
	// lasted is how long a trouble took.
	lasted = regexp.MustCompile(` after \**(\d+) (s|min)\**`)
)

// plainly is the text of a line, with the number of the message that it leads to.
func plainly(text string, messages []fake.Message) string {
	text = arrow.ReplaceAllStringFunc(text, func(link string) string {
		to := arrow.FindStringSubmatch(link)
		at := slices.IndexFunc(messages, func(m fake.Message) bool { return m.Channel == to[1] && m.ID == to[2] })
		return fmt.Sprintf("→#%d", at+1)
	})
	return lasted.ReplaceAllStringFunc(text, roughly)
}

// roughly is how long a trouble took, as far as that is not this machine's pace: in steps of five minutes, empty for less.
func roughly(after string) string {
	const step = 5
	said := lasted.FindStringSubmatch(after)
	n, _ := strconv.Atoi(said[1]) // digits
	if said[2] == "s" || n < step {
		return ""
	}
	return fmt.Sprintf(" after %d min", n-n%step)
}

// discordShown is each card of a message, or its text where it has none.
func discordShown(m fake.Message, messages []fake.Message) (all []shown) {
	s := shown{Title: plainly(m.Content, messages), Pings: strings.Join(append(m.Pings, m.Mentions...), " "), Silent: m.Silent(), Edited: m.Edits > 0}
	for _, e := range m.Embeds {
		s.Title, s.Colour, s.Link = e.Title, e.Color, e.URL
		all = append(all, s)
	}
	if len(m.Embeds) == 0 {
		all = append(all, s)
	}
	return all
}

// slackAlarm is the link to the alarm in a message's line of links.
var slackAlarm = regexp.MustCompile(`<(https://[^|>]+)\|Alarm>`)

func slackShown(m fake.SlackMessage) shown {
	s := shown{Title: plainly(m.Text, nil), Pings: strings.Join(m.Pings, " "), Edited: m.Edits > 0}
	if len(m.Attachments) > 0 {
		_, _ = fmt.Sscanf(m.Attachments[0].Color, "#%x", &s.Colour) // 0 for what is no colour
	}
	for _, block := range m.AllBlocks() {
		if block.Type == "header" && block.Text != nil {
			s.Title = block.Text.Text
		}
	}
	for _, text := range m.Texts() {
		if link := slackAlarm.FindStringSubmatch(text.Text); link != nil {
			s.Link = link[1]
		}
	}
	return s
}

// text is all that a channel's messages say, files included.
func (c *chat) text(destination string) string {
	var b strings.Builder
	for _, m := range c.discord.Messages(c.channels[destination].id) {
		b.WriteString(m.Content + "\n")
		for _, e := range m.Embeds {
			b.WriteString(e.Title + "\n" + e.Description + "\n")
			for _, f := range e.Fields {
				b.WriteString(f.Name + "\n" + f.Value + "\n")
			}
		}
		for _, f := range m.Files {
			b.Write(f.Data)
		}
	}
	return b.String()
}

// requests returns the requests to a destination's channel whose answer had one of some statuses, or all for none.
func (c *chat) requests(destination string, statuses ...int) (n int) {
	for _, e := range append(c.discord.Log(), c.slack.Log()...) {
		if e.Webhook == c.channels[destination].hook && e.Method != "GET" && (len(statuses) == 0 || slices.Contains(statuses, e.Status)) {
			n++
		}
	}
	return n
}
