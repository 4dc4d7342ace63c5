package alert

import (
	"cmp"
	"slices"
	"strconv"
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
	if len(m.Values) == 0 {
		m.Values = values(bracketAfter(sentence, "datapoint"))
	}
	if len(m.Lower) == 0 {
		m.Lower = values(bracketAfter(sentence, "lower threshold"))
	}
	if len(m.Upper) == 0 {
		m.Upper = values(bracketAfter(sentence, "upper threshold"))
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

// values reads "97.2 (21/11/26 03:02:00), 91.0 (21/11/26 03:01:00)" oldest
// first; CloudWatch's dates are day/month/year. A row that does not read gives none at all.
func values(listed string) []float64 {
	type datapoint struct {
		value float64
		at    time.Time
	}
	var points []datapoint
	for row := range strings.SplitSeq(listed, ",") {
		value, moment, _ := strings.Cut(strings.TrimSpace(row), " ")
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil
		}
		at, _ := time.Parse("02/01/06 15:04:05", strings.Trim(moment, "()")) // without a date the order stays
		points = append(points, datapoint{v, at})
	}
	slices.SortStableFunc(points, func(a, b datapoint) int { return cmp.Compare(a.at.Unix(), b.at.Unix()) })
	out := make([]float64, len(points))
	for i, p := range points {
		out[i] = p.value
	}
	return out
}
