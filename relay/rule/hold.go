package rule

import (
	"fmt"
	"slices"
	"time"

	"alarmrelay/alert"
)

// join adds what another rule says to the same destination: the worst severity, everybody's mentions, every reminder, the sooner
// escalation to everybody, a recovery that suits both, a graph where one wants it. Voice, runbook and words are those of the
// first that has some.
func (d *Delivery) join(next *Delivery) {
	if next.Severity.Rank() > d.Severity.Rank() {
		d.Severity = next.Severity
	}
	if d.Runbook == "" {
		d.Runbook = next.Runbook
	}
	if d.Wording == nil {
		d.Wording = next.Wording
	}
	d.Graph = d.Graph || next.Graph
	d.Mention = union(d.Mention, next.Mention)
	d.Mentions = union(d.Mentions, next.Mentions)
	d.Recovery = d.Recovery.and(next.Recovery)
	d.Remind = d.Remind.and(next.Remind)
	d.Escalate = d.Escalate.and(next.Escalate)
}

// hold adds a delivery that is not made, or joins it with the one that is not made either.
func (d *decision) hold(next Held) {
	if !slices.Contains(d.silent, next.Why) {
		d.silent = append(d.silent, next.Why)
	}
	i := slices.IndexFunc(d.held, func(h Held) bool { return h.Destination == next.Destination })
	if i < 0 {
		d.held = append(d.held, next)
		return
	}
	held := &d.held[i]
	held.join(&next.Delivery)
	if next.Kind == HeldMuted && (held.Kind == HeldIgnored || next.Until.Before(held.Until)) {
		held.Kind, held.Until, held.Why = next.Kind, next.Until, next.Why
	}
}

// holds says why nothing is posted although the rule matches; its Kind is empty where something is. What is ignored is
// not told later either.
func (d *decision) holds(number int, rule *Rule) (h Held) {
	a := d.subject.alert
	switch {
	case a.State != "" && slices.Contains(rule.Ignore, When(a.State)):
		return Held{Kind: HeldIgnored, Why: fmt.Sprintf("%s ignores %s", rule.title(number), a.State)}
	case a.State == alert.StateOK && a.Previous == alert.StateInsufficientData && slices.Contains(rule.Ignore, WhenFirstOK):
		return Held{Kind: HeldIgnored, Why: rule.title(number) + " ignores OK after INSUFFICIENT_DATA"}
	}
	return d.mutes(number, rule)
}

// mutes says until when the alert is muted, by its tag, the rule's windows or one after the other.
func (d *decision) mutes(number int, rule *Rule) (h Held) {
	var windows Windows
	if len(rule.Mute) > 0 {
		windows = rule.Mute.of(gravity(d.subject.alert, d.severity))
	}
	until, active := windows.Until(d.now)
	byTag := d.wish.mutedUntil // zero, or after now
	if !byTag.IsZero() && !byTag.Before(until) {
		until, _ = windows.Until(byTag)
	}
	switch {
	case !byTag.IsZero():
		h.Why = "muted by the alarm's own tag until " + byTag.Format(time.RFC3339)
	case active:
		w, _ := windows.now(d.now)
		h.Why = fmt.Sprintf("%s is muted until %s: %s", rule.title(number), until.Format(time.RFC3339), w)
	default:
		return Held{}
	}
	h.Kind, h.Until = HeldMuted, until
	return h
}
