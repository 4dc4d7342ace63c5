package fake

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Slack is the part of Slack that incoming webhooks see: POST /services/T/B/token, with which messages can be posted and
// nothing else, and the workflow builder's /triggers/T/id/token. And it is the part of the Web API that bots post and
// edit with: /api/chat.postMessage, chat.update, chat.getPermalink, auth.test and api.test.
// A channel takes 25 messages at once and one a second from then on; a bot has 50 edits a minute.
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
// https://docs.slack.dev/apis/web-api/
type Slack struct {
	house
	table    *shape
	serial   int
	channels map[string]*slackChannel
	hooks    map[string]SlackHook // by path
	triggers map[string][]string  // declared variables by path
	bots     map[string]*slackBot // by token
}

// SlackHook is a way into a Slack channel.
type SlackHook struct {
	ID      string // of the webhook: B and digits
	Team    string
	Token   string
	Channel string // the channel's id
	trigger bool
}

// Path is where the webhook is served.
func (h SlackHook) Path() string {
	if h.trigger {
		return "/triggers/" + h.Team + "/" + h.ID + "/" + h.Token
	}
	return "/services/" + h.Team + "/" + h.ID + "/" + h.Token
}

// URL is the webhook's address: base is a scheme and host, such as https://hooks.slack.com.
func (h SlackHook) URL(base string) string { return base + h.Path() }

type slackChannel struct {
	name     string
	dead     reply // what every post by a webhook is answered when status is set; a bot's gets why as its code
	why      string
	members  []string // ids of the bots that were invited
	messages []SlackMessage
	deleted  []string // the ts of messages that were deleted, and whose threads are still there
	posted   int      // messages so far, deleted ones included
	rate     bucket
}

// NewSlack returns a Slack without channels.
func NewSlack(o Options) *Slack {
	s := &Slack{
		table:    newShape(slackRows(), false, o.Lenient),
		channels: map[string]*slackChannel{},
		hooks:    map[string]SlackHook{},
		triggers: map[string][]string{},
		bots:     map[string]*slackBot{},
	}
	s.open(o)
	return s
}

// ServeHTTP implements http.Handler.
func (s *Slack) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.serve(w, r, s) }

// AddChannel makes a channel and a webhook into it. The same calls make the same ids and tokens.
func (s *Slack) AddChannel(name string) SlackHook {
	s.mu.Lock()
	id := s.nextID("C")
	s.channels[id] = &slackChannel{name: name, rate: bucket{size: 25, refill: time.Second}}
	s.mu.Unlock()
	return s.AddWebhook(id)
}

// AddWebhook makes one more webhook into a channel.
func (s *Slack) AddWebhook(channelID string) SlackHook {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.nextID("B")
	token := inventedID("", "slack "+id, 24)
	h := SlackHook{ID: id, Team: inventedID("T", "team", 9), Token: token, Channel: channelID}
	s.hooks[h.Path()] = h
	return h
}

// AddTrigger makes a workflow that a webhook starts with these variables.
func (s *Slack) AddTrigger(variables ...string) SlackHook {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	token := strings.ToLower(inventedID("", "trigger "+itoa(s.serial), 32))
	h := SlackHook{ID: itoa(7_000_000_000_000 + s.serial), Team: inventedID("T", "team", 9), Token: token, trigger: true}
	s.triggers[h.Path()] = variables
	return h
}

// RemoveWebhook deletes a webhook: posts are answered 404 no_service from then on.
func (s *Slack) RemoveWebhook(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for path, h := range s.hooks {
		if h.ID == id {
			delete(s.hooks, path)
		}
	}
}

// ArchiveChannel makes posts be answered 410 channel_is_archived.
func (s *Slack) ArchiveChannel(id string) {
	s.kill(id, textReply(http.StatusGone, "channel_is_archived"), "is_archived")
}

// DeleteChannel makes posts be answered 404 channel_not_found.
func (s *Slack) DeleteChannel(id string) {
	s.kill(id, textReply(http.StatusNotFound, "channel_not_found"), "channel_not_found")
}

func (s *Slack) kill(id string, answer reply, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if place, ok := s.channels[id]; ok {
		place.dead, place.why = answer, why
	}
}

// Messages returns what a channel shows, in the order of posting.
func (s *Slack) Messages(channelID string) []SlackMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	if place, ok := s.channels[channelID]; ok {
		return slices.Clone(place.messages)
	}
	return nil
}

// DeleteMessage takes a message out of its channel, as people do. The thread of one that has replies stays.
func (s *Slack) DeleteMessage(channelID, ts string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := s.channels[channelID]
	place.messages = slices.DeleteFunc(slices.Clone(place.messages), func(m SlackMessage) bool { return m.TS == ts })
	if slices.ContainsFunc(place.messages, func(m SlackMessage) bool { return m.Thread == ts }) {
		place.deleted = append(place.deleted, ts)
	}
}

