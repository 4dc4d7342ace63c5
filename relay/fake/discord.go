package fake

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Discord is the part of Discord that a webhook sees: execute, edit, read and
// delete messages, read the webhook, and the unauthenticated gateway address.
// Only version 10 of the API is served; the unversioned and older ones answer other bodies, and are refused.
// https://docs.discord.com/developers/reference#api-versioning
//
// It counts what is sent as Discord does: 5 requests in 2 s for a webhook (of any method: the
// strict reading knows one bucket), 30 posts a minute for a channel, 50 requests a second in all, and 10,000 answers of 401, 403 and 429 in
// ten minutes, after which it blocks. Nobody promises these numbers:
// https://github.com/discord/discord-api-docs/issues/367,
// https://docs.discord.com/developers/topics/rate-limits
type Discord struct {
	house
	serial   uint64
	legacy   *shape
	v2       *shape
	channels map[string]*channel
	webhooks map[string]*hook
	everyone window // of all requests of the address
	invalid  window // of answers that should not have been needed
}

// NewDiscord returns a Discord without channels.
func NewDiscord(o Options) *Discord {
	d := &Discord{
		legacy:   newShape(discordRows, true, o.Lenient),
		v2:       newShape(slices.Concat(discordRows, discordV2Rows), true, o.Lenient),
		channels: map[string]*channel{},
		webhooks: map[string]*hook{},
		everyone: window{limit: 50, span: time.Second},
		invalid:  window{limit: 10_000, span: 10 * time.Minute},
	}
	d.open(o)
	return d
}

// ServeHTTP implements http.Handler.
func (d *Discord) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.serve(w, r, d) }

// senderOf reads /api/v10/webhooks/{id}/{token}...
func (*Discord) senderOf(r *http.Request) sender {
	from := sender{does: r.Method}
	_, rest, _ := strings.Cut(r.URL.Path, "/webhooks/")
	from.id, rest, _ = strings.Cut(rest, "/")
	from.token, _, _ = strings.Cut(rest, "/")
	return from
}

// answer is what Discord does with a request: the front door, then the limits,
// then the webhook's own business.
func (d *Discord) answer(c *call) reply {
	if r, refused := d.frontDoor(c); refused {
		return d.countInvalid(c.now, r)
	}
	rest := strings.TrimPrefix(c.URL.Path, "/api/v10/")
	if rest == "gateway" && c.Method == http.MethodGet {
		return jsonReply(http.StatusOK, map[string]string{"url": "wss://gateway.discord.gg"})
	}
	parts := strings.Split(rest, "/")
	if parts[0] != "webhooks" || (len(parts) != 3 && (len(parts) != 5 || parts[3] != "messages")) {
		return apiError(http.StatusNotFound, 0, "404: Not Found")
	}
	h, r := d.findWebhook(parts[1], parts[2])
	if h == nil {
		return d.countInvalid(c.now, r)
	}
	if r, limited := d.limited(c, h); limited {
		return d.countInvalid(c.now, r)
	}
	if len(parts) == 3 {
		r = d.onWebhook(c, h)
	} else {
		r = d.onMessage(c, h, parts[4])
	}
	return d.withLimits(d.countInvalid(c.now, r), c.now, h)
}

// frontDoor refuses what does not get as far as the API.
func (d *Discord) frontDoor(c *call) (reply, bool) {
	switch {
	case !d.options.Unlimited && d.invalid.used >= d.invalid.limit && d.invalid.resetAfter(c.now) > 0:
		return d.fallen(c, Fault{Kind: BlockedPage}), true
	case !strings.HasPrefix(c.UserAgent(), "DiscordBot ("):
		// https://github.com/discord/discord-api-docs/issues/6473
		return apiError(http.StatusForbidden, 40333, "internal network error"), true
	case !strings.HasPrefix(c.URL.Path, "/api/"):
		return htmlReply(http.StatusNotFound, "<html><body>Not Found</body></html>"), true
	case !strings.HasPrefix(c.URL.Path, "/api/v10/"):
		return apiError(http.StatusBadRequest, 50041, "Invalid API version"), true
	case !d.options.Unlimited && !d.everyone.take(c.now):
		return limitReply(d.everyone.resetAfter(c.now), "global", 0), true
	}
	return reply{}, false
}

func (d *Discord) countInvalid(now time.Time, r reply) reply {
	switch r.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		if r.header.Get("X-RateLimit-Scope") != "shared" {
			d.invalid.take(now)
		}
	}
	return r
}

