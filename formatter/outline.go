package formatter

import (
	"cmp"
	"slices"
	"strings"

	"alarmrelay/alert"
)

// outline is a digest in order: the worst first, and side by side what has much in common.
type outline struct {
	Digest
	entries  []entry
	sections []section
	common   scope  // what all entries share
	prefix   string // with which the names of all alarms begin: no heading says it again
}

// section is what has the same colour: alarms in one state, or notices.
type section struct {
	tone   tone
	alarms bool // notices and logs otherwise
	closed bool // alarms that fired anew elsewhere
	groups []group
	size   int // how many entries
}

// fires reports whether the section is of something that is going on.
func (s *section) fires() bool { return s.tone <= toneBlue }

// group is the entries of a section from one place.
type group struct {
	scope
	entries []entry
}

// scope is what entries have in common. Empty is what differs, or what nobody knows.
type scope struct {
	severity                   alert.Severity // of what fires
	account, region, namespace string
	prefix                     string // with which all names begin
}

func (t teller) outline(d Digest) *outline {
	o := &outline{Digest: d, entries: t.entries(d.Lines)}
	slices.SortFunc(o.entries, inOrder)
	for rest := o.entries; len(rest) > 0; {
		n := alike(rest, func(a, b *entry) bool {
			return a.tone == b.tone && isState(a.State) == isState(b.State) && a.Closed == b.Closed
		})
		o.sections = append(o.sections, sectionOf(rest[:n]))
		rest = rest[n:]
	}
	o.prefix = prefixOf(slices.DeleteFunc(slices.Clone(o.entries), func(e entry) bool { return !isState(e.State) }))
	o.common = scopeOf(o.entries)
	for _, s := range o.sections {
		for _, g := range s.groups {
			o.common = o.common.shared(g.scope)
		}
	}
	return o
}

// inOrder puts the worst first, alarms before notices, places together, and then goes by name.
func inOrder(a, b entry) int {
	if c := cmp.Compare(a.tone, b.tone); c != 0 {
		return c
	}
	if isState(a.State) != isState(b.State) {
		return map[bool]int{true: -1, false: 1}[isState(a.State)]
	}
	if a.Closed != b.Closed {
		return map[bool]int{true: 1, false: -1}[a.Closed]
	}
	return cmp.Or(
		cmp.Compare(b.rank(), a.rank()),
		strings.Compare(a.Account, b.Account), strings.Compare(a.Region, b.Region), strings.Compare(a.Namespace, b.Namespace),
		strings.Compare(a.name, b.name), strings.Compare(a.Key, b.Key), a.At.Compare(b.At), cmp.Compare(a.State, b.State),
	)
}

// rank orders what fires by severity; what is over is all the same.
func (e *entry) rank() int {
	if e.tone > toneBlue {
		return 0
	}
	return e.Severity.Rank()
}

// alike returns how many of the first entries belong together.
func alike(entries []entry, together func(a, b *entry) bool) int {
	for i := range entries {
		if !together(&entries[0], &entries[i]) {
			return i
		}
	}
	return len(entries)
}

// sectionOf parts the entries of a section into groups: the worst first, then the largest.
func sectionOf(entries []entry) section {
	s := section{tone: entries[0].tone, alarms: isState(entries[0].State), closed: entries[0].Closed, size: len(entries)}
	for rest := entries; len(rest) > 0; {
		n := alike(rest, func(a, b *entry) bool {
			return a.rank() == b.rank() && a.Account == b.Account && a.Region == b.Region && a.Namespace == b.Namespace
		})
		s.groups = append(s.groups, group{scopeOf(rest[:n]), rest[:n]})
		rest = rest[n:]
	}
	s.groups = gathered(s.groups)
	slices.SortStableFunc(s.groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(b.entries[0].rank(), a.entries[0].rank()), cmp.Compare(len(b.entries), len(a.entries)))
	})
	return s
}

// gathered makes one group of those that have only one entry and differ by namespace alone: a
// heading for each line helps nobody.
func gathered(groups []group) []group {
	singles := map[scope]int{}
	for _, g := range groups {
		if len(g.entries) == 1 {
			singles[g.wider()]++
		}
	}
	at := map[scope]int{}
	kept := groups[:0]
	for _, g := range groups {
		around := g.wider()
		if len(g.entries) > 1 || singles[around] == 1 {
			kept = append(kept, g)
			continue
		}
		i, ok := at[around]
		if !ok {
			i = len(kept)
			at[around] = i
			kept = append(kept, group{scope: around})
		}
		kept[i].entries = append(kept[i].entries, g.entries...)
	}
	return kept
}

// wider is the scope without what is narrower than a region.
func (p scope) wider() scope {
	return scope{severity: p.severity, account: p.account, region: p.region}
}

// scopeOf returns what entries of one group have in common: all but the prefix is that of the first.
func scopeOf(entries []entry) scope {
	e := &entries[0]
	p := scope{account: e.Account, region: e.Region, namespace: e.Namespace, prefix: prefixOf(entries)}
	if e.rank() > 0 {
		p.severity = e.Severity
	}
	return p
}

// shared returns what two places have in common.
func (p scope) shared(q scope) scope {
	same := func(a, b string) string {
		if a != b {
			return ""
		}
		return a
	}
	return scope{"", same(p.account, q.account), same(p.region, q.region), same(p.namespace, q.namespace), p.prefix}
}

// without returns what p says beyond q.
func (p scope) without(q scope) scope {
	differs := func(a, b string) string {
		if a == b {
			return ""
		}
		return a
	}
	return scope{p.severity, differs(p.account, q.account), differs(p.region, q.region), differs(p.namespace, q.namespace), differs(p.prefix, q.prefix)}
}

// prefixOf returns the words with which all of some names begin; nothing for a few names, of which nobody needs it.
func prefixOf(entries []entry) string {
	const few, short = 3, 3
	if len(entries) < few {
		return ""
	}
	prefix := entries[0].bare
	for i := range entries {
		name := entries[i].bare
		n := 0
		for n < len(prefix) && n < len(name) && prefix[n] == name[n] {
			n++
		}
		prefix = prefix[:n]
	}
	if prefix = wholeWords(prefix); len(prefix) < short {
		return ""
	}
	return prefix
}

// wholeWords cuts s behind its last separator.
func wholeWords(s string) string { return s[:strings.LastIndexAny(s, separators)+1] }

// separators stand between the words of a name.
const separators = "-_./: "

// scopeName names a place in few words.
func (t teller) scopeName(p scope) string {
	return join(t.Severities[p.severity], cmp.Or(oneLine(t.Accounts[p.account]), p.account), p.region, p.namespace)
}

// list is the console's list of alarms in ALARM, of the region that has most of them; empty where that is not known.
func (o *outline) list() string {
	firing := map[string]int{}
	best := ""
	for i := range o.entries {
		e := &o.entries[i]
		home, ok := consoleOf(e.Partition, e.Region, e.Account)
		if e.State != alert.StateAlarm || e.Closed || !ok {
			continue
		}
		url := home.alarming()
		if firing[url]++; firing[url] > firing[best] || firing[url] == firing[best] && url < best {
			best = url
		}
	}
	return best
}
