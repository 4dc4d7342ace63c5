package chat

import (
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
// one. A thread that Discord does not take is left out: the message then
// stands in the webhook's channel. See [relay.Channel] for the errors.
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

// Edit replaces all that a message says. Its files stay where m has none, and are replaced where it has some. See
// [relay.Channel] for the errors; Slack's webhooks cannot edit.
func (w *Webhook) Edit(ctx context.Context, ref relay.Ref, m formatter.Message) error {
	if w.service == formatter.ServiceSlack {
		return fmt.Errorf("edit at Slack: incoming webhooks only post: %w", errors.ErrUnsupported)
	}
	c := call{method: http.MethodPatch, target: target{message: ref.Message, thread: m.Thread, components: m.Components}}
	if ref.Channel != "" && ref.Channel != m.Thread {
		c.target.thread = "" // it was not posted in m's thread
	}
	if _, err := w.tell(ctx, m, c, ref.Channel); err != nil {
		return fmt.Errorf("edit at Discord: %w", err)
	}
	return nil
}

// tell delivers c with m in it.
func (w *Webhook) tell(ctx context.Context, m formatter.Message, c call, channel string) (answer, error) {
	encode := func(payload any, files []formatter.File) (*body, error) {
		if c.method == http.MethodPatch {
			payload = replacement{payload, files}
		}
		return encodeBody(payload, files)
	}
	var err error
	if c.body, err = encode(m.Payload, m.Files); err != nil {
		return answer{}, err
	}
	d := delivery{call: c, channel: channel}
	if m.Plain != nil {
		d.plain = func() (*body, error) { return encode(m.Plain(), nil) }
	}
	return w.deliver(ctx, &d)
}

// Delete removes a message of this webhook. It returns an error that wraps
// [relay.ErrGone] when it is not there, and [errors.ErrUnsupported] for Slack.
func (w *Webhook) Delete(ctx context.Context, ref relay.Ref) error {
	if w.service == formatter.ServiceSlack {
		return fmt.Errorf("delete at Slack: incoming webhooks only post: %w", errors.ErrUnsupported)
	}
	c := call{method: http.MethodDelete, target: target{message: ref.Message}}
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
