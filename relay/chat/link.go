package chat

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay"
)

// Link implements [relay.Channel]. Slack tells nothing of what a webhook has posted, so there is no link to that.
func (w *Webhook) Link(ctx context.Context, ref relay.Ref) string {
	if w.service == formatter.ServiceSlack || !made(ref.Message, digits) {
		return ""
	}
	h, known := w.home.find(ctx, w.askWebhook)
	channel := ref.Channel
	if channel == "" {
		channel = h.channel
	}
	if !known || !made(channel, digits) {
		return ""
	}
	return h.base + channel + "/" + ref.Message
}

// askWebhook asks Discord for the webhook, which tells its server and its channel:
// https://docs.discord.com/developers/resources/webhook#get-webhook-with-token
func (w *Webhook) askWebhook(ctx context.Context) (place, bool) {
	at, a, ok := w.ask(ctx, call{method: http.MethodGet})
	var guild, channel string
	a.read(map[string]any{"guild_id": &guild, "channel_id": &channel})
	if !ok || !made(guild, digits) {
		return place{}, false
	}
	origin := "https://discord.com"
	if u, err := url.Parse(at.origin); err == nil && hostOwner(u) != formatter.ServiceDiscord {
		origin = at.origin // a stand-in of allow_hosts
	}
	return place{base: origin + "/channels/" + guild + "/", channel: channel}, true
}

// Link implements [relay.Channel]. It is made as chat.getPermalink makes it, which would have to be asked for each message:
// https://docs.slack.dev/reference/methods/chat.getPermalink
func (b *Bot) Link(ctx context.Context, ref relay.Ref) string {
	if !made(ref.Message, digits+".") {
		return ""
	}
	h, known := b.home.find(ctx, b.askTeam)
	if !known {
		return ""
	}
	return h.base + b.place(ref) + "/p" + strings.ReplaceAll(ref.Message, ".", "")
}

// askTeam asks Slack for the address of the bot's workspace: https://docs.slack.dev/reference/methods/auth.test
func (b *Bot) askTeam(ctx context.Context) (place, bool) {
	at, a, ok := b.ask(ctx, call{method: http.MethodPost, target: target{front: methodAuth}, same: true})
	var team string
	a.read(map[string]any{"url": &team})
	u, err := url.Parse(team)
	if !ok || err != nil || u.Scheme+"://"+u.Host != at.origin && !isWorkspace(u, at.origin) {
		return place{}, false
	}
	return place{base: u.Scheme + "://" + u.Host + "/archives/", channel: b.channel}, true
}

// isWorkspace reports whether an address is a workspace's at the Slack whose API lies at origin.
func isWorkspace(u *url.URL, origin string) bool {
	api, err := url.Parse(origin)
	return err == nil && u.Scheme == "https" && u.Port() == "" && strings.HasSuffix(u.Host, "."+api.Host)
}

// place is where people see what a line posts: what an address begins with, and the line's own channel.
type place struct{ base, channel string }

// home remembers a line's [place]. Its zero value knows nothing.
type home struct {
	mu    sync.Mutex
	place place     // zero until the service has told it
	again time.Time // when it may be asked
}

const (
	maxAsking   = time.Second // how long a link may take: what it stands in waits for it
	askingPause = time.Minute // after which it is tried again
)

// find returns the place, and asks for it where it is not known and that was not tried a moment ago.
func (h *home) find(ctx context.Context, ask func(context.Context) (place, bool)) (place, bool) {
	h.mu.Lock()
	known, wait := h.place, time.Now().Before(h.again)
	if known == (place{}) && !wait {
		h.again = time.Now().Add(askingPause).Round(0) // by the wall clock, see later
	}
	h.mu.Unlock()
	if known != (place{}) || wait {
		return known, known != (place{})
	}
	short, cancel := context.WithTimeout(ctx, maxAsking)
	defer cancel()
	told, ok := ask(short)
	if ok {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.place = told
	}
	return told, ok
}

// forget is for a webhook with a new address: it may be another server's.
func (h *home) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.place, h.again = place{}, time.Time{}
}

// isElsewhere reports whether an id is known to be none of the line's own channel: it is a thread then.
func (h *home) isElsewhere(channel string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.place.channel != "" && h.place.channel != channel
}

// ask makes one request, now or not at all, and reports whether the service did as asked.
func (l *line) ask(ctx context.Context, c call) (*address, answer, bool) {
	if l.takeTurn(ctx) != nil {
		return nil, answer{}, false
	}
	defer l.endTurn()
	if l.resolve(ctx) != nil || l.options.Gate.blockedFor(l.service) > 0 {
		return nil, answer{}, false
	}
	if later(l.pace.until(c.method), l.options.Gate.until(l.service)).After(time.Now()) {
		return nil, answer{}, false
	}
	a, err := l.exchange(ctx, l.address, c)
	if err != nil {
		return nil, answer{}, false
	}
	l.pace.note(c.method, a, time.Now())
	v := l.verdict(a)
	if v.kind != accepted {
		_ = l.react(ctx, &delivery{call: c, refetched: true}, a.status, v) // so that limits are kept; the rest is not for a link to mend
		return nil, answer{}, false
	}
	return l.address, a, true
}
