package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"alarmrelay/relay/chat"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
	"alarmrelay/relay/setup"
)

// stage is a Discord and a Slack of our own on this machine, with a channel for
// each destination of a configuration.
type stage struct {
	rules     *rule.Config
	discord   *fake.Discord
	slack     *fake.Slack
	drawn     *fake.CloudWatch
	servers   []*http.Server
	discordAt string // origins
	slackAt   string
	channels  map[roomID]*room // all that were ever there
	rooms     map[string]*room // those of the configuration, by destination
}

// webhookName is who posts at [fake.Discord] unless a message says otherwise.
const webhookName = "Captain Hook"

// openStage starts both services on loopback and makes the configuration lead there, as [stage.bind] does.
func openStage(ctx context.Context, c *rule.Config, o fake.Options) (s *stage, err error) {
	s = &stage{discord: fake.NewDiscord(o), slack: fake.NewSlack(o), channels: map[roomID]*room{}}
	unlogged := fake.Options{Watch: func(fake.Exchange) {}} // nobody asks, and a demo may go on for days
	s.drawn = fake.NewCloudWatch(unlogged, sampleHome.Region, sampleHome.Account)
	if s.discordAt, err = s.serve(ctx, s.discord); err == nil {
		s.slackAt, err = s.serve(ctx, s.slack)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	s.bind(c)
	return s, nil
}

// serve puts a service behind a port of loopback.
func (s *stage) serve(ctx context.Context, h http.Handler) (origin string, err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("open a port on this machine: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	s.servers = append(s.servers, server)
	go func() { _ = server.Serve(listener) }() // until close; if it fails before, so do the deliveries, and that is told
	return "http://" + listener.Addr().String(), nil
}

func (s *stage) close() {
	s.discord.Close()
	s.slack.Close()
	s.drawn.Close()
	for _, server := range s.servers {
		_ = server.Close()
	}
}

// destinations are the real ways to the stage's channels.
func (s *stage) destinations() map[string]setup.Destination {
	return setup.Destinations(s.rules, noSecrets{}, chat.Options{UserAgent: setup.UserAgent(version)})
}

// noSecrets is a [secret.Source] that has none: whatever refers to one on a stage was forgotten when the stage was bound.
type noSecrets struct{}

func (noSecrets) Fetch(_ context.Context, r secret.Reference) (secret.Value, error) {
	return secret.Value{}, fmt.Errorf("%v: no reference is resolved on a stage: %w", r, secret.ErrMissing)
}

// requests returns how many requests were made, and how many of them were turned away for a rate limit.
func (s *stage) requests() (all, limited int) {
	log := append(s.discord.Log(), s.slack.Log()...)
	for _, exchange := range log {
		if exchange.Status == http.StatusTooManyRequests {
			limited++
		}
	}
	return len(log), limited
}
