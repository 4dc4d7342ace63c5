package rule_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
)

// lived is what a rule says of an incident's life.
type lived struct {
	Mute     []string
	Recovery rule.Recovery
	Remind   string
	Escalate *rule.Escalation
}

func TestRulesSayHowAnIncidentLives(t *testing.T) {
	var got []lived
	for _, r := range parse(t, string(read(t, "good-life.yaml"))).Rules {
		one := lived{Recovery: r.Recovery, Remind: r.Remind.String(), Escalate: r.Escalate}
		for _, w := range r.Mute {
			one.Mute = append(one.Mute, w.String())
		}
		got = append(got, one)
	}
	want := []lived{
		{
			[]string{"weekdays 22:00-7:00 Europe/Paris"},
			rule.RecoveryEdit, "1h, 4h, 24h",
			&rule.Escalation{After: 15 * time.Minute, To: []string{"boss"}, Mention: []string{"lead"}},
		},
		{
			[]string{
				"Mon, wednesday 09:00-12:30 Asia/Seoul", "weekends Asia/Seoul below critical", "fri-mon 23:00-24:00 Asia/Seoul below critical",
			},
			"", "30m", &rule.Escalation{After: 7 * 24 * time.Hour, To: []string{"boss", "spare"}},
		},
		{[]string{"tue-thu Asia/Seoul below warning"}, rule.RecoveryPost, "5m, 10m, 2d", nil},
		{[]string{"01:00-02:00 Asia/Seoul"}, "", "", nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestIncidentsHaveDefaults(t *testing.T) {
	environment, err := rule.FromWebhooks(secret.New("env:DISCORD"), secret.New(""))
	if err != nil {
		t.Fatal(err)
	}
	want := rule.Incidents{Flap: 10 * time.Minute, RepeatPing: 5 * time.Minute, Recovery: rule.RecoveryBoth}
	for name, config := range map[string]*rule.Config{
		"without a file":             environment,
		"a file without them":        parse(t, shortest),
		"a file with an empty part":  parse(t, "incidents: {}\n"+shortest),
		"the defaults of the schema": parse(t, schemaDefaults(t, "incidents")+shortest),
	} {
		if diff := cmp.Diff(want, config.Incidents); diff != "" || config.Summary != nil {
			t.Errorf("%s: %s, summary %v", name, diff, config.Summary)
		}
		a := alarm("a")
		if d := config.Route(&a, now).Deliveries[0]; d.Recovery != rule.RecoveryBoth || d.Remind != nil || d.Escalate != nil {
			t.Errorf("%s: %+v", name, d)
		}
	}
	a := alarm("a")
	if d := parse(t, "incidents: {recovery: post}\n"+shortest).Route(&a, now).Deliveries[0]; d.Recovery != rule.RecoveryPost {
		t.Errorf("the file wants a post, the delivery %s", d.Recovery)
	}
}

func TestTheEndsOfAnIncidentsRangesAreAccepted(t *testing.T) {
	config := parse(t, "incidents: {flap: 0, repeat_ping: 1d}\n"+shortest)
	if diff := cmp.Diff(rule.Incidents{Flap: 0, RepeatPing: 24 * time.Hour, Recovery: rule.RecoveryBoth}, config.Incidents); diff != "" {
		t.Error(diff)
	}
}

func TestASummaryIsInTheFilesZoneUnlessItSaysOtherwise(t *testing.T) {
	got := parse(t, "timezone: Asia/Seoul\nsummary: {at: \"00:00\", to: ops}\n"+shortest).Summary
	if diff := cmp.Diff(&rule.Summary{At: 0, Timezone: "Asia/Seoul", To: []string{"ops"}}, got); diff != "" {
		t.Error(diff)
	}
	config := parse(t, "summary: {at: \"23:59\", timezone: Europe/Paris, to: [ops]}\n"+shortest)
	if diff := cmp.Diff(&rule.Summary{At: 24*time.Hour - time.Minute, Timezone: "Europe/Paris", To: []string{"ops"}}, config.Summary); diff != "" {
		t.Error(diff)
	}
	if zone := config.Zone(config.Summary.Timezone); zone.String() != "Europe/Paris" {
		t.Errorf("its zone is %s", zone)
	}
	if zone := config.Zone("America/Havana"); zone != time.UTC {
		t.Errorf("a zone that nobody names is %s", zone)
	}
}

func TestAForumsPostIsOpenedForEachIncident(t *testing.T) {
	config := parse(t, string(read(t, "good-life.yaml")))
	style := func(name, destination string) formatter.Style {
		t.Helper()
		a := alarm(name)
		for _, d := range config.Route(&a, now).Deliveries {
			if d.Destination == destination {
				s := config.Style(d.Destination, d.Voice)
				s.Zone = nil
				return s
			}
		}
		t.Fatalf("%s is not told at %s", name, destination)
		return formatter.Style{}
	}
	tags := map[alert.Severity]string{
		alert.SeverityCritical: "112233445566778801", alert.SeverityHigh: "112233445566778802", "": "112233445566778803",
	}
	want := map[string]formatter.Style{
		"by the destination": {Locale: "en", Opens: true, ForumTags: tags},
		"by the rule":        {Locale: "en", Opens: true},
	}
	got := map[string]formatter.Style{"by the destination": style("c", "ops"), "by the rule": style("a", "spare")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s := config.Style("boss", rule.Voice{Thread: rule.ThreadIncident}); s.Opens || s.Thread != "" {
		t.Errorf("Slack opens no posts, but the style is %+v", s)
	}
}

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"prod-*", "prod-api", true},
		{"prod-*", "my-prod-api", false},
		{"prod-api", "prod-api", true},
		{"/^(prod|live)-/", "live-db", true},
		{"/(/", "(", false},
		{"", "", true},
	} {
		if got := rule.Matches(test.pattern, test.name); got != test.want {
			t.Errorf("%q matches %q: %v", test.pattern, test.name, got)
		}
	}
}
