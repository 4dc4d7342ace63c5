// Package chat posts messages over HTTP to Discord's and Slack's webhooks, and by
// a bot's token to Slack's channels: one client for all, with the services' rate
// limits, retries and ways to fail.
//
// It decides neither what is said nor to whom, and it shows an address or a
// token to nobody: not in an error, not in a log.
package chat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/secret"
)

// Options are what webhooks and bots have in common. The zero value is good for one.
type Options struct {
	HTTP       *http.Client // only its Transport is used; nil is a NewHTTPClient of its own
	Gate       *Gate        // shared by all of a process; nil is one of its own
	AllowHosts []string     // hosts beside Discord's and Slack's, see [CheckURL] and [CheckToken]
	// UserAgent is sent with every request. Discord's front door wants the form
	// DiscordBot ($url, $version): https://docs.discord.com/developers/reference#user-agent
	UserAgent string
	Timeout   time.Duration // of one request; 0 is 5 s
	MaxWait   time.Duration // of all waiting for one message; 0 is 10 s, less than 0 is no waiting
	Reserve   time.Duration // what no wait takes of a context's last time; 0 is 2 s
	Log       *slog.Logger  // is told when a message goes elsewhere than it was meant to; nil is nobody
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
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// line is the way to one channel: a webhook's address, or a bot's token, and the requests
// that go there one after another, in the order of the calls.
type line struct {
	service   formatter.Service
	bot       bool // a bot's token is what is fetched, and goes into a header
	fetch     func(context.Context) (secret.Value, error)
	parse     func(value secret.Value, allowHosts []string) (*address, error)
	judge     func(answer) verdict
	options   Options
	transport http.RoundTripper

	home home // where people see what is posted

	turn    chan struct{} // holds one token while somebody has the turn, who alone uses what follows
	address *address      // nil until it was fetched
	pace    pace
}

func newLine(service formatter.Service, fetch func(context.Context) (secret.Value, error), o Options) line {
	o = o.withDefaults()
	transport := o.HTTP.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	return line{service: service, fetch: fetch, options: o, transport: transport, turn: make(chan struct{}, 1)}
}

// Service returns whose channel it is.
func (l *line) Service() formatter.Service { return l.service }

// warm fetches the address and opens the connection that the first message will use, by
// asking for a path of the host's own.
func (l *line) warm(ctx context.Context, path string) error {
	a, err := l.whereto(ctx)
	if err == nil {
		_, err = l.exchange(ctx, a, call{method: http.MethodGet, target: target{front: path}})
	}
	if err != nil {
		return fmt.Errorf("warm up %s: %w", title(l.service), err)
	}
	return nil
}

// whereto returns the address in its own turn.
func (l *line) whereto(ctx context.Context) (*address, error) {
	if err := l.takeTurn(ctx); err != nil {
		return nil, err
	}
	defer l.endTurn()
	if err := l.resolve(ctx); err != nil {
		return nil, err
	}
	return l.address, nil
}

// takeTurn waits until nobody else uses the line; callers get it in the
// order in which they came.
func (l *line) takeTurn(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case l.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for earlier messages: %w", ctx.Err())
	}
}

func (l *line) endTurn() { <-l.turn }

// resolve fetches the address unless it is known.
func (l *line) resolve(ctx context.Context) error {
	if l.address != nil {
		return nil
	}
	fetched, err := l.fetchAddress(ctx)
	if err != nil {
		return err
	}
	l.address = fetched
	return nil
}

func (l *line) fetchAddress(ctx context.Context) (*address, error) {
	value, err := l.fetch(ctx)
	if errors.Is(err, secret.ErrMissing) {
		return nil, fmt.Errorf("%w: %w", &relay.DeadError{Bot: l.bot}, err)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch the %s: %w", l.secret(), err)
	}
	a, err := l.parse(value, l.options.AllowHosts)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", &relay.DeadError{Bot: l.bot}, err)
	}
	return a, nil
}

// secret is what has to be kept secret of the line.
func (l *line) secret() string {
	if l.bot {
		return "bot's token"
	}
	return "webhook's address"
}

// deadError says that nothing can be posted by the line any more.
func (l *line) deadError(status int, v verdict) error {
	return &relay.DeadError{Status: status, Code: v.code, Remedy: v.remedy, Bot: l.bot}
}
