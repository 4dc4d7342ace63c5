package relay

import (
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
)

// edits makes one request for each message that entries change: a card is written anew, lines of a digest turn.
// What can't be read now has to wait; what can't be changed any more is told anew.
func (s *session) edits(entries []*entry) (requests []request, anew []*entry) {
	refs, about := byMessage(entries)
	err := s.look(refs...)
	if err == nil {
		err = s.lookBeside(refs)
	}
	if err != nil {
		s.Log.WarnContext(s.work, "not edited", "destination", s.name, "error", err)
		for _, at := range refs {
			for _, e := range about[at.Place()] {
				s.putOffEntry(e, err)
			}
		}
		return nil, nil
	}
	for _, at := range refs {
		some, m := about[at.Place()], s.posts[at.Place()]
		if m != nil && m.lost {
			anew = append(anew, s.plannedAnew(some)...)
			continue
		}
		r := request{bundle: &bundle{voice: some[0].voice, entries: some}, entries: some, edit: &at, change: true}
		if m != nil && m.Is.Digest != nil {
			s.turn(&r, m)
		} else {
			s.repaint(&r, m)
		}
		requests = append(requests, r)
	}
	return requests, anew
}

// byMessage puts entries together that change the same message, under its place.
func byMessage(entries []*entry) (refs []Ref, about map[Ref][]*entry) {
	about = map[Ref][]*entry{}
	for _, e := range entries {
		if e.plan == nil || e.plan.Edit == nil || e.edited {
			continue
		}
		at := e.plan.Edit.Message
		if about[at.Place()] == nil {
			refs = append(refs, at)
		}
		about[at.Place()] = append(about[at.Place()], e)
	}
	return refs, about
}

// putOffEntry sends an entry back to the queue.
func (s *session) putOffEntry(e *entry, why error) {
	for _, t := range e.tellings {
		t.postpone(s.Now().Add(s.Rules.Retry.First), why)
	}
}

// turn has lines of a digest say what became of their alarms.
func (s *session) turn(r *request, m *shown) {
	for _, e := range r.entries {
		it := s.cardItem(e, e.plan.Edit)
		r.digest = append(r.digest, formatter.LineOf(&it))
	}
	r.message = s.digestAgain(r.bundle, m, r.digest)
}

// digestAgain is a digest with new lines.
func (s *session) digestAgain(l *bundle, m *shown, lines []formatter.Line) formatter.Message {
	head := m.Is.Digest
	d := formatter.Digest{
		Lines: slices.Concat(m.lines(), lines), Earlier: head.Earlier, Mentions: head.Pinged, Room: 1, // an edit notifies nobody
		Arrived: s.Now(), InsteadOf: head.InsteadOf,
	}
	return formatter.DigestOf(s.channel.Service(), d, s.Rules.Style(s.name, l.voice))[0]
}

// repaint writes a message of cards anew, with some of them changed. Cards that have grown too large for one message become lines.
func (s *session) repaint(r *request, m *shown) {
	items := s.cardItems(r.entries, m)
	notice := formatter.Notice{Items: items, Arrived: s.Now(), InsteadOf: s.insteadOf}
	for _, e := range r.entries {
		if _, instead, ok := strings.Cut(e.id.Key, insteadOf("")); ok {
			notice.InsteadOf = instead
		}
	}
	if len(items) == 1 {
		items[0].Kept = keptPicture(&items[0], r.edit)
	}
	style := s.Rules.Style(s.name, r.bundle.voice)
	messages := formatter.Format(s.channel.Service(), notice, style)
	if len(messages) > 1 {
		d := formatter.Digest{Arrived: notice.Arrived, InsteadOf: notice.InsteadOf, Room: 1}
		for i := range items {
			d.Lines = append(d.Lines, formatter.LineOf(&items[i]))
		}
		messages = formatter.DigestOf(s.channel.Service(), d, style)
	}
	r.message = messages[0]
}

// cardItems are the cards of a message with some of them changed, in their order.
func (s *session) cardItems(entries []*entry, m *shown) (items []formatter.Item) {
	changed := slices.Clone(entries)
	if m != nil {
		for i := range m.Is.Cards {
			c := &m.Is.Cards[i]
			at := slices.IndexFunc(changed, func(e *entry) bool { return e.id.Key == c.Key })
			if at >= 0 {
				items = append(items, s.cardItem(changed[at], changed[at].plan.Edit))
				changed = slices.Delete(changed, at, at+1)
			} else if it, ok := s.unchanged(c); ok {
				items = append(items, it)
			}
		}
	}
	for _, e := range changed {
		items = append(items, s.cardItem(e, e.plan.Edit))
	}
	return items
}

// keptPicture is the picture that a card keeps, unless it has a new one.
func keptPicture(it *formatter.Item, at *Ref) string {
	if it.Graph != nil && len(it.Graph.PNG) > 0 {
		return ""
	}
	return at.Picture
}

// cardItem is an entry as a message shows its trouble: by the newest that is known of that, which did not come now where the news is old,
// or where the trouble is only closed.
func (s *session) cardItem(e *entry, episode *incident.Episode) formatter.Item {
	it := e.item
	it.Shown, it.Mentions, it.Unseen = len(e.tellings) == 0, nil, time.Time{}
	for _, t := range e.tellings {
		if t.alert.State == episode.State && t.alert.ChangedAt.Equal(episode.At) {
			it.Alert, it.Severity, it.Runbook = *t.alert, t.severity, t.runbook
			show(&it, episode)
			return it
		}
	}
	newest := e.newest
	if newest == nil {
		newest = s.incidents[e.id].Is.Alert
	}
	if before, err := newest.Unpack(); err == nil {
		it = s.itemOf(before)
		it.Graph, it.Related = e.item.Graph, e.item.Related
	}
	it.State, it.ChangedAt = episode.State, episode.At
	show(&it, episode)
	return it
}

// unchanged is a card that stands beside one that changes.
func (s *session) unchanged(c *incident.Card) (it formatter.Item, ok bool) {
	id := incident.ID{Destination: s.name, Key: c.Key}
	i := s.incidentAt(id)
	if i == nil {
		return it, false
	}
	a, err := i.Alert.Unpack()
	if err != nil {
		s.Log.WarnContext(s.work, "card not kept", "destination", s.name, "error", err)
		return it, false
	}
	it = s.itemOf(a)
	it.State, it.ChangedAt = c.Episode.State, c.Episode.At
	it.Related = s.related(id, a, i)
	show(&it, &c.Episode)
	return it, true
}

// itemOf is an alert that was told before, as the rules speak of it now.
func (s *session) itemOf(a *alert.Alert) formatter.Item {
	it := formatter.Item{Alert: *a, Shown: true}
	d, ok := s.deliveryOf(a)
	if ok {
		it.Severity, it.Runbook, it.Wording = d.Severity, d.Runbook, d.Wording
	}
	return it
}
