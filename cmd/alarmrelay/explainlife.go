package main

import (
	"fmt"
	"strings"

	"alarmrelay/alert"
	"alarmrelay/relay/rule"
)

// writeLife says what is told of an alarm later, and when nothing is, as far as a rule says it.
func (f finding) writeLife(w *strings.Builder, d rule.Delivery, c *rule.Config) {
	row := func(label, format string, values ...any) {
		fmt.Fprintf(w, "    %-9s %s\n", label, inOneLine(fmt.Sprintf(format, values...)))
	}
	to, _ := c.Destination(d.Destination)
	switch {
	case d.Recovery == rule.RecoveryBoth, f.State == "":
	case !to.CanEdit():
		row("recovery", "is a message of its own: what a Slack webhook has posted can't be changed")
	case d.Recovery == rule.RecoveryEdit:
		row("recovery", "changes the message, and posts none")
	case d.Recovery == rule.RecoveryPost:
		row("recovery", "is a message of its own, and changes none")
	}
	if f.State == alert.StateAlarm && len(d.Remind) > 0 {
		row("remind", "after %s", d.Remind)
	}
	if f.State == alert.StateAlarm && d.Escalate != nil {
		row("escalate", "after %s, to %s", rule.Marks{d.Escalate.After}, strings.Join(d.Escalate.To, ", "))
	}
	var windows []string
	for _, window := range c.Rules[d.Rule-1].Mute {
		windows = append(windows, window.String())
	}
	if len(windows) > 0 {
		row("mute", "%s", strings.Join(windows, "; "))
	}
}
