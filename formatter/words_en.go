package formatter

import (
	"strconv"
	"strings"

	"alarmrelay/alert"
)

func wordsEn() *words {
	return &words{
		Alarm: "ALARM", OK: "OK", Resolved: "RESOLVED", NoData: "INSUFFICIENT DATA",
		Composite: "(composite)", Notice: "Notice",
		LogLine: func(n int) string { return countEn(n, "log line", "log lines") },
		AlarmConfig: func(operation string) string {
			switch operation {
			case "create":
				return "Alarm created:"
			case "delete":
				return "Alarm deleted:"
			}
			return "Alarm changed:"
		},
		Labels: map[string]string{},
		Severities: map[alert.Severity]string{
			alert.SeverityCritical: "critical", alert.SeverityHigh: "high", alert.SeverityWarning: "warning", alert.SeverityInfo: "info",
		},

		InAlarm:  func(name, region string) string { return name + " is in ALARM" + inBrackets(region) },
		BackToOK: func(name, after string) string { return name + " is back to OK" + afterEn(after) },
		Lacking:  func(name string) string { return name + " has insufficient data" },
		LogNews:  func(n int, group string) string { return countEn(n, "log line", "log lines") + " in " + group },
		Several: func(alarms, all int, names string) string {
			if alarms == 0 {
				return countEn(all, "notice", "notices") + ": " + names
			}
			return countEn(alarms, "alarm", "alarms") + " in ALARM: " + names
		},
		Digest: digestEn,
		Gathered: func(alarms, notices int) string {
			switch {
			case notices == 0:
				return countEn(alarms, "alarm", "alarms")
			case alarms == 0:
				return countEn(notices, "notice", "notices")
			}
			return countEn(alarms, "alarm", "alarms") + ", " + countEn(notices, "notice", "notices")
		},
		Earlier: func(n int) string {
			return countEn(n, "earlier alert", "earlier alerts") + " of this storm stand above."
		},

		Breach:    breachEn,
		Recovered: func(f finding) text { return unmetEn(f, ", no longer ") },
		Fine:      func(f finding) text { return unmetEn(f, ", not ") },
		Missing: func(subject span, n int, period string, breaching bool) text {
			counts := "; missing data counts as not breaching."
			if breaching {
				counts = "; missing data counts as breaching."
			}
			return say(plain("No data of "), subject, plain(" for "), bold(countEn(n, "period", "periods")+" of "+period), plain(counts))
		},
		Insufficient: func(subject span, n int) text {
			return say(subject, plain(": "+countEn(n, "datapoint", "datapoints")+" missing, so its state is not known."))
		},
		Outside:  outsideEn,
		NoReason: "CloudWatch gave no reason.",
		Bound:    func(comparison, value string) string { return sign(comparison) + " " + value },
		During: func(n, of int, period string) string {
			if of == 1 {
				return "1 datapoint of " + period
			}
			return strconv.Itoa(n) + " of " + strconv.Itoa(of) + " datapoints of " + period
		},
		Units:      map[string]string{"s": " s", "min": " min", "h": " h", "d": " d"},
		Statistics: map[string]string{"Average": "average", "Sum": "sum", "Maximum": "maximum", "Minimum": "minimum", "SampleCount": "sample count"},

		ChildrenFire: func(n int) string {
			if n == 1 {
				return "1 of its alarms fires:"
			}
			return strconv.Itoa(n) + " of its alarms fire:"
		},
		Children:    "Its alarms:",
		More:        func(n int) string { return "+" + number(float64(n), digits) + " more" },
		MoreLines:   func(n int) string { return "+" + countEn(n, "more line", "more lines") },
		Late:        func(by string) string { return "Late: it happened " + by + " before it arrived here." },
		AfterMute:   "Told again because a mute window ended.",
		NoOKActions: "This alarm has no OK action: its recovery will not be told.",
		InsteadOf: func(destination string) string {
			return "Meant for " + destination + ", where nothing can be posted."
		},
		BudgetOver: func(name, threshold string, forecast bool) string {
			if threshold == "" {
				threshold = "its threshold"
			}
			if forecast {
				return "Budget " + name + " is forecast to go over " + threshold
			}
			return "Budget " + name + " is over " + threshold
		},
		BudgetSpent: budgetEn,
		Overtaken:   overtakenEn,
		Changes:     func(n int) string { return countEn(n, "change", "changes") },
		Repeated:    "May have been told before: the relay was interrupted.",
		Unrecovered: func(fired text) text {
			return append(say(plain("❔ It fired at ")), fired...).with(plain(" as well; that it recovered was never told."))
		},
		GraphOf: func(alarm, metric, over, bound string) string {
			if bound != "" {
				bound = "; threshold " + bound
			}
			return "Graph of " + metric + " over " + over + ", for the alarm " + alarm + bound
		},
		Trend: func(subject, bars span, least, greatest, last, over string) text {
			said := " min " + least + " · max " + greatest + " · last " + last
			if over != "" {
				said += " · over " + over
			}
			return trendOf(subject, bars, said)
		},
		Flooded: func(lines, batches int, since text) text {
			s := say(bold(countEn(lines, "line", "lines")), plain(" in "+countEn(batches, "batch", "batches")))
			if len(since) > 0 {
				s = append(s.with(plain(" since ")), since...)
			}
			return s.with(plain("."))
		},

		Notices: "Notices", Other: "other", Continued: "(continued)",
		AllIn: func(place text) text { return append(say(plain("All in ")), place.with(plain("."))...) },
		Attached: func(n int, file string) string {
			return "All " + number(float64(n), digits) + " are listed in " + file + "."
		},

		Tick: tickEn(),

		Life: lifeEn(),

		Day: " d", Hour: " h", Minute: " min", Second: " s",
	}
}

