package main

import (
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

const (
	discordHost = "discord.com"
	slackHost   = "hooks.slack.com"
)

// chat is Discord and Slack under their own names, behind a [gate], with a channel for each destination.
type chat struct {
	discord     *fake.Discord
	slack       *fake.Slack
	servers     []*httptest.Server
	gate        *gate
	certificate tls.Certificate
	root        string // path of the certificate that vouches for all of them
	channels    map[string]*channel
	tokens      []string // what may be in no log: the secret end of each webhook's address
}

// channel is where a destination's messages appear.
type channel struct {
	destination string
	service     formatter.Service
	id          string // the channel's
	hook        string // the webhook's id
	address     string // the webhook's: a secret
}

// parameter is the name under which the channel's address is kept.
func (c *channel) parameter() string {
	return "/alarmrelay/" + string(c.service) + "/" + c.destination
}

// first is the destination that `alarmrelay init` writes down; the others come with an update.
const first = "ops"

// later are the destinations of [updatedConfig], one for each case, so that none makes another's a
// storm: a sixth message within a minute begins one.
var later = []struct {
	destination string
	service     formatter.Service
}{
	{"shop", formatter.ServiceSlack},
	{"mixed", formatter.ServiceDiscord},
	{"outage", formatter.ServiceDiscord},
	{"gone", formatter.ServiceDiscord},
	{"twice", formatter.ServiceDiscord},
	{"direct", formatter.ServiceDiscord},
	{"storm", formatter.ServiceDiscord},
	{"policy", formatter.ServiceDiscord},
	{"quiet", formatter.ServiceDiscord},
	{"order", formatter.ServiceDiscord},
	{"forgotten", formatter.ServiceDiscord},
}

func openChat(folder string) (*chat, error) {
	certificate, root, err := certify(discordHost, slackHost)
	if err != nil {
		return nil, err
	}
	c := &chat{
		discord: fake.NewDiscord(fake.Options{}), slack: fake.NewSlack(fake.Options{}),
		certificate: certificate, root: filepath.Join(folder, "root.pem"), channels: map[string]*channel{},
	}
	if err := os.WriteFile(c.root, root, 0o600); err != nil {
		return nil, err
	}
	c.gate = openGate(map[string]string{discordHost + ":443": c.serve(c.discord), slackHost + ":443": c.serve(c.slack)})
	c.add(first, formatter.ServiceDiscord)
	for _, l := range later {
		c.add(l.destination, l.service)
	}
	return c, nil
}

// serve puts a handler behind TLS and returns its address.
func (c *chat) serve(h http.Handler) string {
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // a client that warms up gives connections up
	s.EnableHTTP2, s.TLS = true, &tls.Config{Certificates: []tls.Certificate{c.certificate}, MinVersion: tls.VersionTLS12}
	s.StartTLS()
	c.servers = append(c.servers, s)
	return s.Listener.Addr().String()
}

func (c *chat) add(destination string, service formatter.Service) {
	ch := &channel{destination: destination, service: service}
	if service == formatter.ServiceSlack {
		hook := c.slack.AddChannel(destination)
		ch.id, ch.hook, ch.address = hook.Channel, hook.ID, hook.URL("https://"+slackHost)
	} else {
		hook := c.discord.AddChannel(fake.Channel{Name: destination})
		ch.id, ch.hook, ch.address = hook.Channel, hook.ID, hook.URL("https://"+discordHost)
	}
	c.channels[destination] = ch
	c.tokens = append(c.tokens, ch.token())
}

func (c *channel) token() string { return c.address[strings.LastIndex(c.address, "/")+1:] }

// replace gives a Discord channel a new webhook, as its owner does when the old one was deleted.
func (c *chat) replace(ch *channel) {
	hook := c.discord.AddWebhook(ch.id)
	ch.hook, ch.address = hook.ID, hook.URL("https://"+discordHost)
	c.tokens = append(c.tokens, ch.token())
}

func (c *chat) close() {
	c.discord.Close()
	c.slack.Close()
	for _, s := range append(c.servers, c.gate.server) {
		s.CloseClientConnections()
		s.Close()
	}
}
