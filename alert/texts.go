package alert

import (
	"fmt"
	"strconv"
	"strings"
)

// textForm is a notice that a service writes as plain text. Its lines become a
// tree, the SNS attributes beside them as "attributes".
type textForm struct {
	form
	is    func(s string, from Origin) bool
	split func(s string) map[string]any
}

// textForms are tried in order.
var textForms = [...]textForm{
	{
		is: func(s string, _ Origin) bool {
			return strings.Contains(s, "Budget Name:") && strings.Contains(s, "Budgeted Amount:")
		},
		split: labelledLines,
		form: form{
			kind: KindBudget, service: "AWS Budgets",
			name: "{Budget Name}", grade: always(SeverityWarning), finish: budgetAmounts, owner: "{AWS Account}",
			about: "{AWS Account}/{Budget Name}||{Budget Name}",
			fields: []field{
				{"Alert", "{Alert Type} {Alert Threshold}||{Alert Threshold}", plain},
				{"Budget type", "{Budget Type}", plain},
			},
		},
	},
	{
		is: func(s string, _ Origin) bool {
			return strings.HasPrefix(s, "StackId='") && strings.Contains(s, "\nResourceStatus='")
		},
		split: quotedLines,
		form: form{
			kind: KindCloudFormation, service: "CloudFormation",
			name: "{StackName}", reason: "{ResourceStatusReason}", status: "{ResourceStatus}", skip: stackStep("{LogicalResourceId}", "{StackName}", "{ResourceStatus}"), arn: "{StackId}", change: "{EventId}", at: "{Timestamp}",
			fields: []field{
				{"Status", "{ResourceStatus}", code_},
				{"Resource", "{LogicalResourceId}", code_},
				{"Resource type", "{ResourceType}", code_},
			},
		},
	},
	{
		is: func(s string, _ Origin) bool {
			return strings.Contains(s, "Environment: ") && strings.Contains(s, "Application: ") && strings.Contains(s, "Message: ")
		},
		split: labelledLines,
		form: form{
			kind: KindBeanstalk, service: "Elastic Beanstalk",
			name: "{Environment}", reason: "{Message}", grade: beanstalkSeverity, finish: healthyAgain, about: "{Application}/{Environment}", at: "{Timestamp}",
			fields: []field{{"Application", "{Application}", plain}, {"Environment address", "{Environment URL}", plain}},
		},
	},
	{
		is: func(s string, from Origin) bool {
			return from.Subject == "Notification from AWS Backup" || strings.HasPrefix(s, "An AWS Backup ")
		},
		split: backupText,
		form: form{
			kind: KindBackup, service: "AWS Backup",
			name:   "{attributes.resourceName}||{resource:last}||{attributes.RecoveryPointArn:last}||AWS Backup",
			reason: "{text}", status: "{attributes.State}||{attributes.IndexStatus}||{attributes.EventType}||{attributes.eventType}",
			about: "{attributes.Id}||{attributes.backupJobId}||{attributes.RecoveryPointArn}||{text}", owner: "{attributes.AccountId}", arn: "{resource}", grade: backupSeverity,
			fields: []field{
				{"Status", "{attributes.State}", plain},
				{"Event", "{attributes.EventType}||{attributes.eventType}", code_},
				{"Cluster", "{attributes.clusterName}", code_},
				{"Cause", "{attributes.reason}", plain},
			},
		},
	},
	{
		is: func(s string, _ Origin) bool {
			return strings.Contains(s, "CloudWatch Application Insights") && strings.Contains(s, "Problem Summary:")
		},
		split: labelledLines,
		form: form{
			kind: KindAppInsights, service: "Application Insights",
			name: "{Problem Summary}", reason: "{Insights}", status: "{Status}", grade: problemSeverity, arn: "{AffectedResource}", region: "{Region}", at: "{LastUpdatedTime}||{StartTime}",
			about: "{Problem URL:last}", change: "{Problem URL:last}/{Status}/{LastUpdatedTime}||{Problem URL:last}/{Status}",
			fields: []field{
				{"Status", "{Status}", plain},
				{"Affected", "{AffectedResource}", code_},
				{"Started", "{StartTime}", moment},
				{"Ended", "{StopTime}", moment},
			},
		},
	},
}

// knownText reads a text that a service wrote; ok is false for any other.
func knownText(s string, from Origin) (Record, bool) {
	for i := range textForms {
		f := &textForms[i]
		if !f.is(s, from) {
			continue
		}
		lines := f.split(shorten(s, maxText))
		attributes := map[string]any{}
		for k, v := range from.Attributes {
			attributes[k] = v
		}
		lines["attributes"] = attributes
		return f.read(tree{lines}, from), true
	}
	return Record{}, false
}

