package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"alarmrelay/deploy/judge"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/secret"
	"alarmrelay/relay/setup"
)

// instance is one instance of the function.
type instance struct {
	*life
	relay *relay.Relay
}

// webhooks is the source of the webhooks' addresses.
type webhooks map[string]string

// Fetch implements [secret.Source].
func (w webhooks) Fetch(_ context.Context, r secret.Reference) (secret.Value, error) {
	if w[r.Name] == "" {
		return secret.Value{}, fmt.Errorf("%v: %w", r, secret.ErrMissing)
	}
	return secret.New(w[r.Name]), nil
}

func (r *virtualRun) newInstance() *instance {
	l := &life{weather: r.weather, network: r.network, doom: r.doom, trouble: map[string][]judge.Trouble{}}
	addresses := webhooks(r.town.addresses("https://discord.com", "https://hooks.slack.com", "https://slack.com"))
	hooks := setup.Destinations(r.rules, addresses, chat.Options{HTTP: &http.Client{Transport: l}, UserAgent: setup.UserAgent("virtual")})
	r.mu.Lock()
	r.lives = append(r.lives, l)
	r.mu.Unlock()
	skew := r.weather.upTo(2*maxSkew) - maxSkew
	if r.doom != nil {
		skew = 0
	}
	now := func() time.Time { return time.Now().Add(skew) }
	store := incident.Store(r.memory)
	if r.store != nil {
		store = r.store(r, now)
	}
	q := queues{l, r.town.queue, r.town.dead}
	return &instance{l, &relay.Relay{
		Rules: r.rules, Channels: setup.Channels(hooks), Store: wavering{l, store}, Queue: q, DeadLetters: q,
		Measure: r.meter, Now: now,
		Log: slog.New(slog.NewJSONHandler(r.meter.open(), &slog.HandlerOptions{ReplaceAttr: asLambda})),
	}}
}

// asLambda names fields as the function does.
func asLambda(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.MessageKey {
		a.Key = "message"
	}
	return a
}

// Report implements [relay.Measure].
func (m *meter) Report(c relay.Counts) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range c.Destinations {
		m.sums["Doubtful"] += float64(d.Doubtful)
	}
}
