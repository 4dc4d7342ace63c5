package judge

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
)

var (
	againForm    = regexp.MustCompile(`(?:^|> )(?:🔴|🟠|🔵) (\S+) fires again(?: \((\d+)(?:st|nd|rd|th) time\))?(?: \[→\].*)?$`)
	overForm     = regexp.MustCompile(`(?:^|> )✅ (\S+) recovered(?: after ([0-9dhmins ]+?))?(?:, having fired (\d+) times)?(?: \[→\].*)?$`)
	allAgainForm = regexp.MustCompile(`(?:^|> )(?:🔴|🟠|🔵) ([\d,.]+) alarms fire again: (.*)$`)
	allOverForm  = regexp.MustCompile(`(?:^|> )✅ ([\d,.]+) alarms recovered: (.*)$`)
	namedForm    = regexp.MustCompile(`^(\S+)(?: \[→\]\(\S*\))?(?: \(([0-9dhmins ]+)\))?(?: and [\d,.]+ more)?$`)
)

// readShort reads a line that is posted beside an edit, or in its place.
func (c *investigation) readShort(line string) (all []telling) {
	add := func(name string, t telling) {
		if t.story = c.byName[name]; t.story != nil {
			t.short = true
			all = append(all, t)
		}
	}
	if m := againForm.FindStringSubmatch(line); m != nil {
		n, _ := strconv.Atoi(m[2]) // of digits, or 0
		add(m[1], telling{state: alert.StateAlarm, fires: n})
	}
	if m := overForm.FindStringSubmatch(line); m != nil {
		n, _ := strconv.Atoi(m[3]) // of digits, or 0
		add(m[1], telling{state: alert.StateOK, after: m[2], fires: n})
	}
	for form, state := range map[*regexp.Regexp]alert.State{allAgainForm: alert.StateAlarm, allOverForm: alert.StateOK} {
		m := form.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		for name := range strings.SplitSeq(m[2], ", ") {
			if one := namedForm.FindStringSubmatch(name); one != nil {
				add(one[1], telling{state: state, after: one[2], listed: true})
			}
		}
	}
	return all
}

var moreForm = regexp.MustCompile(` and ([\d,.]+) more$`)

// unnamed is how many alarms the page's short lines count without naming them.
func (p page) unnamed() (n int) {
	for _, c := range p.cards {
		for _, line := range c.lines {
			if !allAgainForm.MatchString(line) && !allOverForm.MatchString(line) {
				continue
			}
			if m := moreForm.FindStringSubmatch(line); m != nil {
				some, _ := strconv.Atoi(strings.NewReplacer(",", "", ".", "").Replace(m[1])) // of digits
				n += some
			}
		}
	}
	return n
}

// noteShort keeps what a short line said: beside a message that shows the same, or in the place of one where nothing can be changed, and
// where the relay does not know what it may change.
func (c *investigation) noteShort(there *scene, s *showing, t telling) {
	change := there.standing(t.story, t.state, s.call)
	if there.become(t.story, t.state, s.call) != nil {
		change = nil
	}
	if there.Edits && change != nil && (t.after == "" || t.began(there, change) != nil) {
		there.latest[t.story] = &showing{statement: s.statement, change: change}
		if late := c.late(there, change, t, s.call); late != nil {
			change = late
		}
		if !there.isAlarmedAgain(t.story, change) {
			there.lined[change] = append(there.lined[change], &showing{statement: s.statement, change: change})
		}
		if t.fires > 1 || !there.isShown(t.story, change, s.at) { // a message that is no more may have shown each time
			there.hidden = append(there.hidden, t.hides(s, t.passed(t.began(there, change), change)))
		}
		return
	}
	if there.Edits && !c.blind(s) && !c.isLost(t.story, there, s.at) {
		c.complain(Untrue, there.Name, t.story.name, "a line says that %s is %s, and its message does not", t.story.name, t.state)
		return
	}
	if there.Edits && t.state == alert.StateAlarm {
		return // its message shows already what came after that, which is told yet
	}
	meant, between := c.meant(&t, there, s.at)
	if told := there.become(t.story, t.state, s.call); told != nil {
		meant, between = told, t.passed(t.began(there, told), told)
	}
	if meant == nil {
		c.complain(Unreadable, there.Name, t.story.name, "a line that %s is %s after %q is about nothing that happened", t.story.name, t.state, t.after)
		return
	}
	there.hidden = append(there.hidden, t.hides(s, between))
	if slices.ContainsFunc(there.showings[meant], func(other *showing) bool { return other.beside || other.call == s.call }) {
		said := &showing{statement: s.statement, change: meant}
		there.lined[meant], there.latest[t.story] = append(there.lined[meant], said), said
		return // a history that it stands beside says the same
	}
	c.note(there, &showing{statement: s.statement, change: meant}, telling{story: t.story, change: meant, stands: meant})
}

// late is what a line is about that goes with an edit which added it to a message, where that showed already what came after it and whose own
// line was not said, as far as the relay knows; nil where there is no such thing.
func (c *investigation) late(there *scene, newest *traffic.Change, t telling, call string) (late *traffic.Change) {
	byOthers := func(s *showing) bool { return s.call != call }
	if isHeard := func(s *showing) bool { return !c.doubtful(s) }; slices.ContainsFunc(there.lined[newest], isHeard) ||
		!slices.ContainsFunc(there.repeated[newest], byOthers) {
		return nil
	}
	for _, change := range t.story.changes {
		shown := there.repeated[change]
		if change.State == t.state && change.Turn < newest.Turn && len(shown) > 0 && !slices.ContainsFunc(shown, byOthers) &&
			len(there.lined[change]) == 0 && (t.after == "" || t.began(there, change) != nil) {
			late = change
		}
	}
	return late
}

