package formatter

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"alarmrelay/alert"
)

// reason says in words why an alarm changed. Only what CloudWatch's sentence and
// the datapoints bear out is said; everything else is CloudWatch's sentence as it stands.
func (t teller) reason(a *alert.Alert) text {
	said := clean(source(a.Reason))
	if a.Metric != nil {
		if found := t.finding(a, said); found != nil {
			return found
		}
	}
	if said == "" && a.Kind == alert.KindMetricAlarm {
		return append(say(plain(t.NoReason)), t.watched(a.Metric)...)
	}
	if said == "" {
		return nil
	}
	return say(plain(said))
}

func (t teller) finding(a *alert.Alert, said string) text {
	m := a.Metric
	q := watched(m)
	switch {
	case strings.HasPrefix(said, "Insufficient Data"):
		n := firstNumber(said)
		if n == 0 || subject(q).text == "" {
			return nil
		}
		return t.Insufficient(subject(q), n)
	case !strings.HasPrefix(said, "Threshold Crossed:") && !strings.HasPrefix(said, "Thresholds Crossed:"):
		return nil // written by SetAlarmState, or in a way nobody knows
	case subject(q).text == "":
		return nil
	case m.Missing || strings.Contains(said, "no datapoints were received"):
		return t.missing(m, q, said)
	case strings.Contains(said, "missing datapoint"):
		return nil // decided by values and by their absence: CloudWatch's own sentence tells both
	case len(m.Lower)+len(m.Upper) > 0:
		return t.anomaly(a, q, said)
	}
	return t.threshold(a, q, said)
}

// threshold says which value stands on which side of the threshold.
func (t teller) threshold(a *alert.Alert, q alert.Query, said string) text {
	m := a.Metric
	comparison := m.Comparison
	if comparison == "" {
		comparison = comparisonIn(said)
	}
	limit, known := thresholdOf(m, said)
	if !known || !isComparison(comparison) {
		return nil
	}
	value, ok := latest(m.Values, func(_ int, v float64) bool {
		return breaches(v, comparison, limit) == (a.State == alert.StateAlarm)
	})
	if !ok {
		return nil
	}
	unit := unitFor(limit, unitOf(q))
	f := finding{
		subject: subject(q), stat: t.stat(q.Stat), during: t.during(m, q, said),
		value: t.measure(valueBeside(value, limit, unit)),
		bound: say(bold(t.Bound(comparison, t.measure(quantity(limit, unit, exactDigits))))),
	}
	return t.sentence(f, a)
}

// thresholdOf returns the threshold; EventBridge tells it only in CloudWatch's sentence.
func thresholdOf(m *alert.MetricAlarm, said string) (float64, bool) {
	if m.Threshold != nil {
		return *m.Threshold, true
	}
	_, after, _ := strings.Cut(said, " the threshold (")
	inside, _, _ := strings.Cut(after, ")")
	limit, err := strconv.ParseFloat(inside, 64)
	return limit, err == nil
}

// sentence says what was found. After anything but an ALARM the condition is
// not met, but nobody knows that it ever was.
func (t teller) sentence(f finding, a *alert.Alert) text {
	switch {
	case a.State == alert.StateAlarm:
		return t.Breach(f)
	case a.State == alert.StateOK && a.Previous == alert.StateAlarm:
		return t.Recovered(f)
	case a.State == alert.StateOK:
		return t.Fine(f)
	}
	return nil
}

// anomaly says how a value lies to the band that was expected of it.
func (t teller) anomaly(a *alert.Alert, q alert.Query, said string) text {
	m := a.Metric
	comparison := m.Comparison
	low := strings.Contains(comparison, "LessThanLower") || comparison == "" && strings.Contains(said, "lower threshold")
	high := strings.Contains(comparison, "GreaterThanUpper") || comparison == "" && strings.Contains(said, "upper threshold")
	at := -1
	value, ok := latest(m.Values, func(i int, v float64) bool {
		lower, hasLower := aligned(m.Lower, i, len(m.Values))
		upper, hasUpper := aligned(m.Upper, i, len(m.Values))
		if low && !hasLower || high && !hasUpper {
			return false
		}
		at = i
		return (low && v < lower || high && v > upper) == (a.State == alert.StateAlarm)
	})
	if !ok || !low && !high {
		return nil
	}
	unit := unitOf(q)
	f := finding{subject: subject(q), stat: t.stat(q.Stat), during: t.during(m, q, said), value: quantity(value, unit, digits)}
	var b band
	if lower, ok := aligned(m.Lower, at, len(m.Values)); ok && low {
		b.lower, f.value = quantity(lower, unit, digits), valueBeside(value, lower, unit)
	}
	if upper, ok := aligned(m.Upper, at, len(m.Values)); ok && high {
		b.upper = quantity(upper, unit, digits)
		if v := valueBeside(value, upper, unit); len(v) > len(f.value) {
			f.value = v
		}
	}
	f.value, b.lower, b.upper = t.measure(f.value), t.measure(b.lower), t.measure(b.upper)
	f.bound = t.Outside(b)
	return t.sentence(f, a)
}

