package judge

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
)

// course is the history of an alarm in a message, oldest first.
type course struct {
	steps  []mark
	total  int    // how many changes it is of; 0 where it does not say
	forgot bool   // what came first is left out
	since  string // the second in which the trouble began, where that is told
}

// mark is one step of it: a state and the second in which it began, or, without a state, an ellipsis.
type mark struct {
	state  alert.State
	second string
}

func (m mark) of(s *story) *traffic.Change {
	if m.state == "" {
		return nil
	}
	return s.at(m.state, m.second)
}

var (
	courseForm = regexp.MustCompile(`^(?:(… → )|([\d,.]+) changes: )?((?:ALARM|OK|INSUFFICIENT DATA) @.*)$`)
	stepForm   = regexp.MustCompile(`^(ALARM|OK|INSUFFICIENT DATA) @(\d+)(?: @\d+)?$`)
)

const (
	arrow    = " → "
	ellipsis = "…"
)

// courseIn finds the history among a card's lines; without steps where there is none.
func courseIn(lines []string) course {
	for _, line := range lines {
		parts := courseForm.FindStringSubmatch(line)
		if parts == nil {
			continue
		}
		total, _ := strconv.Atoi(strings.NewReplacer(",", "", ".", "").Replace(parts[2])) // of digits, or 0
		steps, ok := marksIn(parts[3], stepForm, stateOf)
		if ok {
			return course{steps: steps, total: total, forgot: parts[1] != ""}
		}
	}
	return course{}
}

// marksIn reads steps that stand behind each other. ok is false where something else stands among them.
func marksIn(text string, form *regexp.Regexp, read func(string) alert.State) (all []mark, ok bool) {
	for step := range strings.SplitSeq(text, arrow) {
		if step == ellipsis {
			all = append(all, mark{})
			continue
		}
		parts := form.FindStringSubmatch(strings.TrimSpace(step))
		if parts == nil {
			return nil, false
		}
		all = append(all, mark{read(parts[1]), parts[2]})
	}
	return all, true
}

// tell is what a history and the state after it tell, and what the history leaves out.
func (p course) tell(s *story, now *traffic.Change) (all []telling, hidden []hiding) {
	if now != nil {
		all = append(all, telling{story: s, change: now, stands: now})
	}
	visible := 1
	for i, m := range p.steps {
		if m.state == "" {
			continue
		}
		visible++
		change := m.of(s)
		if change == nil || slices.ContainsFunc(all, func(t telling) bool { return t.change == change }) {
			continue
		}
		all = append(all, telling{story: s, change: change})
		if i > 0 && p.steps[i-1].state == "" {
			hidden = append(hidden, p.gap(s, i, change))
		}
	}
	if n := len(p.steps); n > 0 && p.steps[n-1].state == "" {
		hidden = append(hidden, p.gap(s, n, now))
	}
	if p.forgot && len(p.steps) > 0 {
		hidden = append(hidden, p.gap(s, 0, p.steps[0].of(s)))
	}
	for i := range hidden {
		if hidden[i].room = len(hidden[i].changes); p.total > 0 {
			hidden[i].room = p.total - visible
		}
	}
	return all, hidden
}

// gap is what an ellipsis in front of a step, and of the change that it is, may stand for.
func (p course) gap(s *story, place int, next *traffic.Change) (h hiding) {
	from := int64(0)
	if place > 1 {
		from, _ = strconv.ParseInt(p.steps[place-2].second, 10, 64)
	} else if p.since != "" {
		from, _ = strconv.ParseInt(p.since, 10, 64)
	}
	for _, change := range s.changes {
		if next != nil && change.Turn < next.Turn && change.Second() >= from {
			h.changes = append(h.changes, change)
		}
	}
	return h
}
