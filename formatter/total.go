package formatter

import (
	"strings"

	"alarmrelay/alert"
)

// tally is how much of what a digest tells.
type tally struct{ firing, recovered, unknown, closed, notices int }

func (n tally) alarms() int { return n.firing + n.recovered + n.unknown + n.closed }

func (o *outline) counts() (n tally) {
	for _, s := range o.sections {
		switch {
		case !s.alarms:
			n.notices += s.size
		case s.tone == toneGreen:
			n.recovered += s.size
		case s.closed:
			n.closed += s.size
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

// worst is the greatest severity of a digest.
func (o *outline) worst() (s alert.Severity) {
	for i := range o.entries {
		s = worse(s, o.entries[i].Severity)
	}
	return s
}

// digestSummary is the sentence that a phone shows, without the emoji in front: how many, where, and the names of the worst.
func (t teller) digestSummary(o *outline) string {
	s := t.Digest(o.counts()) + t.digestNames(o)
	if o.Earlier > 0 {
		s += " " + t.Earlier(o.Earlier)
	}
	return s
}

// digestName is what a digest is called where the name stays while it changes.
func (t teller) digestName(o *outline) string {
	n := o.counts()
	return t.Gathered(n.alarms(), n.notices) + t.digestNames(o)
}

func (t teller) digestNames(o *outline) string {
	worst := o.first(3)
	names := make([]string, len(worst))
	for i, e := range worst {
		names[i], _ = cut(e.name, 60, units16)
	}
	if len(o.entries) > len(worst) {
		names = append(names, ellipsis)
	}
	where := t.scopeName(scope{account: o.common.account, region: o.common.region})
	return inBrackets(where) + ": " + strings.Join(names, ", ")
}
