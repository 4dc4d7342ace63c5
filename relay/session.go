package relay

import (
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"slices"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

// session is one invocation's turn at one destination. While it holds the
// destination's lease nobody else speaks there, so what it has read stays true.
type session struct {
	*call
	name      string
	insteadOf string // the dead destination whose alerts these are
	channel   Channel
	service   formatter.Service
	edits     bool // messages there can be edited
	tellings  []*telling

	owner       string
	destination *incident.Known[incident.Destination]
	incidents   map[incident.ID]*incident.Known[incident.Incident]
	changed     map[incident.ID]bool // incidents to be saved
	pages       []*incident.Item     // lines of digests to be saved
	blind       bool                 // the store does not answer: told anyway, without knowing what was
	waited      time.Duration        // for graphs
	silent      bool                 // the service is in trouble: the lease is for giving up what is too old
}

const (
	// patience is how long what a queue can take back waits for its turn.
	patience = 4 * time.Second
	// busy is for how long it goes back to the queue otherwise: at least, and that again at most.
	busy = 2 * time.Second
)

var (
	errBusy    = errors.New("another invocation is speaking there")
	errTrouble = errors.New("the service is in trouble and is being left alone")
)

func (c *call) newSession(destination, insteadOf string, tellings []*telling) *session {
	place, _ := c.Rules.Destination(destination)
	return &session{
		call: c, name: destination, insteadOf: insteadOf, channel: c.Channels[destination],
		service: place.Service, edits: place.CanEdit(), tellings: once(tellings), owner: rand.Text(), changed: map[incident.ID]bool{},
	}
}

// open takes the destination's lease. It returns false when there is nothing left to say, or none
// of it can be said now: then each telling has its fate.
func (s *session) open() bool {
	began := time.Now()
	for {
		s.read()
		if s.work.Err() != nil {
			return false // what is pending has no time left
		}
		news := s.news()
		if len(news) == 0 {
			return false
		}
		if s.blind {
			return true
		}
		until, why := s.hindrance()
		s.silent = errors.Is(why, errTrouble) && slices.ContainsFunc(news, s.isAged)
		if why == nil || s.silent {
			taken, err := s.take(news)
			if taken || err != nil {
				return true
			}
			until, why = s.Now(), errBusy // somebody was faster
		}
		if !s.wait(until, began, why) {
			s.putOff(news, until, why)
			return false
		}
	}
}

// read asks the store about the destination and the alerts.
func (s *session) read() {
	ids := []incident.ID{{Destination: s.name}}
	seen := map[incident.ID]bool{}
	for _, t := range s.tellings {
		for _, id := range []incident.ID{t.id(), s.floodID(t)} {
			if id != (incident.ID{}) && !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	if err := s.readAll(ids); err != nil {
		s.setBlind(err)
		s.destination = &incident.Known[incident.Destination]{Item: incident.Item{ID: ids[0]}}
		s.incidents = map[incident.ID]*incident.Known[incident.Incident]{}
		for _, id := range ids[1:] {
			s.incidents[id] = &incident.Known[incident.Incident]{Item: incident.Item{ID: id}}
		}
	}
}

func (s *session) readAll(ids []incident.ID) error {
	items, err := s.Store.Read(s.work, ids...)
	if err != nil {
		return err
	}
	if s.destination, err = incident.Read[incident.Destination](items[0]); err != nil {
		return err
	}
	s.incidents = make(map[incident.ID]*incident.Known[incident.Incident], len(items))
	for _, item := range items[1:] {
		if s.incidents[item.ID], err = incident.Read[incident.Incident](item); err != nil {
			return err
		}
	}
	return nil
}

// setBlind goes on without the store, which did not answer; that our time ran out is not its fault.
func (s *session) setBlind(err error) {
	s.blind = true
	if s.work.Err() != nil {
		return
	}
	s.Log.ErrorContext(s.work, "store does not answer", "destination", s.name, "error", err)
	s.mu.Lock()
	s.dark[s.name] = true
	s.mu.Unlock()
}

// news returns the tellings that the destination lacks; the others are known.
func (s *session) news() (news []*telling) {
	for _, t := range s.tellings {
		i := &s.incidents[t.id()].Is
		switch {
		case i.WasTold(t.alert.Change), i.IsBuried(t.alert.Change) && !t.redriven:
			t.end(known, nil)
		default:
			news = append(news, t)
		}
	}
	return news
}

// hindrance says until when nothing can be said here, and why; nil when it can.
func (s *session) hindrance() (until time.Time, why error) {
	now, d := s.Now(), &s.destination.Is
	switch {
	case d.Lease.Held(now):
		return d.Lease.Until, errBusy
	case d.NotBefore.After(now):
		return d.NotBefore, errTrouble
	}
	return time.Time{}, nil
}

// take writes our lease over what was read. It returns false when that is no longer what is there.
func (s *session) take(news []*telling) (taken bool, err error) {
	now := s.Now()
	s.destination.Is.Take(s.owner, now, s.until(), changesOf(news))
	stale, err := s.Store.Write(s.work, s.destination.Packed(now.Add(incident.Keep)))
	if err != nil {
		s.setBlind(err)
	}
	return err == nil && len(stale) == 0, err
}

// mayHaveBeenTold reports whether t is in doubt: an invocation was stopped while it was telling it, or an answer was lost.
func (s *session) mayHaveBeenTold(t *telling) bool {
	return s.destination.Is.MayHaveTold(t.change())
}

// wait waits for a hindrance to go away. It returns false when that takes too long: what came without a
// queue can wait as long as the invocation lasts.
func (s *session) wait(until, began time.Time, why error) bool {
	end := began.Add(patience)
	if s.tellings[0].piece.message == nil {
		end = time.Now().Add(time.Hour)
		if deadline, ok := s.work.Deadline(); ok {
			end = deadline.Add(-s.least())
		}
	}
	for s.mayBegin() {
		pause := until.Sub(s.Now())
		if errors.Is(why, errBusy) {
			pause = 30*time.Millisecond + mathrand.N(70*time.Millisecond)
		}
		if time.Now().Add(pause).After(end) || sleep(s.work, pause) != nil {
			return false
		}
		if !errors.Is(why, errBusy) || !s.isBusy() {
			return true
		}
	}
	return false
}

// isBusy asks the store whether another invocation still speaks at the destination.
func (s *session) isBusy() bool {
	items, err := s.Store.Read(s.work, s.destination.ID)
	if err != nil {
		return false // the next full look will say so
	}
	d, err := incident.Read[incident.Destination](items[0])
	return err == nil && d.Is.Lease.Held(s.Now())
}

// putOff sends news back to the queue: while somebody speaks there for a moment, else until the trouble is over.
func (s *session) putOff(news []*telling, until time.Time, why error) {
	if errors.Is(why, errBusy) {
		until = s.Now().Add(busy + mathrand.N(busy))
	}
	for _, t := range news {
		t.postpone(until, why)
	}
}

// close saves what was told, and only then lets go of the lease: whoever takes it next has to find the outcomes.
func (s *session) close() {
	if s.blind {
		return
	}
	now, d := s.Now(), &s.destination.Is
	if err := s.save(now); err != nil {
		// What was told is told; should the queue hand it out again, it is told twice.
		s.notRemembered(err)
		d.Doubt(now, changesOf(toldOf(s.tellings)))
	}
	d.Lease = incident.Lease{}
	stale, err := s.Store.Write(s.saving, s.destination.Packed(now.Add(incident.Keep)))
	switch {
	case err != nil:
		s.notRemembered(err)
	case len(stale) > 0:
		s.Log.WarnContext(s.saving, "lease lost", "destination", s.name)
	}
}
