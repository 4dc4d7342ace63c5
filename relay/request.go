package relay

import (
	"errors"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

// request is one message to post, or to put in the place of an earlier one.
type request struct {
	bundle  *bundle
	entries []*entry // what it tells
	message formatter.Message
	edit    *incident.Ref    // nil to post
	change  bool             // an edit that shows what became of alarms which the message told of
	line    bool             // a short message beside an edit, or in its place
	digest  []formatter.Line // the new lines of a digest; nil for everything else
	pings   []formatter.Mention
}

// changes names all that it tells.
func (r *request) changes() (all []string) {
	for _, e := range r.entries {
		for _, t := range e.tellings {
			all = append(all, t.change())
		}
	}
	return all
}

// makeAll makes requests in their order while there is time. It stops at trouble that the others would meet, too.
func (s *session) makeAll(requests []request) (trouble error) {
	for _, r := range requests {
		if !s.mayBegin() {
			return nil // what is pending has no time left
		}
		if trouble = s.make(r); trouble != nil {
			return trouble
		}
	}
	return nil
}

// send makes one request, when the service's limits allow it.
func (s *session) send(r request) (at incident.Ref, err error) {
	if err := s.keepPace(r); err != nil {
		return at, err
	}
	s.destination.Is.Requested(incident.Request{At: s.Now(), Edit: r.edit != nil, Line: r.line})
	s.count(s.name, func(d *Deliveries) { d.Requests++ })
	err = s.safely("post", func() (err error) {
		if r.edit != nil {
			at, err = s.channel.Edit(s.work, *r.edit, r.message)
			return err
		}
		at, err = s.channel.Post(s.work, r.message)
		return err
	})
	return at, err
}

// make makes one request and gives what it tells its fate.
func (s *session) make(r request) (trouble error) {
	at, err := s.send(r)
	switch {
	case err == nil:
		s.accepted(r, at)
		return nil
	case r.edit != nil && cannotBeEdited(err):
		return s.postAnew(r, err)
	case r.change && isOldMessage(err):
		return s.waitForOldMessage(r, err)
	case r.line && isRefusal(err):
		s.withoutLine(r.entries)
		return nil
	case isRefusal(err):
		return s.tellApart(r.bundle, r.entries, err)
	case r.edit == nil && errors.As(err, new(*UncertainError)):
		s.destination.Is.Doubt(s.Now(), r.changes())
	case r.change && errors.As(err, new(*UncertainError)):
		for _, e := range r.entries {
			s.runsAhead(e)
		}
	}
	return err
}

// isRefusal reports whether a message is what is wrong, and not the service.
func isRefusal(err error) bool {
	return errors.As(err, new(*RefusedError)) || errors.Is(err, errPanic)
}

func cannotBeEdited(err error) bool {
	return errors.Is(err, ErrGone) || errors.Is(err, errors.ErrUnsupported) || isRefusal(err)
}

// keepPace waits until the service's limits allow the request, as far as there is time for that.
func (s *session) keepPace(r request) error {
	pause := s.destination.Is.NextRequest(s.service, s.Now(), r.edit != nil).Sub(s.Now())
	if pause <= 0 {
		return nil
	}
	if deadline, ok := s.work.Deadline(); pause > maxPace || ok && time.Until(deadline) < pause+s.least() {
		return &LimitError{RetryAfter: pause}
	}
	return sleep(s.work, pause)
}

// maxPace is how long an invocation waits to stay within a limit, instead of leaving it to the queue.
const maxPace = 5 * time.Second

// postAnew tells in a new message what was to be added to one that has been deleted, or does not take it. One that is still there is asked
// once more by a tick when the trouble is over: nobody wants it red for ever.
func (s *session) postAnew(r request, why error) error {
	if storm := s.stormOf(r); storm != nil && r.digest != nil {
		storm.Lost()
	}
	if !r.change || !isRefusal(why) { // what it shows stays true, and may have been changed a moment ago
		delete(s.posts, r.edit.Place())
	}
	switch {
	case r.change && isRefusal(why):
		return s.tellBeside(r.entries)
	case r.change:
		return s.tellAnew(r.entries)
	}
	for _, e := range r.entries {
		if e.flood != (incident.ID{}) {
			s.incidents[e.flood].Is.Flood = nil
		}
	}
	return s.tell(&bundle{voice: r.bundle.voice, entries: r.entries})
}

// tellApart finds out which alert of a message the service, or the formatter, does not like: few
// are told one by one, many in halves. That one's fate is why.
func (s *session) tellApart(l *bundle, entries []*entry, why error) (trouble error) {
	if len(entries) == 1 {
		s.end(entries[0].tellings, hopeless, why)
		return nil
	}
	size := 1
	if len(entries) > s.Rules.Storm.Alerts {
		size = (len(entries) + 1) / 2
	}
	for len(entries) > 0 {
		some := entries[:min(size, len(entries))]
		entries = entries[len(some):]
		if !s.mayBegin() {
			return nil
		}
		if trouble = s.tellSome(&bundle{voice: l.voice, entries: some}); trouble != nil {
			return trouble
		}
	}
	return nil
}

// tellSome tells a part of what was refused together: as cards where they are few, whatever storm is about.
func (s *session) tellSome(l *bundle) (trouble error) {
	if len(l.entries) > s.Rules.Storm.Alerts {
		return s.tell(l)
	}
	var requests []request
	if err := s.safely("format", func() error { requests = s.cards(l, l.entries); return nil }); err != nil {
		return s.tellApart(l, l.entries, err)
	}
	return s.makeAll(requests)
}
