package relay

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"alarmrelay/relay/incident"
)

// deliver serves the destinations side by side, so that a slow one holds up
// nobody else's alerts.
func (c *call) deliver(tellings []*telling) {
	book := newPlaces(tellings)
	var wait sync.WaitGroup
	for _, some := range byDestination(tellings) {
		wait.Go(func() { c.serve(some, "", book) })
	}
	wait.Wait()
}

func byDestination(tellings []*telling) (groups [][]*telling) {
	place := map[string]int{}
	for _, t := range tellings {
		i, ok := place[t.delivery.Destination]
		if !ok {
			i = len(groups)
			place[t.delivery.Destination] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], t)
	}
	return groups
}

// serve tells a destination what it lacks. What a dead webhook cannot take goes to the
// destination's fallback; what nothing can deliver is buried.
func (c *call) serve(tellings []*telling, insteadOf string, book *places) {
	s := c.newSession(tellings[0].delivery.Destination, insteadOf, tellings)
	var redirected []*telling
	if err := s.safely("serve", func() error { redirected = s.run(book); return nil }); err != nil {
		s.leave(err)
	}
	for _, some := range byDestination(redirected) {
		c.serve(some, s.name, book)
	}
}

// run is a session from its beginning to its end. It returns what goes to the fallback.
func (s *session) run(book *places) (redirected []*telling) {
	if !s.open() {
		return nil
	}
	s.speak()
	s.giveUp()
	redirected = s.redirect(book)
	s.bury()
	s.close()
	return redirected
}

// leave sends everything back for long after a panic; the lease ends by itself.
func (s *session) leave(why error) {
	for _, t := range s.tellings {
		if !t.isDone() {
			t.last().postpone(s.Now().Add(s.Rules.Retry.Longest), why)
		}
	}
}

// speak tells all that is news, bundle by bundle, while the service takes it.
func (s *session) speak() {
	if s.silent {
		s.putOff(pendingOf(s.tellings), s.destination.Is.NotBefore, errTrouble)
		return
	}
	if why := s.deadAlready(); why != nil {
		s.end(pendingOf(s.tellings), dead, why)
		return
	}
	var bundles []*bundle
	if err := s.safely("group", func() error { bundles = s.bundles(); return nil }); err != nil {
		s.end(pendingOf(s.tellings), hopeless, err)
	}
	for _, b := range bundles {
		if err := s.tell(b); err != nil {
			s.fail(pendingOf(s.tellings), err)
			return
		}
	}
}

// deadAlready returns why the webhook is not asked: it was dead a moment ago, or there is none. Who puts a dead letter
// back has mended it.
func (s *session) deadAlready() error {
	switch {
	case s.channel == nil:
		return fmt.Errorf("destination %s is not connected", s.name)
	case s.destination.Is.DeadUntil.After(s.Now()) && !slices.ContainsFunc(s.tellings, func(t *telling) bool { return t.redriven }):
		return stillDead(s.destination.Is.DeadWhy)
	}
	return nil
}

// stillDead is a [DeadError] that somebody got a while ago; the text is that one's.
type stillDead string

func (why stillDead) Error() string { return string(why) }
func (stillDead) Unwrap() error     { return new(DeadError) }

// tell makes a bundle's requests. When the service is in trouble it returns that and
// does not try the rest, which would meet the same.
func (s *session) tell(l *bundle) (trouble error) {
	var requests []request
	if err := s.safely("format", func() error { requests = s.compose(l); return nil }); err != nil {
		return s.tellApart(l, l.entries, err)
	}
	return s.makeAll(requests)
}

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

// make makes one request and gives what it tells its fate.
func (s *session) make(r request) (trouble error) {
	if err := s.keepPace(r); err != nil {
		return err
	}
	now := s.Now()
	s.destination.Is.Requested(now, r.edit != nil)
	s.count(s.name, func(d *Deliveries) { d.Requests++ })
	var at incident.Ref
	err := s.safely("post", func() (err error) {
		if r.edit != nil {
			at = *r.edit
			return s.channel.Edit(s.work, *r.edit, r.message)
		}
		at, err = s.channel.Post(s.work, r.message)
		return err
	})
	switch {
	case err == nil:
		s.accepted(r, at)
		return nil
	case r.edit != nil && cannotBeEdited(err):
		return s.postAnew(r)
	case isRefusal(err):
		return s.tellApart(r.bundle, r.entries, err)
	case r.edit == nil && errors.As(err, new(*UncertainError)):
		s.destination.Is.Doubt(s.Now(), r.changes())
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

// postAnew tells in a new message what was to be added to one that has been deleted, or takes no more.
func (s *session) postAnew(r request) error {
	if storm := s.stormOf(r); storm != nil && r.digest != nil {
		storm.Lost()
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

var errPanic = errors.New("panic, see the log")

// safely makes an error of a panic: a bug that one alert runs into must not end
// the process, and with it what others are being told.
func (c *call) safely(doing string, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			// The value itself may quote what was being said; the stack holds no text.
			c.Log.ErrorContext(c.work, "panic", "doing", doing, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = fmt.Errorf("%s: %w", doing, errPanic)
		}
	}()
	return do()
}
