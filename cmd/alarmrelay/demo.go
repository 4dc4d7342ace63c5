package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"alarmrelay/alert"
	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/events"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/setup"
)

// demoFlags are what demo is asked for.
type demoFlags struct {
	configFlags
	locale string
	events []string
	all    bool
	storm  int
	asJSON bool

	terminal  bool
	addr      string
	noBrowser bool
}

func newDemo(e *env) *cobra.Command {
	var flags demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show the whole relay at work on this machine",
		Long: `demo runs the real relay and its real HTTP client against a Discord and a Slack on
this machine. In a terminal it serves a page, on this machine only, that shows the
channels as people see them, and opens it in your browser: send events, edit the
configuration, break a service, and see what comes of it. With --terminal, and where
there is no terminal, it draws in the terminal what each channel shows of a story (an
alarm that flaps, a storm that passes, and a bit of everything) and ends; also with
--event, --all, --storm and --json. It needs no account and no webhook, and sends
nothing anywhere else: with a configuration, each of its destinations becomes a channel
here. Graphs end in what an alarm says that it measured; the hours before are made up.`,
		Example: `  alarmrelay demo
  alarmrelay demo --no-browser --addr 127.0.0.1:9000
  alarmrelay demo --terminal --locale ko
  alarmrelay demo --config alarmrelay.yaml --event sns-alarm-cpu-high --event event.json
  alarmrelay demo --storm 60        sixty alarms at once, against the services' rate limits`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("storm") && (flags.storm < 1 || flags.storm > maxStorm) {
				return misuse("--storm %d: it takes 1 to %d alarms", flags.storm, maxStorm)
			}
			onPage, err := flags.onPage(e)
			if err != nil {
				return err
			}
			s, err := flags.orSample(e)
			switch {
			case err != nil:
				return err
			case onPage:
				return e.servePage(cmd.Context(), flags, s)
			}
			return e.demo(cmd.Context(), flags, s)
		},
	}
	flags.addTo(cmd)
	return cmd
}

func (f *demoFlags) addTo(cmd *cobra.Command) {
	f.add(cmd)
	f.addHome(cmd)
	addLocaleFlag(cmd, &f.locale)
	cmd.Flags().StringArrayVarP(&f.events, "event", "e", nil, "show this `EVENT`: a file, a sample, or - (may be repeated)")
	cmd.Flags().BoolVar(&f.all, "all", false, "show every sample event")
	cmd.Flags().IntVar(&f.storm, "storm", 0, "show what `N` alarms at once become")
	addJSONFlag(cmd, &f.asJSON)
	cmd.Flags().BoolVar(&f.terminal, "terminal", false, "draw in the terminal, and end")
	cmd.Flags().StringVar(&f.addr, "addr", "", "serve the page at this `HOST:PORT` of this machine (default 127.0.0.1:8900, or the next free port)")
	cmd.Flags().BoolVar(&f.noBrowser, "no-browser", false, "serve the page, and open no browser")
	if err := cmd.RegisterFlagCompletionFunc("event", completeEvents); err != nil {
		panic(err) // the flag is there: it was made above
	}
}

// onPage reports whether the demo is a page: somebody sits there, or asks for one, and for nothing that only a terminal shows.
func (f demoFlags) onPage(e *env) (bool, error) {
	drawn := f.terminal || f.all || f.asJSON || f.storm > 0 || len(f.events) > 0
	asked := f.addr != "" || f.noBrowser
	if drawn && asked {
		return false, misuse("--addr and --no-browser are for the page; --terminal, --event, --all, --storm and --json for the terminal")
	}
	if f.addr != "" {
		if err := page.CheckAddress(f.addr); err != nil {
			return false, misuse("--addr %s: %v", f.addr, err)
		}
	}
	return asked || !drawn && e.width > 0, nil
}

func (e *env) demo(ctx context.Context, flags demoFlags, s setting) error {
	chapters, err := flags.chapters(e)
	if err != nil {
		return err
	}
	if err := speak(s.rules, flags.locale); err != nil {
		return err
	}
	at := newClock(e.now())
	options := fake.Options{Clock: at.now, Unlimited: true}
	if flags.storm > 0 {
		options, at = fake.Options{}, nil
	}
	scene, err := openStage(ctx, s.rules, options)
	if err != nil {
		return err
	}
	defer scene.close()
	channels := setup.Channels(scene.destinations())
	result := demoResult{}
	began := e.now()
	if flags.storm > 0 {
		result.Storm = e.storm(ctx, s, channels, flags.storm)
		result.Events = result.Storm.Batches
	} else {
		d := newDesk(s, channels, newNotes(e.stderr, true), at)
		result.play(ctx, d, scene, chapters)
	}
	result.Seconds = e.now().Sub(began).Seconds()
	return e.showDemo(scene, result, flags.asJSON)
}

