package chat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/secret"
)

// Webhook is one Discord or Slack webhook. Its methods may be called from
// several goroutines; requests are made one after another, in the order of the calls.
type Webhook struct{ line }

var _ relay.Channel = (*Webhook)(nil)

// New returns the webhook whose address fetch gives. fetch is called when the
// address is first needed, and again when the service says that the webhook is dead; its
// errors are passed on, so they must not hold the address.
func New(service formatter.Service, fetch func(context.Context) (secret.Value, error), o Options) *Webhook {
	w := &Webhook{newLine(service, fetch, o)}
	w.parse = func(value secret.Value, allowHosts []string) (*address, error) {
		return parseWebhook(service, value, allowHosts)
	}
	w.judge = judgeDiscord
	if service == formatter.ServiceSlack {
		w.judge = judgeSlack
	}
	return w
}

// Format prints whose webhook it is and nothing else of it, with every verb.
func (w *Webhook) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "%s webhook [secret]", title(w.service))
}

// Post sends a new message and returns its id where the service tells one.
//
// A message that is refused is sent once more as m.Plain, where there is
// one. A thread or a tag that Discord does not take is left out: the message then
// stands in the webhook's channel, or in a post of its own where that is a forum. See [relay.Channel] for the errors.
func (w *Webhook) Post(ctx context.Context, m formatter.Message) (relay.Ref, error) {
	a, err := w.tell(ctx, m, call{method: http.MethodPost, target: postTarget(m)}, "")
	if err != nil {
		return relay.Ref{}, fmt.Errorf("post to %s: %w", title(w.service), err)
	}
	if w.service == formatter.ServiceSlack {
		return relay.Ref{}, nil
	}
	return a.ref(), nil
}

// Edit replaces all that a message says. Its files are those that m's body lists; where it lists none, they stay where m
// has none, and are replaced where it has some. See [relay.Channel] for the errors; Slack's webhooks cannot edit.
func (w *Webhook) Edit(ctx context.Context, ref relay.Ref, m formatter.Message) (relay.Ref, error) {
	if w.service == formatter.ServiceSlack {
		return relay.Ref{}, fmt.Errorf("edit at Slack: incoming webhooks only post: %w", errors.ErrUnsupported)
	}
	c := call{method: http.MethodPatch, target: target{message: ref.Message, thread: w.threadOf(ref, m.Thread), components: m.Components}}
	a, err := w.tell(ctx, m, c, ref.Channel)
	if errors.Is(err, errArchived) {
		err = w.awake(ctx, cmp.Or(ref.Channel, m.Thread), func() (err error) { a, err = w.tell(ctx, m, c, ref.Channel); return err })
	}
	if err != nil {
		return relay.Ref{}, fmt.Errorf("edit at Discord: %w", err)
	}
	ref.Picture = a.picture()
	return ref, nil
}

// threadOf is the thread that a message is in, as far as that is known; wanted is the one that it was to be posted in.
func (w *Webhook) threadOf(ref relay.Ref, wanted string) string {
	switch {
	case ref.Channel == "":
		return wanted
	case ref.Channel == wanted, ref.Channel == ref.Message, w.home.isElsewhere(ref.Channel):
		return ref.Channel // a forum's post has the id of its first message
	}
	return ""
}

// tell delivers c with m in it.
func (w *Webhook) tell(ctx context.Context, m formatter.Message, c call, channel string) (answer, error) {
	d := delivery{call: c, channel: channel}
	d.draft = &draft{payload: m.Payload, files: m.Files, plain: m.Plain, encode: func(payload any, files []formatter.File) (*body, error) {
		if c.method == http.MethodPatch {
			return encodeBody(replacement{payload, files}, files)
		}
		return encodeBody(rerouted{payload, d.detour}, files)
	}}
	return w.deliver(ctx, &d)
}

// Delete removes a message of this webhook. It returns an error that wraps
// [relay.ErrGone] when it is not there, and [errors.ErrUnsupported] for Slack.
func (w *Webhook) Delete(ctx context.Context, ref relay.Ref) error {
	if w.service == formatter.ServiceSlack {
		return fmt.Errorf("delete at Slack: incoming webhooks only post: %w", errors.ErrUnsupported)
	}
	c := call{method: http.MethodDelete, target: target{message: ref.Message, thread: w.threadOf(ref, "")}}
	if _, err := w.deliver(ctx, &delivery{call: c, channel: ref.Channel}); err != nil {
		return fmt.Errorf("delete at Discord: %w", err)
	}
	return nil
}

// Alive asks the service whether the webhook exists, and shows nothing to
// anybody. It returns nil when it does, and otherwise an error as [Webhook.Post] does.
func (w *Webhook) Alive(ctx context.Context) error {
	c := call{method: http.MethodGet}
	if w.service == formatter.ServiceSlack {
		// Nothing can be read from an incoming webhook. It refuses an empty
		// message for being empty only when it exists.
		c = call{method: http.MethodPost, body: &body{"application/json", []byte(`{"text":""}`)}}
	}
	_, err := w.deliver(ctx, &delivery{call: c})
	if refusal := (*relay.RefusedError)(nil); w.service == formatter.ServiceSlack && errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for %s's webhook: %w", title(w.service), err)
	}
	return nil
}

// Warm fetches the address and opens the connection that the first message
// will use. It posts nothing; any answer at all is a success.
func (w *Webhook) Warm(ctx context.Context) error {
	if w.service == formatter.ServiceDiscord {
		return w.warm(ctx, discordAPI+"gateway")
	}
	return w.warm(ctx, "/")
}
