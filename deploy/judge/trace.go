package judge

import (
	"fmt"
	"slices"
	"strings"
)

// Trace lists what the services were told about a name, and how the invocations ended that told it,
// in order: for somebody who wants to know how a complaint came about. An edit that says nothing new of it is left out.
func Trace(e Evidence, name string) (lines []string) {
	c := newCase(e)
	said := map[string]string{} // by message
	for i := range e.Places {
		there := &e.Places[i]
		for _, x := range there.Log {
			p, err := readPage(there.Service, x)
			if err != nil || !strings.Contains(string(x.Request), name) && !slices.ContainsFunc(p.files, func(f string) bool { return strings.Contains(f, name) }) {
				continue
			}
			var news strings.Builder
			all, _ := c.tellings(p)
			for _, t := range all {
				if t.story.name == name && t.lines > 0 {
					fmt.Fprintf(&news, "; %d lines", t.lines)
				}
				if t.story.name == name && t.short {
					fmt.Fprintf(&news, "; a line: %s after %q, fired %d times, among others %v", t.state, t.after, t.fires, t.listed)
				}
				if t.story.name == name && t.change != nil {
					news.WriteString("; " + describe(t.change))
					if t.stands != nil && t.stands != t.change {
						news.WriteString(", and stands at " + string(t.stands.State))
					}
					if t.closed {
						news.WriteString(", closed")
					}
				}
			}
			if before, edited := said[x.Message]; edited && before == news.String() && x.Message != "" {
				continue
			}
			said[x.Message] = news.String()
			for _, card := range p.cards {
				if past := courseIn(card.lines); strings.Contains(card.title, name) && len(past.steps) > 0 {
					fmt.Fprintf(&news, "; history %v of %d, forgot %v", past.steps, past.total, past.forgot)
				}
			}
			call := e.Calls[callOf(x)]
			lines = append(lines, fmt.Sprintf("%s %s %s %d %q message %q by invocation %s (stopped %v, store in trouble %v)%s",
				x.At.UTC().Format("15:04:05.000"), there.Name, x.Method, x.Status, x.Fault, x.Message, callOf(x), call.Stopped, troubleAt(call, there.Name), news.String()))
		}
	}
	slices.Sort(lines)
	for _, m := range e.Kept {
		if m.Name == name {
			lines = append(lines, fmt.Sprintf("the store: message %q at %s shows %s since %s, closed %v", m.Message, m.Place, m.State, m.At.UTC().Format("15:04:05.000"), m.Closed))
		}
	}
	for _, p := range e.Places {
		for message, at := range p.Deleted {
			if slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, `"`+message+`"`) }) {
				lines = append(lines, fmt.Sprintf("%s message %q at %s was deleted", at.UTC().Format("15:04:05.000"), message, p.Name))
			}
		}
	}
	for _, m := range e.Letters {
		if strings.Contains(m.Body, name) {
			lines = append(lines, fmt.Sprintf("dead letter: %v", m.Attributes))
		}
	}
	return lines
}

func troubleAt(c Call, place string) (times []string) {
	for _, t := range c.Trouble {
		if t.Place == place {
			times = append(times, t.At.UTC().Format("15:04:05.000"))
		}
	}
	return times
}
