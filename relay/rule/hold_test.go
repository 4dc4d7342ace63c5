package rule_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/relay/rule"
)

// It is Sunday, 18:00 in Seoul, which the rules below call the file's zone.
func TestMutedRules(t *testing.T) {
	const evening = "muted until 2026-11-22T19:00:00+09:00: 17:00-19:00 Asia/Seoul"
	const quiet = "rules:\n- {name: evenings, match: {alarm: a}, to: [ops], mute: 17:00-19:00}\n- to: dev\n"
	at := func(hour int) time.Time { return time.Date(2026, 11, 22, hour, 0, 0, 0, time.FixedZone("", 9*3600)) }
	toOps, toDev := rule.Delivery{Destination: "ops", Rule: 1, Voice: opsVoice}, rule.Delivery{Destination: "dev", Rule: 1, Voice: devVoice}
	second := func(d rule.Delivery) rule.Delivery { d.Rule = 2; return d }
	severe := func(d rule.Delivery, s alert.Severity) rule.Delivery { d.Severity = s; return d }
	muted := func(d rule.Delivery, until time.Time, why string) rule.Routing {
		return rule.Routing{Held: []rule.Held{{Delivery: d, Kind: rule.HeldMuted, Until: until, Why: why}}, Silence: why}
	}
	const below = "rules:\n- {match: {alarm: c}, severity: critical, continue: true}\n- {match: {alarm: w}, severity: warning, continue: true}\n" +
		"- {to: ops, mute: {when: weekends, below: high}}\n"
	third := func(d rule.Delivery) rule.Delivery { d.Rule = 3; return d }
	const weekend = "rule 3 is muted until 2026-11-23T00:00:00+09:00: weekends Asia/Seoul below high"
	mutedTag := tagged("111122223333", map[string]string{"mute": "2026-11-22T09:30:00Z"})
	laterTag := tagged("111122223333", map[string]string{"mute": "2026-11-22T08:59:59Z"})
	tests := []routeTest{
		{"a window holds an ALARM", quiet, alarm("a"), muted(toOps, at(19), "rule 1 (evenings) is "+evening)},
		{"and a recovery", quiet, alarm("a", alert.StateAlarm, alert.StateOK), muted(toOps, at(19), "rule 1 (evenings) is "+evening)},
		{"and a notice", quiet, alert.Alert{Kind: alert.KindHealth, Name: "a"}, muted(toOps, at(19), "rule 1 (evenings) is "+evening)},
		{"but not what another rule takes", quiet, alarm("b"), rule.Routing{Deliveries: []rule.Delivery{second(toDev)}}},
		{
			"a window that is not open holds nothing", "rules: [{to: ops, mute: [17:00-18:00, 18:01-19:00]}]\n", alarm("a"),
			rule.Routing{Deliveries: []rule.Delivery{toOps}},
		},
		{"what is less severe is held", below, alarm("w"), muted(third(severe(toOps, alert.SeverityWarning)), at(24), weekend)},
		{"what is more severe is told", below, alarm("c"), rule.Routing{Deliveries: []rule.Delivery{third(severe(toOps, alert.SeverityCritical))}}},
		{"an ALARM of which nobody said how severe it is counts as high", below, alarm("b"), rule.Routing{Deliveries: []rule.Delivery{third(toOps)}}},
		{"log lines count as a warning", below, alert.Alert{Kind: alert.KindLogs, Logs: &alert.LogBatch{}}, muted(third(toOps), at(24), weekend)},
		{"other notices as information", below, alert.Alert{Kind: alert.KindHealth}, muted(third(toOps), at(24), weekend)},
		{
			"a rule that is not muted tells it", "rules:\n- {match: {alarm: a}, to: [ops, dev], mute: weekends, continue: true}\n- to: ops\n", alarm("a"),
			rule.Routing{
				Deliveries: []rule.Delivery{second(toOps)},
				Held: []rule.Held{{
					Delivery: toDev, Kind: rule.HeldMuted, Until: at(24), Why: "rule 1 is muted until 2026-11-23T00:00:00+09:00: weekends Asia/Seoul",
				}},
			},
		},
		{
			"of several the first that ends counts", "rules:\n- {match: {alarm: a}, to: ops, mute: weekends, continue: true}\n" +
				"- {to: ops, mute: 17:00-19:00, severity: high}\n", alarm("a"),
			rule.Routing{
				Held:    []rule.Held{{Delivery: severe(toOps, alert.SeverityHigh), Kind: rule.HeldMuted, Until: at(19), Why: "rule 2 is " + evening}},
				Silence: "rule 1 is muted until 2026-11-23T00:00:00+09:00: weekends Asia/Seoul; rule 2 is " + evening,
			},
		},
		{
			"what one mutes and another ignores is told when the mute ends",
			"rules:\n- {match: {alarm: a}, to: ops, ignore: ALARM, continue: true}\n- {to: ops, mute: 17:00-19:00}\n", alarm("a"),
			rule.Routing{
				Held:    []rule.Held{{Delivery: toOps, Kind: rule.HeldMuted, Until: at(19), Why: "rule 2 is " + evening}},
				Silence: "rule 1 ignores ALARM; rule 2 is " + evening,
			},
		},
		{
			"the other way round as well",
			"rules:\n- {match: {alarm: a}, to: ops, mute: 17:00-19:00, continue: true}\n- {to: ops, ignore: ALARM}\n", alarm("a"),
			rule.Routing{
				Held:    []rule.Held{{Delivery: toOps, Kind: rule.HeldMuted, Until: at(19), Why: "rule 1 is " + evening}},
				Silence: "rule 1 is " + evening + "; rule 2 ignores ALARM",
			},
		},
		{
			"what a muted rule ignores is not told later", "rules: [{to: ops, mute: 17:00-19:00, ignore: ALARM}]\n", alarm("a"),
			rule.Routing{Held: []rule.Held{{Delivery: toOps, Kind: rule.HeldIgnored, Why: "rule 1 ignores ALARM"}}, Silence: "rule 1 ignores ALARM"},
		},
		{
			"a tag's mute goes on in a window", "tags: [mute]\nrules: [{to: ops, mute: 18:30-19:00}]\n", mutedTag,
			rule.Routing{
				Held: []rule.Held{{
					Delivery: toOps, Kind: rule.HeldMuted, Until: at(19), Why: "muted by the alarm's own tag until 2026-11-22T09:30:00Z",
				}},
				Silence: "muted by the alarm's own tag until 2026-11-22T09:30:00Z",
				Tags: []rule.TagEffect{{
					Tag: "alarmrelay:mute", Value: "2026-11-22T09:30:00Z", Accepted: true, Why: "muted until 2026-11-22T09:30:00Z",
				}},
			},
		},
		{
			"a tag's mute inside of a window ends with that", "tags: [mute]\nrules: [{to: ops, mute: 17:00-19:00}]\n", mutedTag,
			rule.Routing{
				Held: []rule.Held{{
					Delivery: toOps, Kind: rule.HeldMuted, Until: at(19), Why: "muted by the alarm's own tag until 2026-11-22T09:30:00Z",
				}},
				Silence: "muted by the alarm's own tag until 2026-11-22T09:30:00Z",
				Tags: []rule.TagEffect{{
					Tag: "alarmrelay:mute", Value: "2026-11-22T09:30:00Z", Accepted: true, Why: "muted until 2026-11-22T09:30:00Z",
				}},
			},
		},
		{
			"a tag's mute that is over leaves the window", "tags: [mute]\nrules: [{to: ops, mute: 17:00-19:00}]\n", laterTag,
			rule.Routing{
				Held:    []rule.Held{{Delivery: toOps, Kind: rule.HeldMuted, Until: at(19), Why: "rule 1 is " + evening}},
				Silence: "rule 1 is " + evening,
				Tags:    []rule.TagEffect{{Tag: "alarmrelay:mute", Value: "2026-11-22T08:59:59Z", Why: "is over"}},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, test.run)
	}
}

func TestMutedRulesAreNamed(t *testing.T) {
	config := parse(t, `rules:
- {name: nights, match: {alarm: a}, to: ops, mute: [weekends, mon 00:00-07:00]}
- {match: {alarm: b}, to: ops, mute: {when: 17:00-19:00 UTC, below: high}}
- {to: ops, mute: {when: 17:00-19:00, below: critical}}
`+places)
	seoul := config.Zone("Asia/Seoul")
	want := []rule.Muted{
		{Rule: "rule 1 (nights)", Window: "weekends Asia/Seoul", Until: time.Date(2026, 11, 23, 7, 0, 0, 0, seoul)},
		{Rule: "rule 3", Window: "17:00-19:00 Asia/Seoul below critical", Until: time.Date(2026, 11, 22, 19, 0, 0, 0, seoul)},
	}
	if diff := cmp.Diff(want, config.MutedRules(now)); diff != "" {
		t.Error(diff)
	}
}
