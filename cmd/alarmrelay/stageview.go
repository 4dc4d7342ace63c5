package main

import (
	"regexp"
	"slices"
	"strings"

	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/rule"
)

// everywhere is what each destination's channel shows to a reader.
func (s *stage) everywhere(r reader) map[string][]shown {
	all := map[string][]shown{}
	for _, d := range s.rules.Destinations {
		all[d.Name] = s.messages(d, r)
	}
	return all
}

// messages returns what a destination's channel shows to a reader.
func (s *stage) messages(d rule.Destination, r reader) []shown {
	seen, sources := []shown{}, []string{}
	if d.Service == formatter.ServiceSlack {
		for _, m := range s.slack.Messages(s.rooms[d.Name].id) {
			seen, sources = append(seen, r.slack(m)), append(sources, string(mustJSON(m)))
		}
		return led(seen, sources)
	}
	threads := map[string]fake.Thread{}
	for _, t := range s.discord.Threads(s.rooms[d.Name].id) {
		threads[t.ID] = t
	}
	for _, m := range s.discord.Messages(s.rooms[d.Name].id) {
		thread := threads[m.Thread]
		m.Thread = thread.Name
		if m.Username == webhookName {
			m.Username = ""
		}
		one := r.discord(m)
		one.tags = r.tagged(thread.Tags)
		seen, sources = append(seen, one), append(sources, string(mustJSON([]any{m.Content, m.Embeds})))
	}
	return led(seen, sources)
}

// linkTo is an address that shows a message: in Discord it ends in the message's id, in Slack in its ts without the dot.
var linkTo = regexp.MustCompile(`/channels/[0-9]+/[0-9]+/([0-9]+)|/archives/[A-Z0-9]+/p([0-9]+)`)

// led fills in which messages of a channel the others lead to, by what they say; sources are the messages as they were written.
func led(seen []shown, sources []string) []shown {
	says := map[string]string{}
	for _, m := range seen {
		says[strings.ReplaceAll(m.id, ".", "")] = m.headline()
	}
	for i := range seen {
		m := &seen[i]
		if m.reply {
			m.thread = says[strings.ReplaceAll(m.thread, ".", "")]
		}
		for _, found := range linkTo.FindAllStringSubmatch(sources[i], -1) {
			if said := says[found[1]+found[2]]; said != "" && !slices.Contains(m.leads, said) {
				m.leads = append(m.leads, said)
			}
		}
	}
	return seen
}