func (s *Slack) nextID(letter string) string {
	s.serial++
	return inventedID(letter, "slack "+letter+itoa(s.serial), 11)
}

// senderOf reads /services/{team}/{id}/{token}, and /triggers/ alike; of a bot the token that it brings.
func (s *Slack) senderOf(r *http.Request) sender {
	if method, ok := strings.CutPrefix(r.URL.Path, apiPath); ok {
		return s.botOf(r, method)
	}
	from := sender{does: r.Method}
	parts := strings.Split(r.URL.Path, "/")
	if len(parts) == 5 && (parts[1] == "services" || parts[1] == "triggers") {
		from.id, from.token = parts[3], parts[4]
	}
	return from
}

// answer is what Slack does with a request.
func (s *Slack) answer(c *call) reply {
	if method, ok := strings.CutPrefix(c.URL.Path, apiPath); ok {
		return s.callMethod(c, method)
	}
	from := s.senderOf(c.Request)
	id, token := from.id, from.token
	switch {
	case id == "" || token == "":
		return htmlReply(http.StatusNotFound, "<html><body>Not Found</body></html>")
	case c.Method != http.MethodPost:
		return textReply(http.StatusMethodNotAllowed, "method_not_allowed")
	case strings.HasPrefix(c.URL.Path, "/triggers/"):
		return s.start(c)
	}
	h, ok := s.hooks[c.URL.Path]
	if !ok {
		return s.noHook(id)
	}
	place := s.channels[h.Channel]
	if place.dead.status != 0 {
		return place.dead
	}
	if !s.options.Unlimited {
		if wait := place.rate.take(c.now); wait > 0 {
			return slackLimit(wait)
		}
	}
	m, refused := s.read(c)
	if refused.status != 0 {
		return refused
	}
	m.Webhook = h.ID
	accepted := textReply(http.StatusOK, "ok")
	_, accepted.shown = place.show(h.Channel, m, c.now)
	return accepted
}

// show adds a message to a channel. It returns the ts under which Slack knows it, and the name that the log has for it.
func (p *slackChannel) show(channel string, m SlackMessage, now time.Time) (ts, id string) {
	p.posted++
	n := p.posted
	m.At, m.TS = now, strconv.FormatInt(now.Unix(), 10)+"."+fmt.Sprintf("%06d", n)
	p.messages = append(p.messages, m)
	return m.TS, channel + "/" + itoa(n)
}

// noHook tells a webhook with a wrong token from one that does not exist.
func (s *Slack) noHook(id string) reply {
	for _, h := range s.hooks {
		if h.ID == id {
			return textReply(http.StatusForbidden, "invalid_token")
		}
	}
	return textReply(http.StatusNotFound, "no_service")
}

// start is what a workflow's trigger does: it takes a flat object of its declared variables, all texts,
// and answers {ok, error}. Slack does not document the errors' names.
// https://github.com/slackapi/node-slack-sdk/pull/2615
func (s *Slack) start(c *call) reply {
	declared, ok := s.triggers[c.URL.Path]
	if !ok {
		return jsonReply(http.StatusNotFound, map[string]any{"ok": false, "error": "trigger_not_found"})
	}
	members, ok := readObject(c.body)
	for name, value := range members {
		_, isText := value.(string)
		ok = ok && isText && slices.Contains(declared, name)
	}
	if !ok {
		return jsonReply(http.StatusBadRequest, map[string]any{"ok": false, "error": "invalid_webhook_payload"})
	}
	return jsonReply(http.StatusOK, map[string]any{"ok": true})
}

// slackLimit is Slack's 429.
// https://docs.slack.dev/apis/web-api/rate-limits
func slackLimit(wait time.Duration) reply {
	seconds := wholeSeconds(wait)
	body := `{"retry_after":` + seconds + `,"ok":false,"error":"rate_limited"}`
	return reply{status: http.StatusTooManyRequests, body: []byte(body)}.
		with("Content-Type", "application/json; charset=utf-8").with("Retry-After", seconds)
}

// fallen answers in place of a service that is broken or refuses for reasons of its own.
func (s *Slack) fallen(c *call, f Fault) reply {
	if strings.HasPrefix(c.URL.Path, apiPath) {
		if r, ok := webAPIFault(f); ok {
			return r
		}
	}
	if r, ok := commonFault(f); ok {
		return r
	}
	switch f.Kind {
	case BlockedPage, BlockedJSON:
		return htmlReply(http.StatusForbidden, "<html><title>Access denied</title><body>error code: 1015</body></html>")
	case Unknown:
		return textReply(http.StatusNotFound, "no_service")
	case BadToken:
		return textReply(http.StatusForbidden, "invalid_token")
	case Forbidden, Filtered:
		return textReply(http.StatusForbidden, "action_prohibited")
	case Gone:
		return textReply(http.StatusGone, "channel_is_archived")
	}
	return slackLimit(f.After)
}
