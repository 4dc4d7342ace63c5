package formatter

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"alarmrelay/alert"
)

// link is an address and the label under which it is offered.
type link struct{ label, url string }

// console is the AWS console of one region. Its methods return addresses that
// are complete, or nothing: no link is better than a wrong one.
type console struct {
	partition, region, account string
	host                       string
}

// consoleOf returns the console of a region; ok is false for partitions whose
// console is not known and for what is no region.
func consoleOf(partition, region, account string) (c console, ok bool) {
	if !isRegion(region) || isForeign(partition, region) {
		return console{}, false
	}
	c = console{partition: partition, region: region, account: account}
	switch partition {
	case "aws":
		c.host = "https://" + region + ".console.aws.amazon.com"
	case "aws-cn":
		c.host = "https://" + region + ".console.amazonaws.cn"
	case "aws-us-gov":
		c.host = "https://" + region + ".console.amazonaws-us-gov.com"
	default:
		return console{}, false
	}
	return c, true
}

// isRegion accepts the form of a region's code: letters, a dash, ..., a number.
func isRegion(s string) bool {
	if len(s) < 8 || len(s) > 20 || strings.Count(s, "-") < 2 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	last := s[len(s)-1]
	return s[0] >= 'a' && s[0] <= 'z' && last >= '0' && last <= '9'
}

// isForeign reports whether a region is of another partition than the one named.
func isForeign(partition, region string) bool {
	of := "aws"
	for _, p := range [...]struct{ prefix, partition string }{
		{"cn-", "aws-cn"}, {"us-gov-", "aws-us-gov"}, {"us-iso", "aws-iso"}, {"eu-iso", "aws-iso"}, {"eusc-", "aws-eusc"},
	} {
		if strings.HasPrefix(region, p.prefix) {
			of = p.partition
		}
	}
	return of != partition
}

func (c console) cloudwatch(state string) string {
	return c.host + "/cloudwatch/home?region=" + c.region + "#" + state
}

// alarm is the page of an alarm. In the aws partition it is the address of
// CloudWatch's own e-mails.
func (c console) alarm(name string) string {
	if name == "" || !utf8.ValidString(name) {
		return ""
	}
	if c.partition == "aws" {
		return c.host + "/cloudwatch/deeplink.js?region=" + c.region + "#alarmsV2:alarm/" + percent(name)
	}
	return c.cloudwatch("alarmsV2:alarm/" + percent(name))
}

// alarming is the list of the region's alarms that are in ALARM.
func (c console) alarming() string {
	return c.cloudwatch("alarmsV2:?" + jsurl(object{{"alarmStateFilter", "ALARM"}}))
}

// logGroup is a log group's lines of a window.
func (c console) logGroup(group string, from, to time.Time) string {
	return c.cloudwatch("logsV2:log-groups/log-group/" + twice(group) +
		"/log-events$3FfilterPattern$3D$26start$3D" + millis(from) + "$26end$3D" + millis(to))
}

// logStream is a stream from a moment on.
func (c console) logStream(group, stream string, from time.Time) string {
	s := c.cloudwatch("logsV2:log-groups/log-group/" + twice(group) + "/log-events/" + twice(stream))
	if isSet(from) {
		s += "$3Fstart$3D" + millis(from)
	}
	return s
}

// insights is a Logs Insights query of a log group's last lines of a window.
func (c console) insights(group string, from, to time.Time) string {
	return c.cloudwatch("logsV2:logs-insights$3FqueryDetail$3D" + jsurl(object{
		{"end", iso(to)},
		{"start", iso(from)},
		{"timeType", "ABSOLUTE"},
		{"tz", "UTC"},
		{"editorString", "fields @timestamp, @message | sort @timestamp desc"},
		{"source", list{group}},
	}))
}

