package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

func newExplain(e *env) *cobra.Command {
	var flags configFlags
	asJSON := false
	cmd := &cobra.Command{
		Use:   "explain EVENT...",
		Short: "Say which rule takes an event, and why",
		Long: `explain says of each alert in an event what was read, which rule matches it and
why the ones before do not, what the alarm's own tags change, who is told, and what
a rule's own words come to.
An EVENT is a file, - for standard input, or the name of a sample.`,
		Example: `  alarmrelay explain sns-alarm-cpu-high
  alarmrelay explain --config alarmrelay.yaml --home 111122223333 event.json
  alarmrelay explain --json - < event.json`,
		Args:              atLeastOneEvent,
		ValidArgsFunction: completeEvents,
		RunE: func(_ *cobra.Command, args []string) error {
			inputs, err := e.readInputs(args)
			if err != nil {
				return err
			}
			s, err := flags.orSample(e)
			if err != nil {
				return err
			}
			return e.explain(s, inputs, asJSON)
		},
	}
	flags.add(cmd)
	flags.addHome(cmd)
	addJSONFlag(cmd, &asJSON)
	return cmd
}

func (e *env) explain(s setting, inputs []input, asJSON bool) (err error) {
	findings := []finding{}
	for _, i := range inputs {
		findings = append(findings, s.findings(i, e.now())...)
	}
	if asJSON {
		err = writeJSON(e.stdout, findings)
	} else {
		var page strings.Builder
		for i, f := range findings {
			if i > 0 {
				page.WriteByte('\n')
			}
			f.write(&page, s.rules)
		}
		_, err = io.WriteString(e.stdout, page.String())
	}
	for _, f := range findings {
		if f.Error != "" && err == nil {
			err = errTold
		}
	}
	return err
}

// finding is what was found out about one piece of an event: an alert, a
// reason why it is no news, or an error.
type finding struct {
	Event string `json:"event"`
	Error string `json:"error,omitempty"`
	Skip  string `json:"skip,omitempty"`
	*facts
	*rule.Explanation
	Worded map[string][]formatter.Worded `json:"worded,omitempty"` // what rules' own words come to, by destination
}

// facts are what was read of an alert, as far as rules look at it.
type facts struct {
	Kind     alert.Kind        `json:"kind"`
	Name     string            `json:"name"`
	State    alert.State       `json:"state,omitempty"`
	Previous alert.State       `json:"previous,omitempty"`
	Severity alert.Severity    `json:"severity,omitempty"`
	Account  string            `json:"account,omitempty"`
	Region   string            `json:"region,omitempty"`
	Key      string            `json:"key"`
	Change   string            `json:"change"`
	At       *time.Time        `json:"at,omitempty"`
	Envelope string            `json:"envelope"`
	Tags     map[string]string `json:"tags,omitempty"`
}

func (s setting) findings(i input, now time.Time) (findings []finding) {
	records := alert.Parse(i.raw)
	s.home.Complete(records)
	at := i.arrival(now)
	for _, r := range records {
		f := finding{Event: i.name, Skip: r.Skip}
		switch {
		case r.Err != nil:
			f.Error = r.Err.Error()
		case r.Skip == "":
			f = s.finding(i.name, &r.Alert, at)
		}
		findings = append(findings, f)
	}
	return findings
}

// finding is what was found out about an alert that arrived at a time.
func (s setting) finding(event string, a *alert.Alert, at time.Time) finding {
	explained := s.rules.Explain(a, at)
	return finding{
		Event: event, facts: newFacts(a), Explanation: &explained,
		Worded: wordedAt(a, explained.Routing.Deliveries, s.rules),
	}
}

func newFacts(a *alert.Alert) *facts {
	f := &facts{
		Kind: a.Kind, Name: a.Name, State: a.State, Previous: a.Previous, Severity: a.Severity,
		Account: a.Account, Region: a.Region, Key: a.Key, Change: a.Change, Envelope: a.Origin.Envelope, Tags: a.Tags,
	}
	if !a.ChangedAt.IsZero() {
		at := a.ChangedAt.UTC()
		f.At = &at
	}
	return f
}

