package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"alarmrelay/alert"
	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/events"
	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

// live is a demo that goes on until somebody ends it: the [page.Show] behind the demo's page.
type live struct {
	ctx      context.Context
	stream   *page.Stream
	locale   string // of all messages, whatever the configuration says; may be empty
	began    string // the text of the configuration that it was started with
	samples  []page.Sample
	chapters []arc
	ids      atomic.Int64

	switching sync.Mutex // held while one act follows another
	previewed sync.Mutex // held while something is previewed

	mu      sync.Mutex
	config  config
	act     *act
	faults  map[formatter.Service]*breakdown
	playing *performance
	notes   []page.Note
	files   map[string]page.File // of the newest preview
}

var _ page.Show = (*live)(nil)

// maxNotes is how many lines of the relay's log are kept.
const maxNotes = 200

// newLive begins a live demo, which ends with its context and has to be closed then. Text is the configuration as it was written.
func newLive(ctx context.Context, s setting, text, locale string, stream *page.Stream) (*live, error) {
	l := &live{ctx: ctx, stream: stream, locale: locale, began: text, samples: sampleList(), faults: map[formatter.Service]*breakdown{}}
	var err error
	if l.chapters, err = arcs(); err != nil {
		return nil, err
	}
	if l.config, err = readText(s, text, locale); err != nil {
		return nil, err
	}
	l.act, err = openAct(l, l.config, 0)
	return l, err
}

func (l *live) close() {
	l.endStory()
	l.current().close()
}

func (l *live) newID() string { return "m" + strconv.FormatInt(l.ids.Add(1), 10) }

func (l *live) current() *act {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.act
}

// begin ends the act and begins the next, with empty channels and no notes. What is broken stays so.
func (l *live) begin(ahead time.Duration) (*act, error) {
	l.switching.Lock()
	defer l.switching.Unlock()
	l.mu.Lock()
	c, before := l.config, l.act
	l.mu.Unlock()
	c, err := readText(c.setting, c.text, l.locale) // bound to another stage
	if err != nil {
		return nil, err
	}
	next, err := openAct(l, c, ahead)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	before.stop() // it notes nothing any more
	l.act, l.config, l.notes = next, c, nil
	for service, b := range l.faults {
		next.stage.service(service).Break(b.fault)
	}
	l.mu.Unlock()
	before.close()
	l.stream.Tell(page.KindReset, struct{}{})
	return next, nil
}

// Clear implements [page.Show].
func (l *live) Clear() error {
	l.endStory()
	_, err := l.begin(0)
	return err
}

// note tells a line of the relay's log, unless what it belongs to has ended.
func (l *live) note(of context.Context, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if of.Err() == nil {
		l.noted(text)
	}
}

// noted is note for who holds the lock.
func (l *live) noted(text string) {
	n := page.Note{At: time.Now().UTC(), Text: text}
	l.notes = append(l.notes, n)
	l.notes = l.notes[max(0, len(l.notes)-maxNotes):]
	l.stream.Tell(page.KindNote, n)
}

// State implements [page.Show].
func (l *live) State() page.State {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := page.State{
		Version: version, Samples: l.samples, Config: l.shown(l.config),
		Destinations: destinationsOf(l.config.bound), Mentions: newReader(l.config.bound).names, Messages: l.act.watch.messages(),
		Faults: map[string]*page.Fault{}, FaultKinds: faultKinds(), Notes: append([]page.Note{}, l.notes...),
		Waiting: l.act.waiting(),
	}
	for _, service := range []formatter.Service{formatter.ServiceDiscord, formatter.ServiceSlack} {
		s.Faults[string(service)] = nil
		if b := l.faults[service]; b != nil {
			s.Faults[string(service)] = &b.Fault
		}
	}
	for _, p := range l.chapters {
		s.Story.Chapters = append(s.Story.Chapters, page.Chapter{ID: p.id, Title: p.title})
	}
	s.Story.At = l.act.clock.now().UTC()
	if l.playing != nil {
		s.Story.Playing = l.playing.id
	}
	return s
}

// sampleList is what there is to send.
func sampleList() (all []page.Sample) {
	for _, name := range events.Names() {
		raw, err := events.Read(name)
		if err != nil {
			panic(err) // it is in the list
		}
		s := page.Sample{Name: name, Kind: "no news", Title: input{name, raw}.title()}
		for _, r := range alert.Parse(raw) {
			if r.Err == nil && r.Skip == "" {
				s.Kind = string(r.Alert.Kind)
				break
			}
		}
		all = append(all, s)
	}
	return all
}

// Sample implements [page.Show].
func (l *live) Sample(name string) ([]byte, bool) {
	raw, err := events.Read(name)
	return raw, err == nil
}

// config is a configuration as somebody wrote it, read twice: once to be bound to a stage, and once to be explained.
type config struct {
	text    string
	setting setting
	bound   *rule.Config
}

// shown is a configuration for the page: the one that the command was started with has a name.
func (l *live) shown(c config) page.Config {
	name := c.setting.from
	if c.text != l.began {
		name = "your changes, not saved"
	}
	if l.locale != "" {
		name += fmt.Sprintf(", all messages in %s (--locale)", l.locale)
	}
	return page.Config{Name: name, Text: c.text}
}

// readText reads a configuration in the place of another.
func readText(s setting, text, locale string) (c config, err error) {
	read := func() (*rule.Config, error) {
		rules, err := rule.Parse(s.from, []byte(text))
		if err != nil {
			return nil, err
		}
		rules.Home = s.home.Account
		return rules, speak(rules, locale)
	}
	c.text, c.setting = text, s
	if c.setting.rules, err = read(); err != nil {
		return config{}, err
	}
	c.bound, err = read()
	return c, err
}
