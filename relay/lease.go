package relay

import (
	"errors"
	mathrand "math/rand/v2"
	"time"

	"alarmrelay/relay/incident"
)

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

// wait waits for a hindrance to go away. It returns false when that takes too long: what came without a
// queue can wait as long as the invocation lasts.
func (s *session) wait(until, began time.Time, why error) bool {
	end := began.Add(patience)
	if len(s.tellings) > 0 && !s.tellings[0].piece.comesBack() {
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
