package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"alarmrelay/alert"
	"alarmrelay/events"
	"alarmrelay/relay"
	"alarmrelay/relay/cloud"
	"alarmrelay/relay/fake"
)

const (
	home    = "ap-northeast-2"
	opsARN  = "arn:aws:sns:ap-northeast-2:111122223333:ops-alerts"
	alarmAt = "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:"
)

// newAlarms is CloudWatch's client before the CloudWatch of the samples' account.
func newAlarms(t *testing.T) (*cloud.Alarms, *fake.CloudWatch) {
	t.Helper()
	nothingInTheEnvironment(t)
	return newAlarmsInBubble(t)
}

func nothingInTheEnvironment(t *testing.T) {
	t.Helper()
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ENDPOINT_URL_CLOUDWATCH", "")
}

// newAlarmsInBubble is newAlarms for a test that has seen to the environment before.
func newAlarmsInBubble(t *testing.T) (*cloud.Alarms, *fake.CloudWatch) {
	t.Helper()
	service := fake.NewCloudWatch(fake.Options{}, home, graphAccount)
	t.Cleanup(service.Close)
	return newAlarmsAt(service), service
}

func newAlarmsAt(service http.Handler) *cloud.Alarms {
	return cloud.NewAlarms(func(context.Context) (aws.Config, error) {
		cfg := config(nil)
		cfg.Region, cfg.HTTPClient = home, &http.Client{Transport: fake.Transport{"monitoring." + home + ".amazonaws.com": service}}
		return cfg, nil
	})
}

// told is what the relay reads of a sample.
func told(t *testing.T, sample string) alert.Alert {
	t.Helper()
	raw, err := events.Read(sample)
	if err != nil {
		t.Fatal(err)
	}
	records := alert.Parse(raw)
	if len(records) != 1 || records[0].Err != nil || records[0].Skip != "" {
		t.Fatalf("%s is no alarm: %+v", sample, records)
	}
	return records[0].Alert
}

// standing is the alarm that sent a message, as CloudWatch describes it.
func standing(a *alert.Alert) fake.Alarm {
	made := fake.Alarm{
		Name: a.Name, Description: a.Description, State: string(a.State), Since: a.ChangedAt, Updated: a.ChangedAt.Add(time.Minute),
		Reason: a.Reason, Actions: []string{opsARN}, OKActions: []string{opsARN},
	}
	if a.NoOKActions {
		made.OKActions = nil
	}
	return made
}

func metric(a *alert.Alert) fake.MetricAlarm {
	m, q := a.Metric, a.Metric.Watched()
	made := fake.MetricAlarm{
		Alarm: standing(a), Namespace: q.Namespace, Metric: q.Name, Stat: q.Stat, Expression: q.Expression, Dimensions: map[string]string{}, Period: m.Period,
		Evaluations: m.Evaluations, Datapoints: m.Datapoints, Comparison: m.Comparison, Threshold: *m.Threshold, MissingData: m.MissingData,
	}
	for _, d := range q.Dimensions {
		made.Dimensions[d.Name] = d.Value
	}
	return made
}

// asMessage is what an alarm that is asked for has in common with the one in a message.
var asMessage = cmpopts.IgnoreFields(alert.Alert{}, "Previous", "PreviousAt", "Change", "Origin", "Tags")

func TestAnAlarmThatIsAskedForIsTheOneOfItsMessage(t *testing.T) {
	a, service := newAlarms(t)
	cpu, composite, recovered := told(t, "sns-alarm-cpu-high"), told(t, "eventbridge-alarm-composite"), told(t, "sns-alarm-cpu-high")
	recovered.Name, recovered.State, recovered.ARN, recovered.Key = "recovered", alert.StateOK, alarmAt+"recovered", alarmAt+"recovered"
	composite.NoOKActions = true // events of EventBridge don't tell
	service.AddAlarm(metric(&cpu))
	service.AddAlarm(metric(&recovered))
	family := fake.CompositeAlarm{Alarm: standing(&composite), Rule: composite.Composite.Rule}
	family.ReasonData = `{"triggeringAlarms":[` +
		`{"arn":"` + alarmAt + `prod-checkout-5xx","state":{"value":"ALARM","timestamp":"2026-11-12T18:04:38.772+0000"}},` +
		`{"arn":"` + alarmAt + `prod-api-latency-p99","state":{"value":"ALARM","timestamp":"2026-11-12T18:05:09.911+0000"}}]}`
	service.AddAlarm(family)

	got, err := a.Named(t.Context(), []string{composite.Name, "nobody", cpu.Name, recovered.Name})
	want := []relay.Standing{
		{Alert: cpu, Actions: []string{opsARN}}, {Alert: recovered, Actions: []string{opsARN}}, {Alert: composite, Actions: []string{opsARN}},
	}
	if diff := cmp.Diff(want, got, asMessage, cmpopts.EquateEmpty()); diff != "" || err != nil {
		t.Errorf("%v (-message +CloudWatch):\n%s", err, diff)
	}
	for _, s := range got {
		if s.Change != "" || s.Previous != "" {
			t.Errorf("%s: nobody told what was before, and it says %q, %q", s.Name, s.Change, s.Previous)
		}
	}

	firing, err := a.Firing(t.Context())
	if diff := cmp.Diff([]relay.Standing{want[0], want[2]}, firing, asMessage, cmpopts.EquateEmpty()); diff != "" || err != nil {
		t.Errorf("firing: %v (-want +got):\n%s", err, diff)
	}
}

