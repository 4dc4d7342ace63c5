package fake

import (
	"strings"
	"time"
)

// The limits of GetMetricData.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
const (
	maxDataQueries = 500
	maxDataPoints  = 100_800
)

func (c *CloudWatch) data(in map[string]any) (asked string, answer reply) {
	from, hasFrom := in["StartTime"].(time.Time)
	to, hasTo := in["EndTime"].(time.Time)
	rows, _ := in["MetricDataQueries"].([]any)
	why := unknownMember(in, "StartTime", "EndTime", "ScanBy", "MetricDataQueries")
	switch {
	case why != "":
	case !hasFrom || !hasTo || !from.Before(to):
		why = "The parameter StartTime must be less than the parameter EndTime."
	case len(rows) == 0 || len(rows) > maxDataQueries:
		why = "The parameter MetricDataQueries has the wrong number of elements."
	case in["ScanBy"] != "TimestampAscending":
		why = "only TimestampAscending is known here"
	}
	if why != "" {
		return "", cloudWatchRefusal("ValidationError", why)
	}
	results, ids, names := []any{}, map[string]bool{}, []string{}
	for _, row := range rows {
		q, why := readDataQuery(row)
		if why == "" && ids[q.id] {
			why = "The values for parameter id in MetricDataQueries are not unique."
		}
		if why == "" && to.Sub(from)/q.period > maxDataPoints {
			why = "You have requested more datapoints than are allowed."
		}
		if why != "" {
			return "", cloudWatchRefusal("ValidationError", why)
		}
		ids[q.id] = true
		names = append(names, q.name)
		if q.returned {
			results = append(results, c.results(q, from, to)...)
		}
	}
	return strings.Join(names, " "), cloudWatchReply(map[string]any{"MetricDataResults": results, "Messages": []any{}})
}

// dataQuery is one row of what GetMetricData is asked for.
type dataQuery struct {
	id, name, account string
	period            time.Duration
	returned          bool
}

// readDataQuery reads a row; why says what is wrong with it, and is empty for a good one.
func readDataQuery(row any) (q dataQuery, why string) {
	o, _ := row.(map[string]any)
	if why := unknownMember(o, "Id", "Expression", "Period", "MetricStat", "ReturnData", "AccountId"); why != "" {
		return q, why
	}
	q.id, _ = o["Id"].(string)
	q.account, _ = o["AccountId"].(string)
	q.returned = o["ReturnData"] != false
	expression, isMath := o["Expression"].(string)
	stat, isMetric := o["MetricStat"].(map[string]any)
	source := o
	if isMetric {
		source = stat
	}
	seconds, _ := source["Period"].(float64)
	q.period = time.Duration(seconds) * time.Second
	metric, _ := stat["Metric"].(map[string]any)
	name, _ := metric["MetricName"].(string)
	switch {
	case isMath == isMetric:
		return q, "The parameters MetricStat and Expression exclude each other."
	case !isQueryID(q.id):
		return q, "The value " + q.id + " for parameter Id is not matching the expected pattern."
	case !isPeriod(int(seconds)):
		return q, "Period must be 1, 5, 10, 20, 30, or any multiple of 60."
	case isMath:
		q.name = expression
		return q, ""
	}
	q.name = name
	if kind, _ := stat["Stat"].(string); name == "" || metric["Namespace"] == nil || kind == "" {
		return q, "MetricStat needs a metric with a namespace, and a statistic."
	}
	return q, unknownMember(stat, "Metric", "Stat", "Period", "Unit")
}

func (c *CloudWatch) results(q dataQuery, from, to time.Time) (all []any) {
	labels, ok := c.series[q.name]
	if !ok {
		labels = []string{q.name}
	}
	for _, label := range labels {
		all = append(all, c.result(q, label, from, to))
	}
	return all
}

func (c *CloudWatch) result(q dataQuery, label string, from, to time.Time) map[string]any {
	times, values := []any{}, []any{}
	if q.account == "" || q.account == c.account {
		for at := from.Truncate(q.period); at.Before(to); at = at.Add(q.period) {
			times, values = append(times, at), append(values, c.valueAt(label, at, to))
		}
	}
	return map[string]any{"Id": q.id, "Label": label, "StatusCode": "Complete", "Timestamps": times, "Values": values}
}

// isQueryID accepts a lower-case letter, and letters, digits and underscores after it.
func isQueryID(id string) bool {
	for i := range len(id) {
		c := id[i]
		if c >= 'a' && c <= 'z' || i > 0 && (c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_') {
			continue
		}
		return false
	}
	return id != "" && len(id) <= 255
}

func isPeriod(seconds int) bool {
	switch seconds {
	case 1, 5, 10, 20, 30:
		return true
	}
	return seconds >= 60 && seconds%60 == 0
}
