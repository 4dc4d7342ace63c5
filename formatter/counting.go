package formatter

import (
	"cmp"
	"slices"
	"strings"
)

// mostNamed is how many of the worst are named where there is no room for all.
const mostNamed = 20

// counted is one page for what no pages could name: the worst by name, and how many there are of what.
func (t teller) counted(f frame, o *outline) []page {
	intro := t.introduction(f, o)
	if f.attaches {
		intro = append(intro, f.row(say(plain("📎 "+t.Attached(len(o.entries), listingName))), maxHeading))
	}
	pages := f.lay(intro, t.summed(f, o, f.page/2))
	if len(pages) > 1 { // names as nobody gives them
		pages = f.lay(intro, t.summed(f, o, 0))
	}
	pages[0].items = make([]int, len(o.Lines))
	for i := range o.Lines {
		pages[0].items[i] = i
	}
	return pages
}

// summed is every section as its worst, in so much room for all of them, and as counts.
func (t teller) summed(f frame, o *outline, room int) (all []chapter) {
	left, counts := mostNamed, f.page/4/len(o.sections)
	for _, s := range o.sections {
		c := t.chapter(f, s)
		c.blocks = []block{{rows: t.worst(f, s, &room, &left)}, {rows: t.tallies(f, o, s, counts)}}
		all = append(all, c)
	}
	return all
}

// worst names the first entries of what fires, while there is room for names.
func (t teller) worst(f frame, s section, room, left *int) (rows []row) {
	if !s.fires() {
		return nil
	}
	for _, g := range s.groups {
		for i := range g.entries {
			url := ""
			if mostNamed-*left < mostLinks {
				url = g.entries[i].page()
			}
			r := t.lineRow(f, &g.entries[i], url)
			if *left == 0 || r.size > *room {
				*left = 0
				return rows
			}
			*left, *room = *left-1, *room-r.size
			rows = append(rows, r)
		}
	}
	return rows
}

// tallies count a section's groups, the largest first, each with the beginnings that most of its names share.
func (t teller) tallies(f frame, o *outline, s section, room int) (rows []row) {
	const most, more = 200, 24 // a row, and the row that says how many are left out
	told := 0
	for _, g := range s.groups {
		r := f.row(t.tally(o, s, g), min(most, room-more))
		if r.size > room-more {
			rest := f.row(say(plain(t.More(s.size-told))), more)
			return append(rows, rest)
		}
		rows = append(rows, r)
		room, told = room-r.size, told+len(g.entries)
	}
	return rows
}

// tally counts one group of a section: "**AWS/Lambda** 12: `prod-*` 9".
func (t teller) tally(o *outline, s section, g group) text {
	p := g.without(o.common)
	p.prefix = ""
	size := number(float64(len(g.entries)), digits)
	name := t.scopeName(p)
	if name == "" && len(s.groups) > 1 {
		name = t.Other
	}
	said := say(bold(size))
	if name != "" {
		said = say(bold(name), plain(" "+size))
	}
	for i, f := range families(g.entries) {
		between := " · "
		if i == 0 {
			between = ": "
		}
		said = said.with(plain(between), code(f.prefix+"*"), plain(" "+number(float64(f.size), digits)))
	}
	return said
}

// family is entries whose names begin alike.
type family struct {
	prefix string
	size   int
}

// families are the largest families of some entries. A name belongs to the longest prefix that enough others have, too.
func families(entries []entry) []family {
	const most, few = 6, 3
	enough := max(few, len(entries)/50)
	having := map[string]int{}
	for i := range entries {
		for p := range prefixes(entries[i].bare) {
			having[p]++
		}
	}
	sizes := map[string]int{}
	for i := range entries {
		longest := ""
		for p := range prefixes(entries[i].bare) {
			if having[p] >= enough {
				longest = p
			}
		}
		sizes[longest]++
	}
	delete(sizes, "")
	all := make([]family, 0, len(sizes))
	for p, n := range sizes {
		all = append(all, family{p, n})
	}
	slices.SortFunc(all, func(a, b family) int {
		return cmp.Or(cmp.Compare(b.size, a.size), strings.Compare(a.prefix, b.prefix))
	})
	return all[:min(most, len(all))]
}

// prefixes yields what of a name stands before and with each of its first separators, the shortest first.
func prefixes(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		const most = 6
		found := 0
		for i := range len(name) - 1 {
			if strings.IndexByte(separators, name[i]) < 0 || i == 0 {
				continue
			}
			if found++; found > most || !yield(name[:i+1]) {
				return
			}
		}
	}
}
