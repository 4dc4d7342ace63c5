package formatter

import (
	"math"
	"slices"

	"alarmrelay/alert"
)

// peak is the worst value of a trouble that is over, where its values were asked for, and whether the lowest is what that is.
// It is empty where nobody knows which side is bad, or no value lies there.
func (t teller) peak(it *Item) (said string, low bool) {
	m := it.Metric
	if m == nil || it.State != alert.StateOK {
		return "", false
	}
	values := it.troubled()
	reason := clean(source(it.Reason))
	comparison := m.Comparison
	if comparison == "" {
		comparison = comparisonIn(reason)
	}
	switch comparison {
	case below, atMost, "LessThanLowerThreshold":
		low = true
	case above, atLeast, "GreaterThanUpperThreshold":
	default:
		return "", false
	}
	if len(values) == 0 {
		return "", low
	}
	worst, unit := slices.Max(values), unitOf(watched(m))
	if low {
		worst = slices.Min(values)
	}
	limit, known := thresholdOf(m, reason)
	switch {
	case !known || !isComparison(comparison):
		return t.measure(quantity(worst, unit, digits)), low
	case !breaches(worst, comparison, limit):
		return "", low
	}
	return t.measure(valueBeside(worst, limit, unitFor(limit, unit))), low
}

// troubled are the values of an item's graph from when its trouble began to show until it was over.
func (it *Item) troubled() []float64 {
	g, start := it.Graph, began(it)
	if g == nil || g.Of != nil || g.Span <= 0 || !isSet(start) {
		return nil
	}
	_, looked := lookback(it.Metric)
	share := float64(it.ChangedAt.Sub(start)+looked) / float64(g.Span)
	n := len(g.Values)
	return finite(g.Values[n-min(n, int(math.Ceil(share*float64(n)))):])
}
