package judge

import (
	"maps"
	"slices"
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
)

// judgeLatest compares what people saw last of an alarm with the newest that they were told at all.
func (c *investigation) judgeLatest(s *story, there *scene) {
	latest := there.latest[s]
	if latest == nil {
		return
	}
	for _, change := range slices.Backward(s.changes) {
		if change == latest.change {
			return
		}
		if len(there.showings[change]) == 0 {
			continue
		}
		if c.excusable(change, there, latest) {
			c.verdict.Behind++
			return
		}
		c.complain(Stale, there.Name, s.name, "the last that people saw of %s is %s of %s; it is %s since %s", s.name,
			latest.change.State, latest.change.At.UTC().Format("15:04:05"), change.State, change.At.UTC().Format("15:04:05"))
		return
	}
}

// excusable reports whether the relay may not have known that it had shown an alarm's newest change when it showed an
// older one: the store did not keep it, or no answer came, and in the end it went elsewhere or a digest counts it
// without its name.
func (c *investigation) excusable(newest *traffic.Change, there *scene, later *showing) bool {
	elsewhere := len(c.letters[letterKey{newest, there.Name}]) > 0 || there.counted.After(later.at) || c.isRelieved(there, newest)
	for _, heir := range c.heirs(there.Name) {
		elsewhere = elsewhere || len(heir.showings[newest]) > 0 || len(c.letters[letterKey{newest, heir.Name}]) > 0
	}
	if c.isFromMemory(later, there) {
		return true
	}
	return slices.ContainsFunc(slices.Concat(there.repeated[newest], there.lined[newest]), func(s *showing) bool {
		return c.unsaved(s) || c.blind(later) || elsewhere && c.doubtful(s) || c.isUntold(there, s, later.at)
	})
}

// isRelieved reports whether a place that stood in for it told of a change only until the one that it was for could.
func (c *investigation) isRelieved(there *scene, change *traffic.Change) bool {
	return slices.ContainsFunc(change.To, func(to string) bool {
		return slices.Contains(c.heirs(to), there) && len(c.places[to].showings[change]) > 0
	})
}

// isFromMemory reports whether a message was edited for the sake of others, and shows an alarm as the store had kept it: a newer state that
// it showed before was not saved.
func (c *investigation) isFromMemory(later *showing, there *scene) bool {
	if !later.edit || later.change == nil {
		return false
	}
	return slices.ContainsFunc(c.byName[later.change.Name].changes, func(change *traffic.Change) bool {
		return change.Turn > later.change.Turn && slices.ContainsFunc(there.repeated[change], func(s *showing) bool {
			return s.message == later.message && s.at.Before(later.at) && c.unsaved(s)
		})
	})
}

// newest is the newest change of an alarm that a place was told; nil for none.
func (there *scene) newest(s *story) *traffic.Change {
	for _, change := range slices.Backward(s.changes) {
		if len(there.showings[change]) > 0 {
			return change
		}
	}
	return nil
}

// judgeMessages looks for messages that show an alarm as it no longer is, and as if it had to be looked after: nobody has to read on to
// know that a trouble is over.
func (c *investigation) judgeMessages(s *story, there *scene) {
	newest := there.newest(s)
	if newest == nil || !there.Edits {
		return
	}
	for _, message := range slices.Sorted(maps.Keys(there.current)) {
		now := there.current[message][s]
		if now == nil || now.change == nil || now.closed || now.old || now.change.Turn >= newest.Turn || now.change.State == alert.StateOK {
			continue
		}
		if !there.isStuck(message, forever) && !there.isOldNews(now) && !c.isForgotten(s, there, now, newest) {
			c.complain(Red, there.Name, s.name, "message %s still shows %s; people were told of %s", message, describe(now.change), describe(newest))
		}
	}
}

// isOldNews reports whether a digest told only what came before, as old cards do: who wrote it showed what the alarm was in its own message.
func (there *scene) isOldNews(now *showing) bool {
	return now.digest && slices.ContainsFunc(there.repeated[now.change], func(s *showing) bool {
		return s.edit && s.call == now.call && s.message != now.message
	})
}

// forever is later than everything.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// isForgotten reports whether the relay may not know of a message that shows an alarm: it was stopped, or heard no answer, or its store
// did not keep it, when it was posted or when it was changed; or whether it was told of what is newer without the store.
func (c *investigation) isForgotten(s *story, there *scene, now *showing, newest *traffic.Change) bool {
	first := there.first[now.message][s]
	if c.doubtful(now) || c.doubtful(first) || first.cut || there.dead {
		return true
	}
	for _, change := range s.changes {
		if change.Turn > now.change.Turn && (len(c.letters[letterKey{change, there.Name}]) > 0 || slices.ContainsFunc(there.showings[change], c.blind)) {
			return true
		}
	}
	return slices.ContainsFunc(there.repeated[newest], c.doubtful)
}

