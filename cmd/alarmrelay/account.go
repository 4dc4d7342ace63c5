package main

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"alarmrelay/relay/cloud/account"
)

// alarmLister knows how the alarms of an account are set up, in one region.
type alarmLister interface {
	Alarms(ctx context.Context) (alarms []account.Alarm, region string, err error)
}

// alarmProblem is why an alarm, or half of its news, would not reach the relay.
type alarmProblem string

// The problems, worst first. After the first an alarm is not asked for the third and fourth.
const (
	problemNoAction  alarmProblem = "no alarm action leads to the relay (right only where a composite alarm or an EventBridge rule speaks for it)"
	problemDisabled  alarmProblem = "its actions are disabled"
	problemNoOK      alarmProblem = "no OK action leads to the relay: its recovery will not be told"
	problemTagsStay  alarmProblem = "its tags are not put into its notifications, so alarmrelay: tags change nothing (turn on ActionConfiguration.AlarmTagsPropagation)"
	problemDrill     alarmProblem = "test-alarm made it, and was not let finish: aws cloudwatch delete-alarms --alarm-names NAME"
	targetTracking                = "TargetTracking-" // https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
	shownPerProblem               = 15
	deafeningProblem              = 2 // so many of the problems keep an ALARM itself from the relay
)

func alarmProblems() []alarmProblem {
	return []alarmProblem{problemNoAction, problemDisabled, problemNoOK, problemTagsStay, problemDrill}
}

// alarmFinding is one alarm that is not set up well.
type alarmFinding struct {
	Alarm    string         `json:"alarm"`
	ARN      string         `json:"arn"`
	Reaches  bool           `json:"reaches"` // whether its ALARM would reach the relay
	Problems []alarmProblem `json:"problems"`
}

// alarmElsewhere is an alarm that acts, and not on the relay: whoever set it up so may well have meant it.
type alarmElsewhere struct {
	Alarm   string   `json:"alarm"`
	ARN     string   `json:"arn"`
	Actions []string `json:"actions"`
}

// accountReport is what was found out about the alarms of an account.
type accountReport struct {
	LookedAt  bool             `json:"looked_at"`
	Why       string           `json:"why,omitempty"` // it was not looked at
	Region    string           `json:"region,omitempty"`
	Alarms    int              `json:"alarms"`
	Scaling   int              `json:"scaling"` // alarms that belong to scaling policies: nobody wants to hear of them
	Elsewhere []alarmElsewhere `json:"elsewhere"`
	Findings  []alarmFinding   `json:"findings"`
}

// lookAtAlarms asks how the account's alarms are set up, and judges them.
func (e *env) lookAtAlarms(ctx context.Context, targets []string) accountReport {
	alarms, region, err := e.account.Alarms(ctx)
	why := outOfSight(targets, region)
	if err != nil {
		why = err.Error()
	}
	if why != "" {
		return accountReport{Why: why, Region: region, Elsewhere: []alarmElsewhere{}, Findings: []alarmFinding{}}
	}
	report := judgeAlarms(alarms, targets)
	report.Region = region
	return report
}

// outOfSight says why no alarm of a region could act on any of the targets; it is empty where one could, or there are none.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
func outOfSight(targets []string, region string) string {
	for _, target := range targets {
		if strings.Split(target, ":")[3] == region {
			return ""
		}
	}
	if len(targets) == 0 {
		return ""
	}
	return fmt.Sprintf("an alarm acts in its own region only, and the credentials lead to %s: set AWS_REGION=%s", cmp.Or(region, "none"), strings.Split(targets[0], ":")[3])
}

