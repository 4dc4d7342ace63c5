package incident

import (
	"slices"
	"time"

	"alarmrelay/alert"
)

// Manners are how a rule wants an incident to be told.
type Manners struct {
	Edits      bool          // the destination can change a message
	Muted      bool          // nothing is posted now
	Lines      bool          // while it is muted, the line that goes with an edit is said all the same
	Flap       time.Duration // an ALARM that comes no later than this after the last one belongs to the same episode
	RepeatPing time.Duration // an ALARM of the same episode pings when the last ping is that old
	Recovery   Recovery
}

// Recovery is how people hear that it is over.
type Recovery string

// The ways: the message is edited, a new one is posted, or, by default, both: an edit notifies nobody.
const (
	RecoveryEdit Recovery = "edit"
	RecoveryPost Recovery = "post"
	RecoveryBoth Recovery = "both"
)

// Line is the short message that goes with an edit.
type Line string

// The lines; empty for none.
const (
	LineRecovered Line = "recovered"
	LineAgain     Line = "again" // it fires again
)

// Plan is what is to be said about an alarm whose changes came. Each step may be made again after a failure; what was told
// counts when all are made.
type Plan struct {
	Edit  *Episode       // what its message is to show from now on; nil for no edit
	Post  *Episode       // what a new message is to show; nil for none
	Line  Line           // what goes with the edit
	Ping  bool           // whoever the rule mentions is pinged, by the new message or the line
	Late  []*alert.Alert // changes that no message can take: they are told as old news, silently
	Held  []*alert.Alert // changes that are not told because the alarm is muted
	Known Incident       // what is known then; the reference of what is posted is missing
}

// Decide returns what people are to be told when changes of an alarm came, and what is known afterwards. The changes are in the
// order of [InOrder]; what it is given it leaves as it is.
func Decide(known Incident, came []*alert.Alert, m Manners, now time.Time) Plan {
	known.Told = slices.Clone(known.Told)
	known.Episode = known.Episode.clone()
	s := &story{Manners: m, now: now, plan: Plan{Known: known}, last: known.Episode}
	for _, a := range came {
		if s.hear(a) {
			s.plan.Known.note(Outcome(mark(a.Change)))
		}
	}
	s.conclude()
	return s.plan
}

// story is what is told of an alarm, change by change.
type story struct {
	Manners
	now     time.Time
	plan    Plan
	last    *Episode // of which people have heard
	current *Episode // that began with what came; nil for none
	touched bool     // there is news about last
	entered bool     // last changed its state
	fired   bool     // last fired again
	over    bool     // last recovered
}

// hear takes the next change. It returns false for one that nobody is told of.
func (s *story) hear(a *alert.Alert) bool {
	i := &s.plan.Known
	e := s.episode()
	switch {
	case !i.Precedes(a):
		return s.late(e, a)
	case e != nil && (!s.Muted || s.shows(e)) && e.takes(a, a.ChangedAt, s.Flap):
		i.advance(a, s.now)
		fired, over := e.enter(a, i.Newest.At)
		if e == s.last {
			s.touched, s.fired, s.over = true, s.fired || fired, over
			s.entered = true
		}
		return true
	case s.Muted:
		s.plan.Held = append(s.plan.Held, a)
		return false
	}
	if e != nil && e == s.last && e.State == alert.StateAlarm && a.State == alert.StateAlarm {
		e.Unseen, e.Left = true, a.ChangedAt
		s.touched = true
	}
	if e == s.last && e.IsAhead() {
		s.touched = true // nothing else would make its message true
	}
	i.advance(a, s.now)
	current := begin(a, i.Newest.At)
	if s.current != nil || s.entered && !s.shows(s.last) {
		current.follow(e) // no message of its own will tell of that
	}
	s.current = current
	return true
}

// episode is the newest.
func (s *story) episode() *Episode {
	if s.current != nil {
		return s.current
	}
	return s.last
}

// late takes a change that is older than what is known.
func (s *story) late(e *Episode, a *alert.Alert) bool {
	switch {
	case e != nil && s.shows(e) && e.complete(a, s.Flap):
		s.touched = s.touched || e == s.last
	case s.Muted:
		s.plan.Held = append(s.plan.Held, a)
		return false
	default:
		s.plan.Late = append(s.plan.Late, a)
	}
	return true
}

// shows reports whether an episode has a message that can be changed, or will be posted.
func (s *story) shows(e *Episode) bool {
	return e == s.current || s.Edits && e.Message != Ref{}
}

// conclude decides how what was heard is said.
func (s *story) conclude() {
	p := &s.plan
	changed := s.last != nil && s.touched
	if changed && s.shows(s.last) && !s.postsRecovery() {
		p.Edit, s.last.Ahead = s.last, false
		p.Line = s.line()
	} else if changed && s.current == nil && !s.Muted {
		p.Post = s.last
	}
	if s.current != nil {
		p.Post, p.Line = s.current, ""
		p.Known.Episode = s.current
	}
	if p.Post != nil {
		p.Ping = p.Post.State == alert.StateAlarm
	}
	if (p.Ping || p.Line == LineAgain) && s.current == nil {
		p.Ping = s.now.Sub(s.last.Pinged) >= s.RepeatPing
	}
	if p.Ping {
		p.Known.Episode.Pinged = s.now
	}
}

// line is what goes with the edit of the last episode.
func (s *story) line() Line {
	switch {
	case s.Muted && !s.Lines:
		return ""
	case s.fired && s.last.State == alert.StateAlarm:
		return LineAgain
	case s.over && s.last.Fires > 0 && s.Recovery != RecoveryEdit:
		return LineRecovered
	}
	return ""
}

// postsRecovery reports whether the news is a recovery that the rule wants as a message of its own, and no edit.
func (s *story) postsRecovery() bool {
	return s.Recovery == RecoveryPost && s.current == nil && !s.Muted && s.over
}
