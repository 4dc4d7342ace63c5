package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"alarmrelay/relay/cloud/account"
)

// existing drills with an alarm of the account, if that tells people and does nothing else.
func (d *drill) existing(ctx context.Context, cfg account.Config, flags drillFlags) (err error) {
	if d.alarms, err = account.OpenAlarms(cfg, ""); err != nil {
		return err
	}
	alarm, ok, err := d.alarms.Find(ctx, flags.alarm)
	if err != nil {
		return wordInterrupt(ctx, err)
	}
	if !ok {
		return d.unknown(ctx, cfg, flags.alarm)
	}
	dependents, err := d.alarms.Dependents(ctx, alarm)
	if err != nil {
		return wordInterrupt(ctx, err)
	}
	outputs, err := stackOf(ctx, cfg, flags)
	if err != nil {
		return err
	}
	functions := slices.Clone(flags.functions)
	if own := outputs[functionOutput]; own != "" {
		functions = append(functions, own)
	}
	if why := objections(alarm, dependents, functions); len(why) > 0 {
		return errors.New("alarm " + alarm.Name + " can't be tested: " + strings.Join(why, "; "))
	}
	if !flags.yes {
		if err := d.askLeave(ctx, alarm, dependents); err != nil {
			return err
		}
	}
	return d.drillWith(ctx, alarm, d.watch(ctx, cfg, flags.stack, outputs))
}

// stackOf reads a stack that was named; the one of the usual name may be absent.
func stackOf(ctx context.Context, cfg account.Config, flags drillFlags) (map[string]string, error) {
	if len(flags.functions) > 0 && !flags.stackNamed {
		return nil, nil
	}
	outputs, err := account.StackOutputs(ctx, cfg, flags.stack)
	if account.NoSuchStack(err) && !flags.stackNamed {
		return nil, nil
	}
	return outputs, err
}

func (d *drill) drillWith(ctx context.Context, alarm account.FoundAlarm, w *drillWatch) error {
	d.report.Alarm, d.report.Region, d.begun = alarm.Name, d.alarms.Region(), true
	if d.wait > 0 {
		before, err := d.alarms.Outcomes(ctx, alarm.Name, d.seen)
		if err != nil {
			return wordInterrupt(ctx, err)
		}
		for _, o := range before {
			d.seen = o.At
		}
	}
	d.say("the alarm %s in %s is in %s", alarm.Name, d.report.Region, alarm.State)
	if err := d.upAndDown(ctx, alarm.State, alarm.AlarmActions, alarm.Actions(alarm.State)); err != nil {
		return err
	}
	if d.report.allDone() {
		d.look(ctx, w)
	}
	return nil
}

// askLeave says who will hear of it.
func (d *drill) askLeave(ctx context.Context, alarm account.FoundAlarm, dependents account.Dependents) error {
	var told []string
	for _, a := range append([]account.FoundAlarm{alarm}, dependents.Parents...) {
		for _, action := range slices.Concat(a.AlarmActions, a.Actions(alarm.State)) {
			if what := spoken(action); !slices.Contains(told, what) {
				told = append(told, what)
			}
		}
	}
	names := make([]string, 0, len(dependents.Parents))
	for _, p := range dependents.Parents {
		names = append(names, ", and with it maybe "+p.Name)
	}
	fmt.Fprintf(d.stderr, "%s\n", inOneLine("Whoever watches the alarm otherwise sees it, too: EventBridge rules, and deployments that roll back when it fires."))
	question := fmt.Sprintf("set %s in %s to ALARM and back to %s%s? That tells %s.", alarm.Name, d.alarms.Region(), alarm.State, strings.Join(names, ""), strings.Join(told, " and "))
	return d.ask(ctx, question, errors.New("nothing was done"))
}