// aligned returns a band's value beside the i-th of n datapoints: the newest stand side by side.
func aligned(band []float64, i, n int) (float64, bool) {
	i -= n - len(band)
	if i < 0 || i >= len(band) {
		return 0, false
	}
	return band[i], true
}

// latest returns the newest value that fits.
func latest(values []float64, fits func(int, float64) bool) (float64, bool) {
	for i, value := range slices.Backward(values) {
		if fits(i, value) {
			return value, true
		}
	}
	return 0, false
}

func (t teller) missing(m *alert.MetricAlarm, q alert.Query, said string) text {
	treated := strings.ToLower(m.MissingData)
	if strings.Contains(said, "[NonBreaching]") {
		treated = "notbreaching"
	} else if strings.Contains(said, "[Breaching]") {
		treated = "breaching"
	}
	_, after, _ := strings.Cut(said, "received for ")
	n := firstNumber(after)
	period := t.period(m, q)
	if n == 0 || period == "" || treated != "breaching" && treated != "notbreaching" {
		return nil
	}
	return t.Missing(subject(q), n, period, treated == "breaching")
}

// during says for how many of how many datapoints.
func (t teller) during(m *alert.MetricAlarm, q alert.Query, said string) string {
	n, of := outOf(said)
	if of == 0 {
		if of = m.Evaluations; m.Datapoints > 0 {
			n = m.Datapoints
		} else {
			n = of
		}
	}
	period := t.period(m, q)
	if of == 0 || period == "" {
		return ""
	}
	return t.During(n, of, period)
}

func (t teller) period(m *alert.MetricAlarm, q alert.Query) string {
	seconds := m.Period
	if seconds <= 0 {
		seconds = q.Period
	}
	if seconds <= 0 {
		return ""
	}
	return t.duration(time.Duration(seconds) * time.Second)
}

// outOf reads "2 out of the last 3 datapoints" and "3 datapoints [...] were".
func outOf(said string) (n, of int) {
	_, said, _ = strings.Cut(said, "Crossed:")
	head, _, _ := strings.Cut(said, "[")
	if count, total, ok := strings.Cut(head, " out of the last "); ok {
		return firstNumber(count), firstNumber(total)
	}
	if strings.Contains(head, "datapoint") {
		n = firstNumber(head)
	}
	return n, n
}

// firstNumber reads the first run of digits; 0 where there is none that makes sense.
func firstNumber(s string) int {
	start := strings.IndexAny(s, "0123456789")
	if start < 0 {
		return 0
	}
	s = s[start:]
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	if err != nil || n > 1_000_000 {
		return 0
	}
	return n
}

// The comparisons of plain thresholds.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
const (
	atLeast = "GreaterThanOrEqualToThreshold"
	above   = "GreaterThanThreshold"
	below   = "LessThanThreshold"
	atMost  = "LessThanOrEqualToThreshold"
)

func isComparison(c string) bool { return c == atLeast || c == above || c == below || c == atMost }

// comparisonIn reads the comparison out of CloudWatch's sentence; EventBridge tells it nowhere else.
func comparisonIn(said string) string {
	switch {
	case strings.Contains(said, "greater than or equal to the threshold"):
		return atLeast
	case strings.Contains(said, "greater than the threshold"):
		return above
	case strings.Contains(said, "less than or equal to the threshold"):
		return atMost
	case strings.Contains(said, "less than the threshold"):
		return below
	}
	return ""
}

func breaches(v float64, comparison string, limit float64) bool {
	switch comparison {
	case atLeast:
		return v >= limit
	case above:
		return v > limit
	case below:
		return v < limit
	}
	return v <= limit
}

// watched names what is watched where CloudWatch gives no reason.
func (t teller) watched(m *alert.MetricAlarm) text {
	if m == nil {
		return nil
	}
	if s := subject(watched(m)); s.text != "" {
		return say(plain(" "), s)
	}
	return nil
}
