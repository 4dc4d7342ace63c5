package judge

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
	"alarmrelay/relay/fake"
)

// read goes through all that a place accepted, in the order in which it did.
func (c *investigation) read(p *Place) {
	there := &scene{
		Place: p, showings: map[*traffic.Change][]*showing{}, repeated: map[*traffic.Change][]*showing{}, latest: map[*story]*showing{},
		current: map[string]map[*story]*showing{}, doubtful: map[*story]int{}, unsaved: map[*story]int{}, missing: map[*story][]string{}, context: map[contextKey]bool{},
	}
	c.places[p.Name] = there
	for _, e := range p.Log {
		if e.Method != "POST" && e.Method != "PATCH" {
			continue
		}
		c.verdict.Requests++
		switch e.Status {
		case 401, 403, 404, 410:
			there.dead = true
		}
		if e.Message == "" {
			continue
		}
		if there.current[e.Message] == nil {
			there.current[e.Message] = map[*story]*showing{}
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
	named := map[*story]bool{}
	for _, t := range c.news(there, c.tellings(p)) {
		named[t.story] = true
		c.note(there, &showing{statement: said, change: t.change, lines: t.lines}, t)
	}
	counted := p.count()
	if counted > len(named) {
		there.unnamed += counted - len(named)
		there.counted = e.At
	}
	if len(named)+counted == 0 {
		c.complain(Unreadable, there.Name, "", "nothing that was sent is named in %.200q", e.Request)
	}
}

// note keeps a showing, and what it means for the picture that people have.
func (c *investigation) note(there *scene, s *showing, t telling) {
	if t.change != nil {
		c.noteChange(there, s, t)
	}
	switch before := there.current[s.message][t.story]; {
	case t.lines > 0:
		c.noteLines(there, s, before, t)
	case t.stands == nil || before != nil && before.change == t.stands:
		return // nothing new
	case before != nil && t.stands.Turn < before.change.Turn && (c.doubtful(before) || c.blind(s)):
		c.verdict.Behind++
	case before != nil && t.stands.Turn < before.change.Turn:
		c.complain(Overturned, there.Name, t.story.name, "a message that showed %s was changed into %s", describe(before.change), describe(t.stands))
	}
	now := &showing{statement: s.statement, change: t.stands, lines: t.lines}
	there.current[s.message][t.story] = now
	if t.stands != nil {
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
	there.showings[t.change] = append(there.showings[t.change], s)
	if at, seen := c.verdict.First[t.change]; !seen || s.at.Before(at) {
		c.verdict.First[t.change] = s.at
	}
}

// noteLines keeps how many lines of a log group were told by whom nobody may remember.
func (c *investigation) noteLines(there *scene, s, before *showing, t telling) {
	if c.doubtful(s) {
		there.doubtful[t.story] += t.lines
	}
	if c.unsaved(s) {
		there.unsaved[t.story] += t.lines
		if before != nil {
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

// news marks what a line of a digest may only repeat, so that the news in its brackets makes sense: an alarm's
// change that was late stands there beside what the alarm has become.
func (c *investigation) news(there *scene, all []telling) []telling {
	for i, t := range all {
		all[i].context = t.beside && t.change == t.stands && len(there.showings[t.change]) > 0
	}
	return all
}

// telling is one change that a page names.
type telling struct {
	story  *story
	change *traffic.Change // nil for log lines, which are counted
	stands *traffic.Change // what the alarm is, as the page says; nil where it only remembers
	lines  int

	beside  bool // it stands in a line of a digest that names several changes
	context bool // it is repeated so that the news beside it makes sense
}

var (
	titleForm = regexp.MustCompile(`^\S+ (ALARM|RESOLVED|OK|INSUFFICIENT DATA) (\S+)`)
	stepForm  = regexp.MustCompile(`(ALARM|OK|INSUFFICIENT DATA) @(\d+)`)
	wasForm   = regexp.MustCompile(`^(Fired|ALARM|OK|INSUFFICIENT DATA) at @(\d+)`)
	momentsOf = regexp.MustCompile(`@(\d+)`)
)

// tellings finds what a page tells.
func (c *investigation) tellings(p page) (all []telling) {
	for i := range p.cards {
		all = append(all, c.readCard(&p.cards[i])...)
	}
	for _, text := range p.files {
		all = append(all, c.readListing(text)...)
	}
	return all
}

func (c *investigation) readCard(d *card) (all []telling) {
	if title := titleForm.FindStringSubmatch(d.title); title != nil {
		if s := c.byName[title[2]]; s != nil {
			return c.alarmCard(s, stateOf(title[1]), d)
		}
	}
	for _, line := range append([]string{d.title}, d.lines...) {
		all = append(all, c.readLine(line)...)
	}
	return all
}

// steps are an alarm's state since a second, and the states before it.
func (c *investigation) steps(s *story, state alert.State, second string, before [][]string, read func(string) alert.State) (all []telling) {
	if change := s.at(state, second); change != nil {
		all = append(all, telling{story: s, change: change, stands: change})
	}
	for _, step := range before {
		change := s.at(read(step[1]), step[2])
		if change != nil && !slices.ContainsFunc(all, func(t telling) bool { return t.change == change }) {
			all = append(all, telling{story: s, change: change})
		}
	}
	return all
}

// at is find for a second in digits.
func (s *story) at(state alert.State, second string) *traffic.Change {
	n, err := strconv.ParseInt(second, 10, 64)
	if err != nil {
		return nil
	}
	return s.find(state, n)
}

// alarmCard reads a card of one alarm. Where no field says when, the card tells old news: its first line says
// when that was and since when the alarm is what the title says.
func (c *investigation) alarmCard(s *story, state alert.State, d *card) (all []telling) {
	course := stepForm.FindAllStringSubmatch(strings.Join(d.lines, "\n"), -1)
	for _, line := range d.lines {
		name, value, _ := strings.Cut(line, ": ")
		name, moments := strings.Trim(name, "*"), momentsOf.FindAllStringSubmatch(value, -1)
		if (name == "Since" || name == "When" || name == "From – to") && len(moments) > 0 {
			return c.steps(s, state, moments[len(moments)-1][1], course, stateOf)
		}
	}
	return c.oldNews(s, state, d, course)
}

// oldNews reads a card that says what an alarm was, and what it has become since.
func (c *investigation) oldNews(s *story, state alert.State, d *card, course [][]string) (all []telling) {
	for _, line := range d.lines {
		was := wasForm.FindStringSubmatch(line)
		if was == nil {
			continue
		}
		moments := momentsOf.FindAllStringSubmatch(line, -1)
		now := s.at(state, moments[len(moments)-1][1])
		for _, step := range append(course, was) {
			change := s.at(stateOf(step[1]), step[2])
			if change != nil && change != now && !slices.ContainsFunc(all, func(t telling) bool { return t.change == change }) {
				all = append(all, telling{story: s, change: change, stands: now})
			}
		}
		return all
	}
	return nil
}

func stateOf(word string) alert.State {
	switch word {
	case "ALARM", "Fired":
		return alert.StateAlarm
	case "OK", "RESOLVED":
		return alert.StateOK
	case "INSUFFICIENT DATA":
		return alert.StateInsufficientData
	}
	return ""
}
