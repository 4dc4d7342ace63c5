package judge

import (
	"maps"
	"slices"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
	"alarmrelay/relay/fake"
)

// read goes through all that a place accepted, in the order in which it did.
func (c *investigation) read(p *Place) {
	there := newScene(p)
	c.places[p.Name] = there
	for _, e := range p.Log {
		if e.Method != "POST" && e.Method != "PATCH" {
			continue
		}
		c.verdict.Requests++
		if e.Message == "" {
			there.readRefusal(e)
			continue
		}
		if there.current[e.Message] == nil {
			there.current[e.Message], there.first[e.Message] = map[*story]*showing{}, map[*story]*showing{}
			c.verdict.Messages++
		}
		c.readStatement(there, e)
	}
}

// readStatement notes what one accepted request told.
func (c *investigation) readStatement(there *scene, e fake.Exchange) {
	said := &statement{at: e.At, place: there.Name, message: e.Message, call: callOf(e), lost: e.Fault == fake.AnswerLost || e.Fault == fake.AnswerLate}
	p, err := readPage(there.Service, e)
	if err != nil {
		c.complain(Unreadable, there.Name, "", "%v", err)
		return
	}
	counted := p.count()
	isNew := len(there.first[e.Message]) == 0
	said.digest, said.edit, said.cut = counted > 0, !isNew, isNew && e.Fault == fake.AnswerCut
	named, rings := map[*story]bool{}, false
	all, hidden := c.tellings(p)
	for _, t := range c.news(there, all) {
		named[t.story] = true
		rings = rings || t.rings()
		c.note(there, &showing{statement: said, change: t.change, lines: t.lines, closed: t.closed, old: t.old, beside: t.beside}, t)
	}
	for _, h := range hidden {
		h.statement = said
		there.hidden = append(there.hidden, h)
	}
	if more := p.unnamed(); more > 0 {
		there.uncalled = append(there.uncalled, e.At)
		counted = len(named) + more
	}
	if there.unnamed[e.Message] = max(0, counted-len(named)); counted > len(named) {
		there.counted = e.At
		maps.DeleteFunc(there.current[e.Message], func(s *story, _ *showing) bool { return !named[s] })
	}
	switch {
	case len(named)+counted == 0:
		c.complain(Unreadable, there.Name, "", "nothing that was sent is named in %.200q", e.Request)
	case isNew && p.pings && !rings && counted <= len(named):
		c.complain(Woken, there.Name, all[0].story.name, "people were pinged, and told only of what is over: %.200q", e.Request)
	}
}

// rings reports whether it is reason enough to ping somebody: all that is no alarm is.
func (t *telling) rings() bool {
	switch {
	case t.short:
		return t.state == alert.StateAlarm
	case t.stands == nil:
		return t.change == nil || t.change.State == ""
	}
	return t.stands.State == "" || t.stands.State == alert.StateAlarm && !t.closed && !t.old
}

// note keeps a showing, and what it means for the picture that people have.
func (c *investigation) note(there *scene, s *showing, t telling) {
	if t.short {
		c.noteShort(there, s, t)
		return
	}
	if t.change != nil {
		c.noteChange(there, s, t)
	}
	now := &showing{statement: s.statement, change: t.stands, lines: t.lines, closed: t.closed, old: t.old}
	switch before := there.current[s.message][t.story]; {
	case t.lines > 0:
		c.noteLines(there, s, before, t)
	case t.stands == nil || before != nil && before.change == t.stands && before.closed == t.closed:
		return // nothing new
	case t.old && there.latest[t.story] != nil && there.latest[t.story].statement == s.statement:
		return // the same message says what the alarm has become
	case before != nil && t.stands.Turn < before.change.Turn && (c.isUntold(there, before, s.at) || s.edit && there.isStuck(s.message, s.at)):
		c.verdict.Behind++
	case before != nil && t.stands.Turn < before.change.Turn && (c.doubtful(before) || c.blind(s)):
		c.verdict.Behind++
	case before != nil && t.stands.Turn < before.change.Turn:
		c.complain(Overturned, there.Name, t.story.name, "a message that showed %s was changed into %s", describe(before.change), describe(t.stands))
	}
	if there.first[s.message][t.story] == nil {
		there.first[s.message][t.story] = now
	}
	there.current[s.message][t.story] = now
	latest := there.latest[t.story]
	inView := latest != nil && latest.message == s.message
	if _, refused := there.stuck[s.message]; refused && s.edit && !inView && t.stands != nil && t.stands.State == alert.StateOK {
		return // it is made true after a while, and people look at another message
	}
	if t.stands != nil && !t.closed {
		there.latest[t.story] = now
	}
}