// write tells the finding to people.
func (f finding) write(w *strings.Builder, c *rule.Config) {
	fmt.Fprintf(w, "%s\n", inOneLine(f.Event))
	switch {
	case f.Error != "":
		fmt.Fprintf(w, "  ✗ cannot be read: %s\n", inOneLine(f.Error))
		return
	case f.Skip != "":
		fmt.Fprintf(w, "  no news: %s\n", inOneLine(f.Skip))
		return
	}
	f.facts.write(w)
	for _, t := range f.Routing.Tags {
		fmt.Fprintf(w, "  %s tag %s=%s: %s\n", tick(t.Accepted), inOneLine(t.Tag), inOneLine(t.Value), inOneLine(t.Why))
	}
	for _, v := range f.Rules {
		sign := tick(v.Matched)
		if !v.Asked {
			sign = "·"
		}
		fmt.Fprintf(w, "  %s %s: %s\n", sign, ruleTitle(v), inOneLine(v.Why))
	}
	for _, d := range f.Routing.Deliveries {
		fmt.Fprintf(w, "  → %s\n", delivered(d, c))
		f.writeLife(w, d, c)
		writeWorded(w, f.Worded[d.Destination])
	}
	for _, h := range f.Routing.Held {
		switch {
		case h.Kind != rule.HeldEscalated:
			fmt.Fprintf(w, "  → not %s: %s\n", inOneLine(h.Destination), inOneLine(h.Why))
		case f.State == alert.StateAlarm:
			fmt.Fprintf(w, "  → later %s: %s\n", delivered(h.Delivery, c), inOneLine(h.Why))
		default:
			fmt.Fprintf(w, "  → perhaps %s: where it was told of the ALARM\n", delivered(h.Delivery, c))
		}
	}
	if f.Routing.Silence != "" {
		fmt.Fprintf(w, "  → nobody: %s\n", inOneLine(f.Routing.Silence))
	}
}

func (f *facts) write(w *strings.Builder) {
	fmt.Fprintf(w, "  %s %s\n", f.Kind, inOneLine(f.Name))
	row := func(label string, values ...string) {
		values = deleteEmpty(values)
		if len(values) > 0 {
			fmt.Fprintf(w, "    %-9s %s\n", label, inOneLine(strings.Join(values, " · ")))
		}
	}
	state := string(f.State)
	if f.Previous != "" {
		state = string(f.Previous) + " → " + state
	}
	row("state", state)
	row("severity", string(f.Severity))
	row("where", f.Account, f.Region)
	if f.At != nil {
		row("when", f.At.Format(time.RFC3339))
	}
	row("came by", f.Envelope)
	row("key", f.Key)
	row("change", f.Change)
}

func deleteEmpty(values []string) (kept []string) {
	for _, v := range values {
		if v != "" {
			kept = append(kept, v)
		}
	}
	return kept
}

func tick(good bool) string {
	if good {
		return "✓"
	}
	return "✗"
}

func ruleTitle(v rule.Verdict) string {
	title := fmt.Sprintf("rule %d", v.Rule)
	if v.Name != "" {
		title += " (" + inOneLine(v.Name) + ")"
	}
	if v.Line > 0 {
		title += fmt.Sprintf(", line %d", v.Line)
	}
	return title
}

// delivered says who is told in which way.
func delivered(d rule.Delivery, c *rule.Config) string {
	to, _ := c.Destination(d.Destination)
	words := []string{fmt.Sprintf("%s (%s) by rule %d", inOneLine(d.Destination), to.Service, d.Rule)}
	if d.Severity != "" {
		words = append(words, "severity "+string(d.Severity))
	}
	if len(d.Mention) > 0 {
		var people []string
		for _, m := range d.Mentions {
			people = append(people, strings.TrimSuffix(m.Kind+":"+m.ID, ":"))
		}
		words = append(words, fmt.Sprintf("mentions %s (%s)", strings.Join(d.Mention, ", "), strings.Join(people, ", ")))
	}
	if d.Runbook != "" {
		words = append(words, "runbook "+inOneLine(d.Runbook))
	}
	words = append(words, "in "+d.Voice.Locale)
	switch d.Voice.Thread {
	case "":
	case rule.ThreadIncident:
		words = append(words, "in a forum's post of its own")
	default:
		words = append(words, "thread "+d.Voice.Thread)
	}
	if d.Graph {
		words = append(words, "with a graph")
	}
	return strings.Join(words, ", ")
}
