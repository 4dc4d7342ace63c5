package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/judge"
	"alarmrelay/deploy/mapping"
	"alarmrelay/deploy/traffic"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

const (
	// The function as template.yaml deploys it, and as many pollers as a mapping begins with.
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
	functionTimeout = 30 * time.Second
	visibility      = 180 * time.Second
	instances       = 5
	tableName       = "incidents"
)

// channel is a destination.
type channel struct {
	name    string
	service formatter.Service
	id      string
	url     func(base string) string
}

// world is the function and all that it talks to.
type world struct {
	discord     *fake.Discord
	slack       *fake.Slack
	queue, dead *fake.Queue
	channels    []channel
	routes      []traffic.Route
	fronts      []*mapping.Front
	mapping     *mapping.Mapping
	folder      string
}

// newWorld has a channel of each service given, named a, b ..., and rules for them.
func newWorld(binary string, routes []traffic.Route, services ...formatter.Service) (*world, error) {
	folder, err := os.MkdirTemp("", "storm-")
	if err != nil {
		return nil, err
	}
	w := &world{
		discord: fake.NewDiscord(fake.Options{}), slack: fake.NewSlack(fake.Options{}), routes: routes, folder: folder,
		dead: fake.NewQueue(fake.QueueOptions{Name: "dead"}),
	}
	w.queue = fake.NewQueue(fake.QueueOptions{Name: "alarms", Visibility: visibility, MaxReceives: 200, DeadLetters: w.dead})
	for i, s := range services {
		name := string(rune('a' + i))
		if s == formatter.ServiceSlack {
			hook := w.slack.AddChannel(name)
			w.channels = append(w.channels, channel{name, s, hook.ID, hook.URL})
			continue
		}
		hook := w.discord.AddChannel(fake.Channel{Name: name})
		w.channels = append(w.channels, channel{name, s, hook.ID, hook.URL})
	}
	return w, w.open(binary)
}

// open starts everything but the function, which the first message starts.
func (w *world) open(binary string) error {
	sqs := fake.NewSQS()
	paths := []string{sqs.Add(w.queue), sqs.Add(w.dead)}
	all := mapping.World{Discord: w.discord, Slack: w.slack, Queues: sqs, Table: fake.NewDynamoDB(fake.Options{}, tableName, "open")}
	var hosts []string
	for n := range instances {
		w.fronts = append(w.fronts, mapping.NewFront(all, func() { w.mapping.Kill(n) }))
		hosts = append(hosts, fmt.Sprintf("%q", w.fronts[n].Host()))
	}
	w.mapping = mapping.New(mapping.Options{
		Binary: binary, Instances: instances, Timeout: functionTimeout, Queue: w.queue,
		Env:   func(slot, _ int) []string { return w.environment(w.fronts[slot].URL(), paths) },
		Began: func(c *mapping.Call) { w.fronts[c.Slot].Begin(c.ID, mapping.Strike{}) },
	})
	return os.WriteFile(w.configPath(), []byte("allow_hosts: ["+strings.Join(hosts, ", ")+"]\n"+w.config()), 0o600)
}

func (w *world) configPath() string { return filepath.Join(w.folder, "alarmrelay.yaml") }

// config is a file with nothing but destinations and rules: all thresholds are the defaults.
func (w *world) config() string {
	var text strings.Builder
	text.WriteString("destinations:\n")
	for _, c := range w.channels {
		fmt.Fprintf(&text, "  %s: {%s: \"env:WEBHOOK_%s\"}\n", c.name, c.service, strings.ToUpper(c.name))
	}
	severity := "  - {match: {alarm: \"" + w.routes[0].Name + "-*\"}, severity: critical, continue: true}\n"
	return text.String() + strings.Replace(traffic.Rules(w.routes), "rules:\n", "rules:\n"+severity, 1)
}

func (w *world) environment(front string, paths []string) []string {
	env := []string{
		"ALARMRELAY_CONFIG=" + w.configPath(), "ALARMRELAY_TABLE=" + tableName,
		"ALARMRELAY_QUEUE_URL=" + front + paths[0], "ALARMRELAY_DEAD_LETTER_QUEUE_URL=" + front + paths[1],
		"AWS_ENDPOINT_URL=" + front, "AWS_ACCESS_KEY_ID=MADEUP", "AWS_SECRET_ACCESS_KEY=made-up", "AWS_SESSION_TOKEN=made-up",
	}
	for _, c := range w.channels {
		env = append(env, "WEBHOOK_"+strings.ToUpper(c.name)+"="+c.url(front))
	}
	return env
}

// put puts parcels into the queue, all at once.
func (w *world) put(parcels []traffic.Parcel) {
	for _, p := range parcels {
		w.queue.Put(p.Body, nil)
	}
}

// verdict judges what people were told of the parcels.
func (w *world) verdict(parcels []traffic.Parcel) judge.Verdict {
	e := judge.Evidence{Parcels: parcels, Queue: held(w.queue), Letters: held(w.dead), Calls: map[string]judge.Call{}}
	for _, c := range w.channels {
		var log []fake.Exchange
		for _, x := range append(w.discord.Log(), w.slack.Log()...) {
			if x.Webhook == c.id {
				log = append(log, x)
			}
		}
		e.Places = append(e.Places, judge.Place{Name: c.name, Service: c.service, Edits: c.service == formatter.ServiceDiscord, Log: log})
	}
	return judge.Judge(e)
}

func held(q *fake.Queue) (all []alert.Message) {
	for _, h := range q.All() {
		all = append(all, h.Message)
	}
	return all
}

// run runs the function until do returns.
func (w *world) run(ctx context.Context, do func(context.Context)) error {
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- w.mapping.Run(ctx)
		stop()
	}()
	do(ctx)
	stop()
	return <-ended
}

// drain returns when the queue is empty, or ctx ends.
func (w *world) drain(ctx context.Context) {
	for w.queue.Len() > 0 && sleep(ctx, 20*time.Millisecond) == nil {
	}
}

func (w *world) close() {
	w.discord.Close()
	w.slack.Close()
	for _, f := range w.fronts {
		f.Close()
	}
	_ = os.RemoveAll(w.folder) // what is left lies in the system's temporary folder
}

// sleep waits for d, or returns ctx's error when that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
