package judge

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
)

var (
	nameForm   = regexp.MustCompile(`note-\d{6}|/made-up/logs-\d{6}`)
	linesForm  = regexp.MustCompile(`(\d+) log lines? in (/made-up/logs-\d{6})`)
	listedStep = regexp.MustCompile(`^(ALARM|OK|INSUFFICIENT_DATA) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d)$`)
	lineForm   = regexp.MustCompile(`^(🔴|🟠|🔵|⚪|🟢) (\S+)(?: .*?)? @(\d+)(?: @\d+)?(?: \((.*)\))?$`)
	markForm   = regexp.MustCompile(`^(🔴|🟠|🔵|⚪|🟢) @(\d+)(?: @\d+)?$`)
)

// readLine reads a line of a digest, or of a text that names a notice or a log group.
func (c *investigation) readLine(line string) (all []telling, hidden []hiding) {
	if m := lineForm.FindStringSubmatch(line); m != nil && c.byName[m[2]] != nil && stateOfMark(m[1]) != "" {
		if s := c.byName[m[2]]; s.newest().State != "" {
			steps, _ := marksIn(m[4], markForm, stateOfMark) // none where there are no brackets
			return inLine(s, course{steps: steps}, s.at(stateOfMark(m[1]), m[3]), m[1] == "⚪", m[3])
		}
	}
	if m := linesForm.FindStringSubmatch(line); m != nil && c.floods[m[2]] != nil {
		n, _ := strconv.Atoi(m[1])
		return []telling{{story: c.floods[m[2]], lines: n}}, nil
	}
	for _, name := range nameForm.FindAllString(line, -1) {
		if s := c.byName[name]; s != nil {
			all = append(all, telling{story: s, change: s.newest()})
		}
	}
	return all, nil
}

// inLine is what a line tells of an alarm that is what it is now since a second. A grey one may be an ALARM that is closed.
func inLine(s *story, past course, now *traffic.Change, grey bool, second string) (all []telling, hidden []hiding) {
	closed := grey && now == nil
	if closed {
		now = s.at(alert.StateAlarm, second)
	}
	all, hidden = past.tell(s, now)
	for i := range all {
		all[i].beside = len(all) > 1
		all[i].closed = closed && all[i].change == now
	}
	return all, hidden
}

// readListing reads an attached file: a line for each alert, in columns.
func (c *investigation) readListing(text string) (all []telling, hidden []hiding) {
	for line := range strings.Lines(text) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(columns) < 8 {
			continue
		}
		s := c.byName[columns[6]]
		if s == nil || s.newest().State == "" {
			more, _ := c.readLine(columns[6])
			all = append(all, more...)
			continue
		}
		steps, _ := marksIn(columns[7], listedStep, func(word string) alert.State { return alert.State(word) })
		for i := range steps {
			steps[i].second = secondOf(steps[i].second)
		}
		second := secondOf(columns[2])
		more, beyond := inLine(s, course{steps: steps}, s.at(alert.State(columns[0]), second), columns[0] == "CLOSED", second)
		all, hidden = append(all, more...), append(hidden, beyond...)
	}
	return all, hidden
}

// secondOf is a time of an attached file as its Unix time in digits.
func secondOf(stamp string) string {
	at, err := time.Parse("2006-01-02 15:04:05 -07:00", stamp)
	if err != nil {
		return ""
	}
	return strconv.FormatInt(at.Unix(), 10)
}

func stateOfMark(mark string) alert.State {
	switch mark {
	case "🔴", "🟠", "🔵":
		return alert.StateAlarm
	case "🟢":
		return alert.StateOK
	case "⚪":
		return alert.StateInsufficientData
	}
	return ""
}
