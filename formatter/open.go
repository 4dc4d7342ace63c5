package formatter

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"alarmrelay/alert"
)

// Open is an alarm whose trouble lasts. Of the alert only what is set is said, down to the name alone.
type Open struct {
	Item
	Since time.Time // when it began
	Link  string    // where its message is; where that is empty, the console's page of the alarm is linked
}

const (
	maxOpenName = 160 // of an alarm among others
	maxOpenLink = 400
	maxPerson   = 80
)

// nameless stands for a name that shows nothing.
const nameless = "–"

// standing is an [Open] as it is listed.
type standing struct {
	*Open
	tone   tone
	name   string
	where  string // empty where all are in the same place
	linked bool   // it is one of the worst
}

// standings are alarms in order: the worst first, and of equally bad ones those that have lasted longest.
func (t teller) standings(open []Open) []standing {
	all := make([]standing, len(open))
	for i := range open {
		o := &open[i]
		all[i] = standing{Open: o, tone: toneOf(&o.Alert), name: t.alarmName(&o.Alert), where: t.where(&o.Alert)}
		if !isState(o.State) {
			all[i].tone = toneFor(alert.StateAlarm, o.Severity, false, false)
		}
		if all[i].name == "" {
			all[i].name = t.stateName(alert.StateAlarm)
		}
	}
	slices.SortStableFunc(all, func(a, b standing) int {
		return cmp.Or(
			cmp.Compare(a.tone, b.tone), cmp.Compare(b.Severity.Rank(), a.Severity.Rank()),
			a.Since.Compare(b.Since), strings.Compare(a.name, b.name),
		)
	})
	together := !slices.ContainsFunc(all, func(s standing) bool { return s.where != all[0].where })
	for i := range all {
		all[i].linked = i < mostLinks
		if together {
			all[i].where = ""
		}
	}
	return all
}

// stateCounts are how many of some alarms are in which state.
func stateCounts(all []standing) (n tally) {
	for i := range all {
		if all[i].State == alert.StateInsufficientData {
			n.unknown++
		} else {
			n.firing++
		}
	}
	return n
}

// page is where people can look at the alarm; empty where nothing is known.
func (o *Open) page() string {
	if whole := runbookLink(o.Link); whole != "" && len(whole) <= maxOpenLink && !strings.ContainsAny(whole, "()") {
		return whole
	}
	home, ok := consoleOf(o.Partition, o.Region, o.Account)
	if !ok {
		return ""
	}
	if url := home.alarm(o.Name); len(url) <= maxOpenLink {
		return url
	}
	return ""
}

// named is the alarm's name, cut where it is long, and the link.
func (s *standing) named(most int) (name span, link text) {
	cutName, _ := cut(s.name, most, units16)
	if url := s.page(); s.linked && url != "" {
		link = say(plain(" "), arrow(url))
	}
	return bold(cutName), link
}

// openLine is the alarm as one line among others. Lasts is what the line says of its time.
func (t teller) openLine(s *standing, lasts text) text {
	name, link := s.named(maxOpenName)
	line := append(say(plain(s.tone.emoji()+" "), name), link...)
	if len(lasts) > 0 {
		line = append(line.with(plain(" · ")), lasts...)
	}
	if severity := t.Severities[s.Severity]; severity != "" {
		line = line.with(plain(" · " + severity))
	}
	if s.where != "" {
		line = line.with(plain(" · " + s.where))
	}
	if s.Acked != nil {
		line = line.with(plain(" · 👀 " + t.Tick.TakenBy(person(s.Acked.By))))
	}
	return line
}

// person is somebody's name; a dash where nobody gave one.
func person(by string) string {
	by, _ = cut(oneLine(by), maxPerson, units16)
	return cmp.Or(by, nameless)
}

// alarming is the console's list of alarms in ALARM of the region that has most of some; empty where that is not known.
func alarming(open []Open) string {
	o := outline{entries: make([]entry, len(open))}
	for i := range open {
		a := &open[i].Alert
		o.entries[i].Line = Line{State: alert.StateAlarm, Partition: a.Partition, Region: a.Region, Account: a.Account}
	}
	return o.list()
}

// few writes as many of some texts as there is room for, and how many more there are.
func (t teller) few(f frame, texts []text, room int) (rows []row) {
	const most, more = 20, 32 // rows, and what the row takes that says how many are left out
	room -= more
	for i, said := range texts {
		r := f.row(said, maxRow)
		if i == most || i > 0 && r.size > room {
			return append(rows, f.row(say(plain(t.More(len(texts)-i))), more-1))
		}
		if r.size > room {
			r = f.row(said, room-1)
		}
		rows, room = append(rows, r), room-r.size
	}
	return rows
}
