package relay

import (
	"encoding/json"
	"errors"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

// request is one message to post, or to put in the place of an earlier one.
type request struct {
	bundle  *bundle
	entries []*entry // what it tells
	message formatter.Message
	edit    *incident.Ref    // nil to post
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

// errStorm is why alerts wait where a storm's messages are used up and none can be edited.
var errStorm = errors.New("the storm has had its messages: more are told when it is over")

// compose makes a bundle's requests: a card for each alert while they are few, a digest when they are
// many or come too fast. Logs come last: their limits would hold up the rest.
func (s *session) compose(l *bundle) []request {
	floods, rest := s.floods(l)
	if storm := s.storm(l, rest); storm != nil {
		return append(s.composeStorm(l, storm, rest), floods...)
	}
	logs, rest := rest[:0:0], rest
	if s.edits {
		logs, rest = logsAlone(rest)
	}
	s.illustrate(l, rest)
	requests := s.cards(l, rest)
	for _, e := range logs {
		requests = append(requests, s.cards(l, []*entry{e})...)
	}
	return append(requests, floods...)
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

// composeStorm tells the critical alarms with a card each while there are messages left for
// that, and names the rest in the storm's digest.
func (s *session) composeStorm(l *bundle, storm *incident.Storm, entries []*entry) (requests []request) {
	left := s.Rules.Storm.Messages - storm.Messages
	worst, rest := critical(entries, s.Rules.Storm.Alerts)
	if len(worst) > 0 && left > 0 {
		cards := s.cards(l, worst)
		for _, beyond := range cards[1:] {
			rest = append(rest, beyond.entries...)
		}
		requests, left = append(requests, cards[0]), left-1
	} else {
		rest = entries
	}
	if len(rest) == 0 {
		return requests
	}
	return append(requests, s.digest(l, storm, rest, left)...)
}

// critical parts the critical alarms from the rest; some is how many of them at most.
func critical(entries []*entry, some int) (worst, rest []*entry) {
	for _, e := range entries {
		if e.item.Severity == alert.SeverityCritical && e.item.State == alert.StateAlarm && !e.late && len(worst) < some {
			worst = append(worst, e)
			continue
		}
		rest = append(rest, e)
	}
	return worst, rest
}

// keptForCritical are the messages of a storm that digests leave to critical alarms.
const keptForCritical = 2

// digest adds entries to the open digest, or posts one. left is how many messages the storm has left.
func (s *session) digest(l *bundle, storm *incident.Storm, entries []*entry, left int) []request {
	left = min(left, max(1, s.Rules.Storm.Messages-keptForCritical)-storm.Digests)
	if storm.Digests == 0 || entries[0].tellings[0].piece.message == nil {
		left = max(left, 1) // the first comes in any case, and what nobody would bring back
	}
	d := formatter.Digest{Arrived: s.Now(), InsteadOf: s.insteadOf, Earlier: storm.Told}
	for _, e := range entries {
		d.Lines = append(d.Lines, formatter.LineOf(&e.item))
		for _, m := range e.item.Mentions {
			if !slices.Contains(storm.Pinged, m) && !slices.Contains(d.Mentions, m) {
				d.Mentions = append(d.Mentions, m)
			}
		}
	}
	if storm.Open.Message != "" && (left < 1 || len(d.Mentions) == 0) {
		r, fits, err := s.continued(l, storm, d, entries, left < 1)
		switch {
		case err != nil:
			s.Log.WarnContext(s.work, "digest not continued", "destination", s.name, "error", err)
			storm.Lost()
			left = max(left, 1)
		case fits:
			return []request{r}
		}
	}
	if left < 1 {
		s.putOffStorm(entries, storm)
		return nil
	}
	d.Room = left
	return s.digestRequests(l, d, entries)
}

func (s *session) digestRequests(l *bundle, d formatter.Digest, entries []*entry) (requests []request) {
	for n, m := range formatter.DigestOf(s.channel.Service(), d, s.Rules.Style(s.name, l.voice)) {
		r := request{bundle: l, message: m}
		for _, i := range m.Items {
			r.entries = append(r.entries, entries[i])
			r.digest = append(r.digest, d.Lines[i])
		}
		if n == 0 {
			r.pings = d.Mentions
		}
		requests = append(requests, r)
	}
	return requests
}

// continued puts new lines into the open digest. It returns false when their names don't fit there any
// more, unless they have to.
func (s *session) continued(l *bundle, storm *incident.Storm, d formatter.Digest, entries []*entry, must bool) (r request, fits bool, err error) {
	there, err := s.openLines(storm)
	if err != nil {
		return request{}, false, err
	}
	r = request{bundle: l, entries: entries, digest: d.Lines, edit: &storm.Open}
	d.Earlier -= len(there)
	d.Lines = append(there, d.Lines...)
	d.Mentions, d.Room = storm.Pinged, 1 // an edit notifies nobody
	messages := formatter.DigestOf(s.channel.Service(), d, s.Rules.Style(s.name, l.voice))
	if messages[0].Counted && !must {
		return request{}, false, nil
	}
	r.message = messages[0]
	return r, true, nil
}

// openLines reads the lines of the open digest.
func (s *session) openLines(storm *incident.Storm) (lines []formatter.Line, err error) {
	items, err := s.Store.Read(s.work, storm.Pages(s.name)...)
	if err != nil {
		return nil, err
	}
	known := storm.To - storm.From
	for n, item := range items {
		page, err := incident.Read[[]formatter.Line](item)
		switch {
		case err != nil:
			return nil, err
		case item.Facts != nil && n >= known:
			storm.To++ // saved without its destination: the store failed in between
		case item.Facts == nil && n < known:
			return nil, errors.New("a page of the digest is gone")
		case item.Facts == nil:
			return lines, nil
		}
		lines = append(lines, page.Is...)
	}
	return lines, nil
}

// putOffStorm hands entries back until the storm is over.
func (s *session) putOffStorm(entries []*entry, storm *incident.Storm) {
	until := storm.Last.Add(s.Rules.Storm.Window)
	s.destination.Is.LastTrouble = s.Now()
	for _, e := range entries {
		for _, t := range e.tellings {
			t.postpone(until, errStorm)
		}
	}
}

// voiceKey names a voice in the store, shortly. What is told instead of a dead destination has a voice of its own: a
// note about that stands on the whole message.
func (s *session) voiceKey(l *bundle) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.insteadOf))
	_ = json.NewEncoder(h).Encode(l.voice) // a hash takes everything, and texts can always be encoded
	return strconv.FormatUint(h.Sum64(), 36)
}
