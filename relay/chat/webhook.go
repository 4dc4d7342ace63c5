// Package chat posts messages to Discord's and Slack's webhooks over HTTP: one
// client for both, with their rate limits, retries and ways to fail.
//
// It decides neither what is said nor to whom, and it shows an address to
// nobody: not in an error, not in a log.
package chat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/secret"
)

// Options are what webhooks have in common. The zero value is good for one.
type Options struct {
	HTTP       *http.Client // only its Transport is used; nil is a NewHTTPClient of its own
	Gate       *Gate        // shared by all webhooks of a process; nil is one of its own
	AllowHosts []string     // hosts beside Discord's and Slack's, see [CheckURL]
	// UserAgent is sent with every request. Discord's front door wants the form
	// DiscordBot ($url, $version): https://docs.discord.com/developers/reference#user-agent
	UserAgent string
	Timeout   time.Duration // of one request; 0 is 5 s
	MaxWait   time.Duration // of all waiting for one message; 0 is 10 s, less than 0 is no waiting
	Reserve   time.Duration // what no wait takes of a context's last time; 0 is 2 s
}

func (o Options) withDefaults() Options {
	if o.HTTP == nil {
		o.HTTP = NewHTTPClient()
	}
	if o.Gate == nil {
		o.Gate = new(Gate)
	}
	if o.UserAgent == "" {
		o.UserAgent = "DiscordBot (https://alarmrelay.invalid, 0.1)"
	}
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Second
	}
	if o.MaxWait == 0 {
		o.MaxWait = 10 * time.Second
	}
	if o.Reserve == 0 {
		o.Reserve = 2 * time.Second
	}
	return o
}

// Webhook is one Discord or Slack webhook. Its methods may be called from
// several goroutines; requests are made one after another, in the order of the calls.
type Webhook struct {
	service   formatter.Service
	fetch     func(context.Context) (secret.Value, error)
	options   Options
	transport http.RoundTripper

	turn    chan struct{} // holds one token while somebody has the turn, who alone uses what follows
	address *address      // nil until it was fetched
	pace    pace
}

var _ relay.Channel = (*Webhook)(nil)

// New returns the webhook whose address fetch gives. fetch is called when the
// address is first needed, and again when the service says that the webhook is dead; its
// errors are passed on, so they must not hold the address.
func New(service formatter.Service, fetch func(context.Context) (secret.Value, error), o Options) *Webhook {
	o = o.withDefaults()
	transport := o.HTTP.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	return &Webhook{service: service, fetch: fetch, options: o, transport: transport, turn: make(chan struct{}, 1)}
}

// Format prints whose webhook it is and nothing else of it, with every verb.
func (w *Webhook) Format(s fmt.State, _ rune) {
	fmt.Fprintf(s, "%s webhook [secret]", title(w.service))
}

// Service returns whose webhook it is.
func (w *Webhook) Service() formatter.Service { return w.service }

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
	a, err := w.whereto(ctx)
	if err != nil {
		return fmt.Errorf("warm up %s: %w", title(w.service), err)
	}
	front := target{front: "/"}
	if w.service == formatter.ServiceDiscord {
		front.front = discordAPI + "gateway"
	}
	if _, err := w.exchange(ctx, a, call{method: http.MethodGet, target: front}); err != nil {
		return fmt.Errorf("warm up %s: %w", title(w.service), err)
	}
	return nil
}

// whereto returns the address in its own turn.
func (w *Webhook) whereto(ctx context.Context) (*address, error) {
	if err := w.takeTurn(ctx); err != nil {
		return nil, err
	}
	defer w.endTurn()
	if err := w.resolve(ctx); err != nil {
		return nil, err
	}
	return w.address, nil
}

// takeTurn waits until nobody else uses the webhook; callers get it in the
// order in which they came.
func (w *Webhook) takeTurn(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case w.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for earlier messages: %w", ctx.Err())
	}
}

func (w *Webhook) endTurn() { <-w.turn }

// resolve fetches the address unless it is known.
func (w *Webhook) resolve(ctx context.Context) error {
	if w.address != nil {
		return nil
	}
	fetched, err := w.fetchAddress(ctx)
	if err != nil {
		return err
	}
	w.address = fetched
	return nil
}

func (w *Webhook) fetchAddress(ctx context.Context) (*address, error) {
	value, err := w.fetch(ctx)
	if errors.Is(err, secret.ErrMissing) {
		return nil, fmt.Errorf("%w: %w", &relay.DeadError{}, err)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch the webhook's address: %w", err)
	}
	a, err := parseWebhook(w.service, value, w.options.AllowHosts)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", &relay.DeadError{}, err)
	}
	return a, nil
}
