package formatter

import (
	"time"

	"alarmrelay/alert"
)

// longestSpan is the most that a graph of an ALARM shows.
const longestSpan = 14 * 24 * time.Hour

// SpanOf is how long before an alarm's change its graph begins: three hours for periods of up to three minutes, sixty periods
// for longer ones, at least three times as long as CloudWatch looked back, and never more than two weeks. Of periods shorter
// than a minute, which CloudWatch keeps for three hours, it is one.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
func SpanOf(m *alert.MetricAlarm) time.Duration {
	period, looked := lookback(m)
	if period < time.Minute {
		return time.Hour
	}
	return min(max(3*time.Hour, 60*period, 3*looked), longestSpan)
}

// IncidentSpanOf is how long before its recovery the graph of a whole trouble begins: [SpanOf] before the ALARM, but no more
// than a day, or than SpanOf where that is more; of periods shorter than a minute no more than the three hours that are kept.
func IncidentSpanOf(m *alert.MetricAlarm, lasted time.Duration) time.Duration {
	const day, kept = 24 * time.Hour, 3 * time.Hour
	longest := max(day, SpanOf(m))
	if period, _ := lookback(m); period < time.Minute {
		longest = kept
	}
	return min(SpanOf(m)+min(max(lasted, 0), longest), longest)
}

// lookback is an alarm's period, and how long it looks back: both no longer than anybody is shown.
func lookback(m *alert.MetricAlarm) (period, looked time.Duration) {
	seconds := m.Period
	if seconds <= 0 {
		seconds = watched(m).Period
	}
	if seconds <= 0 {
		seconds = 60
	}
	period = time.Duration(min(seconds, int(longestSpan/time.Second))) * time.Second
	return period, period * time.Duration(min(max(m.Evaluations, 1), int(longestSpan/period)+1))
}
