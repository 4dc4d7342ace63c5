package rule_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// places are destinations and mentions for the rules under test.
const places = `
timezone: Asia/Seoul
accounts: {"111122223333": production}
trusted_accounts: ["444455556666"]
runbook_hosts: [wiki.example.com, "*.runbooks.example.com"]
destinations:
  ops: {discord: "env:OPS", thread: "112233445566778899"}
  dev: {discord: "env:DEV", locale: ko, username: Relay, fallback: backend}
  backend: {slack: "env:BACKEND", timezone: Europe/Paris, buttons: true}
mentions:
  oncall: {discord: ["role:123456789012345678"], slack: ["subteam:S012ABC"]}
  lead: {discord: ["user:876543210987654321"], slack: []}
`

var (
	opsVoice     = rule.Voice{Locale: "en", Timezone: "Asia/Seoul", Thread: "112233445566778899"}
	devVoice     = rule.Voice{Locale: "ko", Timezone: "Asia/Seoul", Username: "Relay"}
	backendVoice = rule.Voice{Locale: "en", Timezone: "Europe/Paris"}

	oncallRole = formatter.Mention{Kind: "role", ID: "123456789012345678"}
	oncallTeam = formatter.Mention{Kind: "subteam", ID: "S012ABC"}
	leadUser   = formatter.Mention{Kind: "user", ID: "876543210987654321"}
)

type routeTest struct {
	name  string
	rules string
	alert alert.Alert
	want  rule.Routing
}

