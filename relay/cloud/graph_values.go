package cloud

import (
	"math"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"alarmrelay/alert"
)

// queries ask for what an alarm compares, and for what that is computed from. The band is left out.
func queries(m *alert.MetricAlarm) (all []types.MetricDataQuery) {
	watched := m.Watched()
	for _, q := range m.Queries {
		if q.ID != "" && q.ID == m.ThresholdID {
			continue
		}
		id := q.ID
		if len(m.Queries) == 1 {
			id = "watched" // a single metric has no id, or in events one that is refused here
		}
		one := types.MetricDataQuery{Id: &id, ReturnData: aws.Bool(q.ID == watched.ID)}
		if q.Expression != "" {
			one.Expression, one.Period = &q.Expression, aws.Int32(periodOf(q.Period, m.Period))
		} else {
			one.MetricStat = metricStat(q, periodOf(q.Period, m.Period))
		}
		if q.Account != "" {
			one.AccountId = &q.Account
		}
		all = append(all, one)
	}
	return all
}

func metricStat(q alert.Query, period int32) *types.MetricStat {
	stat := &types.MetricStat{Metric: &types.Metric{Namespace: &q.Namespace, MetricName: &q.Name}, Stat: &q.Stat, Period: &period, Unit: types.StandardUnit(q.Unit)}
	for _, d := range q.Dimensions {
		stat.Metric.Dimensions = append(stat.Metric.Dimensions, types.Dimension{Name: &d.Name, Value: &d.Value})
	}
	return stat
}

// periodOf is the first of some periods that says something, or a minute.
func periodOf(periods ...int) int32 {
	for _, p := range periods {
		if p > 0 && p <= math.MaxInt32 {
			return int32(p)
		}
	}
	return 60
}

func period(m *alert.MetricAlarm) time.Duration {
	return time.Duration(periodOf(m.Watched().Period, m.Period)) * time.Second
}

// chosen is the only result, or that of the series that changed; nil where it can't be told from others.
func chosen(results []types.MetricDataResult, c *alert.Contributor) *types.MetricDataResult {
	if len(results) == 1 {
		return &results[0]
	}
	for i := range results {
		for name := range attributes(c) {
			if aws.ToString(results[i].Label) == c.Attributes[name] {
				return &results[i]
			}
		}
	}
	return nil
}

func attributes(c *alert.Contributor) map[string]string {
	if c == nil {
		return nil
	}
	return c.Attributes
}

// slots gives each period its value, or NaN; none where there are no values at all.
func slots(r *types.MetricDataResult, from, to time.Time, period time.Duration) []float64 {
	if r == nil || len(r.Values) == 0 || len(r.Values) != len(r.Timestamps) {
		return nil
	}
	values := slices.Repeat([]float64{math.NaN()}, int((to.Sub(from)+period-1)/period))
	for i, at := range r.Timestamps {
		if n := int(at.Sub(from) / period); n >= 0 && n < len(values) {
			values[n] = r.Values[i]
		}
	}
	return values
}
