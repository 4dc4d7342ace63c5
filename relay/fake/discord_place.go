package fake

import (
	"slices"
	"time"
)

// Channel is a channel of a Discord server as [Discord.AddChannel] makes it.
type Channel struct {
	Name       string
	Forum      bool     // takes posts in threads only
	RequireTag bool     // of a forum: a new thread needs a tag
	Tags       []string // of a forum: their names, see [Discord.Tag]
}

// Webhook is a way into a Discord channel.
type Webhook struct {
	ID, Token string
	Channel   string // the channel's id
	Name      string // who posts, unless the message says otherwise
}

// Path is where the webhook is served: /api/v10/webhooks/{id}/{token}.
func (w Webhook) Path() string { return "/api/v10/webhooks/" + w.ID + "/" + w.Token }

// URL is the webhook's address as people copy it from Discord, without a version: base
// is a scheme and host, such as https://discord.com.
func (w Webhook) URL(base string) string { return base + "/api/webhooks/" + w.ID + "/" + w.Token }

type channel struct {
	Channel
	id       string
	tags     map[string]string // names by id
	threads  []*threadState
	messages []*Message
	rate     window // posts of all its webhooks
	oldEdits window // edits of messages older than an hour
}

type hook struct {
	Webhook
	rate window
}

// AddChannel makes a channel and a webhook into it. The same calls make the same ids and tokens.
func (d *Discord) AddChannel(c Channel) Webhook {
	d.mu.Lock()
	place := &channel{
		Channel: c, id: d.nextID(), tags: map[string]string{},
		rate: window{limit: 30, span: time.Minute}, oldEdits: window{limit: 3, span: 6 * time.Second},
	}
	for _, name := range c.Tags {
		place.tags[d.nextID()] = name
	}
	d.channels[place.id] = place
	d.mu.Unlock()
	return d.AddWebhook(place.id)
}

// AddWebhook makes one more webhook into a channel, which must be there.
func (d *Discord) AddWebhook(channelID string) Webhook {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := d.nextID()
	w := Webhook{ID: id, Token: invented("discord "+id, 68), Channel: channelID, Name: "Captain Hook"}
	d.webhooks[id] = &hook{Webhook: w, rate: window{limit: 5, span: 2 * time.Second}}
	return w
}

// RemoveWebhook deletes a webhook, as its owner would.
func (d *Discord) RemoveWebhook(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.webhooks, id)
}

// Tag returns the id of a forum's tag, empty when there is none of that name.
func (d *Discord) Tag(channelID, name string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, tag := range d.channel(channelID).tags {
		if tag == name {
			return id
		}
	}
	return ""
}

// Messages returns what a channel and its threads now hold, in the order of posting.
func (d *Discord) Messages(channelID string) []Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	var messages []Message
	for _, m := range d.channel(channelID).messages {
		messages = append(messages, *m)
	}
	return messages
}

// DeleteMessage deletes a message, as somebody in the channel might.
func (d *Discord) DeleteMessage(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, place := range d.channels {
		place.messages = slices.DeleteFunc(place.messages, func(m *Message) bool { return m.ID == id })
	}
}

// channel returns an empty one for an id nobody has.
func (d *Discord) channel(id string) *channel {
	if place, ok := d.channels[id]; ok {
		return place
	}
	return &channel{}
}

func (d *Discord) nextID() string {
	d.serial++
	return snowflake(d.serial)
}

func (c *channel) remove(m *Message) {
	c.messages = slices.DeleteFunc(c.messages, func(other *Message) bool { return other == m })
}