func TestTheSeriesOfAnAlarmAreThoseOfItsMessages(t *testing.T) {
	a, service := newAlarms(t)
	one := told(t, "sns-alarm-contributor-lambda-errors")
	parent := metric(&one)
	parent.Reason = "2 out of 2 time series evaluated to ALARM"
	parent.Contributors = []fake.AlarmContributor{
		{ID: one.Contributor.ID, Attributes: one.Contributor.Attributes, Reason: one.Reason, Since: one.ChangedAt},
	}
	for n := range 120 { // more than two pages, and without a time of their own
		parent.Contributors = append(parent.Contributors, fake.AlarmContributor{ID: fmt.Sprintf("z%03d", n), Reason: "r"})
	}
	parent.Since = one.ChangedAt.Add(-time.Hour)
	service.AddAlarm(parent)
	firing, err := a.Firing(t.Context())
	if err != nil || len(firing) != 1 || !firing[0].Many {
		t.Fatalf("%+v, %v", firing, err)
	}
	got, err := a.Contributors(t.Context(), firing[0])
	if err != nil || len(got) != 121 {
		t.Fatalf("%d series, %v", len(got), err)
	}
	if diff := cmp.Diff(one, got[0], asMessage); diff != "" {
		t.Errorf("(-message +CloudWatch):\n%s", diff)
	}
	if last := got[120]; last.Key != one.ARN+"#z119" || !last.ChangedAt.Equal(parent.Since) || last.Metric.Values != nil {
		t.Errorf("the last one is %s since %v with %v", last.Key, last.ChangedAt, last.Metric.Values)
	}
	service.RemoveAlarm(one.Name)
	if got, err := a.Contributors(t.Context(), firing[0]); got != nil || err != nil {
		t.Errorf("an alarm that is gone: %v, %v", got, err)
	}
}

