package rule_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

func TestEscalations(t *testing.T) {
	const why = "told when nobody has taken care of it after 15m"
	const one = "rules:\n- {match: {alarm: a}, to: [ops, dev], severity: high, locale: ko, graph: true, recovery: edit, remind: 1h, " +
		"escalate: {after: 15m, to: [backend], mention: oncall}}\n- to: ops\n"
	quarter := &rule.Escalation{After: 15 * time.Minute, To: []string{"backend"}, Mention: []string{"oncall"}}
	told := func(to string, voice rule.Voice) rule.Delivery {
		voice.Locale = "ko"
		return rule.Delivery{
			Destination: to, Rule: 1, Severity: alert.SeverityHigh, Voice: voice, Graph: true, Recovery: rule.RecoveryEdit,
			Remind: rule.Marks{time.Hour}, Escalate: quarter,
		}
	}
	ops, dev := told("ops", opsVoice), told("dev", devVoice)
	later := rule.Delivery{ // in its own voice, with no reminders of its own
		Destination: "backend", Rule: 1, Severity: alert.SeverityHigh, Voice: backendVoice, Graph: true, Recovery: rule.RecoveryEdit,
		Mention: []string{"oncall"}, Mentions: []formatter.Mention{oncallTeam},
	}
	silent := later
	silent.Mention, silent.Mentions = nil, nil
	plain := func(to string, number int, voice rule.Voice, e *rule.Escalation) rule.Delivery {
		return rule.Delivery{Destination: to, Rule: number, Voice: voice, Escalate: e}
	}
	hour := &rule.Escalation{After: time.Hour, To: []string{"ops", "backend"}}
	tests := []routeTest{
		{
			"those who are told later are held, once", one, alarm("a"),
			rule.Routing{Deliveries: []rule.Delivery{ops, dev}, Held: []rule.Held{{Delivery: later, Kind: rule.HeldEscalated, Why: why}}},
		},
		{
			"and not mentioned on a recovery", one, alarm("a", alert.StateAlarm, alert.StateOK),
			rule.Routing{Deliveries: []rule.Delivery{ops, dev}, Held: []rule.Held{{Delivery: silent, Kind: rule.HeldEscalated, Why: why}}},
		},
		{
			"unless the rule mentions then",
			"rules: [{to: ops, mention_on: [ALARM, OK], escalate: {after: 1h, to: backend, mention: oncall}}]\n", alarm("a", alert.StateAlarm, alert.StateOK),
			rule.Routing{
				Deliveries: []rule.Delivery{plain("ops", 1, opsVoice, &rule.Escalation{After: time.Hour, To: []string{"backend"}, Mention: []string{"oncall"}})},
				Held: []rule.Held{{
					Delivery: rule.Delivery{
						Destination: "backend", Rule: 1, Voice: backendVoice, Mention: []string{"oncall"}, Mentions: []formatter.Mention{oncallTeam},
					},
					Kind: rule.HeldEscalated, Why: "told when nobody has taken care of it after 1h",
				}},
			},
		},
		{
			"who is told anyway is not held", "rules: [{to: [ops, backend], escalate: {after: 1h, to: [ops, backend]}}]\n", alarm("a"),
			rule.Routing{Deliveries: []rule.Delivery{plain("ops", 1, opsVoice, hour), plain("backend", 1, backendVoice, hour)}},
		},
		{
			"what is no alarm does not escalate", "rules: [{to: ops, remind: 1h, escalate: {after: 1h, to: dev}}]\n",
			alert.Alert{Kind: alert.KindHealth},
			rule.Routing{Deliveries: []rule.Delivery{plain("ops", 1, opsVoice, nil)}},
		},
		{
			"what is muted may have been told later before",
			"rules: [{to: ops, mute: weekends, escalate: {after: 15m, to: backend}}]\n", alarm("a", alert.StateAlarm, alert.StateOK),
			rule.Routing{
				Held: []rule.Held{
					{
						Delivery: plain("ops", 1, opsVoice, &rule.Escalation{After: 15 * time.Minute, To: []string{"backend"}}), Kind: rule.HeldMuted,
						Until: time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC), Why: "rule 1 is muted until 2026-11-23T00:00:00+09:00: weekends Asia/Seoul",
					},
					{Delivery: plain("backend", 1, backendVoice, nil), Kind: rule.HeldEscalated, Why: why},
				},
				Silence: "rule 1 is muted until 2026-11-23T00:00:00+09:00: weekends Asia/Seoul",
			},
		},
		{
			"what another rule holds there stays as it is",
			"rules:\n- {match: {alarm: a}, to: ops, escalate: {after: 15m, to: [dev]}, continue: true}\n- {to: dev, ignore: ALARM}\n", alarm("a"),
			rule.Routing{
				Deliveries: []rule.Delivery{plain("ops", 1, opsVoice, &rule.Escalation{After: 15 * time.Minute, To: []string{"dev"}})},
				Held:       []rule.Held{{Delivery: plain("dev", 2, devVoice, nil), Kind: rule.HeldIgnored, Why: "rule 2 ignores ALARM"}},
			},
		},
		{
			"two rules for one destination: the sooner, to everybody, every reminder, and a recovery that suits both",
			"rules:\n- {match: {alarm: a}, to: ops, recovery: post, remind: \"1h, 4h\", escalate: {after: 1h, to: backend}, continue: true}\n" +
				"- {to: ops, recovery: edit, remind: [30m, 4h], escalate: {after: 30m, to: [dev, backend], mention: oncall}}\n", alarm("a"),
			rule.Routing{
				Deliveries: []rule.Delivery{{
					Destination: "ops", Rule: 1, Voice: opsVoice, Recovery: rule.RecoveryBoth, Remind: rule.Marks{30 * time.Minute, time.Hour, 4 * time.Hour},
					Escalate: &rule.Escalation{After: 30 * time.Minute, To: []string{"backend", "dev"}, Mention: []string{"oncall"}},
				}},
				Held: []rule.Held{
					{
						Delivery: rule.Delivery{
							Destination: "dev", Rule: 2, Voice: devVoice, Recovery: rule.RecoveryEdit,
							Mention: []string{"oncall"}, Mentions: []formatter.Mention{oncallRole},
						},
						Kind: rule.HeldEscalated, Why: "told when nobody has taken care of it after 30m",
					},
					{
						Delivery: rule.Delivery{
							Destination: "backend", Rule: 2, Voice: backendVoice, Mention: []string{"oncall"}, Mentions: []formatter.Mention{oncallTeam},
						},
						Kind: rule.HeldEscalated, Why: "told when nobody has taken care of it after 30m",
					},
				},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, test.run)
	}
	t.Run("when it escalates, all of them are told with their mentions", func(t *testing.T) {
		config := parse(t, one+places)
		a := alarm("a", alert.StateAlarm, alert.StateOK) // whatever came since
		if diff := cmp.Diff([]rule.Delivery{later}, config.Escalated(config.Route(&a, now).Deliveries[0])); diff != "" {
			t.Error(diff)
		}
		if got := config.Escalated(later); got != nil {
			t.Errorf("what does not escalate is told to %+v", got)
		}
	})
}

func TestADeliveryReadsLikeTheFile(t *testing.T) {
	config := parse(t, "rules: [{to: dev, remind: [90m, 2d], escalate: {after: 15m, to: [ops], mention: lead}}]\n"+places)
	a := alarm("a")
	got, err := json.Marshal(config.Route(&a, now).Deliveries[0])
	want := `{"destination":"dev","rule":1,"voice":{"locale":"ko","timezone":"Asia/Seoul","username":"Relay"},"recovery":"both",` +
		`"remind":["1h30m","2d"],"escalate":{"after":"15m","to":["ops"],"mention":["lead"]}}`
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Error(diff, err)
	}
}
