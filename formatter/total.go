package formatter

import "strings"

// tally is how much of what a digest tells.
type tally struct{ firing, recovered, unknown, notices int }

func (o *outline) counts() (n tally) {
	for _, s := range o.sections {
		switch {
		case !s.alarms:
			n.notices += s.size
		case s.tone == toneGreen:
			n.recovered += s.size
		case s.tone == toneGrey:
			n.unknown += s.size
		default:
			n.firing += s.size
		}
	}
	return n
}

// first returns the first entries as they are shown.
func (o *outline) first(n int) (all []*entry) {
	for _, s := range o.sections {
		for _, g := range s.groups {
			for i := range g.entries {
				if len(all) == n {
					return all
				}
				all = append(all, &g.entries[i])
			}
		}
	}
	return all
}

// digestSummary is the sentence that a phone shows: how many, where, and the names of the worst.
func (t teller) digestSummary(o *outline) string {
	worst := o.first(3)
	names := make([]string, len(worst))
	for i, e := range worst {
		names[i], _ = cut(e.name, 60, units16)
	}
	if len(o.entries) > len(worst) {
		names = append(names, ellipsis)
	}
	where := t.scopeName(scope{account: o.common.account, region: o.common.region})
	s := o.sections[0].tone.emoji() + " " + t.Digest(o.counts()) + inBrackets(where) + ": " + strings.Join(names, ", ")
	if o.Earlier > 0 {
		s += " " + t.Earlier(o.Earlier)
	}
	return s
}
