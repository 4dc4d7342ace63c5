package formatter

// What a digest links of the worst. These are our own: beyond them nobody clicks.
const (
	leastLinks = 3
	mostLinks  = 10
)

// linkable is a row that may get a link.
type linkable struct {
	at            *row
	plain, linked row
}

// named gives every entry a line of its own, in as few pages as that takes; ok is false where it takes more
// than room. The worst are linked: a few in any case, more as long as that takes no page and no box more.
func (t teller) named(f frame, room int, o *outline) (pages []page, ok bool) {
	if leastSize(o) > room*f.page {
		return nil, false
	}
	intro := t.introduction(f, o)
	chapters, worst := t.chapters(f, o)
	for i := leastLinks; i <= mostLinks; i++ {
		for _, w := range worst[:min(i, len(worst))] {
			*w.at = w.linked
		}
		more := f.lay(intro, chapters)
		if i > leastLinks && (len(more) > len(pages) || boxesOf(more) > boxesOf(pages)) {
			break
		}
		if pages = more; i >= len(worst) {
			break
		}
	}
	return pages, len(pages) <= room
}

func boxesOf(pages []page) (n int) {
	for i := range pages {
		n += len(pages[i].boxes)
	}
	return n
}

// leastSize is what the names come to at the least, so that ten thousand need not be written to see that they don't fit.
func leastSize(o *outline) int {
	const emoji, clock = 3, 17 // each with a blank
	size := 0
	for i := range o.entries {
		size += units16(o.entries[i].name) + emoji
		if isSet(o.entries[i].At) {
			size += clock
		}
	}
	return size
}

// chapters writes all lines without links, and those of the worst also with theirs.
func (t teller) chapters(f frame, o *outline) (all []chapter, worst []linkable) {
	for _, s := range o.sections {
		c := t.chapter(f, s)
		for _, g := range s.groups {
			b := block{heading: t.heading(f, o, s, g), rows: make([]row, len(g.entries))}
			for i := range g.entries {
				e := &g.entries[i]
				b.rows[i] = t.lineRow(f, e, "")
				if url := e.page(); s.fires() && len(worst) < mostLinks && url != "" {
					worst = append(worst, linkable{&b.rows[i], b.rows[i], t.lineRow(f, e, url)})
				}
			}
			c.blocks = append(c.blocks, b)
		}
		all = append(all, c)
	}
	return all, worst
}

func (t teller) lineRow(f frame, e *entry, url string) row {
	r := f.row(t.line(e, url), maxRow)
	r.items, r.cuts = e.items, r.cuts+count(e.cut)
	return r
}

// chapter is a section's title: "🔴 ALARM · 187".
func (t teller) chapter(f frame, s section) chapter {
	word := t.Notices
	if s.alarms {
		word = t.stateName(s.groups[0].entries[0].State)
	}
	if s.closed {
		word = t.Life.Closed
	}
	title := s.tone.emoji() + " " + join(word, number(float64(s.size), digits))
	return chapter{tone: s.tone, title: f.heading(title), again: f.heading(title + " " + t.Continued)}
}

// heading says what a group's entries share beyond what all of the digest do: "**AWS/Lambda** · `prod-*` (40)".
func (t teller) heading(f frame, o *outline, s section, g group) row {
	p := g.without(o.common)
	if p.prefix == o.prefix {
		p.prefix = ""
	}
	said := t.placed(p)
	if len(said) == 0 {
		if len(s.groups) == 1 {
			return row{}
		}
		said = say(bold(t.Other))
	}
	return f.row(said.with(plain(" ("+number(float64(len(g.entries)), digits)+")")), maxHeading)
}

// placed writes a place; nothing where there is nothing to say.
func (t teller) placed(p scope) text {
	name := t.scopeName(p)
	switch {
	case name == "" && p.prefix == "":
		return nil
	case p.prefix == "":
		return say(bold(name))
	case name == "":
		return say(code(p.prefix + "*"))
	}
	return say(bold(name), plain(" · "), code(p.prefix+"*"))
}

// introduction is what is said before anything else.
func (t teller) introduction(f frame, o *outline) (rows []row) {
	if dead := clean(o.InsteadOf); dead != "" {
		rows = append(rows, f.row(say(plain("ℹ️ "+t.InsteadOf(oneLine(dead)))), maxHeading))
	}
	if n := o.counts(); n.recovered > 0 && n.alarms() > 1 {
		rows = append(rows, f.row(say(plain("✅ "), bold(t.Life.RecoveredOf(n.recovered, n.alarms()))), maxHeading))
	}
	if common := t.placed(o.common); len(common) > 0 && len(o.entries) > 1 {
		rows = append(rows, f.row(t.AllIn(common), maxHeading))
	}
	return rows
}
