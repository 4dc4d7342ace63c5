package relay

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"alarmrelay/relay/incident"
)

func pendingOf(tellings []*telling) []*telling {
	return slices.DeleteFunc(slices.Clone(tellings), func(t *telling) bool { return t.fate != pending || t.same != nil })
}

func toldOf(tellings []*telling) []*telling {
	return slices.DeleteFunc(slices.Clone(tellings), func(t *telling) bool { return t.fate != told })
}

// end gives tellings their fate.
func (s *session) end(tellings []*telling, f fate, why error) {
	for _, t := range tellings {
		t.end(f, why)
	}
}

// accepted notes what a request told.
func (s *session) accepted(r request, at incident.Ref) {
	d := &s.destination.Is
	d.Works()
	s.count(s.name, func(d *Deliveries) { d.Truncated += r.message.Truncated })
	s.notePost(r, at)
	for _, e := range r.entries {
		s.heard(e, r, at)
		if e.flood != (incident.ID{}) {
			s.noteFlood(e, r, at)
		}
	}
	storm := s.stormOf(r)
	if storm == nil {
		return
	}
	storm.Last = s.Now()
	if !r.change {
		storm.Told += len(r.entries)
	}
	for _, m := range r.pings {
		if !slices.Contains(storm.Pinged, m) {
			storm.Pinged = append(storm.Pinged, m)
		}
	}
	if r.edit == nil {
		storm.Messages++
	}
	if r.digest != nil && r.edit == nil {
		storm.Opened(at)
	}
}

// stormOf returns the storm that a request belongs to, and nil where it belongs to none. A digest belongs to the storm that it
// was composed for, also when that one's window has ended meanwhile; what changes or accompanies an earlier message belongs to none, unless
// that is the open digest.
func (s *session) stormOf(r request) *incident.Storm {
	window := s.Rules.Storm.Window
	if r.digest != nil && !r.change {
		window = math.MaxInt64
	}
	storm := s.destination.Is.Storm(s.voiceKey(r.bundle), s.Now(), window)
	if storm != nil && (r.line || r.change && storm.Open.Place() != r.edit.Place()) {
		return nil
	}
	return storm
}

// heard notes what of an entry a request told. An incident is told when all of its steps are made.
func (s *session) heard(e *entry, r request, at incident.Ref) {
	switch {
	case e.plan == nil || r.line:
		s.told(e)
	case r.change:
		e.edited, e.plan.Edit.Message = true, at
		if e.plan.Post == nil && e.plan.Line == "" {
			s.told(e)
			return
		}
		s.runsAhead(e)
	default:
		if s.canEdit {
			e.plan.Post.Message = at
		}
		s.told(e)
	}
}

// runsAhead notes that the message of an entry shows, or may show, what is not told until its line is said, too.
func (s *session) runsAhead(e *entry) {
	i := &s.incidents[e.id].Is
	if e.isPending() && i.Episode != nil && i.Episode.Message.Place() == e.plan.Edit.Message.Place() {
		i.Episode.Ahead, s.changed[e.id] = true, true
	}
}

// told notes that an entry's alerts were shown.
func (s *session) told(e *entry) {
	now := s.Now()
	if e.plan != nil {
		s.know(e)
	}
	for _, t := range e.tellings {
		t.end(told, nil)
		id := t.id()
		if e.plan == nil {
			s.incidents[id].Is.Tell(t.alert, now)
		}
		s.changed[id] = true
		s.noteTicked(e, t)
		s.countTold(e, t)
		latency, doubtful := now.Sub(t.alert.ChangedAt), s.mayHaveBeenTold(t) || s.blind && t.piece.receives() > 1
		s.count(s.name, func(d *Deliveries) {
			d.Delivered++
			if !e.late && !t.piece.ticked {
				d.Latency = append(d.Latency, max(latency, 0))
			}
			if doubtful {
				d.Doubtful++
			}
		})
		s.destination.Is.Settled(t.change())
	}
}

