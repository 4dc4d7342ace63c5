package relay

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

var errNoStore = errors.New("the store does not answer")

// errand is something to do at a destination beside telling alerts, while nobody else speaks there.
type errand struct {
	destination string
	incidents   []incident.ID // that it is about
	unsaid      bool          // it is done also while nothing can be said there
	// do may change the incidents, which it finds in session.incidents, and is to name in session.changed what it
	// changed. What it returns is the trouble that the service is in.
	do func(s *session) error
}

// run does an errand. It returns an error when that can't be done now: somebody speaks there all the time, the
// service is in trouble, or the store does not answer.
func (c *call) run(e errand) (err error) {
	s := c.newSession(e.destination, "", nil)
	s.errandIDs = e.incidents
	failed := s.safely("errand", func() error {
		if err = s.openErrand(e.unsaid); err != nil {
			return nil
		}
		if err = e.do(s); err != nil {
			s.fail(nil, err)
		}
		s.close()
		return nil
	})
	if err == nil {
		err = failed
	}
	return wrap("look after what "+e.destination+" shows", err)
}

// openErrand takes the destination's lease.
func (s *session) openErrand(unsaid bool) error {
	began := time.Now()
	for {
		s.read()
		if s.blind {
			return errNoStore
		}
		if why := s.deadAlready(); why != nil && !unsaid {
			return why
		}
		until, why := s.hindrance()
		if why == nil || unsaid && errors.Is(why, errTrouble) {
			taken, err := s.take(nil)
			if taken || err != nil {
				return err
			}
			until, why = s.Now(), errBusy
		}
		if !s.wait(until, began, why) {
			return why
		}
	}
}

// canSpeak reports whether something may be said now, as far as is known.
func (s *session) canSpeak() bool {
	return s.deadAlready() == nil && !s.destination.Is.NotBefore.After(s.Now())
}

// retouch writes the messages of incidents anew, after something that they show beside the state has changed. Graphs are those that came
// late, by incident; may be nil. What it returns is the trouble that the service is in.
func (s *session) retouch(ids []incident.ID, graphs map[incident.ID]*formatter.Graph) (trouble error) {
	var entries []*entry
	for _, id := range ids {
		e, err := s.again(id)
		if err != nil {
			s.Log.WarnContext(s.work, "message not completed", "alert", id.Key, "destination", s.name, "error", err)
			continue
		}
		if e != nil {
			e.item.Graph = graphs[id]
			entries = append(entries, e)
		}
	}
	requests, _ := s.edits(entries)
	return s.makeAll(requests)
}

// again is an incident as its message shows it, with what is known now; nil where no message has a card of it. Digests show only the
// state.
func (s *session) again(id incident.ID) (*entry, error) {
	i := &s.incidents[id].Is
	if i.Episode == nil || i.Episode.Message == (Ref{}) {
		return nil, nil
	}
	if err := s.look(i.Episode.Message); err != nil {
		return nil, fmt.Errorf("read what a message shows: %w", err)
	}
	if m := s.posts[i.Episode.Message.Place()]; m == nil || m.Is.Card(id.Key) == nil {
		return nil, nil
	}
	a, err := i.Alert.Unpack()
	if err != nil {
		return nil, err
	}
	if err := s.readBeside(s.childIDs(id, a)); err != nil {
		return nil, fmt.Errorf("read what stands beside it: %w", err)
	}
	d, _ := s.deliveryOf(a)
	e := &entry{id: id, plan: &incident.Plan{Edit: i.Episode, Known: *i}, item: s.itemOf(a), voice: d.Voice}
	e.item.Related = s.related(id, a, i)
	return e, nil
}

// tellAll posts messages that are about no single alert. It stops at the first that is not accepted, and returns how many were.
func (s *session) tellAll(messages []formatter.Message) (told int, err error) {
	for _, m := range messages {
		if !s.mayBegin() {
			return told, errNoTime
		}
		if _, err := s.send(request{message: m, line: true}); err != nil {
			return told, err
		}
		s.destination.Is.Works()
		told++
	}
	return told, nil
}

// postponedTouch is a message that is to be written anew when everybody has been told.
type postponedTouch struct {
	id    incident.ID
	graph *formatter.Graph // that came late; nil for none
}

// later has a message written anew when everybody has been told.
func (c *call) later(destination string, id incident.ID, graph *formatter.Graph) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.touches == nil {
		c.touches = map[string][]postponedTouch{}
	}
	c.touches[destination] = append(c.touches[destination], postponedTouch{id, graph})
}

// touchUp writes messages anew that were left for later. It is no loss where that fails.
func (c *call) touchUp() {
	for destination, some := range c.touches {
		var ids []incident.ID
		graphs := map[incident.ID]*formatter.Graph{}
		for _, t := range some {
			if !slices.Contains(ids, t.id) {
				ids = append(ids, t.id)
			}
			if t.graph != nil {
				graphs[t.id] = t.graph
			}
		}
		if !c.mayBegin() {
			return
		}
		err := c.run(errand{destination: destination, incidents: ids, do: func(s *session) error { return s.retouch(ids, graphs) }})
		if err != nil {
			c.Log.WarnContext(c.work, "message not completed", "destination", destination, "messages", len(ids), "error", err)
		}
	}
	c.touches = nil
}
