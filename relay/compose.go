package relay

import (
	"cmp"
	"encoding/json"
	"errors"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

// compose makes a bundle's requests: a card for each alert while they are few, a digest when they are
// many or come too fast. Logs come last: their limits would hold up the rest.
func (s *session) compose(l *bundle) []request {
	floods, rest := s.floods(l)
	if storm := s.storm(l, rest); storm != nil {
		return append(s.composeStorm(l, storm, rest), floods...)
	}
	if !s.canEdit {
		s.illustrate(l, rest)
		return append(s.cards(l, rest), floods...)
	}
	alarms, rest := apart(rest)
	alone, packed := s.alone(alarms)
	s.illustrate(l, alone)
	var requests []request
	for _, e := range alone {
		requests = append(requests, s.cards(l, []*entry{e})...)
	}
	requests = append(requests, s.cards(l, packed)...)
	logs, rest := logsAlone(rest)
	requests = append(requests, s.cards(l, rest)...)
	for _, e := range logs {
		requests = append(requests, s.cards(l, []*entry{e})...)
	}
	return append(requests, floods...)
}

// apart takes out the alarms whose messages will change: what they show is kept, which other things are too large for.
func apart(entries []*entry) (alarms, rest []*entry) {
	for _, e := range entries {
		if e.plan != nil {
			alarms = append(alarms, e)
			continue
		}
		rest = append(rest, e)
	}
	return alarms, rest
}

// alone gives alarms a message each, the worst first, while that makes no storm; the rest share one.
func (s *session) alone(alarms []*entry) (alone, packed []*entry) {
	slices.SortStableFunc(alarms, func(a, b *entry) int { return cmp.Compare(b.item.Severity.Rank(), a.item.Severity.Rank()) })
	left := s.Rules.Storm.Messages - 1 - s.destination.Is.Posts(s.Now(), min(s.Rules.Storm.Window, time.Minute))
	if len(alarms) > left {
		left = max(0, left-1)
	}
	n := min(left, len(alarms))
	return alarms[:n], alarms[n:]
}

// logsAlone takes out the logs that get a message of their own, so that what follows can be
// counted there: a few.
func logsAlone(entries []*entry) (logs, rest []*entry) {
	const few = 2
	for _, e := range entries {
		if e.flood != (incident.ID{}) {
			logs = append(logs, e)
			continue
		}
		rest = append(rest, e)
	}
	if len(logs) > few {
		return nil, entries
	}
	return logs, rest
}

// storm returns the storm that entries belong to, and nil while there is none.
func (s *session) storm(l *bundle, entries []*entry) *incident.Storm {
	now, d, o := s.Now(), &s.destination.Is, s.Rules.Storm
	if storm := d.Storm(s.voiceKey(l), now, o.Window); storm != nil {
		return storm
	}
	if len(entries) <= o.Alerts && d.Posts(now, min(o.Window, time.Minute)) < max(1, o.Messages-1) || len(entries) == 0 {
		return nil
	}
	return d.BeginStorm(s.voiceKey(l), now, o.Window)
}

// cards makes messages of as many cards as fit.
func (s *session) cards(l *bundle, entries []*entry) (requests []request) {
	for _, m := range s.format(l, entries) {
		r := request{bundle: l, message: m}
		for _, i := range m.Items {
			r.entries = append(r.entries, entries[i])
			r.pings = append(r.pings, entries[i].item.Mentions...)
		}
		requests = append(requests, r)
	}
	return requests
}

func (s *session) format(l *bundle, entries []*entry) []formatter.Message {
	notice := formatter.Notice{Arrived: s.Now(), InsteadOf: s.insteadOf}
	for _, e := range entries {
		notice.Items = append(notice.Items, e.item)
	}
	if len(entries) == 0 {
		return nil
	}
	messages := formatter.Format(s.channel.Service(), notice, s.Rules.Style(s.name, l.voice))
	s.logBroken(entries, messages)
	return messages
}

// floods takes out the logs that go into the message of a flood, or wait until a new one is due.
func (s *session) floods(l *bundle) (edits []request, rest []*entry) {
	for _, e := range l.entries {
		open := s.openFlood(e)
		switch {
		case open == nil:
			rest = append(rest, e)
		case open.Message.Message != "":
			edits = append(edits, request{bundle: l, entries: []*entry{e}, message: s.format(l, []*entry{e})[0], edit: &open.Message})
		case e.tellings[0].piece.message == nil, s.hasJustMissed(e, open):
			rest = append(rest, e) // nobody would bring it back; or it has waited already
		default:
			s.destination.Is.LastTrouble = s.Now()
			for _, t := range e.tellings {
				t.postpone(open.Began.Add(s.Rules.LogWindow), errFlood)
			}
		}
	}
	return edits, rest
}

// regroup is within which time what waited for the end of a flood comes back: visibility is in whole seconds.
const regroup = 5 * time.Second

// hasJustMissed reports whether an entry came back a moment after another that waited with it had begun the next message.
func (s *session) hasJustMissed(e *entry, open *incident.Flood) bool {
	waited := func(t *telling) bool { return t.piece.receives() > 1 }
	return s.Now().Sub(open.Began) < regroup && slices.ContainsFunc(e.tellings, waited)
}

// errFlood is why log lines wait where the message that counts them cannot be edited.
var errFlood = errors.New("lines of this log group were told just now: the next are counted together")

// voiceKey names a voice in the store, shortly. What is told instead of a dead destination has a voice of its own: a
// note about that stands on the whole message.
func (s *session) voiceKey(l *bundle) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.insteadOf))
	_ = json.NewEncoder(h).Encode(l.voice) // a hash takes everything, and texts can always be encoded
	return strconv.FormatUint(h.Sum64(), 36)
}
