package formatter

import (
	"cmp"
	"slices"
	"time"

	"alarmrelay/alert"
)

// Update is what is said about alarms whose messages were edited just now: an edit notifies nobody.
type Update struct {
	Items    []UpdateItem
	Mentions []Mention // who is pinged; empty for nobody
	Arrived  time.Time
}

// UpdateItem is one alarm of an [Update].
type UpdateItem struct {
	Item         // as its message shows it now
	Link  string // where that message is; empty where the update stands beneath it, or nothing leads there
	Again bool   // it fires again; else it has recovered
}

// UpdateOf says an update in the form of a service: as one short message however many alarms there are, none for none. What
// fires again has a line, and below it what has recovered, the worst first:
//
//	🔴 db-cpu fires again (3rd time) →
//	✅ 37 alarms recovered: orders-age →, db-free →, … and 35 more
//
// A recovery says how long the trouble took where it stands alone or has no link. Only u.Mentions are pinged. An update
// of recoveries is silent unless one of them is critical.
func UpdateOf(service Service, u Update, s Style) []Message {
	if len(u.Items) == 0 {
		return nil
	}
	n := newsOf(newTeller(Notice{Arrived: u.Arrived}, s), u)
	m := formOf(service).update(n, once(u.Mentions))
	m.Thread, m.Items = s.Thread, make([]int, len(u.Items))
	for i := range m.Items {
		m.Items[i] = i
	}
	return []Message{m}
}

// news is an update in words.
type news struct {
	teller
	again, over []UpdateItem // the worst first
	loud        bool         // reason enough to wake somebody
}

func newsOf(t teller, u Update) news {
	n := news{teller: t}
	for _, it := range u.Items {
		if it.Again {
			n.again, n.loud = append(n.again, it), true
			continue
		}
		n.over, n.loud = append(n.over, it), n.loud || it.Severity == alert.SeverityCritical
	}
	for _, items := range [][]UpdateItem{n.again, n.over} {
		slices.SortStableFunc(items, func(a, b UpdateItem) int { return cmp.Compare(b.Severity.Rank(), a.Severity.Rank()) })
	}
	return n
}

// What an update names: beyond that nobody reads on.
const (
	maxUpdated     = 10
	maxUpdatedName = 120
)

// lines are what is said, of at most so many alarms in each line; with the links to their messages, or without.
func (n *news) lines(most int, linked bool) []text {
	var all []text
	if len(n.again) > 0 {
		all = append(all, n.againLine(most, linked))
	}
	if len(n.over) > 0 {
		all = append(all, n.overLine(most, linked))
	}
	return all
}

func (n *news) againLine(most int, linked bool) text {
	first := &n.again[0]
	mark := toneFor(alert.StateAlarm, first.Severity, false, false).emoji() + " "
	if len(n.again) == 1 {
		return first.with(plain(mark+n.Life.FiresAgain(n.nameOf(first), first.Fires)), linked)
	}
	return n.listed(mark+n.Life.AllAgain(len(n.again)), n.again, most, linked)
}

func (n *news) overLine(most int, linked bool) text {
	first := &n.over[0]
	switch {
	case len(n.over) == 1 && first.Deleted:
		return first.with(plain(toneGrey.emoji()+" "+n.Life.WasDeleted(n.nameOf(first))), linked)
	case len(n.over) == 1:
		return first.with(plain("✅ "+n.Life.Recovered(n.nameOf(first), n.ending(&first.Item))), linked)
	}
	return n.listed("✅ "+n.Life.AllOver(len(n.over)), n.over, most, linked)
}

// listed names the first of several alarms behind what is said of all. Where one message shows all of them, one link leads there.
func (n *news) listed(head string, items []UpdateItem, most int, linked bool) text {
	s := say(plain(head + ": "))
	shared := !slices.ContainsFunc(items, func(it UpdateItem) bool { return it.Link != items[0].Link })
	for i := range items[:min(most, len(items))] {
		it := &items[i]
		if i > 0 {
			s = s.with(plain(", "))
		}
		name := n.nameOf(it)
		switch {
		case it.Deleted:
			name += inBrackets(n.Life.Gone)
		case it.Link == "" && !it.Again:
			name += inBrackets(n.lasted(&it.Item))
		}
		s = append(s, it.with(plain(name), linked && !shared)...)
	}
	if more := len(items) - most; more > 0 {
		s = s.with(plain(" " + n.Life.AndMore(more)))
	}
	if url := messageLink(items[0].Link); linked && shared && url != "" {
		s = s.with(plain(" "), arrow(url))
	}
	return s
}

func (n *news) nameOf(it *UpdateItem) string {
	name, _ := cut(n.alarmName(&it.Alert), maxUpdatedName, units16)
	return cmp.Or(name, n.Notice)
}

// with puts the link to its message behind what is said of an alarm.
func (it *UpdateItem) with(said span, linked bool) text {
	if url := messageLink(it.Link); linked && url != "" {
		return say(said, plain(" "), arrow(url))
	}
	return say(said)
}

// fitting writes the lines with as many names as there is room for; the first name stands there in any case.
func (n *news) fitting(p pen, room int, linked bool) (said string, wasCut bool) {
	for most := maxUpdated; ; most-- {
		said, wasCut = write(p, paragraphs(n.lines(most, linked)...), room)
		if !wasCut || most == 1 {
			return said, wasCut
		}
	}
}

// alone reports whether the update is of one alarm.
func (n *news) alone() bool { return len(n.again)+len(n.over) == 1 }

// about names the alarms, and how bad the worst is.
func (n *news) about() (names string, worst alert.Severity) {
	for i, it := range slices.Concat(n.again, n.over) {
		if i < maxUpdated {
			names = join(names, n.nameOf(&it))
		}
		worst = worse(worst, it.Severity)
	}
	return names, worst
}