// metric is the graph of what an alarm watches, around the moment of its change.
func (c console) metric(m *alert.MetricAlarm, from, to time.Time) string {
	rows := c.rows(m)
	if len(rows) == 0 {
		return ""
	}
	graph := object{{"metrics", rows}, {"view", "timeSeries"}, {"stacked", false}, {"region", c.region}}
	if q := m.Queries[0]; len(m.Queries) == 1 && q.Expression == "" {
		graph = append(graph, member{"stat", statistic(q.Stat)})
	}
	if m.Period > 0 {
		graph = append(graph, member{"period", m.Period})
	}
	graph = append(graph, member{"start", iso(from)}, member{"end", iso(to)})
	return c.cloudwatch("metricsV2:graph=" + jsurl(graph))
}

// rows are a graph's rows; none where one of them is not known well enough.
func (c console) rows(m *alert.MetricAlarm) list {
	if m.Threshold == nil && m.ThresholdID == "" && len(m.Upper)+len(m.Lower) == 0 {
		return nil // PromQL and what else has no threshold is not drawn by this page
	}
	var rows list
	for _, q := range m.Queries {
		var row list
		var options object
		switch {
		case q.Expression != "":
			options = object{{"expression", q.Expression}}
			if q.Label != "" {
				options = append(options, member{"label", q.Label})
			}
		case q.Name != "" && q.Namespace != "":
			row = list{q.Namespace, q.Name}
			for _, d := range q.Dimensions {
				row = append(row, d.Name, d.Value)
			}
		default:
			return nil
		}
		if options = append(options, rowOptions(q, len(m.Queries) > 1)...); len(options) > 0 {
			row = append(row, options)
		}
		rows = append(rows, row)
	}
	return rows
}

func rowOptions(q alert.Query, several bool) (o object) {
	if several {
		if q.ID == "" {
			return nil
		}
		o = append(o, member{"id", q.ID})
		if !q.Returned {
			o = append(o, member{"visible", false})
		}
		if q.Expression == "" && q.Stat != "" {
			o = append(o, member{"stat", statistic(q.Stat)})
		}
	}
	if q.Account != "" {
		o = append(o, member{"accountId", q.Account})
	}
	return o
}

// window is what a link to metrics or logs of an alarm shows: the way there and a little after.
func window(a *alert.Alert, before, after time.Duration) (from, to time.Time, ok bool) {
	if !isSet(a.ChangedAt) {
		return from, to, false
	}
	return a.ChangedAt.Add(-before), a.ChangedAt.Add(after), true
}

func iso(at time.Time) string    { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
func millis(at time.Time) string { return strconv.FormatInt(at.UnixMilli(), 10) }

// percent encodes everything but letters, digits and -_.~ so that nothing is
// left that a chat's markup could take for its own.
func percent(s string) string {
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, len(s)+16)
	for i := range len(s) {
		switch c := s[i]; {
		case isAlnum(c), c == '-', c == '_', c == '.', c == '~':
			b = append(b, c)
		default:
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return string(b)
}

// twice is how the console encodes the names of log groups and streams.
func twice(s string) string { return strings.ReplaceAll(percent(percent(s)), "%", "$") }

// consoleLink returns an address that a notice brought along if it leads to
// the AWS console over https, and nothing otherwise.
func consoleLink(address string) string {
	u, host := parseHTTPS(address)
	if u == "" {
		return ""
	}
	for _, known := range [...]string{"console.aws.amazon.com", "console.amazonaws.cn", "console.amazonaws-us-gov.com"} {
		if host == known || strings.HasSuffix(host, "."+known) {
			return u
		}
	}
	return ""
}

// runbookLink returns a runbook's address if every service will take it.
func runbookLink(address string) string {
	u, host := parseHTTPS(address)
	if !strings.Contains(strings.Trim(host, "."), ".") {
		return "" // Discord refuses hosts without a dot
	}
	return u
}

// parseHTTPS returns a plain https address and its host, or nothing where it
// holds credentials, a port that is no number or a character that is markup.
func parseHTTPS(address string) (whole, host string) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "https" || u.User != nil || u.Opaque != "" {
		return "", ""
	}
	whole, host = u.String(), u.Hostname()
	if host == "" || strings.ContainsAny(whole, " <>|\\\"`") || !isTidy(whole) || strings.Contains(whole, "\n") {
		return "", ""
	}
	return whole, strings.ToLower(host)
}
