package rule

import (
	"time"

	"go.yaml.in/yaml/v4"
)

// Summary is the daily message about what happened.
type Summary struct {
	At       time.Duration // after midnight, in Timezone; below 24 h
	Timezone string
	To       []string // destinations; at least one
}

func (r *reader) summary(n *yaml.Node, c *Config) *Summary {
	s := &Summary{Timezone: c.Timezone}
	r.object(n, "summary",
		entry{"at", func(v *yaml.Node) { s.At = r.clock(v) }},
		entry{"timezone", func(v *yaml.Node) { r.timezone(v, c, &s.Timezone) }},
		entry{"to", func(v *yaml.Node) { s.To = r.somewhere(v, c) }},
	)
	if r.value(n).Kind != yaml.MappingNode {
		return nil
	}
	if !r.hasKey(n, "at") {
		r.wrong(n, "says nothing of when; add \"at: \\\"09:00\\\"\"")
	}
	if !r.hasKey(n, "to") {
		r.wrong(n, "says nothing of where; add \"to: [NAME]\" with a destination's name")
	}
	return s
}

// clock reads a time of day as the time since midnight.
func (r *reader) clock(n *yaml.Node) time.Duration {
	text, ok := r.raw(n)
	if !ok {
		return 0
	}
	minutes, ok := parseClock(text)
	if !ok || minutes == minutesADay {
		r.wrong(n, "%s is no time of day; write one such as \"09:00\"", quote(text))
		return 0
	}
	return time.Duration(minutes) * time.Minute
}

// somewhere reads at least one destination.
func (r *reader) somewhere(n *yaml.Node, c *Config) (names []string) {
	r.list(n, func(item *yaml.Node) { names = union(names, r.targets(item, c)) })
	return names
}
