package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/judge"
	"alarmrelay/deploy/traffic"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// The destinations. Two of them lose their webhooks for good in the middle of a run.
const (
	ops     = "ops"
	backend = "backend" // falls back to ops
	doomed  = "doomed"  // falls back to ops, and has to
	orphan  = "orphan"  // has no fallback when its webhook goes
	room    = "room"    // Slack
	desk    = "desk"    // a Slack bot; falls back to ops
)

// routes are the ways of the alarms. The last takes what is no alarm, too.
var routes = []traffic.Route{
	{Name: "pair", To: []string{ops, room}, Mention: oncall},
	{Name: "deep", To: []string{backend, room}},
	{Name: "chat", To: []string{room}, Mention: oncall},
	{Name: "back", To: []string{backend}},
	{Name: "doom", To: []string{doomed}},
	{Name: "both", To: []string{ops, doomed}},
	{Name: "lone", To: []string{orphan}},
	{Name: "team", To: []string{desk}, Mention: oncall},
	{Name: "talk", To: []string{ops, desk}},
	{Name: "ops", To: []string{ops}},
}

// oncall are those whom some rules ping.
const oncall = "oncall"

// channel is a destination as the town has it.
type channel struct {
	name     string
	service  formatter.Service
	fallback string
	bot      bool
	place    string                   // the channel's id
	id       string                   // of the webhook, or of the bot
	url      func(base string) string // its address at a scheme and host, or the bot's secret
}

// edits reports whether what is posted there can be changed.
func (c *channel) edits() bool { return c.service == formatter.ServiceDiscord || c.bot }

// town is all that the function talks to.
type town struct {
	discord     *fake.Discord
	slack       *fake.Slack
	queue, dead *fake.Queue
	channels    []channel
	chance      *rand.Rand // of the queue

	mu      sync.Mutex
	deleted map[string]map[string]time.Time // messages, by the id of who posted them
}

// newTown has a queue that hands out everything once and in order where it is steady.
func newTown(seed uint64, visibility time.Duration, steady bool) *town {
	t := &town{discord: fake.NewDiscord(fake.Options{}), slack: fake.NewSlack(fake.Options{}), deleted: map[string]map[string]time.Time{}}
	t.chance = rand.New(rand.NewPCG(seed, 1))
	t.dead = fake.NewQueue(fake.QueueOptions{Name: "dead"})
	o := fake.QueueOptions{Name: "alarms", Visibility: visibility, MaxReceives: 200, DeadLetters: t.dead}
	if !steady {
		o.Rand, o.Duplicates, o.Reorder = t.chance, 0.05, true
	}
	t.queue = fake.NewQueue(o)
	for _, c := range []channel{{name: ops}, {name: backend, fallback: ops}, {name: doomed, fallback: ops}, {name: orphan}} {
		hook := t.discord.AddChannel(fake.Channel{Name: c.name})
		c.service, c.place, c.id, c.url = formatter.ServiceDiscord, hook.Channel, hook.ID, hook.URL
		t.channels = append(t.channels, c)
	}
	hook := t.slack.AddChannel(room)
	t.channels = append(t.channels, channel{name: room, service: formatter.ServiceSlack, place: hook.Channel, id: hook.ID, url: hook.URL})
	office, bot := t.slack.AddChannel(desk), t.slack.AddBot()
	t.slack.Invite(bot, office.Channel)
	t.channels = append(t.channels, channel{
		name: desk, service: formatter.ServiceSlack, fallback: ops, bot: true, place: office.Channel, id: bot.ID, url: bot.Secret,
	})
	return t
}

func (t *town) close() {
	t.discord.Close()
	t.slack.Close()
}

// thresholds are what of the configuration a run chooses.
type thresholds struct {
	window                 string // of storms and of floods
	first, longest, giveUp string
	flap, repeat           string // of incidents
}

// config writes the alarmrelay.yaml. hosts are those that webhooks may have beside the services' own.
func (t *town) config(o thresholds, hosts ...string) string {
	var b strings.Builder
	if len(hosts) > 0 {
		fmt.Fprintf(&b, "allow_hosts: [%q]\n", strings.Join(hosts, `", "`))
	}
	fmt.Fprintf(&b, "storm: {alerts: 10, messages: 5, window: %s}\nlogs: {window: %s}\n", o.window, o.window)
	fmt.Fprintf(&b, "retry: {first: %s, longest: %s, give_up: %s}\nincidents: {flap: %s, repeat_ping: %s}\n", o.first, o.longest, o.giveUp, o.flap, o.repeat)
	fmt.Fprintf(&b, "mentions: {%s: {discord: [\"role:123456789012345678\"], slack: [\"subteam:S012ABC\"]}}\ndestinations:\n", oncall)
	for _, c := range t.channels {
		key, more := string(c.service), ""
		if c.bot {
			key, more = "slack_bot", ", channel: "+c.place
		}
		if c.fallback != "" {
			more += ", fallback: " + c.fallback
		}
		fmt.Fprintf(&b, "  %s: {%s: \"env:%s\"%s}\n", c.name, key, variable(c.name), more)
	}
	b.WriteString(traffic.Rules(routes))
	return strings.ReplaceAll(b.String(), `\"`, `"`)
}

// variable is where a destination's address is kept.
func variable(destination string) string { return "WEBHOOK_" + strings.ToUpper(destination) }

// addresses are the environment's variables for webhooks and bots at these places.
func (t *town) addresses(discord, slack, api string) map[string]string {
	all := map[string]string{}
	for _, c := range t.channels {
		base := discord
		switch {
		case c.bot:
			base = api
		case c.service == formatter.ServiceSlack:
			base = slack
		}
		all[variable(c.name)] = c.url(base)
	}
	return all
}

// ruin takes two webhooks away for good.
func (t *town) ruin() {
	for _, c := range t.channels {
		if c.name == doomed || c.name == orphan {
			t.discord.RemoveWebhook(c.id)
		}
	}
}

// places are the destinations with all requests that were made there.
func (t *town) places() []judge.Place {
	logs := map[string][]fake.Exchange{}
	for _, e := range append(t.discord.Log(), t.slack.Log()...) {
		logs[e.Webhook] = append(logs[e.Webhook], e)
	}
	// Requests that name no webhook there is belong to one that was removed.
	for _, e := range t.discord.Log() {
		for _, c := range t.channels {
			if e.Webhook == "" && strings.Contains(e.Path, "/"+c.id+"/") {
				logs[c.id] = append(logs[c.id], e)
			}
		}
	}
	var all []judge.Place
	for _, c := range t.channels {
		all = append(all, judge.Place{
			Name: c.name, Service: c.service, Edits: c.edits(), Fallback: c.fallback, Log: logs[c.id], Deleted: t.deleted[c.id],
		})
	}
	return all
}

// held are the messages of a queue.
func held(q *fake.Queue) []alert.Message {
	var all []alert.Message
	for _, h := range q.All() {
		all = append(all, h.Message)
	}
	return all
}

// befalling lets the weather meet each request on its way to a service.
func befalling(w *weather, service formatter.Service, h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.befallChat(service, r)
		h.ServeHTTP(rw, r)
	})
}
