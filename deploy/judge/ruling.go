package judge

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"alarmrelay/deploy/traffic"
)

// judgeStory asks of each change whether everybody was told, once, and of the alarm whether what people
// saw last is true.
func (c *investigation) judgeStory(s *story) {
	for _, change := range s.changes {
		for _, to := range change.To {
			c.verdict.Wanted++
			c.judgeDelivery(change, to)
		}
		for _, name := range slices.Sorted(maps.Keys(c.places)) {
			there := c.places[name]
			c.judgeShowings(change, there, there.showings[change], "was told")
			c.judgeShowings(change, there, there.lined[change], "had a line of its own")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.places)) {
		c.judgeLatest(s, c.places[name])
		c.judgeMessages(s, c.places[name])
		c.judgeLines(s, c.places[name])
	}
}

// judgeDelivery looks for a change where it was to be told, at the fallbacks, and in the dead-letter queue.
func (c *investigation) judgeDelivery(change *traffic.Change, to string) {
	there := c.places[to]
	seen := there.showings[change]
	letters := c.letters[letterKey{change, to}]
	shown, buried := len(seen) > 0, len(letters) > 0
	for _, heir := range c.heirs(to) {
		shown = shown || len(heir.showings[change]) > 0
		buried = buried || len(c.letters[letterKey{change, heir.Name}]) > 0
	}
	switch {
	case shown:
		c.verdict.Shown++
	case buried:
		c.verdict.Buried++
	default:
		s := c.byName[change.Name]
		there.missing[s] = append(there.missing[s], describe(change)+" was neither shown nor dead-lettered")
	}
	excused := c.allowed(change, there)
	for _, at := range letters {
		if c.unsure(to, at) {
			excused++
		}
	}
	if len(letters) > excused {
		c.complain(Twice, to, change.Name, "%s was dead-lettered %d times, and nothing explains that", describe(change), len(letters))
	}
	if len(seen) == 0 || len(letters) == 0 || c.unsure(to, letters[0]) {
		return
	}
	if !slices.ContainsFunc(seen, c.doubtful) && !slices.ContainsFunc(seen, func(s *showing) bool { return c.isUntold(there, s, forever) }) {
		c.complain(Twice, to, change.Name, "%s was both shown and dead-lettered, and nothing explains that", describe(change))
	}
}

// isUntold reports whether the relay did not take a change for told by then although an edit shows it: the line that goes with it could not
// be said, or nobody knows whether it was.
func (c *investigation) isUntold(there *scene, s *showing, by time.Time) bool {
	return s.edit && !slices.ContainsFunc(there.lined[s.change], func(line *showing) bool { return !line.at.After(by) && !c.doubtful(line) })
}

// isAhead reports whether a line was said by an invocation that did not change the message that goes with it, which is left to a later one.
func (there *scene) isAhead(s *showing) bool {
	ofCall := func(other *showing) bool { return other.call == s.call }
	return slices.ContainsFunc(there.lined[s.change], ofCall) && !slices.ContainsFunc(there.repeated[s.change], ofCall)
}

// judgeShowings counts the messages of a place that told a change in one way.
func (c *investigation) judgeShowings(change *traffic.Change, there *scene, seen []*showing, did string) {
	if len(seen) == 0 {
		return
	}
	first := c.allowed(change, there)
	allowed := first
	if allowed == 0 {
		c.complain(Astray, there.Name, change.Name, "%s was told where no rule sends it", describe(change))
		return
	}
	slices.SortStableFunc(seen, func(a, b *showing) int { return a.at.Compare(b.at) })
	for i, s := range seen {
		switch {
		case i >= allowed && !c.blind(s):
			c.complain(Twice, there.Name, change.Name, "%s %s %d times, by %s, and nothing explains that", describe(change), did, len(seen), callsOf(seen))
			return
		case i >= first:
			c.verdict.Twice++
		}
		if c.doubtful(s) || i >= allowed || i < len(seen)-1 && c.isUntold(there, s, seen[i+1].at) || there.isAhead(s) {
			allowed++ // each of those may be followed by one more
		}
	}
}

