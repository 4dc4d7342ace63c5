package rule

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"alarmrelay/alert"
	"alarmrelay/formatter"
)

// ThreadIncident is the [Voice.Thread] that opens a post of a Discord forum for each incident.
const ThreadIncident = "incident"

func (r *reader) destinationThread(n *yaml.Node, d *Destination) {
	if d.Service == formatter.ServiceSlack {
		r.wrong(n, "only Discord posts into threads; leave it out for Slack")
		return
	}
	r.thread(n, &d.Voice.Thread)
}

// ruleThread reads a thread, which lies in the channel of one destination, unless it is opened where it is needed.
func (r *reader) ruleThread(n *yaml.Node, rule *Rule, c *Config) {
	discord := 0
	for _, name := range rule.To {
		if d, _ := c.Destination(name); d.Service == formatter.ServiceDiscord {
			discord++
		}
	}
	switch {
	case len(rule.To) > 0 && discord == 0:
		r.wrong(n, "only Discord has threads, and no destination of this rule is Discord's")
	case discord > 1 && r.value(n).Value != ThreadIncident:
		r.wrong(n, "a thread lies in one channel, and this rule has %d of Discord's; give the destinations a thread each", discord)
	default:
		r.thread(n, &rule.Voice.Thread)
	}
}

func (r *reader) thread(n *yaml.Node, into *string) {
	id, ok := r.raw(n)
	if ok && id != ThreadIncident && !isSnowflake(id) {
		r.wrong(n, "%s is no thread; a thread's id has 17 to 20 digits (Copy Thread ID in Discord), and incident opens a post of a forum for each incident",
			quote(id))
		return
	}
	*into = id
}

// otherTag is the key of forum_tags for what no other key names.
const otherTag = "other"

// forumTags reads which of a forum's tags its posts get, by severity. Discord tells a webhook neither their names nor their ids:
// https://discord.com/developers/docs/resources/channel#forum-tag-object
func (r *reader) forumTags(n *yaml.Node, d *Destination) map[alert.Severity]string {
	if d.Service == formatter.ServiceSlack {
		r.wrong(n, "only Discord has forums; leave it out for Slack")
		return nil
	}
	tags := map[alert.Severity]string{}
	entries := make([]entry, 0, len(severities())+1)
	for _, word := range append(severities(), otherTag) {
		severity, _ := alert.ParseSeverity(word) // none for otherTag
		entries = append(entries, entry{word, func(v *yaml.Node) {
			id, ok := r.raw(v)
			if ok && !isSnowflake(id) {
				r.wrong(v, "%s is no tag; a tag's id has 17 to 20 digits, as the forum's available_tags have it", quote(id))
				return
			}
			tags[severity] = id
		}})
	}
	r.object(n, "forum_tags", entries...)
	if v := r.value(n); v.Kind == yaml.MappingNode && len(v.Content) == 0 {
		r.wrong(v, "says nothing; leave it out, or write a severity and a tag's id, such as critical: \"112233445566778899\"")
	}
	return tags
}

// unusedTags refuses the tags of a forum where nothing opens a post.
func (r *reader) unusedTags(root *yaml.Node, c *Config) {
	r.key = "forum_tags"
	defer func() { r.key = "" }()
	for i := range c.Destinations {
		d := &c.Destinations[i]
		opens := d.Voice.Thread == ThreadIncident || slices.ContainsFunc(c.Rules, func(rule Rule) bool {
			return rule.Voice.Thread == ThreadIncident && slices.Contains(rule.To, d.Name)
		})
		if len(d.ForumTags) > 0 && !opens {
			at := r.child(r.child(r.child(root, "destinations"), d.Name), "forum_tags")
			r.wrong(at, "nothing opens a post here that could have them; add \"thread: incident\"")
		}
	}
}