// chapters returns the story, or the events that were asked for, each for itself; none for a storm, which makes its own.
func (f demoFlags) chapters(e *env) (chapters []chapter, err error) {
	var inputs []input
	switch {
	case f.storm > 0 && (f.all || len(f.events) > 0), f.all && len(f.events) > 0:
		return nil, misuse("--event, --all and --storm exclude each other")
	case f.storm > 0:
		return nil, nil
	case f.all:
		inputs, err = readSamples(events.Names())
	case len(f.events) > 0:
		inputs, err = e.readInputs(f.events)
	default:
		return story()
	}
	for _, i := range inputs {
		chapters = append(chapters, chapter{events: []input{i}})
	}
	return chapters, err
}

func readSamples(names []string) (inputs []input, err error) {
	for _, name := range names {
		raw, err := events.Read(name)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, input{name, raw})
	}
	return inputs, nil
}

// demoResult is what a demo came to.
type demoResult struct {
	Events       int               `json:"events"`
	Messages     int               `json:"messages"`
	Requests     int               `json:"requests"`
	Limited      int               `json:"limited"` // requests that met a rate limit
	Seconds      float64           `json:"seconds"`
	Failed       bool              `json:"failed"` // something was not delivered
	Storm        *stormResult      `json:"storm,omitempty"`
	Moments      moments           `json:"moments,omitempty"` // of a story
	Destinations []demoDestination `json:"destinations"`
}

// demoDestination is a channel and the messages that it shows.
type demoDestination struct {
	Name     string            `json:"name"`
	Service  formatter.Service `json:"service"`
	Messages []shown           `json:"messages"`
}

// play lets the chapters happen, one after the other, and notes what the channels do in those that have a title.
func (r *demoResult) play(ctx context.Context, d *desk, scene *stage, chapters []chapter) {
	view := newReader(scene.rules)
	for _, c := range chapters {
		d.forget()
		if d.relay.Graphs = nil; c.drawn {
			d.relay.Graphs = scene.graphs()
		}
		for _, i := range c.events {
			before := scene.everywhere(view)
			for _, r := range alert.Parse(i.raw) {
				scene.measure(&r.Alert)
			}
			r.Failed = !d.handle(ctx, i) || r.Failed
			r.Events++
			if c.title == "" {
				continue
			}
			m := demoMoment{Chapter: c.title, At: d.clock.now(), What: i.happening(), Changes: []demoChange{}}
			for _, place := range scene.rules.Destinations {
				m.Changes = append(m.Changes, changes(place.Name, before[place.Name], scene.messages(place, view))...)
			}
			r.Moments = append(r.Moments, m)
		}
	}
}

// mostOfStorm is how many messages of a storm a channel shows.
const mostOfStorm = 4

// showDemo shows what the channels now show. A delivery that failed is an error.
func (e *env) showDemo(scene *stage, result demoResult, asJSON bool) error {
	view := newScreen(e, scene.rules)
	channels := 0
	if !asJSON {
		view.timeline(result.Moments)
	}
	for _, d := range scene.rules.Destinations {
		seen := scene.messages(d, view.reader)
		result.Messages += len(seen)
		result.Destinations = append(result.Destinations, demoDestination{d.Name, d.Service, seen})
		if len(seen) == 0 {
			continue
		}
		channels++
		most := len(seen)
		if result.Storm != nil {
			most = mostOfStorm
		}
		if !asJSON {
			view.channel(d.Name, d.Service, seen, most)
		}
	}
	result.Requests, result.Limited = scene.requests()
	result.Failed = result.Failed || result.Storm != nil && result.Storm.Delivered < result.Storm.Alarms
	var err error
	if asJSON {
		err = writeJSON(e.stdout, result)
	} else {
		view.line(result.text(channels))
		err = view.flush()
	}
	if err == nil && result.Failed {
		return errTold
	}
	return err
}

// text is the line at the end.
func (r demoResult) text(channels int) string {
	events := count(r.Events, "event")
	if r.Storm != nil {
		events = fmt.Sprintf("%s in %s of a queue, %d delivered", count(r.Storm.Alarms, "alarm"), batches(r.Storm.Batches), r.Storm.Delivered)
	}
	took := time.Duration(r.Seconds * float64(time.Second)).Round(time.Millisecond)
	text := fmt.Sprintf("%s %s: %s in %s, %s, %v", tick(!r.Failed), events,
		count(r.Messages, "message"), count(channels, "channel"), count(r.Requests, "request"), took)
	if r.Limited > 0 {
		text += fmt.Sprintf(" (%d met a rate limit and waited)", r.Limited)
	}
	return text
}

func batches(n int) string {
	if n == 1 {
		return "1 batch"
	}
	return fmt.Sprintf("%d batches", n)
}