// allowed is how often a place may be told a change: for itself, and for each dead place that it stands in for.
func (c *investigation) allowed(change *traffic.Change, there *scene) (n int) {
	for _, to := range change.To {
		if to == there.Name || slices.Contains(c.heirs(to), there) {
			n++
		}
	}
	return n
}

// callsOf names the invocations that said something, and when.
func callsOf(seen []*showing) string {
	var names []string
	for _, s := range seen {
		names = append(names, "invocation "+s.call+" at "+s.at.UTC().Format("15:04:05.000"))
	}
	return strings.Join(names, ", ")
}

// judgeFloods compares how many lines of a log group messages stand for with how many there were.
func (c *investigation) judgeFloods() {
	for _, name := range slices.Sorted(maps.Keys(c.floods)) {
		s := c.floods[name]
		for _, to := range s.newest().To {
			c.judgeFlood(s, to)
		}
	}
}

func (c *investigation) judgeFlood(s *story, to string) {
	sent, buried, shown, excused, forgotten := 0, 0, 0, 0, 0
	for _, change := range s.changes {
		sent += change.Lines
		if len(c.letters[letterKey{change, to}]) > 0 {
			buried += change.Lines
		}
	}
	for _, there := range append(c.heirs(to), c.places[to]) {
		for name, message := range there.current {
			if seen := message[s]; seen != nil {
				shown += seen.lines
				if there.isStuck(name, forever) || there.first[name][s].cut {
					excused += seen.lines // another one has them, too
				}
			}
		}
		excused += there.doubtful[s]
		forgotten += there.unsaved[s]
	}
	c.verdict.Wanted += sent
	c.verdict.Shown += min(sent, shown)
	c.verdict.Buried += max(0, min(buried, sent-shown))
	switch beyond := shown - sent; {
	case shown+buried < sent && shown+buried+forgotten >= sent:
		c.verdict.Behind++
		c.verdict.Shown += sent - shown - buried
	case shown+buried < sent:
		said := fmt.Sprintf("%d of %d lines of %s were neither shown nor dead-lettered", sent-shown-buried, sent, s.name)
		c.places[to].missing[s] = append(c.places[to].missing[s], said)
	case beyond > excused:
		c.complain(Twice, to, s.name, "%d lines of %s were counted as %d, and nothing explains that", sent, s.name, shown)
	case beyond > 0:
		c.verdict.Twice += beyond
	}
}

// judgeCounts forgives as many of those whom nothing names as digests count without naming them. What still lies
// in the queue is the last to be forgiven.
func (c *investigation) judgeCounts() {
	queued := map[string]int{}
	for _, m := range c.Queue {
		if change := c.byBody[m.Body]; change != nil {
			queued[change.Name] = 1
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.places)) {
		there := c.places[name]
		missing := slices.SortedFunc(maps.Keys(there.missing), func(a, b *story) int {
			return cmp.Or(queued[a.name]-queued[b.name], cmp.Compare(a.name, b.name))
		})
		unnamed := 0
		for _, teller := range append(c.heirs(name), there) {
			for _, n := range teller.unnamed {
				unnamed += n
			}
		}
		for i, s := range missing {
			if i < unnamed {
				c.verdict.Counted += len(there.missing[s])
				continue
			}
			for _, what := range there.missing[s] {
				c.complain(Lost, name, s.name, "%s", what)
			}
		}
	}
}

// judgeNonsense looks in the dead-letter queue for what nothing could be read from.
func (c *investigation) judgeNonsense() {
	for _, body := range slices.Sorted(maps.Keys(c.nonsense)) {
		if sent, kept := c.nonsense[body], c.kept[body]; kept < sent {
			c.complain(Lost, "", "", "%d of %d messages %q are not in the dead-letter queue", sent-kept, sent, body)
		}
	}
}

// judgeQueue finds what nobody finished.
func (c *investigation) judgeQueue() {
	for _, m := range c.Queue {
		what := m.Body[:min(len(m.Body), 80)]
		if change := c.byBody[m.Body]; change != nil {
			what = describe(change)
		}
		c.complain(Left, "", "", "%s is still in the queue, handed out %d times", what, m.Receives)
	}
	slices.SortStableFunc(c.verdict.Complaints, func(a, b Complaint) int { return cmp.Compare(a.Kind, b.Kind) })
}
