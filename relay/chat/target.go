package chat

import (
	"net/url"
	"strings"

	"alarmrelay/formatter"
	"alarmrelay/relay/secret"
)

// target is what of an address a request is for.
type target struct {
	front      string // a path of the host's own; empty for the webhook's
	message    string // Discord: the message to edit or delete; empty for the webhook itself
	thread     string // Discord: the thread that the message is, or shall be, in
	wait       bool   // Discord: answer with the message when it is stored
	components bool   // Discord: heed the components of the body
}

func (a *address) url(t target) string {
	if t.front != "" {
		return a.origin + t.front
	}
	return a.origin + a.path + a.token.Reveal() + a.suffix(t)
}

// suffix returns what follows the token.
func (a *address) suffix(t target) string {
	if a.service == formatter.ServiceSlack {
		return ""
	}
	var b strings.Builder
	if t.message != "" {
		b.WriteString("/messages/" + url.PathEscape(t.message))
	}
	mark := "?"
	add := func(parameter string) {
		b.WriteString(mark + parameter)
		mark = "&"
	}
	if t.wait {
		add("wait=true")
	}
	if t.thread != "" {
		add("thread_id=" + url.QueryEscape(t.thread))
	}
	if t.components {
		add("with_components=true")
	}
	return b.String()
}

// postTarget is where a new message goes. Without wait=true Discord reports
// no error for a message that it does not store:
// https://docs.discord.com/developers/resources/webhook#execute-webhook
func postTarget(m formatter.Message) target {
	return target{wait: true, thread: m.Thread, components: m.Components}
}

// PreviewPath returns the path and query that posting m would ask for, with
// [secret] for the token. The webhook's address may be zero where it is not
// known; then [id] stands for Discord's id.
func PreviewPath(service formatter.Service, webhook secret.Value, m formatter.Message) string {
	a := &address{service: service, path: "/services/"}
	if service == formatter.ServiceDiscord {
		a.path = discordAPI + "webhooks/[id]/"
	}
	if u, err := url.Parse(strings.TrimSpace(webhook.Reveal())); err == nil && u.Host != "" {
		if known, err := parseWebhook(service, webhook, []string{u.Host}); err == nil {
			a = known
		}
	}
	return a.path + "[secret]" + a.suffix(postTarget(m))
}

// hide takes what is secret out of a text that may have come from the service.
func (a *address) hide(text string) string {
	text = strings.ReplaceAll(text, a.token.Reveal(), "[secret]")
	parts := strings.FieldsFunc(a.token.Reveal(), func(r rune) bool { return strings.ContainsRune("/?&=", r) })
	for _, part := range append(parts, strings.Split(a.path, "/")...) {
		// Shorter ones are numbers and words like others.
		if len(part) >= 9 {
			text = strings.ReplaceAll(text, part, "[secret]")
		}
	}
	return text
}
