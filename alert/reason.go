package alert

import (
	"slices"
	"strings"
	"time"
)

// readReason takes the deciding values out of CloudWatch's sentence, which is
// all that an SNS message tells of them:
//
//	Threshold Crossed: 2 out of the last 3 datapoints [97.2 (21/11/26 03:02:00), 91.0 (21/11/26 03:01:00)] was ...
//
// Sentences of any other form leave m as it is.
func (m *MetricAlarm) readReason(sentence string) {
	if !strings.HasPrefix(sentence, "Threshold Crossed:") && !strings.HasPrefix(sentence, "Thresholds Crossed:") {
		return
	}
	if strings.Contains(sentence, "no datapoints were received") {
		m.Missing = true
		return
	}
	lower, upper := numbersIn(bracketAfter(sentence, "lower threshold")), numbersIn(bracketAfter(sentence, "upper threshold"))
	points := datapoints(bracketAfter(sentence, "datapoint"))
	if newestFirst(points) { // the band's bounds carry no dates: they stand in the order of the datapoints
		slices.Reverse(points)
		slices.Reverse(lower)
		slices.Reverse(upper)
	}
	if len(m.Values) == 0 {
		for _, p := range points {
			m.Values = append(m.Values, p.value)
		}
	}
	if len(m.Lower) == 0 {
		m.Lower = lower
	}
	if len(m.Upper) == 0 {
		m.Upper = upper
	}
}

// bracketAfter returns what stands in the first [...] after a word.
func bracketAfter(sentence, word string) string {
	_, after, _ := strings.Cut(sentence, word)
	_, after, ok := strings.Cut(after, "[")
	inside, _, closed := strings.Cut(after, "]")
	if !ok || !closed {
		return ""
	}
	return inside
}

type datapoint struct {
	value float64
	at    time.Time
}

// datapoints reads "97.2 (21/11/26 03:02:00), 91.0 (21/11/26 03:01:00)" as it is
// listed; CloudWatch's dates are day/month/year. A row that does not read gives none at all.
func datapoints(listed string) []datapoint {
	var points []datapoint
	for row := range strings.SplitSeq(listed, ",") {
		value, moment, _ := strings.Cut(strings.TrimSpace(row), " ")
		v, ok := parseNumber(value)
		if !ok {
			return nil
		}
		at, _ := time.Parse("02/01/06 15:04:05", strings.Trim(moment, "()")) // without a date the order stays
		points = append(points, datapoint{v, at})
	}
	return points
}

func newestFirst(points []datapoint) bool {
	return len(points) > 1 && points[0].at.After(points[len(points)-1].at)
}

// numbersIn reads the bounds of a band, one for each datapoint.
func numbersIn(listed string) (all []float64) {
	for _, p := range datapoints(listed) {
		all = append(all, p.value)
	}
	return all
}