func (test routeTest) run(t *testing.T) {
	t.Helper()
	config := parse(t, test.rules+places)
	config.Home = "111122223333"
	before := test.alert
	got := config.Route(&test.alert, now)
	if diff := cmp.Diff(usual(test.want, &test.alert), got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(got, config.Explain(&test.alert, now).Routing); diff != "" {
		t.Errorf("Explain routes otherwise: %s", diff)
	}
	if diff := cmp.Diff(before, test.alert); diff != "" {
		t.Errorf("the alert was changed: %s", diff)
	}
}

// usual adds what holds for an alarm where the row says nothing of it.
func usual(r rule.Routing, a *alert.Alert) rule.Routing {
	heard := func(d *rule.Delivery) {
		if d.Recovery == "" && a.IsAlarm() {
			d.Recovery = rule.RecoveryBoth
		}
	}
	for i := range r.Deliveries {
		heard(&r.Deliveries[i])
	}
	for i := range r.Held {
		heard(&r.Held[i].Delivery)
	}
	return r
}

func alarm(name string, change ...alert.State) alert.Alert {
	a := alert.Alert{
		Kind: alert.KindMetricAlarm, Name: name, Account: "111122223333",
		State: alert.StateAlarm, Previous: alert.StateOK,
	}
	if len(change) == 2 {
		a.Previous, a.State = change[0], change[1]
	}
	return a
}

func TestRoutes(t *testing.T) {
	const noise = "rules:\n- {name: quiet, match: {alarm: noisy-*}, to: [ops, backend], ignore: [first-ok, INSUFFICIENT_DATA]}\n- to: backend\n"
	const pings = "rules:\n- {match: {alarm: a}, to: [ops, backend], mention: [oncall, lead]}\n" +
		"- {match: {alarm: b}, to: ops, mention: oncall, mention_on: [OK, notice]}\n- {to: ops, mention: lead, mention_on: notice}\n"
	const further = "rules:\n- {match: {alarm: prod-*}, severity: high, runbook: \"https://wiki.example.com/prod\", continue: true}\n" +
		"- {match: {severity: high}, to: [dev], mention: oncall, continue: true, username: First}\n" +
		"- {match: {alarm: \"*-db\"}, to: [dev, backend], mention: lead, severity: critical}\n- to: ops\n"
	toOps := func(number int) rule.Delivery {
		return rule.Delivery{Destination: "ops", Rule: number, Voice: opsVoice}
	}
	toBackend := func(number int) rule.Delivery {
		return rule.Delivery{Destination: "backend", Rule: number, Voice: backendVoice}
	}
	with := func(d rule.Delivery, change func(*rule.Delivery)) rule.Delivery { change(&d); return d }
	const graphs = "graph: true\nrules:\n- {match: {alarm: prod-*}, to: backend, graph: false, continue: true}\n" +
		"- {match: {alarm: prod-db}, to: [backend], continue: true}\n- to: ops\n"
	drawn := func(d *rule.Delivery) { d.Graph = true }
	tests := []routeTest{
		{
			"the first rule that matches decides", noise, alarm("noisy-api"),
			rule.Routing{Deliveries: []rule.Delivery{toOps(1), toBackend(1)}},
		},
		{"what no rule names goes to the last", noise, alarm("api"), rule.Routing{Deliveries: []rule.Delivery{toBackend(2)}}},
		{
			"the first OK after a deployment is held",
			noise, alarm("noisy-api", alert.StateInsufficientData, alert.StateOK),
			rule.Routing{
				Held: []rule.Held{
					{Delivery: toOps(1), Kind: rule.HeldIgnored, Why: "rule 1 (quiet) ignores OK after INSUFFICIENT_DATA"},
					{Delivery: toBackend(1), Kind: rule.HeldIgnored, Why: "rule 1 (quiet) ignores OK after INSUFFICIENT_DATA"},
				},
				Silence: "rule 1 (quiet) ignores OK after INSUFFICIENT_DATA",
			},
		},
		{
			"an OK after ALARM is not the first OK",
			noise, alarm("noisy-api", alert.StateAlarm, alert.StateOK),
			rule.Routing{Deliveries: []rule.Delivery{toOps(1), toBackend(1)}},
		},
		{
			"an ignored state is held",
			noise, alarm("noisy-api", alert.StateOK, alert.StateInsufficientData),
			rule.Routing{
				Held: []rule.Held{
					{Delivery: toOps(1), Kind: rule.HeldIgnored, Why: "rule 1 (quiet) ignores INSUFFICIENT_DATA"},
					{Delivery: toBackend(1), Kind: rule.HeldIgnored, Why: "rule 1 (quiet) ignores INSUFFICIENT_DATA"},
				},
				Silence: "rule 1 (quiet) ignores INSUFFICIENT_DATA",
			},
		},
		{
			"a rule does without the file's graphs", graphs, alarm("prod-api"),
			rule.Routing{Deliveries: []rule.Delivery{toBackend(1), with(toOps(3), drawn)}},
		},
		{
			"one of two rules wants a graph", graphs, alarm("prod-db"),
			rule.Routing{Deliveries: []rule.Delivery{with(toBackend(1), drawn), with(toOps(3), drawn)}},
		},
		{
			"what one rule holds another may tell",
			"rules:\n- {match: {alarm: a}, to: [ops, backend], ignore: OK, continue: true}\n- to: backend\n",
			alarm("a", alert.StateAlarm, alert.StateOK),
			rule.Routing{
				Deliveries: []rule.Delivery{toBackend(2)},
				Held:       []rule.Held{{Delivery: toOps(1), Kind: rule.HeldIgnored, Why: "rule 1 ignores OK"}},
			},
		},
		{
			"a rule may tell nobody", "rules:\n- {match: {alarm: a}, to: []}\n- to: ops\n", alarm("a"),
			rule.Routing{Silence: "rule 1 tells nobody"},
		},
		{
			"mentions are each service's own, on ALARM", pings, alarm("a"),
			rule.Routing{Deliveries: []rule.Delivery{
				with(toOps(1), func(d *rule.Delivery) {
					d.Mention, d.Mentions = []string{"oncall", "lead"}, []formatter.Mention{oncallRole, leadUser}
				}),
				with(toBackend(1), func(d *rule.Delivery) {
					d.Mention, d.Mentions = []string{"oncall", "lead"}, []formatter.Mention{oncallTeam}
				}),
			}},
		},
		{
			"nobody is mentioned on OK", pings, alarm("a", alert.StateAlarm, alert.StateOK),
			rule.Routing{Deliveries: []rule.Delivery{toOps(1), toBackend(1)}},
		},
		{"nobody is mentioned on a state that mention_on leaves out", pings, alarm("b"), rule.Routing{Deliveries: []rule.Delivery{toOps(2)}}},
		{
			"somebody is mentioned on a state that mention_on names", pings, alarm("b", alert.StateAlarm, alert.StateOK),
			rule.Routing{Deliveries: []rule.Delivery{with(toOps(2), func(d *rule.Delivery) {
				d.Mention, d.Mentions = []string{"oncall"}, []formatter.Mention{oncallRole}
			})}},
		},
		{
			"what has no state is a notice", pings,
			alert.Alert{Kind: alert.KindHealth},
			rule.Routing{Deliveries: []rule.Delivery{with(toOps(3), func(d *rule.Delivery) {
				d.Mention, d.Mentions = []string{"lead"}, []formatter.Mention{leadUser}
			})}},
		},
		{
			"rules that continue set, add up, and tell each destination once", further, alarm("prod-db"),
			rule.Routing{Deliveries: []rule.Delivery{
				{
					Destination: "dev", Rule: 2, Severity: alert.SeverityCritical, Runbook: "https://wiki.example.com/prod",
					Mention: []string{"oncall", "lead"}, Mentions: []formatter.Mention{oncallRole, leadUser},
					Voice: rule.Voice{Locale: "ko", Timezone: "Asia/Seoul", Username: "First"},
				},
				{
					Destination: "backend", Rule: 3, Severity: alert.SeverityCritical, Runbook: "https://wiki.example.com/prod",
					Mention: []string{"lead"}, Voice: backendVoice,
				},
			}},
		},
		{
			"a severity that a rule did not set is not there", further, alarm("dev-api"),
			rule.Routing{Deliveries: []rule.Delivery{toOps(4)}},
		},
		{
			"a rule's voice overrides the destination's, and threads are Discord's",
			"rules:\n- {to: [ops, backend], locale: ko, timezone: UTC, username: U, avatar: \"https://x.example.com/a.png\", thread: 998877665544332211}\n",
			alarm("a"),
			rule.Routing{Deliveries: []rule.Delivery{
				{Destination: "ops", Rule: 1, Voice: rule.Voice{
					Locale: "ko", Timezone: "UTC", Username: "U", Avatar: "https://x.example.com/a.png", Thread: "998877665544332211",
				}},
				{Destination: "backend", Rule: 1, Voice: rule.Voice{
					Locale: "ko", Timezone: "UTC", Username: "U", Avatar: "https://x.example.com/a.png",
				}},
			}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, test.run)
	}
}

func TestExplainNamesEveryRule(t *testing.T) {
	config := parse(t, "rules:\n- {name: databases, match: {namespace: AWS/RDS}, to: ops}\n- {match: {alarm: a}, to: dev}\n- to: ops\n"+places)
	a := alarm("a")
	want := rule.Explanation{
		Rules: []rule.Verdict{
			{Rule: 1, Name: "databases", Line: 2, Asked: true, Why: "the alert has no namespace (wanted AWS/RDS)"},
			{Rule: 2, Line: 3, Asked: true, Matched: true, Why: `alarm is "a"`},
			{Rule: 3, Line: 4, Why: "not asked: rule 2 took the alert"},
		},
		Routing: rule.Routing{Deliveries: []rule.Delivery{{
			Destination: "dev", Rule: 2, Voice: devVoice, Recovery: rule.RecoveryBoth,
		}}},
	}
	if diff := cmp.Diff(want, config.Explain(&a, now)); diff != "" {
		t.Error(diff)
	}
}

func TestStyleIsTheDestinationsInTheDeliverysVoice(t *testing.T) {
	config := parse(t, "rules: [{to: ops}]\n"+places)
	got := config.Style("backend", rule.Voice{Locale: "ko", Timezone: "Europe/Paris", Username: "U", Avatar: "A", Thread: "T"})
	if got.Zone.String() != "Europe/Paris" {
		t.Errorf("the zone is %v, want Europe/Paris", got.Zone)
	}
	got.Zone = nil
	want := formatter.Style{
		Locale: "ko", Accounts: map[string]string{"111122223333": "production"},
		Username: "U", Avatar: "A", Thread: "T", Buttons: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFallbackSpeaksAsItsOwnDestination(t *testing.T) {
	config := parse(t, "rules: [{to: dev, mention: oncall, severity: high, username: U}]\n"+places)
	a := alarm("a")
	next, ok := config.Fallback(config.Route(&a, now).Deliveries[0])
	want := rule.Delivery{
		Destination: "backend", Rule: 1, Severity: alert.SeverityHigh,
		Mention: []string{"oncall"}, Mentions: []formatter.Mention{oncallTeam}, Voice: backendVoice,
		Recovery: rule.RecoveryBoth,
	}
	if diff := cmp.Diff(want, next); diff != "" || !ok {
		t.Errorf("ok is %v: %s", ok, diff)
	}
	if again, ok := config.Fallback(next); ok {
		t.Errorf("backend has no fallback, got %+v", again)
	}
}