// isLost reports whether no message need show what a line says of an alarm: the one that did is no more, its answer told no name, nobody
// kept that there is one, or it is a digest that only counts by now.
func (c *investigation) isLost(s *story, there *scene, by time.Time) bool {
	for message, all := range there.current {
		if there.unnamed[message] > 0 && there.first[message][s] != nil {
			return true // it counts what it named before
		}
		now := all[s]
		if now != nil && now.change != nil && slices.ContainsFunc(c.heirs(there.Name), func(h *scene) bool { return len(h.showings[now.change]) > 0 }) {
			return true // the one that tells of it does not know what was told elsewhere after this message was changed
		}
		if now != nil && (there.first[message][s].cut || c.doubtful(now) || there.isStuck(message, forever) || now.change != nil && c.isUntold(there, now, by)) {
			return true
		}
	}
	return there.latest[s] == nil && len(there.Deleted) > 0
}

// judgeLines asks whether people heard of what an edit alone would not have told them: that an alarm fires again, or that it has
// recovered.
func (c *investigation) judgeLines(s *story, there *scene) {
	newest := there.newest(s)
	if newest == nil || !there.Edits || newest.State == alert.StateInsufficientData {
		return
	}
	for _, message := range slices.Sorted(maps.Keys(there.current)) {
		now := there.current[message][s]
		if now == nil || now.change != newest || now.closed || now.old || !there.wasEdited(s, now) {
			continue
		}
		if !c.isHeard(s, there, now) {
			c.complain(Unheard, there.Name, s.name, "message %s was changed into %s, and no line says so", message, describe(newest))
		}
	}
}

// heard is what people heard of an alarm last: by a message that was posted, or a line. Edits wake nobody.
func (there *scene) heard(s *story) (last *showing) {
	hear := func(news *showing) {
		if news != nil && news.change != nil && !news.old && (last == nil || last.at.Before(news.at)) {
			last = news
		}
	}
	for _, message := range there.first {
		hear(message[s])
	}
	for _, change := range s.changes {
		for _, line := range there.lined[change] {
			hear(line)
		}
	}
	return last
}

// wasEdited reports whether a message shows what an alarm is because it was edited, and people heard of something else last.
func (there *scene) wasEdited(s *story, now *showing) bool {
	if last := there.heard(s); !now.edit || last == nil || last.change.State == now.change.State {
		return false
	}
	for _, change := range s.changes {
		fired := change.State == alert.StateAlarm && change.Turn < now.change.Turn
		if fired && slices.ContainsFunc(there.repeated[change], func(s *showing) bool { return s.message == now.message }) {
			return true
		}
	}
	return false
}

// digestsAreEnough is how long before a digest's edit a line may have been posted that does for it.
const digestsAreEnough = time.Minute

// isHeard reports whether a line, or a message of its own, told of a message's change, or may have, or nobody could.
func (c *investigation) isHeard(s *story, there *scene, now *showing) bool {
	since := now.at
	if now.digest {
		since = since.Add(-digestsAreEnough)
	}
	after := func(at time.Time) bool { return !at.Before(since) }
	if len(there.lined[now.change]) > 0 || len(c.letters[letterKey{now.change, there.Name}]) > 0 || there.dead || c.isRelieved(there, now.change) {
		return true
	}
	if slices.ContainsFunc(there.repeated[now.change], func(s *showing) bool { return !s.edit }) {
		return true
	}
	if slices.ContainsFunc(there.uncalled, after) || slices.ContainsFunc(there.refused, after) {
		return true
	}
	if !now.digest {
		return c.unsaved(now)
	}
	for _, lines := range there.lined {
		if slices.ContainsFunc(lines, func(line *showing) bool { return after(line.at) }) {
			return true
		}
	}
	return c.unsaved(now)
}

// judgeMemories compares what the store holds of messages with what they show.
func (c *investigation) judgeMemories() {
	for _, m := range c.Kept {
		there, s := c.places[m.Place], c.byName[m.Name]
		if there == nil || s == nil || there.isStuck(m.Message, forever) {
			continue
		}
		now := there.current[m.Message][s]
		switch {
		case now == nil && there.unnamed[m.Message] > 0: // a digest that names not everything
		case now == nil:
			c.complain(Forgotten, m.Place, m.Name, "the store says that message %s shows %s %s, which it does not name", m.Message, m.Name, m.State)
		case now.change.State == m.State && now.change.Second() == m.At.Unix() && now.closed == m.Closed:
		case c.isUnsettled(there, now):
			c.verdict.Apart++
		default:
			c.complain(Forgotten, m.Place, m.Name, "message %s shows %s; the store says that it shows %s of %s (closed %v)", m.Message, describe(now.change), m.State, m.At.UTC().Format("15:04:05"), m.Closed)
		}
	}
}

// isUnsettled reports whether the store may not hold what a message shows: who showed it, or told of it otherwise, was stopped or could not
// save it, or it went into the dead-letter queue because the line that goes with it could not be said.
func (c *investigation) isUnsettled(there *scene, now *showing) bool {
	doubtful := func(s *showing) bool { return c.doubtful(s) || c.blind(s) }
	return doubtful(now) || c.isUntold(there, now, forever) || slices.ContainsFunc(there.lined[now.change], doubtful) || slices.ContainsFunc(there.repeated[now.change], doubtful) ||
		len(c.letters[letterKey{now.change, there.Name}]) > 0
}
