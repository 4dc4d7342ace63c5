package main

import (
	"slices"

	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/rule"
)

// discordChannel makes the channel of one of Discord's destinations: a forum, where the configuration opens posts there. The
// thread and the tags that it names become some of this machine's.
func (s *stage) discordChannel(d *rule.Destination) fake.Webhook {
	made := fake.Channel{Name: d.Name, Forum: s.isForum(d)}
	for _, id := range d.ForumTags {
		if !slices.Contains(made.Tags, id) {
			made.Tags = append(made.Tags, id)
		}
	}
	slices.Sort(made.Tags)
	hook := s.discord.AddChannel(made)
	for severity, id := range d.ForumTags {
		d.ForumTags[severity] = s.discord.Tag(hook.Channel, id)
	}
	d.Voice.Thread = s.thread(hook.Channel, d.Voice.Thread)
	return hook
}

// isForum reports whether something opens posts at a destination, which takes a forum.
func (s *stage) isForum(d *rule.Destination) bool {
	return d.Voice.Thread == rule.ThreadIncident || slices.ContainsFunc(s.rules.Rules, func(r rule.Rule) bool {
		return r.Voice.Thread == rule.ThreadIncident && slices.Contains(r.To, d.Name)
	})
}

// thread opens a thread in the place of one of the configuration's. What is opened for each incident, the relay opens.
func (s *stage) thread(place, name string) string {
	if name == "" || name == rule.ThreadIncident {
		return name
	}
	return s.discord.AddThread(place, fake.Thread{Name: name})
}

// openThreads opens the threads that rules name in the channel of their Discord destination.
func (s *stage) openThreads() {
	for i := range s.rules.Rules {
		r := &s.rules.Rules[i]
		at := slices.IndexFunc(r.To, func(name string) bool {
			d, _ := s.rules.Destination(name)
			return d.Service == formatter.ServiceDiscord
		})
		if at >= 0 {
			r.Voice.Thread = s.thread(s.places[r.To[at]], r.Voice.Thread)
		}
	}
}
