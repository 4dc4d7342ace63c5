package relay

import (
	"cmp"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// session is one invocation's turn at one destination. While it holds the
// destination's lease nobody else speaks there, so what it has read stays true.
type session struct {
	*call
	name      string
	insteadOf string // the dead destination whose alerts these are
	channel   Channel
	service   formatter.Service
	canEdit   bool // messages there can be edited
	tellings  []*telling

	owner       string
	destination *incident.Known[incident.Destination]
	incidents   map[incident.ID]*incident.Known[incident.Incident]
	changed     map[incident.ID]bool               // incidents to be saved
	beside      map[incident.ID]*incident.Incident // what messages show beside what changes; not to be saved
	posts       map[Ref]*shown                     // messages that were read, posted or edited, by their place
	tally       *incident.Known[incident.Tally]
	happened    incident.Happened // that the tally does not count yet
	errandIDs   []incident.ID     // what an errand is about
	blind       bool              // the store does not answer: told anyway, without knowing what was
	waited      time.Duration     // for graphs
	silent      bool              // the service is in trouble: the lease is for giving up what is too old
}

func (c *call) newSession(destination, insteadOf string, tellings []*telling) *session {
	place, _ := c.Rules.Destination(destination)
	return &session{
		call: c, name: destination, insteadOf: insteadOf, channel: c.Channels[destination],
		service: place.Service, canEdit: place.CanEdit(), tellings: once(tellings), owner: rand.Text(),
		changed: map[incident.ID]bool{}, posts: map[Ref]*shown{},
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
	ids := s.incidentIDs()
	if err := s.readAll(ids); err != nil {
		s.setBlind(err)
		s.destination = &incident.Known[incident.Destination]{Item: incident.Item{ID: incident.ID{Destination: s.name}}}
		s.tally = &incident.Known[incident.Tally]{Item: incident.Item{ID: incident.TallyID(s.name)}}
		s.incidents = map[incident.ID]*incident.Known[incident.Incident]{}
		for _, id := range ids {
			s.incidents[id] = &incident.Known[incident.Incident]{Item: incident.Item{ID: id}}
		}
	}
}

// incidentIDs are those of what is to be told, and of what stands beside it.
func (s *session) incidentIDs() (ids []incident.ID) {
	seen := map[incident.ID]bool{{}: true}
	add := func(some ...incident.ID) {
		for _, id := range some {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	add(s.errandIDs...)
	for _, t := range s.tellings {
		add(t.id(), s.floodID(t))
		add(s.childIDs(t.id(), t.alert)...)
	}
	return ids
}

func (s *session) readAll(ids []incident.ID) error {
	first := []incident.ID{{Destination: s.name}, incident.TallyID(s.name), incident.MutesID()}
	items, err := s.Store.Read(s.work, append(first, ids...)...)
	if err != nil {
		return err
	}
	if s.destination, err = incident.Read[incident.Destination](items[0]); err != nil {
		return err
	}
	if s.tally, err = incident.Read[incident.Tally](items[1]); err != nil {
		return err
	}
	mutes, err := incident.Read[incident.Mutes](items[2])
	if err != nil {
		return err
	}
	s.incidents = make(map[incident.ID]*incident.Known[incident.Incident], len(items))
	for _, item := range items[len(first):] {
		if s.incidents[item.ID], err = incident.Read[incident.Incident](item); err != nil {
			return err
		}
	}
	s.heed(&mutes.Is)
	return nil
}

// heed holds back what somebody muted by an order.
func (s *session) heed(mutes *incident.Mutes) {
	for _, t := range s.tellings {
		m, ok := mutes.Active(s.Now(), t.alert.Name, rule.Matches)
		if t.ordered = ok; ok && t.held == "" {
			t.held = muted
			s.Log.InfoContext(s.work, "held back", "alert", t.alert.Key, "destination", s.name, "reason", "muted by "+cmp.Or(m.By, "an order")+" until "+m.Until.UTC().Format(time.RFC3339))
		}
	}
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
		case i.WasTold(t.alert.Change), i.WasFound(t.alert), i.IsBuried(t.alert.Change) && !t.redriven:
			t.end(known, nil)
		case t.found != nil && i.Newest.State == t.alert.State:
			t.end(known, nil)
		case t.held != "" && !s.concerns(t, i):
			t.end(silent, nil)
		default:
			news = append(news, t)
		}
	}
	return news
}

// concerns reports whether something is to be done about a telling for which nothing is posted.
func (s *session) concerns(t *telling, i *incident.Incident) bool {
	shown := s.canEdit && i.Episode != nil && i.Episode.Message != Ref{}
	switch {
	case !t.alert.IsAlarm():
		return false
	case t.held == muted:
		return shown || i.Held != nil || t.alert.State == alert.StateAlarm
	case t.held == follows && !i.Episode.IsOpen() && !i.Episode.IsAhead():
		return false // they were not told that it fires
	case t.held == follows && !s.canEdit && t.alert.State == alert.StateOK && !t.ordered:
		t.held = "" // a short message has to do
		return true
	}
	return shown
}

// mayHaveBeenTold reports whether t is in doubt: an invocation was stopped while it was telling it, or an answer was lost.
func (s *session) mayHaveBeenTold(t *telling) bool {
	return s.destination.Is.MayHaveTold(t.change())
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
