package judge

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
)

// telling is one change that a page names.
type telling struct {
	story  *story
	change *traffic.Change // nil for log lines, which are counted, and for short lines, which tell no time
	stands *traffic.Change // what the alarm is, as the page says; nil where it only remembers
	lines  int

	beside  bool // it stands in a line of a digest that names several changes
	context bool // it is repeated so that the news beside it makes sense
	closed  bool // what it stands for is over, and nobody saw it end
	old     bool // the page is about what is over

	short  bool        // a line beside a message says it
	state  alert.State // of a short line
	after  string      // of a short line: how long it took
	fires  int         // of a short line: how often the alarm fired; 0 where it does not say
	listed bool        // of a short line: it is about several alarms
}

var (
	titleForm = regexp.MustCompile(`^\S+ (ALARM|RESOLVED|OK|INSUFFICIENT DATA|CLOSED) (\S+)`)
	wasForm   = regexp.MustCompile(`^(Fired|ALARM|OK|INSUFFICIENT DATA) at @(\d+)`)
	momentsOf = regexp.MustCompile(`@(\d+)`)
)

// tellings finds what a page tells.
func (c *investigation) tellings(p page) (all []telling, hidden []hiding) {
	for i := range p.cards {
		more, beyond := c.readCard(&p.cards[i])
		all, hidden = append(all, more...), append(hidden, beyond...)
	}
	for _, text := range p.files {
		more, beyond := c.readListing(text)
		all, hidden = append(all, more...), append(hidden, beyond...)
	}
	return all, hidden
}

func (c *investigation) readCard(d *card) (all []telling, hidden []hiding) {
	if title := titleForm.FindStringSubmatch(d.title); title != nil {
		if s := c.byName[title[2]]; s != nil {
			return c.alarmCard(s, title[1], d)
		}
	}
	for _, line := range append([]string{d.title}, d.lines...) {
		if short := c.readShort(line); len(short) > 0 {
			all = append(all, short...)
			continue
		}
		more, beyond := c.readLine(line)
		all, hidden = append(all, more...), append(hidden, beyond...)
	}
	return all, hidden
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
func (c *investigation) alarmCard(s *story, word string, d *card) (all []telling, hidden []hiding) {
	past := courseIn(d.lines)
	for _, line := range d.lines {
		name, value, _ := strings.Cut(line, ": ")
		name, moments := strings.Trim(name, "*"), momentsOf.FindAllStringSubmatch(value, -1)
		if name != "Since" && name != "When" && name != "From – to" || len(moments) == 0 {
			continue
		}
		if name != "When" {
			past.since = moments[0][1]
		}
		now := s.at(stateOf(word), moments[len(moments)-1][1])
		if n := len(past.steps); n > 0 { // of an alarm that fired again the field tells when it fired first
			now = past.steps[n-1].of(s)
			past.steps = past.steps[:n-1]
		}
		all, hidden = past.tell(s, now)
		for i := range all {
			all[i].closed = word == "CLOSED" && all[i].change == now
		}
		return all, hidden
	}
	return c.oldNews(s, stateOf(word), d, past)
}

// oldNews reads a card that says what an alarm was, and what it has become since.
func (c *investigation) oldNews(s *story, state alert.State, d *card, past course) (all []telling, hidden []hiding) {
	for _, line := range d.lines {
		was := wasForm.FindStringSubmatch(line)
		if was == nil {
			continue
		}
		moments := momentsOf.FindAllStringSubmatch(line, -1)
		now := s.at(state, moments[len(moments)-1][1])
		if n := len(past.steps); n == 0 {
			past.steps = []mark{{state: stateOf(was[1]), second: was[2]}}
		} else if past.steps[n-1].of(s) == now {
			past.steps = past.steps[:n-1]
		}
		all, hidden = past.tell(s, now)
		for i := range all {
			all[i].stands, all[i].old = now, true
		}
		return slices.DeleteFunc(all, func(t telling) bool { return t.change == now }), hidden
	}
	return nil, nil
}

func stateOf(word string) alert.State {
	switch word {
	case "ALARM", "Fired", "CLOSED":
		return alert.StateAlarm
	case "OK", "RESOLVED":
		return alert.StateOK
	case "INSUFFICIENT DATA":
		return alert.StateInsufficientData
	}
	return ""
}