func TestWhichAlarmsWatchManySeries(t *testing.T) {
	a, service := newAlarms(t)
	for name, made := range map[string]fake.MetricAlarm{
		"1 metric":       {Namespace: "Shop", Metric: "Orders", Stat: "Sum"},
		"2 math":         {Expression: "m1 / m2"},
		"3 one query":    {Expression: `SELECT SUM(Errors) FROM "AWS/Lambda"`},
		"4 query by":     {Expression: "SELECT SUM(Errors) FROM \"AWS/Lambda\"\n group  by FunctionName"},
		"5 PromQL":       {PromQL: "sum by (host) (rate(errors[5m])) > 1"},
		"6 anomaly band": {Expression: "ANOMALY_DETECTION_BAND(m1, 2)"},
	} {
		made.Name, made.Period = name, 60
		service.AddAlarm(made)
	}
	service.AddAlarm(fake.LogAlarm{Alarm: fake.Alarm{Name: "7 logs"}, Query: "fields @message", Aggregation: "count(*) by host", Threshold: 3, Comparison: "GreaterThanThreshold", Results: 5, Breaching: 2})
	all, err := a.Firing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range all {
		got[s.Name] = fmt.Sprint(s.Many, " ", s.Kind, " ", s.Metric.Watched().Expression)
	}
	want := map[string]string{
		"1 metric":       "false metric-alarm ",
		"2 math":         "false metric-alarm m1 / m2",
		"3 one query":    `false metric-alarm SELECT SUM(Errors) FROM "AWS/Lambda"`,
		"4 query by":     "true metric-alarm SELECT SUM(Errors) FROM \"AWS/Lambda\"\n group  by FunctionName",
		"5 PromQL":       "true metric-alarm sum by (host) (rate(errors[5m])) > 1",
		"6 anomaly band": "false metric-alarm ANOMALY_DETECTION_BAND(m1, 2)",
		"7 logs":         "true metric-alarm fields @message | count(*) by host",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatKeepsAnAlarmFromActing(t *testing.T) {
	a, service := newAlarms(t)
	since := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	plain := func(name string) fake.Alarm { return fake.Alarm{Name: name, Since: since, Actions: []string{opsARN}} }
	off := plain("d off")
	off.Disabled = true
	service.AddAlarm(fake.MetricAlarm{Alarm: plain("a acts")})
	service.AddAlarm(fake.MetricAlarm{Alarm: plain("b muted")})
	service.AddAlarm(fake.MetricAlarm{Alarm: plain("c will be muted")})
	service.AddAlarm(fake.MetricAlarm{Alarm: off})
	service.AddAlarm(fake.CompositeAlarm{Alarm: plain("e suppressed"), Suppressor: alarmAt + "maintenance", SuppressedBy: "Alarm"})
	service.AddAlarm(fake.CompositeAlarm{Alarm: plain("f waits"), Suppressor: "maintenance", SuppressedBy: "WaitPeriod"})
	service.AddAlarm(fake.CompositeAlarm{Alarm: plain("g acts"), Suppressor: "maintenance"})
	service.AddMuteRule(fake.MuteRule{Name: "nightly", Alarms: []string{"b muted", "nobody", "e suppressed"}})
	service.AddMuteRule(fake.MuteRule{Name: "backup", Alarms: []string{"b muted"}})
	service.AddMuteRule(fake.MuteRule{Name: "later", Alarms: []string{"c will be muted"}, Status: "SCHEDULED"})
	want := map[string]string{
		"a acts": "[" + opsARN + "] ", "b muted": "[" + opsARN + "] it is muted by the mute rule backup", "c will be muted": "[" + opsARN + "] ", "d off": "[] ",
		"e suppressed": "[" + opsARN + "] its actions are suppressed by maintenance",
		"f waits":      "[" + opsARN + "] its actions are suppressed by the WaitPeriod of maintenance", "g acts": "[" + opsARN + "] ",
	}
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range want {
			if !yield(name) {
				return
			}
		}
	})
	for name, ask := range map[string]func() ([]relay.Standing, error){
		"named":  func() ([]relay.Standing, error) { return a.Named(t.Context(), names) },
		"firing": func() ([]relay.Standing, error) { return a.Firing(t.Context()) },
	} {
		all, err := ask()
		got := map[string]string{}
		for _, s := range all {
			got[s.Name] = fmt.Sprint(s.Actions, " ", s.Quiet)
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestNobodyAsksWhoIsMutedWhereNothingWouldAct(t *testing.T) {
	a, service := newAlarms(t)
	service.AddAlarm(fake.MetricAlarm{Alarm: fake.Alarm{Name: "dashboard only"}})
	service.AddAlarm(fake.MetricAlarm{Alarm: fake.Alarm{Name: "well", State: "OK", Actions: []string{opsARN}}})
	_, firing := a.Firing(t.Context())
	_, named := a.Named(t.Context(), []string{"well"})
	if got := operations(service); firing != nil || named != nil || got != "DescribeAlarms DescribeAlarms" {
		t.Errorf("%s; %v, %v", got, firing, named)
	}
	if none, err := a.Named(t.Context(), nil); none != nil || err != nil || len(service.Log()) != 2 {
		t.Errorf("no names: %v, %v, asked %s", none, err, operations(service))
	}
}

func operations(service *fake.CloudWatch) string {
	var all []string
	for _, asked := range service.Log() {
		all = append(all, asked.Method)
	}
	return strings.Join(all, " ")
}

func TestAllPagesAreRead(t *testing.T) {
	a, service := newAlarms(t)
	var names, rules []string
	for n := range 230 {
		names = append(names, fmt.Sprintf("alarm-%03d", n))
		service.AddAlarm(fake.MetricAlarm{Alarm: fake.Alarm{Name: names[n], Actions: []string{opsARN}}})
	}
	for n := range 120 {
		rules = append(rules, fmt.Sprintf("rule-%03d", n))
		service.AddMuteRule(fake.MuteRule{Name: rules[n], Alarms: []string{names[n]}})
	}
	for name, ask := range map[string]func() ([]relay.Standing, error){
		"named":  func() ([]relay.Standing, error) { return a.Named(t.Context(), names) },
		"firing": func() ([]relay.Standing, error) { return a.Firing(t.Context()) },
	} {
		all, err := ask()
		var found []string
		quiet := 0
		for _, s := range all {
			found = append(found, s.Name)
			if s.Quiet != "" {
				quiet++
			}
		}
		if !slices.Equal(found, names) || quiet != len(rules) || err != nil {
			t.Errorf("%s: %d alarms, %d of them quiet, %v", name, len(found), quiet, err)
		}
	}
}

func TestWhatIsThrottledIsAskedForOnceMoreAndErrorsTellNoNames(t *testing.T) {
	for name, row := range map[string]struct {
		faults []fake.Fault
		want   string // of Firing's error; empty for none
	}{
		"throttled once":    {[]fake.Fault{{Kind: fake.Limited}}, ""},
		"throttled twice":   {[]fake.Fault{{Kind: fake.Limited}, {Kind: fake.Limited}}, "DescribeAlarms: ThrottlingException"},
		"not allowed":       {[]fake.Fault{{Kind: fake.Forbidden}}, "DescribeAlarms: AccessDeniedException"},
		"mute rules not":    {[]fake.Fault{{Kind: fake.Forbidden, Method: "ListAlarmMuteRules"}}, "ListAlarmMuteRules: AccessDeniedException"},
		"nor a single one":  {[]fake.Fault{{Kind: fake.Forbidden, Method: "GetAlarmMuteRule"}}, "GetAlarmMuteRule: AccessDeniedException"},
		"an answer cut off": {[]fake.Fault{{Kind: fake.AnswerCut}, {Kind: fake.AnswerCut}}, "DescribeAlarms: "},
		"an endless answer": {[]fake.Fault{{Kind: fake.Flood}, {Kind: fake.Flood}}, "DescribeAlarms: "},
	} {
		t.Run(name, func(t *testing.T) {
			nothingInTheEnvironment(t)
			synctest.Test(t, func(t *testing.T) {
				a, service := newAlarmsInBubble(t)
				service.AddAlarm(fake.MetricAlarm{Alarm: fake.Alarm{Name: "a-secret-name", Actions: []string{opsARN}, Reason: "a-secret-reason"}})
				service.AddMuteRule(fake.MuteRule{Name: "a-secret-rule", Alarms: []string{"another"}})
				service.Fail(row.faults...)
				_, err := a.Firing(t.Context())
				if (err == nil) != (row.want == "") || err != nil && (!strings.HasPrefix(err.Error(), row.want) || strings.Contains(err.Error(), "secret")) {
					t.Errorf("%v, asked %s", err, operations(service))
				}
			})
		})
	}
}

func TestAlarmsAreToldAlsoWhereNobodySaysWhoIsMuted(t *testing.T) {
	a, service := newAlarms(t)
	service.AddAlarm(fake.MetricAlarm{Alarm: fake.Alarm{Name: "orders", Actions: []string{opsARN}}})
	service.Break(fake.Fault{Kind: fake.Forbidden, Method: "ListAlarmMuteRules"})
	if got, err := a.Named(t.Context(), []string{"orders"}); len(got) != 1 || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAPartitionWithoutMuteRulesMutesNobody(t *testing.T) {
	_, service := newAlarms(t)
	service.AddAlarm(fake.MetricAlarm{Alarm: fake.Alarm{Name: "orders", Actions: []string{opsARN}}})
	a := newAlarmsAt(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.Replace(r.URL.Path, "ListAlarmMuteRules", "WhatIsThat", 1)
		service.ServeHTTP(w, r)
	}))
	if got, err := a.Firing(t.Context()); len(got) != 1 || err != nil || operations(service) != "DescribeAlarms WhatIsThat" {
		t.Errorf("%+v, %v, asked %s", got, err, operations(service))
	}
}

func TestCloudWatchIsNotWaitedForLongerThanTheContextLasts(t *testing.T) {
	nothingInTheEnvironment(t)
	synctest.Test(t, func(t *testing.T) {
		a, service := newAlarmsInBubble(t)
		service.Break(fake.Fault{Kind: fake.Hang})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		if _, err := a.Firing(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 3*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestTheClientForAlarmsIsMadeWhenItIsNeeded(t *testing.T) {
	made := 0
	a := cloud.NewAlarms(func(context.Context) (aws.Config, error) {
		made++
		return aws.Config{}, errors.New("no credentials")
	})
	if made != 0 {
		t.Error("made before it is needed")
	}
	_, named := a.Named(t.Context(), []string{"orders"})
	_, firing := a.Firing(t.Context())
	_, series := a.Contributors(t.Context(), relay.Standing{})
	if got := fmt.Sprint(made, named, firing, series); got != "1 no credentials no credentials no credentials" {
		t.Error(got)
	}
}
