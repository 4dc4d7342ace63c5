package fake

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// apiPath is where the Web API lies.
const apiPath = "/api/"

// callMethod answers a call of the Web API: with status 200 whether or not it did as asked.
func (s *Slack) callMethod(c *call, method string) reply {
	switch method {
	case "api.test":
		return jsonReply(http.StatusOK, map[string]any{"ok": true})
	case "auth.test", "chat.getPermalink", byPost, byUpdate:
	default:
		return webAPIError("unknown_method")
	}
	token, ok := strings.CutPrefix(c.Header.Get("Authorization"), "Bearer ")
	b := s.bots[token]
	switch {
	case !ok || token == "":
		return webAPIError("not_authed")
	case b == nil:
		return webAPIError("invalid_auth")
	case b.dead != "":
		return webAPIError(b.dead)
	case method == "auth.test":
		return jsonReply(http.StatusOK, map[string]any{"ok": true, "url": teamURL(c), "bot_id": "B" + b.ID[1:], "is_enterprise_install": false})
	case method == "chat.getPermalink":
		return s.permalink(c)
	case !b.may(scopeWrite):
		return jsonReply(http.StatusOK, map[string]any{"ok": false, "error": "missing_scope", "needed": scopeWrite, "provided": strings.Join(b.scopes, ",")})
	}
	media, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || media != "application/json" || c.Method != http.MethodPost {
		return webAPIError("invalid_post_type", "no POST with application/json")
	}
	members, ok := readObject(c.body)
	if !ok {
		return webAPIError("invalid_json", "not one JSON object")
	}
	channel, _ := members["channel"].(string)
	place := s.channels[channel]
	if code := b.mayPost(place); code != "" {
		return webAPIError(code)
	}
	if method == byUpdate {
		return s.updateMessage(c, b, place, members)
	}
	return s.postMessage(c, b, place, members)
}

// teamURL is the address of the workspace: of slack.com's, and else of the fake itself.
func teamURL(c *call) string {
	switch {
	case c.Host == "slack.com":
		return "https://team.slack.com/"
	case c.TLS == nil && c.URL.Scheme != "https":
		return "http://" + c.Host + "/"
	}
	return "https://" + c.Host + "/"
}

// permalink is https://docs.slack.dev/reference/methods/chat.getPermalink
func (s *Slack) permalink(c *call) reply {
	channel, ts := c.URL.Query().Get("channel"), c.URL.Query().Get("message_ts")
	place := s.channels[channel]
	if place == nil {
		return webAPIError("channel_not_found")
	}
	i := place.find(ts)
	if i < 0 {
		return webAPIError("message_not_found")
	}
	link := teamURL(c) + "archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")
	if thread := place.messages[i].Thread; thread != "" {
		link += "?thread_ts=" + thread + "&cid=" + channel
	}
	return jsonReply(http.StatusOK, map[string]any{"ok": true, "channel": channel, "permalink": link})
}

// postMessage is https://docs.slack.dev/reference/methods/chat.postMessage
func (s *Slack) postMessage(c *call, b *slackBot, place *slackChannel, members map[string]any) reply {
	if !s.options.Unlimited {
		if wait := place.rate.take(c.now); wait > 0 {
			return webAPILimit(wholeSeconds(wait))
		}
	}
	m, word, why := s.judge(members, byPost)
	if word != "" {
		return webAPIError(word, why...)
	}
	m.Thread, _ = members["thread_ts"].(string)
	if m.Thread != "" {
		i := place.find(m.Thread)
		switch {
		case !isTS(m.Thread):
			return webAPIError("invalid_thread_ts", m.Thread+" is no ts")
		case slices.Contains(place.deleted, m.Thread): // replies are taken all the same
		case i < 0 || place.messages[i].Thread != "":
			return webAPIError("thread_not_found", "no message of the channel itself has this ts")
		}
		m.Broadcast, _ = members["reply_broadcast"].(bool)
	}
	if b.may(scopeCustomize) { // the others' wish is ignored
		m.Username, _ = members["username"].(string)
		m.Icon, _ = members["icon_url"].(string)
	}
	m.Webhook = b.ID
	channel, _ := members["channel"].(string)
	ts, id := place.show(channel, m, c.now)
	return accepted(channel, ts, id, members)
}

