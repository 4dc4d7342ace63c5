package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/relay/rule"
)

const (
	// The newest messages and exchanges are kept.
	maxWatched   = 1000
	maxExchanges = 5000
	// together is within which time what happens is told at once.
	together = 50 * time.Millisecond
)

// watch sees what happens on a stage, and tells the page.
type watch struct {
	stage  *stage
	stream *page.Stream
	newID  func() string
	now    func() time.Time
	dirty  chan struct{} // something has happened since the last look

	mu        sync.Mutex
	rooms     map[*room]bool // those of the configuration
	senders   map[string]string
	names     reader
	seen      map[string]*seen
	order     []*seen // as they were posted
	exchanges []*exchange
	pending   map[string][]*exchange // that came to nothing, by destination
	speaking  map[string]*invocation // who spoke last, by destination
}

// seen is a message that was seen, or that an exchange was about.
type seen struct {
	id       string
	key      string
	message  page.Message
	visible  bool
	files    map[string]page.File
	requests []*exchange
	said     []*invocation // that posted and changed it
}

// maxSaid is how many invocations are kept of a message: the first, and the newest.
const maxSaid = 20

func newWatch(s *live, clock func() time.Time) *watch {
	return &watch{
		stream: s.stream, newID: s.newID, now: clock, dirty: make(chan struct{}, 1),
		seen: map[string]*seen{}, pending: map[string][]*exchange{}, speaking: map[string]*invocation{},
	}
}

// bind binds a configuration to the stage, and has the watch show its rooms.
func (w *watch) bind(s *stage, c *rule.Config) {
	w.mu.Lock()
	s.bind(c)
	w.stage, w.names = s, newReader(c)
	w.rooms, w.senders = map[*room]bool{}, map[string]string{}
	for name, r := range s.rooms {
		w.rooms[r] = true
		for _, id := range r.senders {
			w.senders[id] = name
		}
	}
	w.mu.Unlock()
	w.touch()
}

// touch has the watch look soon.
func (w *watch) touch() {
	select {
	case w.dirty <- struct{}{}:
	default:
	}
}

// at returns what is known of a message.
func (w *watch) at(key string) *seen {
	m := w.seen[key]
	if m == nil {
		m = &seen{id: w.newID(), key: key}
		w.seen[key] = m
		w.order = append(w.order, m)
	}
	return m
}

// run looks whenever something has happened, until the context ends.
func (w *watch) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.dirty:
			sleep(ctx, together)
			w.look()
		}
	}
}

// look tells the page what has changed in the rooms since it looked last.
func (w *watch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	there, ids := map[string]bool{}, map[string]string{}
	all := w.stage.sightings()
	for _, m := range all[:max(0, len(all)-maxWatched)] {
		w.stage.remove(m)
	}
	all = all[max(0, len(all)-maxWatched):]
	for _, m := range all {
		ids[m.key] = w.at(m.key).id
		there[m.key] = true
	}
	var changed []page.Message
	for _, m := range all {
		known := w.seen[m.key]
		isNew := known.message.ID == ""
		if isNew || known.message.Edits != m.edits {
			known.message, known.files = m.message(w.names, ids), m.files(known.id)
		} else if known.visible == w.rooms[m.room] {
			continue
		}
		if was := known.visible; was && !w.rooms[m.room] {
			w.stream.Tell(page.KindGone, page.Gone{ID: known.id})
		}
		if known.visible = w.rooms[m.room]; known.visible {
			changed = append(changed, known.message)
		}
	}
	w.forget(there)
	switch len(changed) {
	case 0:
	case 1:
		w.stream.Tell(page.KindMessage, changed[0])
	default:
		w.stream.Tell(page.KindMessages, changed)
	}
}

// forget drops the messages that are not there any more. What an exchange is about that was never there stays as long as that is kept.
func (w *watch) forget(there map[string]bool) {
	w.order = slices.DeleteFunc(w.order, func(m *seen) bool {
		if there[m.key] || m.message.ID == "" && len(m.requests) > 0 {
			return false
		}
		if m.visible {
			w.stream.Tell(page.KindGone, page.Gone{ID: m.id})
		}
		for _, x := range m.requests {
			x.about = nil
		}
		delete(w.seen, m.key)
		return true
	})
}

// messages are those that the page shows, in the order of posting.
func (w *watch) messages() []page.Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := []page.Message{}
	for _, m := range w.order {
		if m.visible {
			all = append(all, m.message)
		}
	}
	slices.SortStableFunc(all, func(a, b page.Message) int { return a.At.Compare(b.At) })
	return all
}

// find returns a copy of what is known of a message that the page shows.
func (w *watch) find(id string) (seen, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.order {
		if m.id == id && m.message.ID != "" {
			found := *m
			found.requests, found.said = slices.Clone(m.requests), slices.Clone(m.said)
			return found, true
		}
	}
	return seen{}, false
}

// file returns an attached file.
func (w *watch) file(id string) (page.File, bool) {
	message, _, _ := strings.Cut(id, ".")
	m, ok := w.find(message)
	f, found := m.files[id]
	return f, ok && found
}

// speaks notes that an invocation is about to speak at a destination: nobody else does until it has ended.
func (w *watch) speaks(destination string, i *invocation) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.speaking[destination] = i
}

// destinationsOf are those of a configuration, for the page.
func destinationsOf(c *rule.Config) []page.Destination {
	all := []page.Destination{}
	for _, d := range c.Destinations {
		all = append(all, page.Destination{Name: d.Name, Service: string(d.Service), Bot: d.IsBot(), Channel: fmt.Sprintf("#%s", d.Name), Forum: takesPosts(c, &d)})
	}
	return all
}
