package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
	"alarmrelay/relay/setup"
)

// stage is a Discord and a Slack of our own on this machine, with a channel for
// each destination of a configuration.
type stage struct {
	rules   *rule.Config
	discord *fake.Discord
	slack   *fake.Slack
	servers []*http.Server
	places  map[string]string // ids of channels, by destination
}

// webhookName is who posts at [fake.Discord] unless a message says otherwise.
const webhookName = "Captain Hook"

// openStage starts both services on loopback and makes the configuration lead
// there: each destination's webhook, or bot and channel, is replaced, and no reference is resolved.
func openStage(ctx context.Context, c *rule.Config, o fake.Options) (*stage, error) {
	s := &stage{rules: c, discord: fake.NewDiscord(o), slack: fake.NewSlack(o), places: map[string]string{}}
	c.AllowHosts = nil
	discordAt, err := s.serve(ctx, s.discord)
	if err != nil {
		return nil, err
	}
	slackAt, err := s.serve(ctx, s.slack)
	if err != nil {
		s.close()
		return nil, err
	}
	for i := range c.Destinations {
		d := &c.Destinations[i]
		var place, address string
		if d.Service == formatter.ServiceSlack {
			hook := s.slack.AddChannel(d.Name)
			place, address = hook.Channel, hook.URL(slackAt)
			if d.IsBot() {
				d.Channel, address = place, s.bot(place).Secret(slackAt)
			}
		} else {
			hook := s.discord.AddChannel(fake.Channel{Name: d.Name})
			place, address = hook.Channel, hook.URL(discordAt)
			d.Voice.Thread = s.thread(place, d.Voice.Thread)
		}
		s.places[d.Name] = place
		d.Webhook = rule.Webhook{Address: secret.New(address)}
	}
	s.openThreads()
	return s, nil
}

// bot makes a bot that may post in a channel of Slack's, also under another name.
func (s *stage) bot(place string) fake.SlackBot {
	b := s.slack.AddBot("chat:write", "chat:write.customize")
	s.slack.Invite(b, place)
	return b
}

// serve puts a service behind a port of loopback and allows webhooks there.
func (s *stage) serve(ctx context.Context, h http.Handler) (origin string, err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("open a port on this machine: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	s.servers = append(s.servers, server)
	s.rules.AllowHosts = append(s.rules.AllowHosts, listener.Addr().String())
	go func() { _ = server.Serve(listener) }() // until close; if it fails before, so do the deliveries, and that is told
	return "http://" + listener.Addr().String(), nil
}

// thread opens a thread in the place of one of the configuration's.
func (s *stage) thread(place, name string) string {
	if name == "" {
		return ""
	}
	return s.discord.AddThread(place, fake.Thread{Name: name})
}

// openThreads opens the threads that rules name in the channel of their Discord destination.
func (s *stage) openThreads() {
	for i := range s.rules.Rules {
		r := &s.rules.Rules[i]
		at := slices.IndexFunc(r.To, func(name string) bool {
			d, _ := s.rules.Destination(name)
			return d.Service == formatter.ServiceDiscord
		})
		if at >= 0 {
			r.Voice.Thread = s.thread(s.places[r.To[at]], r.Voice.Thread)
		}
	}
}

func (s *stage) close() {
	s.discord.Close()
	s.slack.Close()
	for _, server := range s.servers {
		_ = server.Close()
	}
}

// destinations are the real ways to the stage's channels.
func (s *stage) destinations() map[string]setup.Destination {
	return setup.Destinations(s.rules, secret.Local{}, chat.Options{UserAgent: setup.UserAgent(version)})
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

// messages returns what a destination's channel shows to a reader.
func (s *stage) messages(d rule.Destination, r reader) []shown {
	seen := []shown{}
	if d.Service == formatter.ServiceSlack {
		for _, m := range s.slack.Messages(s.places[d.Name]) {
			seen = append(seen, r.slack(m))
		}
		return seen
	}
	threads := map[string]string{}
	for _, t := range s.discord.Threads(s.places[d.Name]) {
		threads[t.ID] = t.Name
	}
	for _, m := range s.discord.Messages(s.places[d.Name]) {
		m.Thread = threads[m.Thread]
		if m.Username == webhookName {
			m.Username = ""
		}
		seen = append(seen, r.discord(m))
	}
	return seen
}
