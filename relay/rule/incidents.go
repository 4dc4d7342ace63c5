package rule

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Incidents is how long a trouble counts as the same, how often it pings, and how people hear that it is over.
type Incidents struct {
	Flap       time.Duration // an ALARM that comes no later than this after the last one was over is the same incident; at most a day
	RepeatPing time.Duration // such an ALARM pings when the last ping is that old; at most a day
	Recovery   Recovery      // where a rule says nothing of it
}

func defaultIncidents() Incidents {
	return Incidents{Flap: 10 * time.Minute, RepeatPing: 5 * time.Minute, Recovery: RecoveryBoth}
}

// Recovery is how people hear that an alarm is over. The words are those of the incident package.
type Recovery string

// The ways: the message is edited, a new one is posted, or, by default, both.
const (
	RecoveryEdit Recovery = "edit"
	RecoveryPost Recovery = "post"
	RecoveryBoth Recovery = "both"
)

// and returns what suits both: those who want an edit get it, and those who want a post as well.
func (y Recovery) and(other Recovery) Recovery {
	if y == other {
		return y
	}
	return RecoveryBoth
}

// Marks are times after an ALARM, ascending, each once.
type Marks []time.Duration

// MarshalJSON writes them as the file has them.
func (m Marks) MarshalJSON() ([]byte, error) {
	texts := make([]string, len(m))
	for i, mark := range m {
		texts[i] = brief(mark)
	}
	return json.Marshal(texts)
}

// String is the marks as the file may have them: 1h, 4h, 24h.
func (m Marks) String() string {
	texts := make([]string, len(m))
	for i, mark := range m {
		texts[i] = brief(mark)
	}
	return strings.Join(texts, ", ")
}

// and returns the marks of both.
func (m Marks) and(other Marks) Marks {
	all := slices.Sorted(slices.Values(slices.Concat(m, other)))
	return slices.Compact(all)
}

const (
	// tick is how often somebody looks whether a reminder or an escalation is due.
	tick = 5 * time.Minute
	// maxMark is ours: who has not noticed in a week won't in two.
	maxMark = 7 * day
	// maxMarks is ours as well.
	maxMarks = 20
)

func (r *reader) incidents(n *yaml.Node, i *Incidents) {
	r.object(n, "incidents",
		entry{"flap", func(v *yaml.Node) { r.duration(v, &i.Flap, 0, day) }},
		entry{"repeat_ping", func(v *yaml.Node) { r.duration(v, &i.RepeatPing, 0, day) }},
		entry{"recovery", func(v *yaml.Node) { r.recovery(v, &i.Recovery) }},
	)
}

// life reads what a rule says of an incident while it lasts.
func (r *reader) life(rule *Rule, c *Config, said *bool) []entry {
	return []entry{
		{"mute", func(v *yaml.Node) { rule.Mute = r.mute(v, c); *said = true }},
		{"recovery", func(v *yaml.Node) { r.recovery(v, &rule.Recovery); *said = true }},
		{"remind", func(v *yaml.Node) { rule.Remind = r.remind(v); *said = true }},
		{"escalate", func(v *yaml.Node) { rule.Escalate = r.escalate(v, c); *said = true }},
	}
}

func (r *reader) recovery(n *yaml.Node, into *Recovery) {
	if way, ok := word(r, n, "way", []Recovery{RecoveryEdit, RecoveryPost, RecoveryBoth}); ok {
		*into = way
	}
}

// remind reads marks from a list or from one text with commas.
func (r *reader) remind(n *yaml.Node) (marks Marks) {
	r.list(n, func(item *yaml.Node) {
		for _, one := range parts(r.value(item)) {
			var mark time.Duration
			before := len(r.problems)
			r.duration(one, &mark, tick, maxMark)
			switch last := len(marks) - 1; {
			case len(r.problems) > before:
			case last >= 0 && mark <= marks[last]:
				r.wrong(one, "%s does not come after %s; write the times in their order", brief(mark), brief(marks[last]))
			default:
				marks = append(marks, mark)
			}
		}
	})
	if len(marks) > maxMarks {
		r.wrong(r.value(n), "%d times; write at most %d", len(marks), maxMarks)
	}
	return marks
}

// parts returns the texts between the commas of a text, and everything else as it is.
func parts(n *yaml.Node) []*yaml.Node {
	if n.Kind != yaml.ScalarNode || !strings.Contains(n.Value, ",") {
		return []*yaml.Node{n}
	}
	var all []*yaml.Node
	for text := range strings.SplitSeq(n.Value, ",") {
		part := *n
		part.Value = strings.TrimSpace(text)
		all = append(all, &part)
	}
	return all
}

// recoveryOf is how people hear of a recovery where a rule tells them.
func (rule *Rule) recoveryOf(c *Config) Recovery {
	if rule.Recovery != "" {
		return rule.Recovery
	}
	return c.Incidents.Recovery
}
