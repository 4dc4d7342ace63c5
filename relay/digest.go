package relay

import (
	"errors"
	"slices"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

// errStorm is why alerts wait where a storm's messages are used up and none can be edited.
var errStorm = errors.New("the storm has had its messages: more are told when it is over")

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
	if storm.Digests == 0 || !entries[0].tellings[0].piece.comesBack() {
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
	if err := s.look(storm.Open); err != nil {
		return request{}, false, err
	}
	there := s.posts[storm.Open.Place()]
	if there == nil || there.Is.Digest == nil || there.lost {
		return request{}, false, errNotKept
	}
	there.Is.Digest.Earlier = storm.Told - there.Is.Digest.Told
	there.Is.Digest.Pinged = storm.Pinged
	r = request{bundle: l, entries: entries, digest: d.Lines, edit: &storm.Open, message: s.digestAgain(l, there, d.Lines)}
	return r, !r.message.Counted || must, nil
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