// findWebhook returns nil and the refusal when there is no such webhook.
func (d *Discord) findWebhook(id, token string) (*hook, reply) {
	if !isSnowflake(id) {
		return nil, invalidForm(notA("snowflake", id).at("webhook_id"))
	}
	h, ok := d.webhooks[id]
	switch {
	case !ok:
		return nil, apiError(http.StatusNotFound, 10015, "Unknown Webhook")
	case h.Token != token:
		return nil, apiError(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
	}
	return h, reply{}
}

// limited counts a request of a webhook, also one that will fail.
func (d *Discord) limited(c *call, h *hook) (reply, bool) {
	if d.options.Unlimited {
		return reply{}, false
	}
	if !h.rate.take(c.now) {
		return d.withLimits(limitReply(h.rate.resetAfter(c.now), "user", 0), c.now, h), true
	}
	place := d.channels[h.Channel]
	if c.Method == http.MethodPost && !place.rate.take(c.now) {
		return d.withLimits(limitReply(place.rate.resetAfter(c.now), "shared", 0), c.now, h), true
	}
	return reply{}, false
}

// withLimits adds the headers that tell a webhook's own limit. The channel's is not told.
func (d *Discord) withLimits(r reply, now time.Time, h *hook) reply {
	if d.options.Unlimited {
		return r
	}
	left := h.rate.resetAfter(now)
	r = r.with("X-RateLimit-Limit", itoa(h.rate.limit))
	r = r.with("X-RateLimit-Remaining", itoa(max(0, h.rate.limit-h.rate.used)))
	r = r.with("X-RateLimit-Reset", decimalSeconds(time.Duration(now.Add(left).UnixNano())))
	r = r.with("X-RateLimit-Reset-After", decimalSeconds(left))
	return r.with("X-RateLimit-Bucket", inventedID("", "bucket", 32))
}

func (d *Discord) onWebhook(c *call, h *hook) reply {
	switch c.Method {
	case http.MethodPost:
		return d.execute(c, h)
	case http.MethodGet:
		return jsonReply(http.StatusOK, map[string]any{
			"id": h.ID, "type": 1, "name": h.Name, "avatar": nil, "channel_id": h.Channel,
			"guild_id": snowflake(0), "application_id": nil, "token": h.Token,
		})
	}
	return apiError(http.StatusMethodNotAllowed, 0, "405: Method Not Allowed")
}

func (d *Discord) onMessage(c *call, h *hook, id string) reply {
	m, r := d.findMessage(c, h, id)
	if m == nil {
		return r
	}
	switch c.Method {
	case http.MethodGet:
		return jsonReply(http.StatusOK, m.answer())
	case http.MethodPatch, http.MethodDelete:
		return d.change(c, m)
	}
	return apiError(http.StatusMethodNotAllowed, 0, "405: Method Not Allowed")
}

// change edits or deletes a message, unless it is in a thread where nothing can be changed.
func (d *Discord) change(c *call, m *Message) reply {
	place := d.channels[m.Channel]
	if t := place.thread(m.Thread); t != nil {
		if r, shut := t.shut(c.now); shut {
			return r
		}
	}
	if c.Method == http.MethodPatch {
		return d.edit(c, m)
	}
	place.remove(m)
	return reply{status: http.StatusNoContent}
}

// findMessage finds a message that the same webhook posted. One in a thread is found only with its thread_id.
func (d *Discord) findMessage(c *call, h *hook, id string) (*Message, reply) {
	if !isSnowflake(id) {
		return nil, invalidForm(notA("snowflake", id).at("message_id"))
	}
	thread, r, wrong := d.threadOf(c, h)
	if wrong {
		return nil, r
	}
	for _, m := range d.channels[h.Channel].messages {
		if m.ID == id && m.Webhook == h.ID && m.Thread == thread {
			return m, reply{}
		}
	}
	return nil, apiError(http.StatusNotFound, 10008, "Unknown Message")
}

// fallen answers in place of a service that is broken or refuses for reasons of its own.
func (d *Discord) fallen(_ *call, f Fault) reply {
	if r, ok := commonFault(f); ok {
		return r
	}
	switch f.Kind {
	case Limited:
		r := limitReply(f.After, "user", 0).with("X-RateLimit-Limit", "5").with("X-RateLimit-Remaining", "0")
		return r.with("X-RateLimit-Reset-After", decimalSeconds(f.After))
	case LimitedGlobally:
		return limitReply(f.After, "global", 0)
	case LimitedEdits:
		return limitReply(f.After, "user", oldEdits)
	case BlockedJSON:
		return apiError(http.StatusTooManyRequests, 0,
			"You are being blocked from accessing our API temporarily due to exceeding our rate limits frequently.")
	case Unknown:
		return apiError(http.StatusNotFound, 10015, "Unknown Webhook")
	case BadToken:
		return apiError(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
	case Forbidden:
		return apiError(http.StatusForbidden, 50013, "Missing Permissions")
	case Gone:
		return apiError(http.StatusNotFound, 10003, "Unknown Channel")
	case Filtered:
		return apiError(http.StatusBadRequest, 200000, "Message was blocked by automatic moderation")
	}
	return htmlReply(http.StatusTooManyRequests, "<html><title>Access denied</title><body>error code: 1015</body></html>")
}
