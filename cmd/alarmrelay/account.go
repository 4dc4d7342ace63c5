package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"alarmrelay/relay/cloud/account"
)

// alarmLister knows how the alarms of an account are set up.
type alarmLister interface {
	Alarms(ctx context.Context) ([]account.Alarm, error)
}

// alarmProblem is why an alarm, or half of its news, would not reach the relay.
type alarmProblem string

// The problems, worst first. After the first an alarm is not asked for the two last.
const (
	problemNoAction  alarmProblem = "no alarm action leads to the relay (right only where a composite alarm or an EventBridge rule speaks for it)"
	problemDisabled  alarmProblem = "its actions are disabled"
	problemNoOK      alarmProblem = "no OK action leads to the relay: its recovery will not be told"
	problemTagsStay  alarmProblem = "its tags are not put into its notifications, so alarmrelay: tags change nothing (turn on ActionConfiguration.AlarmTagsPropagation)"
	targetTracking                = "TargetTracking-" // https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
	shownPerProblem               = 15
	deafeningProblem              = 2 // so many of the problems keep an ALARM itself from the relay
)

func alarmProblems() []alarmProblem {
	return []alarmProblem{problemNoAction, problemDisabled, problemNoOK, problemTagsStay}
}

// alarmFinding is one alarm that is not set up well.
type alarmFinding struct {
	Alarm    string         `json:"alarm"`
	ARN      string         `json:"arn"`
	Reaches  bool           `json:"reaches"` // whether its ALARM would reach the relay
	Problems []alarmProblem `json:"problems"`
}

// accountReport is what was found out about the alarms of an account.
type accountReport struct {
	LookedAt bool           `json:"looked_at"`
	Why      string         `json:"why,omitempty"` // it was not looked at
	Alarms   int            `json:"alarms"`
	Scaling  int            `json:"scaling"` // alarms that belong to scaling policies: nobody wants to hear of them
	Findings []alarmFinding `json:"findings"`
}

// judgeAlarms says which alarms are not set up well. Targets are the ARNs of
// the topics and functions that lead to the relay; without any, every action counts.
func judgeAlarms(alarms []account.Alarm, targets []string) accountReport {
	report := accountReport{LookedAt: true, Findings: []alarmFinding{}}
	for _, a := range alarms {
		if strings.HasPrefix(a.Name, targetTracking) {
			report.Scaling++
			continue
		}
		report.Alarms++
		if problems := problemsOf(a, targets); len(problems) > 0 {
			reaches := !slices.Contains(problems, problemNoAction) && !slices.Contains(problems, problemDisabled)
			report.Findings = append(report.Findings, alarmFinding{a.Name, a.ARN, reaches, problems})
		}
	}
	return report
}

func problemsOf(a account.Alarm, targets []string) (problems []alarmProblem) {
	silent := !leadsTo(a.AlarmActions, targets)
	if silent {
		problems = append(problems, problemNoAction)
	}
	if !a.ActionsEnabled {
		problems = append(problems, problemDisabled)
	}
	if silent {
		return problems
	}
	if !leadsTo(a.OKActions, targets) {
		problems = append(problems, problemNoOK)
	}
	if !a.TagsPropagated {
		problems = append(problems, problemTagsStay)
	}
	return problems
}

func leadsTo(actions, targets []string) bool {
	if len(targets) == 0 {
		return len(actions) > 0
	}
	return slices.ContainsFunc(actions, func(action string) bool {
		return slices.ContainsFunc(targets, func(target string) bool { return sameTarget(action, target) })
	})
}

// sameTarget takes a function's version or alias for the function.
func sameTarget(action, target string) bool {
	return action == target || strings.Contains(target, ":function:") && strings.HasPrefix(action, target+":")
}

// checkTargets refuses what is no ARN of a topic or a function.
func checkTargets(topics, functions []string) error {
	for _, topic := range topics {
		if parts := strings.Split(topic, ":"); len(parts) != 6 || parts[0] != "arn" || parts[2] != "sns" {
			return misuse("--topic %s: a topic's ARN reads arn:aws:sns:REGION:ACCOUNT:NAME", topic)
		}
	}
	for _, function := range functions {
		if parts := strings.Split(function, ":"); len(parts) < 7 || parts[0] != "arn" || parts[2] != "lambda" {
			return misuse("--function %s: a function's ARN reads arn:aws:lambda:REGION:ACCOUNT:function:NAME", function)
		}
	}
	return nil
}

// write tells the report to people, problem by problem.
func (r accountReport) write(w *strings.Builder) {
	if !r.LookedAt {
		fmt.Fprintf(w, "· the account's alarms were not looked at: %s\n", inOneLine(r.Why))
		return
	}
	fmt.Fprintf(w, "%s account: %s, %d set up well", tick(len(r.Findings) == 0), count(r.Alarms, "alarm"), r.Alarms-len(r.Findings))
	if r.Scaling > 0 {
		fmt.Fprintf(w, " (and %d of scaling policies, which are left alone)", r.Scaling)
	}
	w.WriteByte('\n')
	for n, problem := range alarmProblems() {
		var names []string
		for _, f := range r.Findings {
			if slices.Contains(f.Problems, problem) {
				names = append(names, inOneLine(f.Alarm))
			}
		}
		if len(names) == 0 {
			continue
		}
		sign := "!"
		if n < deafeningProblem {
			sign = "✗"
		}
		fmt.Fprintf(w, "  %s %s: %s\n", sign, count(len(names), "alarm"), problem)
		for _, name := range names[:min(len(names), shownPerProblem)] {
			fmt.Fprintf(w, "      %s\n", name)
		}
		if more := len(names) - shownPerProblem; more > 0 {
			fmt.Fprintf(w, "      and %d more (--json lists them all)\n", more)
		}
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
