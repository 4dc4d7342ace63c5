package relay

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
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
		s.saveDuplicates()
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
	var entries []*entry
	if err := s.safely("group", func() error { entries = s.entries(); return nil }); err != nil {
		s.end(pendingOf(s.tellings), hopeless, err)
	}
	if err := s.say(entries); err != nil {
		s.fail(pendingOf(s.tellings), err)
	}
}

// say makes what entries ask for: changes of what is shown already, then what is new, then the lines that tell of the changes. When
// the service is in trouble it returns that and does not try the rest, which would meet the same.
func (s *session) say(entries []*entry) (trouble error) {
	drawn, plain := partEntries(entries, func(e *entry) bool { return e.endsTrouble() && e.wantsGraph() && s.Graphs != nil })
	anew, trouble := s.edit(plain)
	if trouble != nil {
		return trouble
	}
	entries = append(entries, anew...)
	for _, b := range bundled(slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool { return !e.posts() })) {
		if trouble = s.tell(b); trouble != nil {
			return trouble
		}
	}
	// Nobody waits for the graph of what is over.
	for _, b := range bundled(drawn) {
		s.illustrate(b, b.entries)
	}
	if anew, trouble = s.edit(drawn); trouble != nil {
		return trouble
	}
	for _, b := range bundled(anew) {
		if trouble = s.tell(b); trouble != nil {
			return trouble
		}
	}
	var requests []request
	if err := s.safely("line", func() error { requests = s.lines(entries); return nil }); err != nil {
		s.withoutLine(entries)
		return nil
	}
	return s.makeAll(requests)
}

// edit changes the messages of entries, and returns what has to be told anew.
func (s *session) edit(entries []*entry) (anew []*entry, trouble error) {
	var requests []request
	if err := s.safely("edit", func() error { requests, anew = s.edits(entries); return nil }); err != nil {
		s.unedited(entries)
	}
	return anew, s.makeAll(requests)
}

func partEntries(entries []*entry, which func(*entry) bool) (those, others []*entry) {
	for _, e := range entries {
		if which(e) {
			those = append(those, e)
			continue
		}
		others = append(others, e)
	}
	return those, others
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
