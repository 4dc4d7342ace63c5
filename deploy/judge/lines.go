package judge

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"alarmrelay/alert"
)

var (
	nameForm   = regexp.MustCompile(`note-\d{6}|/made-up/logs-\d{6}`)
	linesForm  = regexp.MustCompile(`(\d+) log lines? in (/made-up/logs-\d{6})`)
	listedStep = regexp.MustCompile(`(ALARM|OK|INSUFFICIENT_DATA) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d)`)
	lineForm   = regexp.MustCompile(`^(🔴|🟠|🔵|⚪|🟢) (\S+)(?: .*?)? @(\d+)(?: @\d+)?(?: \((.*)\))?$`)
	markForm   = regexp.MustCompile(`(🔴|🟠|🔵|⚪|🟢) @(\d+)`)
)

// readLine reads a line of a digest, or of a text that names a notice or a log group.
func (c *investigation) readLine(line string) (all []telling) {
	if m := lineForm.FindStringSubmatch(line); m != nil && c.byName[m[2]] != nil && stateOfMark(m[1]) != "" {
		if s := c.byName[m[2]]; s.newest().State != "" {
			return inLine(c.steps(s, stateOfMark(m[1]), m[3], markForm.FindAllStringSubmatch(m[4], -1), stateOfMark))
		}
	}
	if m := linesForm.FindStringSubmatch(line); m != nil && c.floods[m[2]] != nil {
		n, _ := strconv.Atoi(m[1])
		return []telling{{story: c.floods[m[2]], lines: n}}
	}
	for _, name := range nameForm.FindAllString(line, -1) {
		if s := c.byName[name]; s != nil {
			all = append(all, telling{story: s, change: s.newest()})
		}
	}
	return all
}

func inLine(all []telling) []telling {
	for i := range all {
		all[i].beside = len(all) > 1
	}
	return all
}

// readListing reads an attached file: a line for each alert, in columns.
func (c *investigation) readListing(text string) (all []telling) {
	for line := range strings.Lines(text) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(columns) < 8 {
			continue
		}
		if s := c.byName[columns[6]]; s != nil && s.newest().State != "" {
			before := listedStep.FindAllStringSubmatch(columns[7], -1)
			for i := range before {
				before[i][2] = secondOf(before[i][2])
			}
			steps := c.steps(s, alert.State(columns[0]), secondOf(columns[2]), before, func(w string) alert.State { return alert.State(w) })
			all = append(all, inLine(steps)...)
			continue
		}
		all = append(all, c.readLine(columns[6])...)
	}
	return all
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
