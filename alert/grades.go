package alert

import "strings"

// What it takes more than a word to judge. Each function reads one form's tree.

func always(s Severity) func(tree) Severity { return func(tree) Severity { return s } }

func healthSeverity(t tree) Severity {
	switch {
	case t.say("{detail.statusCode}") == "closed":
		return ""
	case t.say("{detail.eventTypeCategory}") == "issue":
		return SeverityHigh
	case t.say("{detail.eventTypeCategory}") == "accountNotification":
		return SeverityInfo
	}
	return SeverityWarning
}

// healthBackup finds the copy that Health sends to a second region, too.
// https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html
func healthBackup(t tree) string {
	if t.say("{detail.backupEvent}") == "true" {
		return "copy of an AWS Health event for the backup region"
	}
	return ""
}

func malwareSeverity(t tree) Severity {
	if t.say("{detail.scanResultDetails.scanResultStatus}") == "THREATS_FOUND" {
		return SeverityHigh
	}
	return SeverityInfo
}

// securityHubSeverity takes the label, and the number 0 to 100 of older findings.
// https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html#Severity
func securityHubSeverity(t tree) Severity {
	if s, ok := ParseSeverity(t.say("{Severity.Label}")); ok {
		return s
	}
	switch n, _ := parseNumber(t.say("{Severity.Normalized}")); {
	case n >= 90:
		return SeverityCritical
	case n >= 70:
		return SeverityHigh
	case n >= 40:
		return SeverityWarning
	}
	return SeverityInfo
}

// cleanScan keeps the scans of every uploaded object quiet that found nothing.
func cleanScan(t tree) string {
	if t.say("{detail.scanResultDetails.scanResultStatus}") == "NO_THREATS_FOUND" {
		return "GuardDuty found no threat in the object"
	}
	return ""
}

func settledFinding(t tree) string {
	switch {
	case t.say("{Compliance.Status}") == "PASSED":
		return "Security Hub check passed"
	case t.say("{RecordState}") == "ARCHIVED":
		return "Security Hub finding is archived"
	case t.say("{Workflow.Status}") == "SUPPRESSED", t.say("{Workflow.Status}") == "RESOLVED":
		return "Security Hub finding is " + lower(t.say("{Workflow.Status}"))
	}
	return ""
}

func publicAccess(t tree) Severity {
	switch {
	case t.say("{detail.status}") != "ACTIVE":
		return ""
	case t.say("{detail.isPublic}") == "true":
		return SeverityHigh
	}
	return SeverityWarning
}

// rdsSeverity goes by the sentence and the categories: RDS has no severity of its own.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
func rdsSeverity(paths ...string) func(tree) Severity {
	return func(t tree) Severity {
		var parts []string
		for _, p := range paths {
			parts = append(parts, lower(t.say("{"+p+"}")))
		}
		said := strings.Join(parts, " ")
		switch {
		case strings.Contains(said, "completed"), strings.Contains(said, "finished"):
			return SeverityInfo
		case strings.Contains(said, "failed"), strings.Contains(said, "failure"):
			return SeverityHigh
		case strings.Contains(said, "fail"), strings.Contains(said, "low storage"), strings.Contains(said, "storage exhaust"), strings.Contains(said, "error"):
			return SeverityWarning
		}
		return SeverityInfo
	}
}

// taskNoNews keeps the many steps of a task quiet: only a stop that was not
// asked for is news.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
func taskNoNews(t tree) string {
	if t.say("{detail.lastStatus}") != "STOPPED" {
		return "ECS task is not stopped"
	}
	switch stop := t.say("{detail.stopCode}"); stop {
	case "TaskFailedToStart", "SpotInterruption", "TerminationNotice":
		return ""
	case "EssentialContainerExited", "":
		if exitedWell(t.rows("detail.containers")) {
			return "ECS task ended by itself with exit code 0"
		}
		return ""
	}
	return "ECS task was stopped on purpose"
}

// exitedWell reports whether every container says that it ended with 0.
func exitedWell(containers []tree) bool {
	for _, c := range containers {
		if c.say("{exitCode}") != "0" {
			return false
		}
	}
	return len(containers) > 0
}

func imageSeverity(t tree) Severity {
	positive := func(path string) bool { n := t.say(path); return n != "" && n != "0" }
	switch {
	case positive("{detail.finding-severity-counts.CRITICAL}"):
		return SeverityHigh
	case positive("{detail.finding-severity-counts.HIGH}"):
		return SeverityWarning
	}
	return ""
}

func mailSeverity(event string) func(tree) Severity {
	return func(t tree) Severity {
		switch t.say("{" + event + "}") {
		case "Bounce", "Complaint", "Reject", "Rendering Failure":
			return SeverityWarning
		}
		return SeverityInfo
	}
}
