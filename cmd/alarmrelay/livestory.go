package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/relay"
)

// arc is what the page plays of the story: chapters, one after the other.
type arc struct {
	id, title string
	scenes    []scened
}

// scened is a chapter as it is played.
type scened struct {
	chapter
	arc   string        // the id of the arc that it belongs to
	pause time.Duration // after each of its events
}

// The story as a whole, and its end.
const (
	wholeStory = "story"
	wholeTitle = "The whole story, in 30 seconds"
)

// arcs are the whole story, and its parts. What has no title comes together, one event a second.
func arcs() ([]arc, error) {
	chapters, err := story()
	if err != nil {
		return nil, err
	}
	all := []arc{{id: wholeStory, title: wholeTitle}}
	rest := arc{id: "more", title: "A bit of everything"}
	for n, c := range chapters {
		if c.title == "" {
			c.title = rest.title
			rest.scenes = append(rest.scenes, scened{c, rest.id, time.Second})
			continue
		}
		id := fmt.Sprintf("chapter-%d", n+1)
		all = append(all, arc{id: id, title: c.title, scenes: []scened{{c, id, 3300 * time.Millisecond}}})
	}
	all = append(all, rest)
	for _, p := range all[1:] {
		all[0].scenes = append(all[0].scenes, p.scenes...)
	}
	return all, nil
}

// performance is a part that is being played.
type performance struct {
	id   string
	stop context.CancelFunc
	done sync.WaitGroup
}

// Play implements [page.Show]. It begins with empty channels, and services that work.
func (l *live) Play(id string) error {
	l.endStory()
	if id == "" {
		return nil
	}
	at := slices.IndexFunc(l.chapters, func(p arc) bool { return p.id == id })
	if at < 0 {
		return fmt.Errorf("the story has no chapter %q", id)
	}
	if err := l.repair(); err != nil {
		return err
	}
	p := l.chapters[at]
	passes, _ := p.lasts()
	a, err := l.begin(-passes)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(a.ctx)
	playing := &performance{id: id, stop: stop}
	l.mu.Lock()
	if l.act != a || l.playing != nil {
		l.mu.Unlock()
		stop()
		return fmt.Errorf("another chapter has just begun")
	}
	l.playing = playing
	playing.done.Go(func() {
		defer stop()
		l.perform(ctx, a, p)
		l.mu.Lock()
		defer l.mu.Unlock()
		a.clock.set(0)
		l.playing = nil
		l.stream.Tell(page.KindStory, page.Told{Chapter: id, At: time.Now().UTC()})
	})
	l.mu.Unlock()
	return nil
}

// endStory ends the part that is being played, and waits for that.
func (l *live) endStory() {
	l.mu.Lock()
	playing := l.playing
	l.mu.Unlock()
	if playing != nil {
		playing.stop()
		playing.done.Wait()
	}
}

// span is how much time passes in a chapter, by its events.
func (c chapter) span() time.Duration {
	now := time.Now()
	return c.events[len(c.events)-1].arrival(now).Sub(c.events[0].arrival(now))
}

// between is how much time passes between two chapters: what belongs to the first is over then.
const between = 2 * time.Minute

// lasts is how much time passes in an arc, and how long it takes to play it.
func (p arc) lasts() (passes, takes time.Duration) {
	for n, s := range p.scenes {
		if n > 0 {
			passes += between
		}
		passes += s.span()
		takes += time.Duration(len(s.events)) * s.pause
	}
	return passes, takes
}

// perform plays an arc. The time that passes in it has passed before: when it ends, it is as late as it is.
func (l *live) perform(ctx context.Context, a *act, p arc) {
	left, takes := p.lasts()
	step := 0
	ends := time.Now().Add(takes)
	for n, s := range p.scenes {
		a.forget()
		var graphs relay.Grapher
		if s.drawn || len(s.events) == 1 {
			graphs = a.stage.graphs()
		}
		if n > 0 {
			left -= between
		}
		before := s.events[0].arrival(ends)
		for nth, i := range s.events {
			at := i.arrival(ends)
			passed := at.Sub(before)
			left, before = left-passed, at
			now := a.clock.reach(ends.Add(-left))
			step++
			l.stream.Tell(page.KindStory, page.Told{
				Chapter: s.arc, Step: step, Text: caption(i, passed), Why: l.why(s.chapter, nth), Playing: p.id, At: now.UTC(),
			})
			a.handle(ctx, input{i.name, redated(i.raw, now.Sub(at))}, graphs)
			sleep(ctx, s.pause)
			if ctx.Err() != nil {
				return
			}
		}
	}
}

// why is what an event of the story shows; empty under a configuration other than the built-in sample, which may have it shown
// otherwise.
func (l *live) why(c chapter, event int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if event >= len(c.why) || l.config.text != string(sample) {
		return ""
	}
	return c.why[event]
}

// caption says what happens, and how long after what happened before.
func caption(i input, after time.Duration) string {
	if after > 0 {
		return fmt.Sprintf("%d min later · %s", int(after.Round(time.Minute).Minutes()), i.happening())
	}
	return i.happening()
}
