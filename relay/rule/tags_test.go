package rule_test

import (
	"testing"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

// tagged is an alarm of an account with tags of its own; those without a prefix are the relay's.
func tagged(account string, tags map[string]string) alert.Alert {
	a := alarm("a")
	a.Account = account
	a.Tags = map[string]string{"team": "platform"}
	for key, value := range tags {
		a.Tags["alarmrelay:"+key] = value
	}
	return a
}

func TestTags(t *testing.T) {
	const (
		home    = "111122223333"
		trusted = "444455556666"
		foreign = "123456789012"
	)
	const plain = "rules:\n- {match: {severity: critical}, to: dev}\n- {to: ops, severity: warning, runbook: \"https://wiki.example.com/rule\"}\n"
	const open = "tags: [severity, runbook, to, mention, mute]\n" +
		"rules:\n- {match: {alarm: a}, to: ops, mention: oncall, thread: 998877665544332211}\n- to: dev\n"
	ops := rule.Delivery{
		Destination: "ops", Rule: 2, Severity: alert.SeverityWarning,
		Runbook: "https://wiki.example.com/rule", Voice: opsVoice,
	}
	threadVoice := opsVoice
	threadVoice.Thread = "998877665544332211"
	called := rule.Delivery{
		Destination: "ops", Rule: 1, Voice: threadVoice,
		Mention: []string{"oncall"}, Mentions: []formatter.Mention{oncallRole},
	}
	effect := func(tag, value string, accepted bool, why string) []rule.TagEffect {
		return []rule.TagEffect{{Tag: "alarmrelay:" + tag, Value: value, Accepted: accepted, Why: why}}
	}
	const muted = "muted by the alarm's own tag until "
	const stranger = "account " + foreign + " is foreign: neither the relay's own nor one of trusted_accounts"
	tests := []routeTest{
		{
			"without tags nothing is said of them", plain, tagged(home, nil),
			rule.Routing{Deliveries: []rule.Delivery{ops}},
		},
		{
			"the severity of a tag is what rules compare, and wins over theirs", plain, tagged(foreign, map[string]string{"severity": "Critical"}),
			rule.Routing{
				Deliveries: []rule.Delivery{{Destination: "dev", Rule: 1, Severity: alert.SeverityCritical, Voice: devVoice}},
				Tags:       effect("severity", "Critical", true, "the severity is critical"),
			},
		},
		{
			"the severity of a tag is not raised by a rule", plain, tagged(home, map[string]string{"severity": "info"}),
			rule.Routing{
				Deliveries: []rule.Delivery{{
					Destination: "ops", Rule: 2, Severity: alert.SeverityInfo, Runbook: "https://wiki.example.com/rule", Voice: opsVoice,
				}},
				Tags: effect("severity", "info", true, "the severity is info"),
			},
		},
		{
			"a severity that nobody knows is ignored", plain, tagged(home, map[string]string{"severity": "P1"}),
			rule.Routing{
				Deliveries: []rule.Delivery{ops},
				Tags:       effect("severity", "P1", false, "not one of critical, high, warning, info"),
			},
		},
		{
			"a runbook on a listed host wins over the rule's", plain, tagged(foreign, map[string]string{"runbook": "https://wiki.example.com/tag"}),
			rule.Routing{
				Deliveries: []rule.Delivery{{
					Destination: "ops", Rule: 2, Severity: alert.SeverityWarning, Runbook: "https://wiki.example.com/tag", Voice: opsVoice,
				}},
				Tags: effect("runbook", "https://wiki.example.com/tag", true, "is the runbook"),
			},
		},
		{
			"a runbook below a listed domain is accepted", plain, tagged(home, map[string]string{"runbook": "https://a.runbooks.example.com/x"}),
			rule.Routing{
				Deliveries: []rule.Delivery{{
					Destination: "ops", Rule: 2, Severity: alert.SeverityWarning, Runbook: "https://a.runbooks.example.com/x", Voice: opsVoice,
				}},
				Tags: effect("runbook", "https://a.runbooks.example.com/x", true, "is the runbook"),
			},
		},
		{
			"to needs to be opted into", plain, tagged(home, map[string]string{"to": "dev"}),
			rule.Routing{
				Deliveries: []rule.Delivery{ops},
				Tags:       effect("to", "dev", false, "the configuration's tags: does not list to"),
			},
		},
		{
			"a tag of ours that nobody knows is noted", open, tagged(home, map[string]string{"mutes": "2030-01-01"}),
			rule.Routing{
				Deliveries: []rule.Delivery{called},
				Tags:       effect("mutes", "2030-01-01", false, "no tag of the relay's"),
			},
		},
		{
			"to replaces the rule's destinations, but not the threads of those", open, tagged(home, map[string]string{"to": "dev  backend dev"}),
			rule.Routing{
				Deliveries: []rule.Delivery{
					{Destination: "dev", Rule: 1, Voice: devVoice, Mention: []string{"oncall"}, Mentions: []formatter.Mention{oncallRole}},
					{Destination: "backend", Rule: 1, Voice: backendVoice, Mention: []string{"oncall"}, Mentions: []formatter.Mention{oncallTeam}},
				},
				Tags: effect("to", "dev  backend dev", true, "goes to dev, backend"),
			},
		},
		{
			"a destination that is not declared is ignored", open, tagged(home, map[string]string{"to": "https://evil.example.com"}),
			rule.Routing{
				Deliveries: []rule.Delivery{called},
				Tags:       effect("to", "https://evil.example.com", false, `the configuration declares no destination this text`), // it may be an address
			},
		},
		{
			"a mention is added", open, tagged(trusted, map[string]string{"mention": "lead"}),
			rule.Routing{
				Deliveries: []rule.Delivery{{
					Destination: "ops", Rule: 1, Voice: threadVoice,
					Mention: []string{"oncall", "lead"}, Mentions: []formatter.Mention{oncallRole, leadUser},
				}},
				Tags: effect("mention", "lead", true, "mentions lead"),
			},
		},
		{
			"a mention that is not declared pings nobody", open, tagged(home, map[string]string{"mention": "everyone"}),
			rule.Routing{
				Deliveries: []rule.Delivery{called},
				Tags:       effect("mention", "everyone", false, `the configuration declares no mention "everyone"`),
			},
		},
		{
			"a foreign account can't redirect", open, tagged(foreign, map[string]string{"to": "dev"}),
			rule.Routing{Deliveries: []rule.Delivery{called}, Tags: effect("to", "dev", false, stranger)},
		},
		{
			"a foreign account can't mention", open, tagged(foreign, map[string]string{"mention": "lead"}),
			rule.Routing{Deliveries: []rule.Delivery{called}, Tags: effect("mention", "lead", false, stranger)},
		},
		{
			"a foreign account can't mute", open, tagged(foreign, map[string]string{"mute": "2027-01-01"}),
			rule.Routing{Deliveries: []rule.Delivery{called}, Tags: effect("mute", "2027-01-01", false, stranger)},
		},
		{
			"a mute holds until its time", open, tagged(home, map[string]string{"mute": "2026-11-22T09:00:01Z"}),
			rule.Routing{
				Held: []rule.Held{{
					Delivery: called, Kind: rule.HeldMuted, Until: time.Date(2026, 11, 22, 9, 0, 1, 0, time.UTC), Why: muted + "2026-11-22T09:00:01Z",
				}},
				Silence: muted + "2026-11-22T09:00:01Z",
				Tags:    effect("mute", "2026-11-22T09:00:01Z", true, "muted until 2026-11-22T09:00:01Z"),
			},
		},
		{
			"a mute that is over holds nothing", open, tagged(home, map[string]string{"mute": "2026-11-22T09:00:00Z"}),
			rule.Routing{Deliveries: []rule.Delivery{called}, Tags: effect("mute", "2026-11-22T09:00:00Z", false, "is over")},
		},
		{
			"a date includes its day, in the file's time zone", open, tagged(home, map[string]string{"mute": "2026-11-22"}),
			rule.Routing{
				Held: []rule.Held{{
					Delivery: called, Kind: rule.HeldMuted, Until: time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC), Why: muted + "2026-11-23T00:00:00+09:00",
				}},
				Silence: muted + "2026-11-23T00:00:00+09:00",
				Tags:    effect("mute", "2026-11-22", true, "muted until 2026-11-23T00:00:00+09:00"),
			},
		},
		{
			"a mute that is no time holds nothing", open, tagged(home, map[string]string{"mute": "forever"}),
			rule.Routing{
				Deliveries: []rule.Delivery{called},
				Tags:       effect("mute", "forever", false, "not a time such as 2026-11-22T18:00:00Z or a date such as 2026-11-22"),
			},
		},
		{
			"tags: [] accepts none", "tags: []\nrules: [{to: dev}]\n", tagged(home, map[string]string{"severity": "critical"}),
			rule.Routing{
				Deliveries: []rule.Delivery{{Destination: "dev", Rule: 1, Voice: devVoice}},
				Tags:       effect("severity", "critical", false, "the configuration's tags: does not list severity"),
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, test.run)
	}
}

func TestRunbooksOfTagsLeadNowhereElse(t *testing.T) {
	config := parse(t, "rules: [{to: ops}]\n"+places)
	for _, address := range []string{
		"http://wiki.example.com/x",
		"https://wiki.example.com.evil.example/x",
		"https://evil-wiki.example.com/x",
		"https://wiki.example.com@evil.example/x",
		"https://user:word@wiki.example.com/x",
		"https://wiki.example.com:8443/x",
		"https://runbooks.example.com/x",
		"https://evilrunbooks.example.com/x",
		"javascript:alert(1)",
		"wiki.example.com/x",
		"",
	} {
		a := tagged("111122223333", map[string]string{"runbook": address})
		routing := config.Route(&a, now)
		if routing.Deliveries[0].Runbook != "" || routing.Tags[0].Accepted {
			t.Errorf("%q was accepted as a runbook", address)
		}
	}
}

func TestWithoutAHomeEveryAccountIsForeign(t *testing.T) {
	config := parse(t, "tags: [to]\nrules: [{to: ops}]\n"+places)
	for _, account := range []string{"", "111122223333"} {
		a := tagged(account, map[string]string{"to": "dev"})
		if got := config.Route(&a, now).Deliveries[0].Destination; got != "ops" {
			t.Errorf("an alarm of account %q was redirected to %s", account, got)
		}
	}
}