// updateMessage is https://docs.slack.dev/reference/methods/chat.update
func (s *Slack) updateMessage(c *call, b *slackBot, place *slackChannel, members map[string]any) reply {
	if !s.options.Unlimited && !b.edits.take(c.now) {
		return webAPILimit(wholeSeconds(b.edits.resetAfter(c.now)))
	}
	ts, _ := members["ts"].(string)
	i := place.find(ts)
	switch {
	case i < 0:
		return webAPIError("message_not_found")
	case place.messages[i].Webhook != b.ID:
		return webAPIError("cant_update_message")
	}
	before := &place.messages[i]
	if text, ok := members["text"].(string); ok && len(text) > maxUpdateText {
		return webAPIError("msg_too_long", itoa(len(text))+" bytes of text")
	}
	m, word, why := s.judge(members, byUpdate)
	if word != "" {
		return webAPIError(word, why...)
	}
	before.replace(m, members)
	before.EditedAt = c.now
	channel, _ := members["channel"].(string)
	_, number, _ := strings.Cut(ts, ".")
	return accepted(channel, ts, channel+"/"+strings.TrimLeft(number, "0"), members)
}

// replace puts next in the place of what m says. What the edit's members do not name stays, but for blocks where there is a text instead.
func (m *SlackMessage) replace(next SlackMessage, members map[string]any) {
	if members["attachments"] == nil {
		next.Attachments = m.Attachments
		next.keep(m, "attachments")
	}
	if members["text"] == nil {
		next.Text = m.Text
		next.keep(m, "text")
		if members["blocks"] == nil {
			next.Blocks = m.Blocks
			next.keep(m, "blocks")
		}
	}
	if members["parse"] == nil { // then it is "client", and names are looked for
		next.Pings = append(next.Pings, bareNames(next.Text)...)
	}
	for _, who := range next.Pings {
		if !slices.Contains(m.Pings, who) {
			m.Pings = append(m.Pings, who)
		}
	}
	m.Text, m.Cut, m.Blocks, m.Attachments, m.Raw = next.Text, next.Cut, next.Blocks, next.Attachments, next.Raw
	m.Edits++
}

// keep takes over what another message says under a name.
func (m *SlackMessage) keep(from *SlackMessage, name string) {
	if said, ok := from.Raw[name]; ok {
		m.Raw[name] = said
	}
}

// find returns the place of a message in its channel, less than 0 where there is none.
func (p *slackChannel) find(ts string) int {
	return slices.IndexFunc(p.messages, func(m SlackMessage) bool { return m.TS == ts })
}

func isTS(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	_, fraction, _ := strings.Cut(text, ".")
	return err == nil && len(fraction) == 6 && len(text) >= len("946684800.000001") // the year 2000, when test bubbles begin
}

// accepted is the answer to who posted or edited: it retells the message, last of all.
func accepted(channel, ts, id string, members map[string]any) reply {
	r := jsonReply(http.StatusOK, struct {
		OK      bool           `json:"ok"`
		Channel string         `json:"channel"`
		TS      string         `json:"ts"`
		Message map[string]any `json:"message"`
	}{true, channel, ts, members})
	r.shown = id
	return r
}

// webAPIError is how the Web API refuses. What stands in messages is for people, with the place of the fault.
// https://docs.slack.dev/apis/web-api/#responses
func webAPIError(code string, why ...string) reply {
	answer := map[string]any{"ok": false, "error": code}
	var messages []string
	for _, w := range why {
		path, _, _ := strings.Cut(w, ":")
		messages = append(messages, "[ERROR] "+w+" [json-pointer:/"+strings.ReplaceAll(path, ".", "/")+"]")
	}
	if len(messages) > 0 {
		answer["response_metadata"] = map[string]any{"messages": messages}
	}
	r := jsonReply(http.StatusOK, answer)
	r.why = why
	return r
}

func webAPILimit(seconds string) reply {
	return jsonReply(http.StatusTooManyRequests, map[string]any{"ok": false, "error": "ratelimited"}).with("Retry-After", seconds)
}

// apiFault answers the faults that look different in the Web API.
func webAPIFault(f Fault) (r reply, ok bool) {
	code := map[FaultKind]string{Unknown: "channel_not_found", BadToken: "invalid_auth", Forbidden: "restricted_action", Filtered: "restricted_action", Gone: "is_archived"}[f.Kind]
	switch f.Kind {
	case Limited, LimitedGlobally, LimitedEdits:
		return webAPILimit(wholeSeconds(f.After)), true
	case Down:
		if f.Status == http.StatusOK {
			code = "internal_error"
		}
	}
	return webAPIError(code), code != ""
}
