package formatter

import (
	"strings"

	"alarmrelay/alert"
)

// watched returns the query whose value is compared, which is never the anomaly band.
func watched(m *alert.MetricAlarm) alert.Query {
	q := m.Watched()
	if !isBand(q) {
		return q
	}
	for _, other := range m.Queries {
		if !isBand(other) {
			return other
		}
	}
	return q
}

func isBand(q alert.Query) bool { return strings.HasPrefix(q.Expression, "ANOMALY_DETECTION_BAND") }

// subject names what is watched: the metric, an expression's label, or the expression.
func subject(q alert.Query) span {
	switch {
	case q.Expression == "":
		return bold(oneLine(q.Name))
	case q.Label != "":
		return bold(oneLine(q.Label))
	}
	s, _ := cut(selected(oneLine(q.Expression)), 200, units16)
	return code(s)
}

// selected takes "SUM(Errors)" out of a Metrics Insights query, whose rest the
// alarm's page shows better.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
func selected(expression string) string {
	rest, ok := strings.CutPrefix(expression, "SELECT ")
	if what, _, from := strings.Cut(rest, " FROM "); ok && from && what != "" {
		return what
	}
	return expression
}
