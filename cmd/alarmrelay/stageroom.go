package main

import (
	"maps"
	"slices"
	"strings"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
)

// room is a channel on a stage, with its webhook and, in Slack, its bot.
type room struct {
	roomID
	id      string // the channel's
	webhook string // the address of a webhook into it
	bot     string // the secret of a bot in it; empty while there is none
	senders []string
}

// roomID is what makes a channel the same under another configuration.
type roomID struct {
	name    string
	service formatter.Service
	forum   bool
}

// bind makes a configuration lead to the stage: each destination's webhook, or bot and channel, is replaced, no reference is
// resolved, and no host but the stage's is allowed. A channel that was there before stays as it is.
func (s *stage) bind(c *rule.Config) {
	_, discord, _ := strings.Cut(s.discordAt, "://")
	_, slack, _ := strings.Cut(s.slackAt, "://")
	c.AllowHosts = []string{discord, slack}
	s.rules, s.rooms = c, map[string]*room{}
	for i := range c.Destinations {
		d := &c.Destinations[i]
		p := s.room(roomID{d.Name, d.Service, takesPosts(c, d)})
		s.rooms[d.Name] = p
		address := p.webhook
		if d.IsBot() {
			d.Channel, address = p.id, s.bot(p)
		}
		d.Voice.Thread = s.thread(p, d.Voice.Thread)
		s.tag(p, d.ForumTags)
		d.Webhook = rule.Webhook{Address: secret.New(address)}
	}
	s.openThreads()
}

// takesPosts reports whether a destination has to be a forum: incidents open posts there.
func takesPosts(c *rule.Config, d *rule.Destination) bool {
	if d.Service != formatter.ServiceDiscord {
		return false
	}
	return d.Voice.Thread == rule.ThreadIncident || slices.ContainsFunc(c.Rules, func(r rule.Rule) bool {
		return r.Voice.Thread == rule.ThreadIncident && slices.Contains(r.To, d.Name)
	})
}

// tagNames are what a forum on a stage calls its tags.
var tagNames = map[alert.Severity]string{
	alert.SeverityCritical: "critical", alert.SeverityHigh: "high", alert.SeverityWarning: "warning", alert.SeverityInfo: "info", "": "other",
}

// room returns the channel of an id, and makes it where it is not there yet.
func (s *stage) room(id roomID) *room {
	if p := s.channels[id]; p != nil {
		return p
	}
	p := &room{roomID: id}
	if id.service == formatter.ServiceSlack {
		hook := s.slack.AddChannel(id.name)
		p.id, p.webhook, p.senders = hook.Channel, hook.URL(s.slackAt), []string{hook.ID}
	} else {
		c := fake.Channel{Name: id.name, Forum: id.forum}
		if id.forum {
			c.Tags = slices.Sorted(maps.Values(tagNames))
		}
		hook := s.discord.AddChannel(c)
		p.id, p.webhook, p.senders = hook.Channel, hook.URL(s.discordAt), []string{hook.ID}
	}
	s.channels[id] = p
	return p
}

// bot returns the secret of the bot that may post in a channel of Slack's, also under another name.
func (s *stage) bot(p *room) string {
	if p.bot == "" {
		b := s.slack.AddBot("chat:write", "chat:write.customize")
		s.slack.Invite(b, p.id)
		p.bot, p.senders = b.Secret(s.slackAt), append(p.senders, b.ID)
	}
	return p.bot
}

// tag puts a forum's tags into the places of the configuration's.
func (s *stage) tag(p *room, tags map[alert.Severity]string) {
	for severity := range tags {
		if p.forum {
			tags[severity] = s.discord.Tag(p.id, tagNames[severity])
		}
	}
}

// thread returns a thread of the stage for one of the configuration's. Posts of a forum are opened where they are needed.
func (s *stage) thread(p *room, name string) string {
	if name == "" || name == rule.ThreadIncident {
		return name
	}
	for _, t := range s.discord.Threads(p.id) {
		if t.Name == name {
			return t.ID
		}
	}
	return s.discord.AddThread(p.id, fake.Thread{Name: name})
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
			r.Voice.Thread = s.thread(s.rooms[r.To[at]], r.Voice.Thread)
		}
	}
}