// isShown reports whether a message that could still be changed by then shows a change as what its alarm is.
func (there *scene) isShown(s *story, change *traffic.Change, by time.Time) bool {
	for name, message := range there.current {
		if now := message[s]; now != nil && now.change == change && !there.isStuck(name, by) {
			return true
		}
	}
	return false
}

// standing is the newest change to a state that a message of an alarm shows as what it is now, rather one that the invocation has just
// shown: what others had posted it may not know. It is nil for none, and where people have seen since that the alarm became something else.
func (there *scene) standing(s *story, state alert.State, call string) (newest *traffic.Change) {
	own := false
	for _, message := range there.current {
		now := message[s]
		if now == nil || now.closed || now.old || now.change.State != state || own && now.call != call {
			continue
		}
		if newest == nil || !own && now.call == call || newest.Turn < now.change.Turn {
			newest, own = now.change, now.call == call
		}
	}
	if latest := there.latest[s]; newest != nil && !own && latest != nil && latest.change.Turn > newest.Turn && latest.change.State != state {
		return nil
	}
	return newest
}

// become is what an alarm has become by old news that the invocation has just told, where nobody has seen that otherwise; nil for none.
func (there *scene) become(s *story, state alert.State, call string) *traffic.Change {
	for _, message := range there.current {
		if now := message[s]; now != nil && now.old && now.call == call && now.change.State == state && len(there.showings[now.change]) == 0 {
			return now.change
		}
	}
	return nil
}

// isAlarmedAgain reports whether a message was posted since the last line about a recovery, by somebody who did not know of that, and
// says that the alarm fires: another line is no repetition then.
func (there *scene) isAlarmedAgain(s *story, recovery *traffic.Change) bool {
	lines := there.lined[recovery]
	if len(lines) == 0 {
		return false
	}
	since := lines[len(lines)-1].at
	return slices.ContainsFunc(s.changes, func(change *traffic.Change) bool {
		return change.State == alert.StateAlarm && slices.ContainsFunc(there.repeated[change], func(news *showing) bool {
			return !news.edit && news.at.After(since)
		})
	})
}

// meant is the change that a line is about where no message shows it, which tells how long it took, and what passed in between and
// is only counted. Of several that fit it is the one that was told last, which is repeated, or the first that is news, or the first
// that nobody was told, or that only an edit shows yet; rather not one that lies in the dead-letter queue.
func (c *investigation) meant(t *telling, there *scene, at time.Time) (change *traffic.Change, between []*traffic.Change) {
	latest, best := there.latest[t.story], -10 // how well the best fits
	for _, over := range t.story.changes {
		began, fits := t.began(there, over), 0
		if over.State != t.state || over.At.After(at.Add(clocksAreOff)) || began == nil && t.after != "" {
			continue
		}
		switch {
		case latest != nil && over == latest.change:
			fits = 3
		case latest == nil || over.Turn > latest.change.Turn:
			fits = 2
		case len(there.showings[over]) == 0, slices.ContainsFunc(there.showings[over], func(s *showing) bool { return c.isUntold(there, s, at) }):
			fits = 1
		}
		if began != nil && len(there.showings[began]) > 0 {
			fits += 4
		}
		if len(c.letters[letterKey{over, there.Name}]) > 0 {
			fits -= 8
		}
		if fits > best {
			change, between, best = over, t.passed(began, over), fits
		}
	}
	return change, between
}

// clocksAreOff is how much earlier than its change a message may be accepted.
const clocksAreOff = 5 * time.Second

// began is the ALARM that took as long as the line says until a recovery, rather one that people were told of.
func (t *telling) began(there *scene, over *traffic.Change) (began *traffic.Change) {
	least, most, ok := spanOf(t.after)
	if !ok {
		return nil
	}
	for _, fired := range slices.Backward(t.story.changes) {
		took := over.At.Sub(fired.At)
		if fired.State != alert.StateAlarm || fired.Turn >= over.Turn || took < least || took >= most {
			continue
		}
		if began == nil || len(there.showings[began]) == 0 {
			began = fired
		}
	}
	return began
}

// passed is what lies between the first ALARM and the recovery: the one that the line tells the time of, or as many before as it counts,
// where nobody knows when the trouble began. A line of several does not count, and may stand for all that was not told.
func (t *telling) passed(fired, over *traffic.Change) (between []*traffic.Change) {
	times := 0
	for _, change := range slices.Backward(t.story.changes) {
		if change.Turn >= over.Turn {
			continue
		}
		if change.State == alert.StateAlarm {
			times++
		}
		if fired != nil && change.Turn <= fired.Turn && times >= t.fires && !t.listed {
			return between
		}
		between = append(between, change)
	}
	return between
}

// hides is what the line only counts: how often the alarm fired. A line of several alarms does not say that of each.
func (t *telling) hides(s *showing, between []*traffic.Change) hiding {
	h := hiding{statement: s.statement, changes: between, room: max(0, t.fires-1), fires: true}
	if t.listed {
		h.room = len(between)
	}
	return h
}

var spanForm = regexp.MustCompile(`(\d+) (d|h|min|s)`)

// spanOf reads "3 h 5 min": a time is at least that long, and not as long as with one more of the smallest unit.
func spanOf(text string) (least, most time.Duration, ok bool) {
	units := map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour, "min": time.Minute, "s": time.Second}
	smallest := time.Duration(0)
	for _, part := range spanForm.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(part[1]) // of digits
		smallest = units[part[2]]
		least += time.Duration(n) * smallest
	}
	return least, least + smallest, smallest > 0
}
