package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/cloud"
	"alarmrelay/relay/cloud/account"
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
	drawn   *fake.CloudWatch
	servers []*http.Server
	places  map[string]string // ids of channels, by destination
}

// webhookName is who posts at [fake.Discord] unless a message says otherwise.
const webhookName = "Captain Hook"

// openStage starts both services on loopback and makes the configuration lead
// there: each destination's webhook, or bot and channel, is replaced, and no reference is resolved.
func openStage(ctx context.Context, c *rule.Config, o fake.Options) (*stage, error) {
	s := &stage{rules: c, discord: fake.NewDiscord(o), slack: fake.NewSlack(o), places: map[string]string{}}
	s.drawn = fake.NewCloudWatch(fake.Options{}, sampleHome.Region, sampleHome.Account)
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
			hook := s.discordChannel(d)
			place, address = hook.Channel, hook.URL(discordAt)
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

// graphs are those of a CloudWatch on this machine, which draws in one Region what nobody has measured.
func (s *stage) graphs() relay.Grapher {
	cfg := account.Local(sampleHome.Region, fake.Transport{"monitoring." + sampleHome.Region + ".amazonaws.com": s.drawn})
	return cloud.NewGraphs(func(context.Context) (account.Config, error) { return cfg, nil })
}

// everywhere is what each destination's channel shows to a reader.
func (s *stage) everywhere(r reader) map[string][]shown {
	all := map[string][]shown{}
	for _, d := range s.rules.Destinations {
		all[d.Name] = s.messages(d, r)
	}
	return all
}

// messages returns what a destination's channel shows to a reader.
func (s *stage) messages(d rule.Destination, r reader) []shown {
	seen, sources := []shown{}, []string{}
	if d.Service == formatter.ServiceSlack {
		for _, m := range s.slack.Messages(s.places[d.Name]) {
			seen, sources = append(seen, r.slack(m)), append(sources, string(mustJSON(m)))
		}
		return led(seen, sources)
	}
	threads := map[string]fake.Thread{}
	for _, t := range s.discord.Threads(s.places[d.Name]) {
		threads[t.ID] = t
	}
	for _, m := range s.discord.Messages(s.places[d.Name]) {
		thread := threads[m.Thread]
		m.Thread = thread.Name
		if m.Username == webhookName {
			m.Username = ""
		}
		one := r.discord(m)
		one.tags = r.tagged(thread.Tags)
		seen, sources = append(seen, one), append(sources, string(mustJSON([]any{m.Content, m.Embeds})))
	}
	return led(seen, sources)
}

// linkTo is an address that shows a message: in Discord it ends in the message's id, in Slack in its ts without the dot.
var linkTo = regexp.MustCompile(`/channels/[0-9]+/[0-9]+/([0-9]+)|/archives/[A-Z0-9]+/p([0-9]+)`)

// led fills in which messages of a channel the others lead to, by what they say; sources are the messages as they were written.
func led(seen []shown, sources []string) []shown {
	says := map[string]string{}
	for _, m := range seen {
		says[strings.ReplaceAll(m.id, ".", "")] = m.headline()
	}
	for i := range seen {
		m := &seen[i]
		if m.reply {
			m.thread = says[strings.ReplaceAll(m.thread, ".", "")]
		}
		for _, found := range linkTo.FindAllStringSubmatch(sources[i], -1) {
			if said := says[found[1]+found[2]]; said != "" && !slices.Contains(m.leads, said) {
				m.leads = append(m.leads, said)
			}
		}
	}
	return seen
}