// know puts what is known after an entry was told in the place of what was known before.
func (s *session) know(e *entry) {
	i := &s.incidents[e.id].Is
	known := e.plan.Known
	for _, o := range i.Told { // old news that was told beside it
		if !slices.Contains(known.Told, o) {
			known.Told = append(known.Told, o)
		}
	}
	known.Parent = i.Parent
	if known.Held = i.Held; known.Held != nil && !known.Held.At.After(known.Newest.At) {
		known.Held = nil
	}
	*i = known
	for _, t := range e.tellings {
		i.Keep(t.alert)
	}
	s.changed[e.id] = true
	s.relate(e)
}

// noteFlood notes which message counts the lines of a log subscription from now on.
func (s *session) noteFlood(e *entry, r request, at incident.Ref) {
	i := &s.incidents[e.flood].Is
	s.changed[e.flood] = true
	if at.Message != "" && (len(r.entries) > 1 || r.digest != nil) {
		i.Flood = nil // a message of its own begins the next time
		return
	}
	if r.edit == nil {
		i.Flood = &incident.Flood{Began: s.Now(), Message: at}
	}
	for _, t := range e.tellings {
		i.Flood.Batches++
		i.Flood.Lines += len(t.alert.Logs.Lines) + t.alert.Logs.Omitted
		i.Flood.First = earlier(i.Flood.First, t.alert.ChangedAt)
	}
}

// notePost keeps what a message shows that will change.
func (s *session) notePost(r request, at incident.Ref) {
	if at.Message == "" || !s.canEdit || s.blind || r.line {
		return
	}
	if r.digest != nil {
		m := s.shownAt(at)
		if m.Is.Digest == nil {
			m.Is.Digest = &incident.Digest{Pinged: r.pings, InsteadOf: s.insteadOf}
			if storm := s.stormOf(r); storm != nil {
				m.Is.Digest.Earlier = storm.Told
			}
		}
		if !r.change {
			m.Is.Digest.Told += len(r.digest)
		}
		m.put(s, at, r.digest)
		return
	}
	for _, e := range r.entries {
		if e.plan == nil {
			continue
		}
		episode := e.plan.Post
		if r.change {
			episode = e.plan.Edit
		}
		card := incident.Card{Key: e.id.Key, Episode: *episode}
		card.Episode.Message = Ref{}
		s.shownAt(at).Is.Put(card)
	}
}

// deadPause is for how long a dead webhook is not asked again. Its owner may mend it meanwhile; Discord
// wants it left alone: https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
const deadPause = 5 * time.Minute

// fail notes that the service is in trouble: until when it is left alone, and what has to wait for that.
func (s *session) fail(tellings []*telling, err error) {
	now, d, o := s.Now(), &s.destination.Is, s.Rules.Retry
	limit, block := (*LimitError)(nil), (*BlockedError)(nil)
	switch {
	case errors.As(err, new(*DeadError)):
		d.DeadUntil, d.DeadWhy = now.Add(deadPause), err.Error()
		s.end(tellings, dead, err)
		return
	case errors.As(err, &limit):
		d.Leave(now, now.Add(limit.RetryAfter))
		s.count(s.name, func(d *Deliveries) { d.Limited++ })
	case errors.As(err, &block):
		d.Leave(now, now.Add(block.RetryAfter))
		s.count(s.name, func(d *Deliveries) { d.Blocked++ })
	default:
		d.Failed(now, o.First, o.Longest)
	}
	for _, t := range tellings {
		again := d.NotBefore
		if limit == nil && block == nil {
			// One that fails while others are told waits as long as it has waited already, which doubles its age.
			age := now.Sub(t.since(now))
			again = latest(again, now.Add(min(max(age, o.First), o.Longest)))
		}
		t.postpone(again, err)
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// receives is how often the queue has handed out the piece, at least once.
func (p *piece) receives() int {
	if p.message == nil {
		return 1
	}
	return max(1, p.message.Receives)
}

// giveUp makes hopeless what has been tried for too long. What waits because we want it so has not been tried.
func (s *session) giveUp() {
	for _, t := range s.tellings {
		if t.fate == postponed && s.isAged(t) && !errors.Is(t.why, errFlood) && !errors.Is(t.why, errStorm) {
			t.end(hopeless, fmt.Errorf("given up after %v: %w", s.Rules.Retry.GiveUp, t.why))
		}
	}
}

// isAged reports whether a telling has been tried for long enough.
func (s *session) isAged(t *telling) bool {
	return s.Now().Sub(t.since(s.Now())) >= s.Rules.Retry.GiveUp
}
