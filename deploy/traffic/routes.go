package traffic

import (
	"fmt"
	"slices"
	"strings"
)

// Route is one way of alarms: those whose names begin with Name and a hyphen go To these destinations.
type Route struct {
	Name    string
	To      []string
	Mention string // who is pinged when they fire, as the file names them; empty for nobody
}

// Rules writes the routes as the rules of an alarmrelay.yaml. Where there are several destinations, every
// second route is written as rules that go on, and the others as one rule with a list. The
// last route also takes everything else.
func Rules(routes []Route) string {
	var b strings.Builder
	b.WriteString("rules:\n")
	for i, r := range routes {
		mention := ""
		if r.Mention != "" {
			mention = ", mention: " + r.Mention
		}
		if i%2 == 0 {
			fmt.Fprintf(&b, "  - {match: {alarm: \"%s-*\"}, to: [%s]%s}\n", r.Name, strings.Join(r.To, ", "), mention)
			continue
		}
		for j, to := range r.To {
			goesOn := ""
			if j < len(r.To)-1 {
				goesOn = ", continue: true"
			}
			fmt.Fprintf(&b, "  - {match: {alarm: \"%s-*\"}, to: [%s]%s%s}\n", r.Name, to, mention, goesOn)
		}
	}
	fmt.Fprintf(&b, "  - to: [%s]\n", strings.Join(routes[len(routes)-1].To, ", "))
	return b.String()
}

// everythingElse is who is told of what no route names.
func everythingElse(routes []Route) []string { return slices.Clone(routes[len(routes)-1].To) }
