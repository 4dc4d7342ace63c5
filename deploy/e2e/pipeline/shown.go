package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"alarmrelay/alert"
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

// shown is what somebody on call sees of an alarm: a card.
type shown struct {
	Title  string
	Colour int
	Link   string // of the title: where a click leads
	Pings  string // who is woken, by name, and who may be
	Silent bool
}

func (s shown) String() string {
	return fmt.Sprintf("%q colour %#06x, link %s, pings [%s], silent %t", s.Title, s.Colour, s.Link, s.Pings, s.Silent)
}

// went is what an alarm's change of state has to look like when nobody is to be pinged. Only Discord can be silent.
func went(service formatter.Service, name string, state alert.State) shown {
	s := shown{Title: "🔴 ALARM " + name, Colour: discordRed, Link: consoleLink(name)}
	if state == alert.StateOK {
		s.Title, s.Colour, s.Silent = "🟢 RESOLVED "+name, discordGreen, true
	}
	if service == formatter.ServiceSlack {
		s.Silent = false
		s.Colour = map[int]int{discordRed: slackRed, discordGreen: slackGreen}[s.Colour]
	}
	return s
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
	for _, m := range c.discord.Messages(ch.id) {
		all = append(all, discordShown(m)...)
	}
	return all
}

// discordShown is each card of a message, or its text where it has none.
func discordShown(m fake.Message) (all []shown) {
	s := shown{Title: m.Content, Pings: strings.Join(append(m.Pings, m.Mentions...), " "), Silent: m.Silent()}
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
	s := shown{Title: m.Text, Pings: strings.Join(m.Pings, " ")}
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
