package chat

import (
	"net/http"
	"strings"
	"time"
)

// botAnswer is what Slack's Web API says. It answers errors with status 200:
// https://docs.slack.dev/apis/web-api/#responses
type botAnswer struct {
	OK          *bool // nil where the answer does not say
	Error       string
	Needed      string // the scope that is missing
	TS, Channel string // of a message that was posted
	Metadata    struct {
		Messages []string `json:"messages"` // sentences, with the place of the fault
	}
}

func (a answer) botAnswer() (said botAnswer) {
	wanted := map[string]any{"ok": &said.OK, "error": &said.Error, "needed": &said.Needed, "response_metadata": &said.Metadata}
	if a.isSuccess() {
		wanted["ts"], wanted["channel"] = &said.TS, &said.Channel
	}
	a.read(wanted)
	return said
}

// judgeBot reads the answers of chat.postMessage, chat.update and auth.test.
func judgeBot(a answer) verdict {
	said := a.botAnswer()
	v := verdict{code: codeWord(said.Error), after: a.seconds("Retry-After")}
	v.detail = strings.TrimSpace(strings.Join(append([]string{v.code}, said.places()...), " "))
	v.kind = botKind(v.code)
	switch {
	case a.isSuccess() && said.OK == nil:
		v.kind = unclear
	case a.isSuccess() && *said.OK:
		v.kind = accepted
	case a.status == http.StatusTooManyRequests:
		v.kind = limited
	case a.status == http.StatusRequestTimeout || a.status >= 500:
		v.kind = down
	case a.status == http.StatusForbidden && a.isPage():
		v.kind = blocked
	case v.code == "" && (a.status == 401 || a.status == 403 || a.status == 404 || a.status == 410):
		v.kind = dead
	}
	if v.kind == dead || v.kind == misplaced {
		v.remedy = remedy(v.code, said.Needed)
	}
	if v.code == "message_limit_exceeded" {
		v.after = max(v.after, time.Minute)
	}
	return v
}

// botKind reads the codes: the lists of errors at
// https://docs.slack.dev/reference/methods/chat.postMessage and https://docs.slack.dev/reference/methods/chat.update
func botKind(code string) kind {
	switch code {
	case "ratelimited", "rate_limited", "message_limit_exceeded":
		return limited
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "update_failed",
		"team_added_to_org", "org_login_required", "external_channel_migrating": // a move that comes to an end
		return down
	case "message_not_found", "cant_update_message", "edit_window_closed", "block_mismatch", "streaming_state_conflict":
		return gone
	case "thread_not_found", "invalid_thread_ts", "cannot_reply_to_message",
		"restricted_action_thread_locked", "restricted_action_non_threadable_channel", "restricted_action_thread_only_channel":
		return misplaced
	case "not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type",
		"missing_scope", "no_permission", "access_denied", "accesslimited", "two_factor_setup_required",
		"team_access_not_granted", "team_not_found", "enterprise_is_restricted", "ekm_access_denied",
		"channel_not_found", "not_in_channel", "is_archived", "is_inactive", "messages_tab_disabled",
		"restricted_action", "restricted_action_read_only_channel", "posting_to_general_channel_denied", "method_deprecated", "deprecated_endpoint":
		return dead
	}
	return refused
}

// remedy is what its owner does about a bot that may not post; empty where the code says all that is known.
func remedy(code, scope string) string {
	switch code {
	case "not_in_channel":
		return "invite the app to the channel: /invite @app"
	case "channel_not_found":
		return "copy the channel's id again; into a private channel the app has to be invited: /invite @app"
	case "is_archived", "is_inactive":
		return "restore the channel, or name another"
	case "missing_scope":
		if !made(scope, word+":.") || len(scope) > 64 {
			scope = "chat:write"
		}
		return "give the app the scope " + scope + " and install it again"
	case "not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type":
		return "copy the bot's token again from the app's page, OAuth & Permissions"
	case "accesslimited":
		return "the workspace takes requests from listed addresses only"
	case "restricted_action_thread_only_channel":
		return "the channel takes replies only: name another"
	}
	return ""
}

// places are where Slack found something wrong. The sentences around them quote what we sent, so they stay out.
func (b botAnswer) places() (found []string) {
	for _, said := range b.Metadata.Messages {
		_, rest, _ := strings.Cut(said, "[json-pointer:")
		place, _, ok := strings.Cut(rest, "]")
		if ok && made(place, word+"/") && len(place) <= 64 && len(found) < maxComplaints {
			found = append(found, place)
		}
	}
	return found
}
