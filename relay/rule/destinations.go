package rule

import (
	"go.yaml.in/yaml/v4"

	"alarmrelay/formatter"
	"alarmrelay/relay/secret"
)

func (r *reader) destinations(n *yaml.Node, c *Config) {
	given := r.pairs(n)
	var named []pair
	if v := r.value(n); len(given) == 0 && v.Kind == yaml.MappingNode {
		r.wrong(v, "declare at least one destination")
	}
	for _, p := range given {
		if !isName(p.name) {
			r.wrong(p.key, "%s can't name a destination; use letters, digits, - and _, at most %d", quote(p.name), maxName)
			continue
		}
		named = append(named, p)
		c.Destinations = append(c.Destinations, r.destination(p, c))
	}
	r.fallbacks(named, c)
}

func (r *reader) destination(p pair, c *Config) Destination {
	d, bot := Destination{Name: p.name}, false
	r.object(p.value, "a destination",
		entry{"discord", func(v *yaml.Node) { r.webhook(v, &d, formatter.ServiceDiscord) }},
		entry{"slack", func(v *yaml.Node) { r.webhook(v, &d, formatter.ServiceSlack) }},
		entry{"slack_bot", func(v *yaml.Node) { r.webhook(v, &d, formatter.ServiceSlack); bot = true }},
		entry{"channel", func(v *yaml.Node) { d.Channel = r.channel(v, bot) }},
		entry{"fallback", func(v *yaml.Node) { d.Fallback, _ = r.text(v) }},
		entry{"locale", func(v *yaml.Node) { r.locale(v, &d.Voice.Locale) }},
		entry{"timezone", func(v *yaml.Node) { r.timezone(v, c, &d.Voice.Timezone) }},
		entry{"username", func(v *yaml.Node) { r.username(v, &d.Voice.Username) }},
		entry{"avatar", func(v *yaml.Node) { r.https(v, &d.Voice.Avatar) }},
		entry{"thread", func(v *yaml.Node) { r.destinationThread(v, &d) }},
		entry{"forum_tags", func(v *yaml.Node) { d.ForumTags = r.forumTags(v, &d) }},
		entry{"buttons", func(v *yaml.Node) { d.Buttons = r.buttons(v, &d) }},
	)
	if d.Service == "" && r.value(p.value).Kind == yaml.MappingNode {
		r.wrong(p.key, "%s has no webhook; give it discord: or slack: with a reference, or slack_bot: with a channel", quote(p.name))
	}
	if bot && !r.hasKey(p.value, "channel") {
		r.wrong(p.key, "%s says slack_bot: but not where; add channel: with the channel's id, such as C0123456789", quote(p.name))
	}
	d.Voice = d.Voice.over(Voice{Locale: c.Locale, Timezone: c.Timezone})
	return d
}

func (r *reader) buttons(n *yaml.Node, d *Destination) bool {
	if d.Service == formatter.ServiceDiscord {
		r.wrong(n, "only Slack has the choice; Discord's messages always have link buttons")
	}
	return r.boolean(n)
}

func (r *reader) webhook(n *yaml.Node, d *Destination, service formatter.Service) {
	if d.Service != "" {
		r.wrong(n, "a destination has one of discord, slack and slack_bot; make two destinations and name both in to:")
		return
	}
	d.Service = service
	text, ok := r.text(n)
	if !ok {
		return
	}
	reference, err := secret.ParseReference(text)
	if err != nil {
		r.wrong(n, "%v", err)
	}
	d.Webhook = Webhook{Reference: reference}
}

// channel reads the id of one of Slack's channels. A name would do for posting, but not for edits:
// https://docs.slack.dev/reference/methods/chat.update
func (r *reader) channel(n *yaml.Node, bot bool) string {
	id, ok := r.text(n)
	switch {
	case ok && !bot:
		r.wrong(n, "only slack_bot: takes a channel; a webhook leads to one by itself")
		return ""
	case ok && !isSlackID(id, "CGD"):
		r.wrong(n, "%s is no channel's id; it reads C0123456789 and stands at the bottom of the channel's details in Slack", quote(id))
		return ""
	}
	return id
}

// fallbacks checks that each fallback is another destination and that following
// them comes to an end.
func (r *reader) fallbacks(given []pair, c *Config) {
	outer := r.key
	defer func() { r.key = outer }()
	r.key = "fallback"
	next := make(map[string]string, len(c.Destinations))
	for _, d := range c.Destinations {
		next[d.Name] = d.Fallback
	}
	circle := inCircles(next)
	for i, d := range c.Destinations {
		if d.Fallback == "" {
			continue
		}
		at := r.child(given[i].value, "fallback")
		if _, ok := next[d.Fallback]; !ok {
			r.wrong(at, "%s", unknown("destination", d.Fallback, c.destinationNames()))
			continue
		}
		if circle[d.Name] {
			r.wrong(at, "%s leads back to itself; the last of a chain has no fallback", quote(d.Name))
		}
	}
}

// inCircles returns the names that following next from leads back to.
func inCircles(next map[string]string) map[string]bool {
	walked := make(map[string]int, len(next)) // by which walk
	circle := make(map[string]bool)
	walk := 0
	for at := range next {
		walk++
		for at != "" && walked[at] == 0 {
			walked[at] = walk
			at = next[at]
		}
		if at != "" && walked[at] == walk {
			for ; !circle[at]; at = next[at] {
				circle[at] = true
			}
		}
	}
	return circle
}

// hasKey reports whether a mapping has a key.
func (r *reader) hasKey(n *yaml.Node, key string) bool { return r.child(n, key) != r.value(n) }

// child returns the value of a mapping's key, and the mapping itself where it has none.
func (r *reader) child(n *yaml.Node, key string) *yaml.Node {
	n = r.value(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if r.value(n.Content[i]).Value == key {
			return n.Content[i+1]
		}
	}
	return n
}

func (r *reader) mentions(n *yaml.Node) (mentions []Mention) {
	for _, p := range r.pairs(n) {
		if !isName(p.name) {
			r.wrong(p.key, "%s can't name a mention; use letters, digits, - and _, at most %d", quote(p.name), maxName)
			continue
		}
		m := Mention{Name: p.name, Who: map[formatter.Service][]formatter.Mention{}}
		r.object(p.value, "a mention",
			entry{"discord", func(v *yaml.Node) { m.Who[formatter.ServiceDiscord] = r.people(v, discordMention) }},
			entry{"slack", func(v *yaml.Node) { m.Who[formatter.ServiceSlack] = r.people(v, slackMention) }},
		)
		if len(m.Who) == 0 && r.value(p.value).Kind == yaml.MappingNode {
			r.wrong(p.key, "%s names nobody; give it discord: or slack:", quote(p.name))
		}
		mentions = append(mentions, m)
	}
	return mentions
}

// maxMentions is how many of one kind a Discord message may ping:
// https://discord.com/developers/docs/resources/message#allowed-mentions-object
const maxMentions = 100

func (r *reader) people(n *yaml.Node, read func(string) (formatter.Mention, string)) []formatter.Mention {
	people := []formatter.Mention{}
	r.listOrNone(n, func(item *yaml.Node) {
		text, ok := r.text(item)
		if !ok {
			return
		}
		who, want := read(text)
		if want != "" {
			r.wrong(item, "%s is nobody who can be mentioned; write %s", quote(text), want)
			return
		}
		people = append(people, who)
	})
	if len(people) > maxMentions {
		r.wrong(r.value(n), "%d mentions; a message can ping at most %d", len(people), maxMentions)
	}
	return people
}