// objections say why an alarm must not be set, or why that would be no test.
func objections(alarm account.FoundAlarm, dependents account.Dependents, functions []string) (why []string) {
	if alarm.Composite {
		why = append(why, "it is a composite alarm, which would not come back to its true state by itself: test one of those that its rule names")
	}
	why = append(why, deedsOf("it", alarm, functions)...)
	for _, parent := range dependents.Parents {
		if parent.ActionsEnabled {
			why = append(why, deedsOf("the composite alarm "+parent.Name+", which depends on it,", parent, functions)...)
		}
	}
	if len(dependents.Suppressed) > 0 {
		why = append(why, "while it is in ALARM, these tell nobody: "+strings.Join(dependents.Suppressed, ", "))
	}
	switch {
	case !alarm.ActionsEnabled:
		why = append(why, "its actions are disabled, so nobody would be told")
	case len(alarm.AlarmActions) == 0:
		why = append(why, "it has no action for ALARM, so nobody would be told")
	}
	if alarm.State == account.StateAlarm {
		why = append(why, "it is in ALARM already, and setting it to that does nothing")
	}
	return why
}

// deedsOf lists an alarm's actions that are more than notices.
func deedsOf(who string, alarm account.FoundAlarm, functions []string) (why []string) {
	var seen []string
	for _, action := range slices.Concat(alarm.AlarmActions, alarm.OKActions, alarm.InsufficientDataActions) {
		if deed := deedOf(action, functions); deed != "" && !slices.Contains(seen, action) {
			seen = append(seen, action)
			why = append(why, fmt.Sprintf("%s %s (%s)", who, deed, action))
		}
	}
	return why
}

// deedOf says what an alarm's action does; it is empty for a notice, which is a topic, or the relay itself.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
func deedOf(action string, functions []string) string {
	part := strings.Split(action, ":")
	if len(part) < 6 || part[0] != "arn" {
		return "does what nobody here knows"
	}
	switch part[2] {
	case "sns":
		return ""
	case "lambda":
		if slices.ContainsFunc(functions, func(own string) bool { return sameTarget(action, unqualified(own)) }) {
			return ""
		}
		return "runs a function that is not known to be the relay's; if it is, say --function or --stack"
	case "automate", "swf":
		return "stops, ends, starts or repairs an instance"
	case "autoscaling":
		return "changes how many instances or tasks run"
	case "ssm":
		return "opens an OpsItem"
	case "ssm-incidents":
		return "starts an incident"
	case "aiops":
		return "starts an investigation"
	}
	return "does what nobody here knows"
}

// unqualified is a function's ARN without version or alias.
func unqualified(function string) string {
	const parts = 7 // arn:aws:lambda:REGION:ACCOUNT:function:NAME
	part := strings.Split(function, ":")
	return strings.Join(part[:min(parts, len(part))], ":")
}

// unknown says that there is no such alarm, and which was probably meant.
func (d *drill) unknown(ctx context.Context, cfg account.Config, name string) error {
	said := fmt.Sprintf("there is no alarm %s in %s (AWS_REGION says where to look)", name, d.alarms.Region())
	all, err := account.ListAlarms(ctx, cfg)
	if err != nil {
		return errors.New(said) // which is what matters
	}
	names := make([]string, 0, len(all))
	for _, a := range all {
		names = append(names, a.Name)
	}
	if like := alike(name, names); len(like) > 0 {
		said += "; did you mean " + strings.Join(like, " or ") + "?"
	}
	return errors.New(said)
}

// mostAlike is how many names an error offers.
const mostAlike = 3

// alike returns the names that share most words with one, and at least half of them.
func alike(name string, names []string) []string {
	words := wordsOf(name)
	shared := map[string]int{}
	var like []string
	for _, other := range names {
		for _, word := range wordsOf(other) {
			if slices.Contains(words, word) {
				shared[other]++
			}
		}
		if 2*shared[other] >= len(words) && shared[other] > 0 {
			like = append(like, other)
		}
	}
	slices.SortStableFunc(like, func(a, b string) int { return shared[b] - shared[a] })
	return like[:min(mostAlike, len(like))]
}

func wordsOf(name string) []string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	slices.Sort(words)
	return slices.Compact(words)
}