// noteChange keeps the first showing of a change in each message.
func (c *investigation) noteChange(there *scene, s *showing, t telling) {
	there.repeat(s, t.change)
	context := contextKey{s.message, t.change}
	there.context[context] = there.context[context] || t.context
	sameMessage := func(earlier *showing) bool { return earlier.message == s.message }
	if there.context[context] || slices.ContainsFunc(there.showings[t.change], sameMessage) {
		return
	}
	earlier := there.showings[t.change]
	if _, refused := there.stuck[s.message]; refused && s.edit && len(earlier) > 0 {
		there.context[context] = true // it took no edit before, and is made true now
		return
	}
	if len(earlier) > 0 && !slices.ContainsFunc(earlier, func(e *showing) bool { return !there.isStuck(e.message, s.at) }) {
		there.context[context] = true
		if !there.anew[s.message] {
			there.anew[s.message] = true
			c.verdict.Anew++
		}
		return
	}
	c.show(there, s, t.change)
}

func (c *investigation) show(there *scene, s *showing, change *traffic.Change) {
	there.showings[change] = append(there.showings[change], s)
	if at, seen := c.verdict.First[change]; !seen || s.at.Before(at) {
		c.verdict.First[change] = s.at
	}
}

// noteLines keeps how many lines of a log group were told by whom nobody may remember.
func (c *investigation) noteLines(there *scene, s, before *showing, t telling) {
	if c.doubtful(s) {
		there.doubtful[t.story] += t.lines
	}
	if before != nil && t.lines < before.lines && (c.doubtful(s) || c.blind(s)) {
		there.unsaved[t.story] += before.lines // it took their place, and did not know of them
	}
	if c.unsaved(s) {
		there.unsaved[t.story] += t.lines
		if before != nil && !c.blind(s) && !c.doubtful(before) { // else it may have none of those
			there.unsaved[t.story] -= min(t.lines, before.lines)
		}
	}
}

// repeat keeps one showing for each invocation and message.
func (there *scene) repeat(s *showing, change *traffic.Change) {
	known := there.repeated[change]
	if n := len(known); n == 0 || known[n-1].call != s.call || known[n-1].message != s.message {
		there.repeated[change] = append(known, s)
	}
}

// news marks what a message only repeats so that its news makes sense: what came before that, in a history; in a line of a digest
// what the alarm is, where a change that was late stands in its brackets; and everything, where the message takes the place of one that
// is no more.
func (c *investigation) news(there *scene, all []telling) []telling {
	for i, t := range all {
		if t.change == nil || t.short {
			continue
		}
		seen := len(there.showings[t.change]) > 0
		all[i].context = seen && (t.beside && t.change == t.stands || t.stands == nil)
	}
	return all
}

// isSettled reports whether a change is accounted for wherever this place may be to tell it: for itself, or for a dead one.
func (c *investigation) isSettled(change *traffic.Change, there *scene) bool {
	for _, to := range change.To {
		group := append(c.heirs(to), c.places[to])
		told := func(at *scene) bool { return len(at.showings[change])+len(c.letters[letterKey{change, at.Name}]) > 0 }
		if slices.Contains(group, there) && !slices.ContainsFunc(group, told) {
			return false
		}
	}
	return true
}

// uncover has what histories leave out shown, as far as nothing else shows it.
func (c *investigation) uncover() {
	for _, there := range c.places {
		for _, h := range there.hidden {
			unseen := slices.DeleteFunc(slices.Clone(h.changes), func(change *traffic.Change) bool { return c.isSettled(change, there) })
			counted := 0
			for _, change := range unseen {
				if !h.fires || change.State == alert.StateAlarm {
					counted++
				}
			}
			if counted > h.room {
				continue
			}
			for _, change := range unseen {
				c.show(there, &showing{statement: h.statement, change: change}, change)
			}
		}
	}
}
