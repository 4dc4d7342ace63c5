package relay

import (
	"slices"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// entry is what a destination is told of one alarm, or another thing, in one piece: all changes of it
// that came together.
type entry struct {
	tellings []*telling
	item     formatter.Item
	voice    rule.Voice
	flood    incident.ID // of the log subscription; zero for everything else
	late     bool        // people know something newer

	// Of an alarm's change that is news.
	id     incident.ID
	plan   *incident.Plan  // nil for everything else
	edited bool            // its message shows it by now
	short  bool            // a line is all that people are told of it
	newest incident.Packed // of a trouble that is over for long; nil for what is known as the newest
}

// logBroken logs which words of a rule could not be said; people read the built-in ones.
func (s *session) logBroken(entries []*entry, messages []formatter.Message) {
	for _, m := range messages {
		for _, b := range m.Broken {
			e := entries[b.Item]
			newest := e.tellings[len(e.tellings)-1]
			s.Log.WarnContext(s.work, "words of a rule not said", "alert", e.item.Key, "destination", s.name,
				"rule", newest.delivery.Rule, "error", b.Err)
		}
	}
}

// bundle is what a destination is told in one voice.
type bundle struct {
	voice   rule.Voice
	entries []*entry
}

// bundled puts entries together by voice.
func bundled(entries []*entry) (bundles []*bundle) {
	for _, e := range entries {
		i := slices.IndexFunc(bundles, func(b *bundle) bool { return b.voice == e.voice })
		if i < 0 {
			i = len(bundles)
			bundles = append(bundles, &bundle{voice: e.voice})
		}
		bundles[i].entries = append(bundles[i].entries, e)
	}
	return bundles
}

// entries folds the changes of one alarm, and the batches of one log subscription.
func (s *session) entries() (entries []*entry) {
	place := map[incident.ID]int{}
	var groups [][]*telling
	for _, t := range s.tellings {
		if t.fate != pending {
			continue
		}
		id := t.id()
		if flood := s.floodID(t); flood != (incident.ID{}) {
			id = flood
		}
		i, ok := place[id]
		if !ok {
			i = len(groups)
			place[id] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], t)
	}
	for _, g := range groups {
		if g[0].alert.IsAlarm() {
			entries = append(entries, s.planned(g)...)
			continue
		}
		entries = append(entries, s.entry(g))
	}
	return entries
}

// entry tells a group by its newest alert.
func (s *session) entry(group []*telling) *entry {
	newest := group[len(group)-1]
	e := &entry{tellings: group, item: newest.item(), voice: newest.delivery.Voice, flood: s.floodID(newest)}
	e.item.Repeat = slices.ContainsFunc(group, s.mayHaveBeenTold)
	if newest.alert.Kind == alert.KindLogs {
		s.foldLogs(e)
	}
	return e
}

// floodID is where the flood of a log subscription is kept; zero for everything else.
func (s *session) floodID(t *telling) incident.ID {
	if t.alert.Kind != alert.KindLogs || s.Rules.LogWindow == 0 {
		return incident.ID{}
	}
	id := incident.FloodID(s.name, t.alert)
	if t.instead != "" {
		id.Key += insteadOf(t.instead)
	}
	return id
}

// foldLogs counts the batches of a group that came together, and those that the open message of
// the flood has counted already.
func (s *session) foldLogs(e *entry) {
	f := formatter.Flood{}
	for _, t := range e.tellings {
		f.Batches++
		f.Lines += len(t.alert.Logs.Lines) + t.alert.Logs.Omitted
		f.Began = earlier(f.Began, t.alert.ChangedAt)
	}
	if open := s.openFlood(e); open != nil {
		f.Batches += open.Batches
		f.Lines += open.Lines
		f.Began = earlier(f.Began, open.First)
	}
	if f.Batches > 1 {
		e.item.Flood = &f
	}
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// openFlood returns the flood that a log entry belongs to, and nil when it begins one.
func (s *session) openFlood(e *entry) *incident.Flood {
	if e.flood == (incident.ID{}) {
		return nil
	}
	f := s.incidents[e.flood].Is.Flood
	if f == nil || s.Now().Sub(f.Began) >= s.Rules.LogWindow {
		return nil
	}
	return f
}
