package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"alarmrelay/relay/cloud/account"
)

// drillReport is what a drill came to.
type drillReport struct {
	OK     bool         `json:"ok"`
	Alarm  string       `json:"alarm"`
	Region string       `json:"region"`
	Steps  []drillStep  `json:"steps"`
	Queues *drillQueues `json:"queues,omitempty"` // where a stack names them
	Left   bool         `json:"left"`             // the throw-away alarm is still there
	Error  string       `json:"error,omitempty"`
}

// drillStep is one change of state.
type drillStep struct {
	State   string        `json:"state"`
	At      time.Time     `json:"at"`
	Actions []drillAction `json:"actions"`
}

// drillAction is what became of an action.
type drillAction struct {
	Action  string `json:"action"`
	Outcome string `json:"outcome"`
	Error   string `json:"error,omitempty"`
}

// What becomes of an action.
const (
	outcomeUnknown   = "unknown"
	outcomeDone      = "done"
	outcomeFailed    = "failed"
	outcomeUnwatched = "not asked"
)

// open counts the actions that nobody knows anything of.
func (s *drillStep) open() (n int) {
	for i := range s.Actions {
		if a := &s.Actions[i]; a.Outcome == "" || a.Outcome == outcomeUnknown {
			a.Outcome = outcomeUnknown
			n++
		}
	}
	return n
}

// take notes an outcome where it is an action's first.
func (s *drillStep) take(o account.Outcome) bool {
	for i := range s.Actions {
		a := &s.Actions[i]
		if a.Action != o.Action || a.Outcome != outcomeUnknown {
			continue
		}
		a.Outcome, a.Error = outcomeDone, o.Error
		if o.Error != "" {
			a.Outcome = outcomeFailed
		}
		return true
	}
	return false
}

func (s *drillStep) unwatched() {
	for i := range s.Actions {
		s.Actions[i].Outcome = outcomeUnwatched
	}
}

// became reports whether any action became one of these.
func (r *drillReport) became(outcomes ...string) bool {
	for _, s := range r.Steps {
		for _, a := range s.Actions {
			if slices.Contains(outcomes, a.Outcome) {
				return true
			}
		}
	}
	return false
}

// allDone reports whether no action failed, or is unknown of.
func (r *drillReport) allDone() bool { return !r.became(outcomeFailed, outcomeUnknown) }

// untold reports whether the relay was told, and somebody was not.
func (r *drillReport) untold() bool {
	return r.Queues != nil && r.Queues.Letters+r.Queues.Undelivered > 0
}

// finish judges the drill, which ended with err.
func (r *drillReport) finish(err error) {
	if err != nil {
		r.Error = err.Error()
	}
	r.OK = err == nil && r.allDone() && !r.untold()
}

// deletion is the command that deletes the alarm.
func (r *drillReport) deletion() string {
	return fmt.Sprintf("aws cloudwatch delete-alarms --region %s --alarm-names %s", r.Region, r.Alarm)
}

// conclude says what should be seen now.
func (d *drill) conclude(flags drillFlags) {
	name := inOneLine(d.report.Alarm)
	switch r := &d.report; {
	case r.became(outcomeFailed):
		fmt.Fprintln(d.stdout, "\nNobody was told, or not everybody. docs/operations.md says what CloudWatch needs.")
	case r.became(outcomeUnknown):
		fmt.Fprintln(d.stdout, "\nIt is not known whether anybody was told. If the channel shows nothing, docs/operations.md says where to look.")
	case r.untold():
		fmt.Fprintln(d.stdout, "\nThe relay was told, but not everybody else: see above, and docs/operations.md.")
	default:
		states := "in ALARM"
		if last := r.Steps[len(r.Steps)-1]; last.State == account.StateOK && len(last.Actions) > 0 {
			states += ", then recovered"
		}
		fmt.Fprintf(d.stdout, "\nThe channel should show %s by now: %s, as your rules have it.\n", name, states)
		fmt.Fprintln(d.stdout, "If it doesn't, docs/operations.md says where to look, step by step.")
	}
	if flags.alarm != "" {
		fmt.Fprintf(d.stdout, "CloudWatch looks at %s anew at its next period; if it really is in another state, that is told then.\n", name)
	}
	if flags.keep {
		fmt.Fprintf(d.stdout, "The alarm stays. To delete it: %s\n", d.report.deletion())
	}
}

// spoken names an action as people do: "the topic alarms".
func spoken(arn string) string {
	parts := strings.Split(arn, ":")
	switch {
	case len(parts) == 6 && parts[2] == "sns":
		return "the topic " + parts[5]
	case len(parts) >= 7 && parts[2] == "lambda":
		return "the function " + parts[6]
	}
	return arn
}

// hintFor says what to do about an action's error.
// https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
func hintFor(failure string) string {
	lower := strings.ToLower(failure)
	switch {
	case strings.Contains(lower, "encryption key") || strings.Contains(lower, "kms"):
		return "The topic is encrypted with a key that CloudWatch may not use. AWS's own key never lets it; a customer key has to (docs/operations.md, An encrypted topic)."
	case strings.Contains(lower, "not authorized"):
		return "The policy of the topic or function does not let CloudWatch in (docs/operations.md, Did the alarm act?)."
	case strings.Contains(lower, "does not exist") || strings.Contains(lower, "not found") || strings.Contains(lower, "notfound"):
		return "It is gone: deploy again, or mend the alarm's actions."
	}
	return ""
}