// labelledLines reads "Label: value" lines. A line without a label continues
// the value before it; an empty line ends it.
func labelledLines(s string) map[string]any {
	lines, last := map[string]any{}, ""
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			last = ""
			continue
		}
		if account, ok := strings.CutPrefix(line, "AWS Account "); ok && accountID(account) != "" {
			lines["AWS Account"] = account
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		name = strings.TrimSpace(name)
		if ok && name != "" && len(name) <= 40 && strings.Count(name, " ") <= 3 && (value == "" || value[0] == ' ') {
			if _, twice := lines[name]; !twice {
				lines[name], last = strings.TrimSpace(value), name
			}
			continue
		}
		if before, _ := lines[last].(string); before != "" {
			lines[last] = before + "\n" + line
		}
	}
	return lines
}

// backupText finds the resource, which AWS Backup names only in its sentence:
// "... Resource ARN : arn:aws:ec2:... . Backup Job Id : ...".
func backupText(s string) map[string]any {
	found := map[string]any{"text": s}
	if _, after, ok := strings.Cut(s, "Resource ARN : "); ok {
		arn, _, _ := strings.Cut(after, " ")
		found["resource"] = strings.TrimRight(arn, ".,;\r\n")
	}
	return found
}

// quotedLines reads CloudFormation's Key='value' lines, whose values may hold
// quotes and line ends: a value ends where a line ends with a quote and the
// next one starts a key, or the text ends.
func quotedLines(s string) map[string]any {
	lines, last := map[string]any{}, ""
	for line := range strings.SplitSeq(strings.TrimRight(s, "\n"), "\n") {
		name, value, ok := strings.Cut(line, "='")
		before, open := lines[last].(string)
		if ok && isName(name) && (!open || strings.HasSuffix(before, "'")) {
			last = name
			lines[name] = value
		} else if open {
			lines[last] = before + "\n" + line
		}
	}
	for k, v := range lines {
		lines[k] = strings.TrimSuffix(v.(string), "'")
	}
	return lines
}

func isName(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != ""
}

// stackStep keeps a stack's many steps quiet: the stack's own status and failures are news.
func stackStep(resource, stack, status string) func(tree) string {
	return func(t tree) string {
		said := t.say(status)
		if t.say(resource) == t.say(stack) || strings.HasSuffix(said, "_FAILED") {
			return ""
		}
		return "step of a CloudFormation stack: " + said
	}
}

// beanstalkSeverity goes by the state that an environment came to, not by the one it left.
func beanstalkSeverity(t tree) Severity {
	said := t.say("{Message}")
	if now, ok := healthNow(said); ok {
		said = now
	}
	s, _ := toneOf(said)
	return s
}

// healthNow returns what follows in "has transitioned from Severe to Ok."
func healthNow(said string) (now string, ok bool) {
	_, change, _ := strings.Cut(said, "has transitioned from ")
	_, now, ok = strings.Cut(change, " to ")
	return now, ok
}

// healthyAgain makes an environment's recovery good news.
func healthyAgain(a *Alert, _ tree) {
	if now, ok := healthNow(a.Reason); ok && strings.HasPrefix(now, "Ok") {
		a.Severity, a.Notice.Good = SeverityInfo, true
	}
}

func backupSeverity(t tree) Severity {
	s, good := toneOf(t.say("{attributes.State}||{attributes.IndexStatus}") + " " + t.say("{attributes.EventType}||{attributes.eventType}"))
	if good {
		return "" // the status says so, too
	}
	return s
}

func problemSeverity(t tree) Severity {
	if t.say("{Status}") == "RESOLVED" {
		return ""
	}
	s, _ := ParseSeverity(t.say("{Severity}"))
	return s
}

// budgetAmounts gives the amounts a place of their own: they are the message.
func budgetAmounts(a *Alert, t tree) {
	b := &Budget{
		Limit: t.say("{Budgeted Amount}"), Actual: t.say("{ACTUAL Amount}"), Forecast: t.say("{FORECASTED Amount}"),
		Threshold: t.say("{Alert Threshold}"), Alert: t.say("{Alert Type}"),
	}
	spent, limit := amount(firstOf(b.Actual, b.Forecast)), amount(b.Limit)
	if spent > 0 && limit > 0 {
		b.Percent = strings.TrimSuffix(fmt.Sprintf("%.1f", 100*spent/limit), ".0")
	}
	a.Notice.Budget = b
}

// amount reads "$1,412.50"; 0 for what is none.
func amount(s string) float64 {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '.' {
			return r
		}
		return -1
	}, s)
	n, _ := strconv.ParseFloat(digits, 64) // 0 for what is none
	return n
}
