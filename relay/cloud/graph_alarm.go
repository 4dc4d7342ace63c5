package cloud

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"alarmrelay/alert"
)

// metricAlarm is a described alarm as a message would tell it.
func metricAlarm(a *types.MetricAlarm) *alert.MetricAlarm {
	m := &alert.MetricAlarm{
		Comparison: string(a.ComparisonOperator), Threshold: a.Threshold, ThresholdID: aws.ToString(a.ThresholdMetricId),
		Period: int(aws.ToInt32(a.Period)), Evaluations: int(aws.ToInt32(a.EvaluationPeriods)),
		Datapoints: int(aws.ToInt32(a.DatapointsToAlarm)), MissingData: aws.ToString(a.TreatMissingData),
	}
	for i := range a.Metrics {
		q := query(&a.Metrics[i])
		if m.Period == 0 {
			m.Period = q.Period
		}
		m.Queries = append(m.Queries, q)
	}
	if prom, ok := a.EvaluationCriteria.(*types.EvaluationCriteriaMemberPromQLCriteria); ok {
		m.Period = int(aws.ToInt32(a.EvaluationInterval))
		m.Queries = append(m.Queries, alert.Query{Expression: aws.ToString(prom.Value.Query), Period: m.Period, Returned: true})
	}
	if name := aws.ToString(a.MetricName); name != "" {
		stat := string(a.Statistic)
		if stat == "" {
			stat = aws.ToString(a.ExtendedStatistic)
		}
		m.Queries = append(m.Queries, alert.Query{
			Namespace: aws.ToString(a.Namespace), Name: name, Stat: stat, Unit: string(a.Unit), Dimensions: dimensions(a.Dimensions), Period: m.Period, Returned: true,
		})
	}
	return m
}

func query(q *types.MetricDataQuery) alert.Query {
	read := alert.Query{
		ID: aws.ToString(q.Id), Label: aws.ToString(q.Label), Expression: aws.ToString(q.Expression), Account: aws.ToString(q.AccountId),
		Period: int(aws.ToInt32(q.Period)), Returned: aws.ToBool(q.ReturnData),
	}
	if s := q.MetricStat; s != nil {
		read.Stat, read.Unit, read.Period = aws.ToString(s.Stat), string(s.Unit), int(aws.ToInt32(s.Period))
		if s.Metric != nil {
			read.Namespace, read.Name, read.Dimensions = aws.ToString(s.Metric.Namespace), aws.ToString(s.Metric.MetricName), dimensions(s.Metric.Dimensions)
		}
	}
	return read
}

func dimensions(given []types.Dimension) (all []alert.Dimension) {
	for _, d := range given {
		all = append(all, alert.Dimension{Name: aws.ToString(d.Name), Value: aws.ToString(d.Value)})
	}
	return all
}
