package main

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"

	"alarmrelay/alert"
	"alarmrelay/relay/fake"
)

// shown is what a channel shows of one message.
type shown struct {
	titles []string
	text   string   // all of it
	pings  []string // whom it names so that they are notified
}

// channel returns what a destination shows, and how many requests made it so.
func (w *world) channel(destination string) (messages []shown, requests int) {
	if destination == "crew" {
		for _, m := range w.slack.Messages(w.crew.Channel) {
			messages = append(messages, readSlack(m))
		}
		return messages, posts(w.slack.Log())
	}
	for _, m := range w.discord.Messages(w.ops.Channel) {
		messages = append(messages, readDiscord(m))
	}
	return messages, posts(w.discord.Log())
}

func posts(log []fake.Exchange) (n int) {
	for _, e := range log {
		if e.Method != "GET" {
			n++
		}
	}
	return n
}

func readDiscord(m fake.Message) shown {
	s := shown{pings: m.Mentions}
	texts := []string{m.Content}
	for _, e := range m.Embeds {
		s.titles = append(s.titles, e.Title)
		texts = append(texts, e.Title, e.Description)
		for _, f := range e.Fields {
			texts = append(texts, f.Name, f.Value)
		}
	}
	for _, f := range m.Files {
		texts = append(texts, string(f.Data))
	}
	if len(m.Embeds) == 0 {
		s.titles = []string{m.Content}
	}
	s.text = strings.Join(texts, "\n")
	return s
}

func readSlack(m fake.SlackMessage) shown {
	s := shown{pings: m.Pings}
	texts := []string{m.Text}
	for _, b := range m.AllBlocks() {
		if b.Type == "header" && b.Text != nil {
			s.titles = append(s.titles, html.UnescapeString(b.Text.Text))
		}
	}
	for _, t := range m.Texts() {
		texts = append(texts, t.Text)
	}
	if len(s.titles) == 0 {
		s.titles = []string{html.UnescapeString(m.Text)}
	}
	s.text = html.UnescapeString(strings.Join(texts, "\n"))
	return s
}

// words are what a title may call a state.
var words = map[alert.State][]string{
	alert.StateAlarm:            {"ALARM"},
	alert.StateOK:               {"RESOLVED", "OK"},
	alert.StateInsufficientData: {"INSUFFICIENT DATA"},
}

// missing says what of the news the messages do not show: that something is named, and of an alarm in which state it is.
func missing(n news, messages []shown) string {
	name := nameOf(n.alert)
	if !slices.ContainsFunc(messages, func(m shown) bool { return strings.Contains(letters(m.text), name) }) {
		return fmt.Sprintf("%s does not name %.80q", n.destination, n.alert.Name)
	}
	if !n.alert.IsAlarm() || !n.newest {
		return ""
	}
	for _, word := range words[n.alert.State] {
		says := func(title string) bool { return strings.HasPrefix(letters(title), letters(word)+name) }
		if slices.ContainsFunc(messages, func(m shown) bool { return slices.ContainsFunc(m.titles, says) }) {
			return ""
		}
	}
	return fmt.Sprintf("%s does not say that %.80q is in state %s", n.destination, n.alert.Name, n.alert.State)
}

// nameLetters is how much of a long name every title has room for.
const nameLetters = 60

func nameOf(a *alert.Alert) string {
	name := []rune(letters(a.Name))
	return string(name[:min(len(name), nameLetters)])
}

// letters leaves out what markup adds and cleaning takes away: all but letters and digits.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
