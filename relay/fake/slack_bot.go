package fake

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// SlackBot is an app that may call the Web API.
type SlackBot struct {
	ID    string // A and digits
	Token string // xoxb-...
}

// Secret is what is kept for the bot where the Web API lies at base, a scheme and host: its token, and for another host than
// https://slack.com https://TOKEN@HOST.
func (b SlackBot) Secret(base string) string {
	scheme, host, _ := strings.Cut(base, "://")
	if base == "https://slack.com" {
		return b.Token
	}
	return scheme + "://" + b.Token + "@" + host
}

type slackBot struct {
	SlackBot
	scopes []string
	dead   string // the code of every answer, where its token is good no more
	edits  window // https://docs.slack.dev/apis/web-api/rate-limits (tier 3)
}

// The scopes that matter to who posts.
const (
	scopeWrite     = "chat:write"
	scopePublic    = "chat:write.public"    // also in channels that it was not invited to
	scopeCustomize = "chat:write.customize" // under another name
)

// AddBot makes an app with these scopes, chat:write where none are named. The same calls make the same ids and tokens.
func (s *Slack) AddBot(scopes ...string) SlackBot {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(scopes) == 0 {
		scopes = []string{scopeWrite}
	}
	id := s.nextID("A")
	b := SlackBot{ID: id, Token: "xoxb-" + itoa(7_000_000_000_000+s.serial) + "-" + inventedID("", "bot "+id, 24)}
	s.bots[b.Token] = &slackBot{SlackBot: b, scopes: scopes, edits: window{limit: 50, span: time.Minute}}
	return b
}

// Invite makes a bot a member of a channel.
func (s *Slack) Invite(b SlackBot, channelID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := s.channels[channelID]
	place.members = append(place.members, b.ID)
}

// Revoke makes a bot's token worthless.
func (s *Slack) Revoke(b SlackBot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bots[b.Token].dead = "token_revoked"
}

// botOf reads who calls a method of the Web API.
func (s *Slack) botOf(r *http.Request, method string) sender {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	from := sender{token: token, does: method}
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.bots[token]; ok {
		from.id = b.ID
	}
	return from
}

func (b *slackBot) may(scope string) bool { return slices.Contains(b.scopes, scope) }

// mayPost returns the code with which a bot is turned away from a channel; empty where it may post and edit.
func (b *slackBot) mayPost(place *slackChannel) string {
	switch {
	case place == nil:
		return "channel_not_found"
	case place.why != "":
		return place.why
	case !slices.Contains(place.members, b.ID) && !b.may(scopePublic):
		return "not_in_channel"
	}
	return ""
}