func breachEn(f finding) text {
	s := append(measuredEn(f), plain(", "))
	s = append(s, f.bound...)
	if f.during != "" {
		s = append(s, plain(" for "+f.during))
	}
	return append(s, plain("."))
}

func unmetEn(f finding, not string) text {
	s := append(measuredEn(f), plain(not))
	return append(append(s, f.bound...), plain("."))
}

func measuredEn(f finding) text {
	is := " is "
	if f.stat != "" {
		is = " " + f.stat + " is "
	}
	return say(f.subject, plain(is), bold(f.value))
}

func outsideEn(b band) text {
	switch {
	case b.lower == "":
		return say(plain("above the expected "), bold(b.upper))
	case b.upper == "":
		return say(plain("below the expected "), bold(b.lower))
	}
	return say(plain("outside the expected "), bold(b.lower+" – "+b.upper))
}

func budgetEn(b *alert.Budget) text {
	word, spent := "Actual ", oneLine(b.Actual)
	if spent == "" {
		word, spent = "Forecast ", oneLine(b.Forecast)
	}
	limit := oneLine(b.Limit)
	switch {
	case spent == "" && limit == "":
		return nil
	case spent == "":
		return say(plain("The limit is "), bold(limit), plain("."))
	}
	s := say(plain(word), bold(spent))
	if limit != "" {
		s = s.with(plain(" of "), bold(limit))
	}
	if p := percentOf(b); p != "" {
		s = s.with(plain(" ("), bold(p), plain(")"))
	}
	if b.Actual != "" && b.Forecast != "" {
		s = s.with(plain(", forecast "), bold(oneLine(b.Forecast)))
	}
	return s.with(plain("."))
}

func digestEn(n tally) string {
	var s []string
	if n.firing > 0 {
		s = append(s, countEn(n.firing, "alarm", "alarms")+" in ALARM")
	}
	if n.recovered > 0 {
		s = append(s, recoveredOfEn(n.recovered, n.alarms()))
	}
	if n.unknown > 0 {
		s = append(s, number(float64(n.unknown), digits)+" without data")
	}
	if n.closed > 0 {
		s = append(s, closedEn(n.closed))
	}
	if n.notices > 0 {
		s = append(s, countEn(n.notices, "notice", "notices"))
	}
	return strings.Join(s, ", ")
}

func overtakenEn(p passage) text {
	switch {
	case p.was == alert.StateAlarm && p.is == alert.StateOK:
		s := append(append(say(plain("Fired at ")), p.at...), plain(", over since "))
		return append(s, p.since...).with(plain(inBrackets(p.lasted) + "."))
	case p.was == p.is:
		s := append(append(say(plain(p.wasName+" at ")), p.at...), plain(", and again at "))
		return append(s, p.since...).with(plain("."))
	}
	s := append(append(say(plain(p.wasName+" at ")), p.at...), plain(", "+p.isName+" since "))
	return append(s, p.since...).with(plain("."))
}

func countEn(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(float64(n), digits) + " " + many
}

func afterEn(after string) string {
	if after == "" {
		return ""
	}
	return " after " + after
}

func inBrackets(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// sign is the mathematical sign of a comparison.
func sign(comparison string) string {
	switch comparison {
	case atLeast:
		return "≥"
	case above:
		return ">"
	case below:
		return "<"
	}
	return "≤"
}

// percentOf returns a budget's percentage with its sign.
func percentOf(b *alert.Budget) string {
	p := strings.TrimSpace(strings.TrimSuffix(oneLine(b.Percent), "%"))
	if p == "" {
		return ""
	}
	return p + " %"
}
