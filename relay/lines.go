package relay

import (
	"errors"
	"slices"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// posts reports whether a message of its own is to tell of an entry, and nothing has put that off.
func (e *entry) posts() bool {
	return e.isPending() && (e.plan == nil || e.plan.Post != nil && !e.short)
}

func (e *entry) isPending() bool {
	return slices.ContainsFunc(e.tellings, func(t *telling) bool { return t.fate == pending })
}

// isToBeLined reports whether a short message is what an entry lacks.
func (e *entry) isToBeLined() bool {
	if e.plan == nil || !e.isPending() {
		return false
	}
	return e.short || e.edited && e.plan.Post == nil && e.plan.Line != ""
}

// under is where a line stands: in a voice, and beneath a message where those that change have threads.
type under struct {
	voice  rule.Voice
	thread string
}

// lines tells of changes that nobody would notice, and of recoveries where nothing can be changed: one message for all of them.
func (s *session) lines(entries []*entry) (requests []request) {
	var order []under
	about := map[under][]*entry{}
	for _, e := range entries {
		if !e.isToBeLined() {
			continue
		}
		if s.isEnough(e) {
			s.told(e)
			continue
		}
		u := under{e.voice, s.threadOf(e)}
		if about[u] == nil {
			order = append(order, u)
		}
		about[u] = append(about[u], e)
	}
	for _, u := range order {
		requests = append(requests, s.linesUnder(u, about[u])...)
	}
	return requests
}

func (s *session) linesUnder(u under, entries []*entry) (requests []request) {
	style := s.Rules.Style(s.name, u.voice)
	if u.thread != "" {
		style.Thread, style.Opens = u.thread, false
	}
	update, again := formatter.Update{Arrived: s.Now()}, false
	for _, e := range entries {
		it := formatter.UpdateItem{Item: s.lineItem(e), Again: e.plan.Line == incident.LineAgain}
		if at := e.shownBy(); at != (Ref{}) && u.thread == "" {
			it.Link = s.channel.Link(s.work, at)
		}
		again = again || it.Again
		update.Mentions = append(update.Mentions, e.item.Mentions...)
		update.Items = append(update.Items, it)
	}
	for _, m := range formatter.UpdateOf(s.channel.Service(), update, style) {
		if u.thread != "" {
			m.Thread, m.Broadcast = u.thread, again && s.service == formatter.ServiceSlack
		}
		r := request{bundle: &bundle{voice: u.voice}, message: m, line: true}
		for _, i := range m.Items {
			r.entries = append(r.entries, entries[i])
			r.bundle.entries = r.entries
		}
		requests = append(requests, r)
	}
	return requests
}

// lineItem is what a line is about.
func (s *session) lineItem(e *entry) formatter.Item {
	if e.plan.Edit == nil {
		return e.item
	}
	return s.cardItem(e, e.plan.Edit)
}

// shownBy is the message that shows the trouble that an entry changes; zero for none.
func (e *entry) shownBy() Ref {
	if e.plan.Edit == nil {
		return Ref{}
	}
	return e.plan.Edit.Message
}

// threadOf is where the line of an entry stands: beneath its message at a bot, and in its post in a forum that has one for each
// incident.
func (s *session) threadOf(e *entry) string {
	at := e.shownBy()
	switch {
	case at == Ref{}:
		return ""
	case s.service == formatter.ServiceSlack:
		return at.Message
	case e.voice.Thread == rule.ThreadIncident && at.Channel == at.Message: // a forum's post has the id of its first message
		return at.Channel
	}
	return ""
}

// enough is for how long one line of a storm does: its digest counts what recovers.
const enough = 30 * time.Second

// isEnough reports whether people were just told, by a line, that a storm's alarms recover, and see the rest in its digest.
func (s *session) isEnough(e *entry) bool {
	storm := s.destination.Is.Storm(s.voiceKey(&bundle{voice: e.voice}), s.Now(), s.Rules.Storm.Window)
	if storm == nil || storm.Open == (Ref{}) || e.short || storm.Open.Place() != e.shownBy().Place() || e.plan.Line != incident.LineRecovered {
		return false
	}
	return s.destination.Is.HasLined(s.Now(), enough)
}

// withoutLine ends what lacks only its line, and that can't be said: the message shows the change.
func (s *session) withoutLine(entries []*entry) {
	for _, e := range entries {
		switch {
		case !e.isToBeLined():
		case e.short:
			e.short = false
			s.end(e.tellings, hopeless, errNotSaid)
		default:
			s.Log.WarnContext(s.work, "line not said", "alert", e.item.Key, "destination", s.name)
			s.told(e)
		}
	}
}

var errNotSaid = errors.New("the short message that it recovered was refused")
