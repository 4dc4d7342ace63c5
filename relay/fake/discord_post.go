package fake

import "net/http"

// execute posts a message.
func (d *Discord) execute(c *call, h *hook) reply {
	dr, b, r, wrong := d.checkBody(c, "execute", nil)
	if wrong {
		return r
	}
	t, r, wrong := d.openThread(c, h, b)
	if wrong {
		return r
	}
	m := &Message{Webhook: h.ID, Channel: h.Channel, Username: h.Name, PostedAt: c.now}
	m.apply(c, dr, b, d.nextID)
	if m.empty() {
		return apiError(http.StatusBadRequest, 50006, "Cannot send an empty message")
	}
	m.ID = d.nextID()
	place := d.channels[h.Channel]
	if t != nil {
		if t.ID == "" { // a forum's post has the id of its first message
			t.ID = m.ID
			place.threads = append(place.threads, t)
		}
		m.Thread = t.ID
		t.Archived, t.posted = false, c.now // a post opens it again
	}
	if m.Flags&FlagSuppressNotifications == 0 {
		m.Pings = m.Mentions
	}
	place.messages = append(place.messages, m)
	if !readBool(c, "wait") {
		return reply{status: http.StatusNoContent, shown: m.ID}
	}
	return m.reply()
}

// edit changes a message. What the request does not name stays.
func (d *Discord) edit(c *call, m *Message) reply {
	place := d.channels[m.Channel]
	if c.now.Sub(m.PostedAt) > oldMessage && !d.options.Unlimited && !place.oldEdits.take(c.now) {
		return limitReply(place.oldEdits.resetAfter(c.now), "user", oldEdits)
	}
	dr, b, r, wrong := d.checkBody(c, "edit", m)
	if wrong {
		return r
	}
	if dr.members["poll"] != nil {
		return apiError(http.StatusBadRequest, 520003, "Cannot edit a poll message")
	}
	changed := *m
	changed.apply(c, dr, b, d.nextID)
	if changed.empty() {
		return apiError(http.StatusBadRequest, 50006, "Cannot send an empty message")
	}
	changed.EditedAt = c.now
	changed.Edits++
	*m = changed
	return m.reply()
}

// reply answers a request that posted or changed m.
func (m *Message) reply() reply {
	r := jsonReply(http.StatusOK, m.answer())
	r.shown = m.ID
	return r
}
