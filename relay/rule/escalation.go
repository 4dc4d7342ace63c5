package rule

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"
)

// Escalation is who is told of an alarm that nobody has taken care of.
type Escalation struct {
	After   time.Duration // the ALARM
	To      []string      // destinations; at least one
	Mention []string      // names of mentions; may be empty
}

// MarshalJSON writes the time as the file has it.
func (e Escalation) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		After   string   `json:"after"`
		To      []string `json:"to"`
		Mention []string `json:"mention,omitempty"`
	}{brief(e.After), e.To, e.Mention})
}

// and returns the escalation of two rules for one destination: the sooner one, to everybody of both. Either may be nil.
func (e *Escalation) and(other *Escalation) *Escalation {
	switch {
	case e == nil:
		return other
	case other == nil:
		return e
	}
	return &Escalation{min(e.After, other.After), union(e.To, other.To), union(e.Mention, other.Mention)}
}

func (r *reader) escalate(n *yaml.Node, c *Config) *Escalation {
	e := &Escalation{}
	r.object(n, "escalate",
		entry{"after", func(v *yaml.Node) { r.duration(v, &e.After, tick, maxMark) }},
		entry{"to", func(v *yaml.Node) { e.To = r.somewhere(v, c) }},
		entry{"mention", func(v *yaml.Node) { e.Mention = r.mentioned(v, c, e.To) }},
	)
	if r.value(n).Kind != yaml.MappingNode {
		return nil
	}
	if !r.hasKey(n, "after") {
		r.wrong(n, "says nothing of when; add \"after: 15m\"")
	}
	if !r.hasKey(n, "to") {
		r.wrong(n, "says nothing of where; add \"to: [NAME]\" with a destination's name")
	}
	return e
}

// Escalated returns the deliveries to make when nobody has taken care of the alarm that d has told: one for each destination of its
// escalation, in that one's voice, with the mentions of the escalation. A destination that was told before may be among
// them.
func (c *Config) Escalated(d Delivery) (next []Delivery) {
	if d.Escalate == nil {
		return nil
	}
	for _, name := range d.Escalate.To {
		next = append(next, c.escalated(&d, name, d.Escalate.Mention))
	}
	return next
}

// escalated is what a destination of an escalation is told. Reminders and further escalations are the first destination's.
func (c *Config) escalated(d *Delivery, to string, mention []string) Delivery {
	destination, _ := c.Destination(to)
	return Delivery{
		Destination: to, Rule: d.Rule, Severity: d.Severity, Runbook: d.Runbook,
		Mention: mention, Mentions: c.people(mention, destination.Service),
		Voice: destination.Voice, Wording: d.Wording, Graph: d.Graph, Recovery: d.Recovery,
	}
}

// later is an escalation of a rule that decided.
type later struct {
	*Escalation
	from    Delivery // what it escalates
	mention []string // who is mentioned on this occasion
}

// escalate notes to whom a rule escalates what it tells: the same people for all of its destinations.
func (d *decision) escalate(rule *Rule, told *Delivery) {
	if told.Escalate == nil || len(d.later) > 0 && d.later[len(d.later)-1].from.Rule == told.Rule {
		return
	}
	var mention []string
	if slices.Contains(rule.MentionOn, When(d.subject.alert.State)) {
		mention = told.Escalate.Mention
	}
	d.later = append(d.later, &later{told.Escalate, *told, mention})
}

// escalations adds the destinations that may be told later to what is held, the soonest first.
func (d *decision) escalations(r *Routing) {
	slices.SortStableFunc(d.later, func(a, b *later) int { return cmp.Compare(a.After, b.After) })
	for _, l := range d.later {
		for _, name := range l.To {
			same := func(t Delivery) bool { return t.Destination == name }
			if slices.ContainsFunc(r.Deliveries, same) {
				continue
			}
			next := Held{
				Delivery: d.config.escalated(&l.from, name, l.mention), Kind: HeldEscalated,
				Why: fmt.Sprintf("told when nobody has taken care of it after %s", brief(l.After)),
			}
			i := slices.IndexFunc(r.Held, func(h Held) bool { return same(h.Delivery) })
			switch {
			case i < 0:
				r.Held = append(r.Held, next)
			case r.Held[i].Kind == HeldEscalated:
				r.Held[i].join(&next.Delivery)
			}
		}
	}
}
