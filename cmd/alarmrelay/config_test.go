package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/rule"
)

const wideConfig = `
tags: [severity, to, mention, mute]
timezone: Asia/Seoul
destinations:
  ops: {discord: "env:OPS", fallback: backend, thread: "112233445566778899", locale: ko}
  backend: {slack: "env:BACKEND"}
  room: {slack_bot: "env:ROOM", channel: C0123456789}
mentions: {oncall: {discord: [here], slack: [here]}}
rules:
  - {match: {alarm: "*-critical"}, severity: critical, continue: true}
  - {match: {alarm: "tmp-*"}, to: []}
  - {match: {alarm: "prod-*"}, to: [ops], mention: oncall, ignore: ALARM, username: Prod, thread: "998877665544332211", continue: true}
  - {to: [ops, backend], locale: ko, mute: 00:00-23:59, remind: 1h, escalate: {after: 15m, to: ops, mention: oncall}}
`

func parsed(t *testing.T, text string) *rule.Config {
	t.Helper()
	c, err := rule.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSendOnlyToOverridesEveryRuleAndTag(t *testing.T) {
	c := parsed(t, wideConfig)
	c.Home = "111122223333"
	if err := sendOnlyTo(c, "backend"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"tmp-x", "prod-x", "prod-x-critical", "x"} {
		a := &alert.Alert{Kind: alert.KindMetricAlarm, Name: name, State: alert.StateAlarm, Account: c.Home, Tags: map[string]string{
			"alarmrelay:to": "ops", "alarmrelay:mention": "oncall", "alarmrelay:mute": "2099-01-01",
		}}
		routing := c.Route(a, time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))
		if len(routing.Deliveries) != 1 {
			t.Fatalf("%s: routing %+v", name, routing)
		}
		got := routing.Deliveries[0]
		got.Rule = 0
		want := rule.Delivery{Destination: "backend", Voice: rule.Voice{Locale: "en", Timezone: "Asia/Seoul"}, Recovery: rule.RecoveryBoth}
		if name == "prod-x-critical" {
			want.Severity = alert.SeverityCritical
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if d, _ := c.Destination("ops"); d.Fallback != "" {
		t.Error("a fallback still leads elsewhere")
	}
}

func TestStageLeadsEverythingToItself(t *testing.T) {
	c := parsed(t, wideConfig)
	s, err := openStage(t.Context(), c, fake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	for name, w := range s.destinations() {
		if err := w.Alive(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var names []string
	for _, thread := range s.discord.Threads(s.rooms["ops"].id) {
		names = append(names, thread.Name)
	}
	if diff := cmp.Diff([]string{"112233445566778899", "998877665544332211"}, names); diff != "" {
		t.Errorf("threads (-want +got):\n%s", diff)
	}
}

func TestSpeakOverridesEveryLanguage(t *testing.T) {
	c := parsed(t, wideConfig)
	if err := speak(c, "en"); err != nil {
		t.Fatal(err)
	}
	for _, d := range c.Route(&alert.Alert{Name: "x", State: alert.StateOK}, time.Time{}).Deliveries {
		if d.Voice.Locale != "en" {
			t.Errorf("%s is spoken to in %s", d.Destination, d.Voice.Locale)
		}
	}
}
