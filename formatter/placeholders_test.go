package formatter

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

// saidBy is what a phrase says of an item, as text.
func saidBy(t *testing.T, it Item, s Style, text string) string {
	t.Helper()
	it.Wording = &Wording{Title: phraseOf(t, text)}
	worded := WordingOf(it, s)
	if worded[0].Error != "" {
		t.Fatalf("%s: %s", text, worded[0].Error)
	}
	return worded[0].Text
}

func TestWhatPlaceholdersStandFor(t *testing.T) {
	composite := Item{Alert: compositeAlarm()}
	composite.Composite.Children = append(composite.Composite.Children, alert.Child{Name: "quiet", State: alert.StateOK})
	firing := Item{Alert: cpuAlarm(), Since: fired.Add(-time.Hour)}
	firing.Tags, firing.Runbook = map[string]string{"team": "data"}, "https://wiki.example.com/cpu"
	firing.ARN = "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:prod-api-cpu-high"
	series := Item{Alert: cpuAlarm()}
	series.Contributor = &alert.Contributor{ID: "c-1", Attributes: map[string]string{"QueueName": "orders", "Zone": "a"}}
	mail := bounce()
	mail.Notice.Text = "write to kim@example.net"
	flood := Item{Alert: logLines(), Flood: &Flood{Batches: 3, Lines: 1234, Began: fired}}
	for name, c := range map[string]struct {
		it   Item
		want map[string]string
	}{
		"an alarm": {firing, map[string]string{
			"name": "prod-api-cpu-high", "kind": "metric-alarm", "state": "ALARM", "previous": "OK", "severity": "critical",
			"account": "shop", "account_id": "111122223333", "region": "ap-northeast-2",
			"arn":    "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:prod-api-cpu-high",
			"reason": "CPUUtilization average is 97.2 %, ≥ 80 % for 3 of 3 datapoints of 1 min.", "description": "The API is out of CPU. Check the *last deployment* first.",
			"runbook": "https://wiki.example.com/cpu", "url": "https://ap-northeast-2.console.aws.amazon.com/cloudwatch/deeplink.js?region=ap-northeast-2#alarmsV2:alarm/prod-api-cpu-high",
			"time": "2026-11-21 12:02 KST", "since": "2026-11-21 11:02 KST", "tag": "data", "namespace": "AWS/EC2", "metric": "CPUUtilization", "statistic": "Average",
			"dimension": "prod-api", "dimensions": "AutoScalingGroupName = prod-api", "value": "97.2 %", "values": "91.3 %, 95 %, 97.2 %", "threshold": "80 %",
		}},
		"a recovery": {Item{Alert: recovery()}, map[string]string{
			"name": "prod-api-cpu-high", "kind": "metric-alarm", "state": "OK", "previous": "ALARM", "severity": "critical",
			"account": "shop", "account_id": "111122223333", "region": "ap-northeast-2",
			"reason": "CPUUtilization average is 41.2 %, no longer ≥ 80 %.", "description": "The API is out of CPU. Check the *last deployment* first.",
			"runbook": "https://wiki.example.com/runbooks/cpu", "url": "https://ap-northeast-2.console.aws.amazon.com/cloudwatch/deeplink.js?region=ap-northeast-2#alarmsV2:alarm/prod-api-cpu-high",
			"time": "2026-11-21 12:14 KST", "since": "2026-11-21 12:02 KST", "lasted": "12 min", "namespace": "AWS/EC2", "metric": "CPUUtilization", "statistic": "Average",
			"dimension": "prod-api", "dimensions": "AutoScalingGroupName = prod-api", "value": "41.2 %", "values": "41.2 %", "threshold": "80 %",
		}},
		"a composite alarm": {composite, map[string]string{
			"name": "checkout-is-down", "kind": "composite-alarm", "state": "ALARM", "previous": "OK",
			"account": "shop", "account_id": "111122223333", "region": "ap-northeast-2",
			"url":  "https://ap-northeast-2.console.aws.amazon.com/cloudwatch/deeplink.js?region=ap-northeast-2#alarmsV2:alarm/checkout-is-down",
			"time": "2026-11-21 12:02 KST", "since": "2026-11-21 12:02 KST", "children": "prod-api-5xx, 주문 대기 (일괄)",
		}},
		"logs that flood": {flood, map[string]string{
			"name": "/aws/lambda/checkout", "kind": "logs", "account": "shop", "account_id": "111122223333", "region": "ap-northeast-2",
			"url":  "https://ap-northeast-2.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-2#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fcheckout/log-events/2026$252F11$252F21$252F$255B$2524LATEST$255D6ad3$3Fstart$3D1795230130000",
			"time": "2026-11-21 12:02 KST", "since": "2026-11-21 12:02 KST", "line": "ERROR gateway timeout\n    at pay (/var/task/pay.js:88)", "lines": "1234",
		}},
		"a notice about mail": {Item{Alert: mail}, map[string]string{
			"name": "Bounce: your order", "kind": "ses", "severity": "warning", "account": "444455556666", "account_id": "444455556666", "region": "eu-west-1",
			"reason": "550 user <k•••@example.net> unknown, see https://example.net/bounces",
			"time":   "2026-11-21 12:02 KST", "since": "2026-11-21 12:02 KST", "service": "SES", "status": "Bounce", "text": "write to k•••@example.net", "field": "k•••@example.net",
		}},
	} {
		s, got := Style{Zone: time.FixedZone("KST", 9*3600), Accounts: map[string]string{"111122223333": "shop"}}, map[string]string{}
		for _, p := range placeholders {
			text := "${" + p.Name + "}"
			if p.Key != "" {
				text = "${" + p.Name + "." + map[string]string{"tag": "team", "dimension": "AutoScalingGroupName", "field": "to"}[p.Name] + "}"
			}
			if said := saidBy(t, c.it, s, text); said != "" {
				got[p.Name] = said
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := saidBy(t, series, Style{}, "${series} ${dimension.Zone}"); got != "QueueName = orders, Zone = a a" {
		t.Errorf("a series says %q", got)
	}
}

func TestWhatFunctionsMakeOfValues(t *testing.T) {
	it := Item{Alert: cpuAlarm()}
	it.Tags = map[string]string{
		"arn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/", "path": "/aws/lambda/pay", "n": "1,234,567.891",
		"word": "prod-api-prod-", "emoji": "👩‍👩‍👧‍👦👩‍👩‍👧‍👦", "huge": "1e300", "odd": "a b&c/d?é+",
	}
	it.Metric.Values = []float64{91.3, 95, 97.23456}
	queue := Item{Alert: cpuAlarm()}
	queue.Metric = &alert.MetricAlarm{
		Queries:    []alert.Query{{Namespace: "AWS/SQS", Name: "ApproximateAgeOfOldestMessage", Stat: "Maximum", Returned: true}},
		Comparison: "GreaterThanThreshold", Threshold: new(600.0), Values: []float64{900},
	}
	for text, want := range map[string]string{
		"${tag.none | default 'no team'}": "no team", "${tag.path | default 'x'}": "/aws/lambda/pay",
		"${state | lower} ${name | upper}":     "alarm PROD-API-CPU-HIGH",
		"${tag.arn | short}":                   "shop",
		"${tag.path | short | upper}":          "PAY",
		"${tag.word | trim 'prod-'}":           "api-",
		"${tag.word | replace 'prod-' ''}":     "api-",
		"${tag.word | replace '-' '__'}":       "prod__api__prod__",
		"${tag.word | cut 6}":                  "prod-…",
		"${tag.word | cut 100}":                "prod-api-prod-",
		"${tag.emoji | cut 8}":                 "👩‍👩‍👧‍👦…",
		"${value} ${value | number 3}":         "97.2 % 97.235 %",
		"${value | number 0}":                  "97 %",
		"${threshold | number 1}":              "80.0 %",
		"${tag.n | number 1}":                  "1,234,567.9",
		"${tag.huge | number 1}":               "1e300",
		"${name | number 1}":                   "prod-api-cpu-high",
		"x${tag.none | number 1}${name|cut 1}": "x…",
		"${tag.odd | urlencode}":               "a%20b%26c%2Fd%3F%C3%A9%2B",
	} {
		if got := saidBy(t, it, Style{}, text); got != want {
			t.Errorf("%s says %q, want %q", text, got, want)
		}
	}
	for locale, want := range map[string]string{"en": "15 min 15.0 min", "ko": "15분 15.0분"} {
		if got := saidBy(t, queue, Style{Locale: locale}, "${value} ${value | number 1}"); got != want {
			t.Errorf("%s says %q, want %q", locale, got, want)
		}
	}
}

func TestTheREADMEsHaveARowForEveryPlaceholderAndFunction(t *testing.T) {
	var want []string
	for _, p := range placeholders {
		if p.Name = "${" + p.Name; p.Key != "" {
			p.Name += "." + p.Key
		}
		want = append(want, p.Name+"}")
	}
	for i := range functions {
		want = append(want, functions[i].Example)
	}
	for _, name := range []string{"../README.md", "../README.ko.md"} {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for line := range strings.Lines(string(page)) {
			cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
			for i, quoted := range strings.Split(cell, "`") {
				if strings.HasPrefix(line, "| ") && i%2 == 1 && slices.Contains(want, quoted) {
					got = append(got, quoted)
				}
			}
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" {
			t.Errorf("%s (-spoken +described):\n%s", name, diff)
		}
	}
}