// judgeAlarms says which alarms are not set up well. Targets are the ARNs of
// the topics and functions that lead to the relay; without any, every action counts.
func judgeAlarms(alarms []account.Alarm, targets []string) accountReport {
	report := accountReport{LookedAt: true, Elsewhere: []alarmElsewhere{}, Findings: []alarmFinding{}}
	for _, a := range alarms {
		if strings.HasPrefix(a.Name, targetTracking) {
			report.Scaling++
			continue
		}
		report.Alarms++
		if actsElsewhere(a, targets) {
			report.Elsewhere = append(report.Elsewhere, alarmElsewhere{a.Name, a.ARN, a.AlarmActions})
			continue
		}
		if problems := problemsOf(a, targets); len(problems) > 0 {
			reaches := !slices.Contains(problems, problemNoAction) && !slices.Contains(problems, problemDisabled)
			report.Findings = append(report.Findings, alarmFinding{a.Name, a.ARN, reaches, problems})
		}
	}
	return report
}

// actsElsewhere tells whether an alarm acts, and on nothing that leads to the relay.
func actsElsewhere(a account.Alarm, targets []string) bool {
	return a.ActionsEnabled && len(a.AlarmActions) > 0 && !leadsTo(a.AlarmActions, targets) && !leadsTo(a.OKActions, targets)
}

func problemsOf(a account.Alarm, targets []string) (problems []alarmProblem) {
	if strings.HasPrefix(a.Name, drillPrefix) {
		return []alarmProblem{problemDrill}
	}
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

// What alarms act on, as far as it leads to a relay. A topic's ARN with something behind the name is a subscription's.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
var (
	topicShape    = regexp.MustCompile(`^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_.-]+$`)
	functionShape = regexp.MustCompile(`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?$`)
)

// checkTargets refuses what is no ARN of a topic or a function.
func checkTargets(topics, functions []string) error {
	for _, topic := range topics {
		if !topicShape.MatchString(topic) {
			return misuse("--topic %s: a topic's ARN reads arn:aws:sns:REGION:ACCOUNT:NAME", topic)
		}
	}
	for _, function := range functions {
		if !functionShape.MatchString(function) {
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
	where := ""
	if r.Region != "" {
		where = " in " + r.Region
	}
	fmt.Fprintf(w, "%s account: %s%s, %d set up well", tick(len(r.Findings) == 0), count(r.Alarms, "alarm"), where, r.Alarms-len(r.Findings)-len(r.Elsewhere))
	if r.Scaling > 0 {
		fmt.Fprintf(w, " (and %d of scaling policies, which are left alone)", r.Scaling)
	}
	w.WriteByte('\n')
	if n := len(r.Elsewhere); n > 0 {
		fmt.Fprintf(w, "  · %s acting on something else only, which is taken as meant: %s\n", count(n, "alarm"), r.elsewhere())
	}
	for n, problem := range alarmProblems() {
		sign := "!"
		if n < deafeningProblem {
			sign = "✗"
		}
		r.writeProblem(w, sign, problem)
	}
}

// writeProblem lists the alarms that have a problem.
func (r accountReport) writeProblem(w *strings.Builder, sign string, problem alarmProblem) {
	var names []string
	for _, f := range r.Findings {
		if slices.Contains(f.Problems, problem) {
			names = append(names, inOneLine(f.Alarm))
		}
	}
	if len(names) == 0 {
		return
	}
	fmt.Fprintf(w, "  %s %s: %s\n", sign, count(len(names), "alarm"), problem)
	for _, name := range names[:min(len(names), shownPerProblem)] {
		fmt.Fprintf(w, "      %s\n", name)
	}
	if more := len(names) - shownPerProblem; more > 0 {
		fmt.Fprintf(w, "      and %d more (--json lists them all)\n", more)
	}
}

// elsewhere names what else alarms act on, each thing once.
func (r accountReport) elsewhere() string {
	var named []string
	for _, a := range r.Elsewhere {
		for _, action := range a.Actions {
			if what := inOneLine(spoken(action)); !slices.Contains(named, what) {
				named = append(named, what)
			}
		}
	}
	const shown = 3
	if more := len(named) - shown; more > 0 {
		named = append(named[:shown], fmt.Sprintf("%d more (--json lists them all)", more))
	}
	return strings.Join(named, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
