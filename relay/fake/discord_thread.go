package fake

import (
	"net/http"
	"slices"
	"time"
)

// Thread is a thread of a channel: a post of a forum, or one that somebody opened in a text channel.
type Thread struct {
	ID       string
	Name     string
	Tags     []string // their ids
	Locked   bool     // nobody may post or edit
	Archived bool     // closed until somebody posts; nothing in it can be changed
}

// autoArchive is after how long without a post a thread is archived: what a channel's settings begin with.
// https://docs.discord.com/developers/topics/threads#active-&-archived-threads
const autoArchive = 3 * 24 * time.Hour

// threadState is a thread as its channel keeps it.
type threadState struct {
	Thread
	posted time.Time // when somebody posted last; zero for nobody yet
}

// AddThread opens a thread in a channel, which must be there, and returns its id.
func (d *Discord) AddThread(channelID string, t Thread) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	t.ID = d.nextID()
	place := d.channel(channelID)
	place.threads = append(place.threads, &threadState{Thread: t})
	return t.ID
}

// ChangeThread archives, locks or renames a thread, as its moderators do.
func (d *Discord) ChangeThread(id string, change func(*Thread)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, place := range d.channels {
		if t := place.thread(id); t != nil {
			change(&t.Thread)
		}
	}
}

// DeleteThread deletes a thread with all that was posted in it.
func (d *Discord) DeleteThread(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, place := range d.channels {
		place.threads = slices.DeleteFunc(place.threads, func(t *threadState) bool { return t.ID == id })
		place.messages = slices.DeleteFunc(place.messages, func(m *Message) bool { return m.Thread == id })
	}
}

// Threads returns the threads of a channel, oldest first.
func (d *Discord) Threads(channelID string) []Thread {
	d.mu.Lock()
	defer d.mu.Unlock()
	var threads []Thread
	for _, t := range d.channel(channelID).threads {
		t.age(d.options.Clock())
		threads = append(threads, t.Thread)
	}
	return threads
}

// age archives a thread where nobody has posted for long.
func (t *threadState) age(now time.Time) {
	if !t.posted.IsZero() && now.Sub(t.posted) > autoArchive {
		t.Archived = true
	}
}

// shut returns the refusal of a change in the thread; ok is false where it is open.
// https://github.com/discord/discord-api-docs/pull/2855, https://github.com/discordjs/discord.js/pull/9216
func (t *threadState) shut(now time.Time) (r reply, ok bool) {
	t.age(now)
	switch {
	case t.Locked:
		return apiError(http.StatusBadRequest, 160005, "Thread is locked"), true
	case t.Archived:
		return apiError(http.StatusBadRequest, 50083, "Thread is archived"), true
	}
	return reply{}, false
}

func (c *channel) thread(id string) *threadState {
	for _, t := range c.threads {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// threadOf reads ?thread_id=; it is empty when there is none.
func (d *Discord) threadOf(c *call, h *hook) (id string, r reply, wrong bool) {
	query := c.URL.Query()
	id = query.Get("thread_id")
	switch {
	case !query.Has("thread_id"):
		return "", reply{}, false
	case !isSnowflake(id):
		return "", invalidForm(notA("snowflake", id).at("thread_id")), true
	case d.channels[h.Channel].thread(id) == nil:
		return "", apiError(http.StatusNotFound, 10003, "Unknown Channel"), true
	}
	return id, reply{}, false
}

// openThread decides where a post goes: the channel, a thread that is there, or a new post of a forum.
func (d *Discord) openThread(c *call, h *hook, b body) (t *threadState, r reply, wrong bool) {
	place := d.channels[h.Channel]
	id, r, wrong := d.threadOf(c, h)
	if wrong {
		return nil, r, true
	}
	switch {
	case b.ThreadName != "" && id != "":
		return nil, apiError(400, 220002, "Webhooks posted to forum channels cannot have both a thread_name and thread_id"), true
	case b.ThreadName != "" && !place.Forum:
		return nil, apiError(400, 220003, "Webhooks can only create threads in forum channels"), true
	case place.Forum && b.ThreadName == "" && id == "":
		return nil, apiError(400, 220001, "Webhooks posted to forum channels must have a thread_name or thread_id"), true
	case id != "":
		t = place.thread(id)
		if t.Locked {
			return nil, apiError(400, 160005, "Thread is locked"), true
		}
		return t, reply{}, false
	case b.ThreadName == "":
		return nil, reply{}, false
	case place.RequireTag && len(b.AppliedTags) == 0:
		return nil, apiError(400, 40067, "A tag is required to create a forum post in this channel"), true
	}
	for _, tag := range b.AppliedTags {
		if place.tags[tag] == "" {
			return nil, apiError(404, 10087, "Unknown tag"), true
		}
	}
	return &threadState{Thread: Thread{Name: b.ThreadName, Tags: b.AppliedTags}}, reply{}, false
}
