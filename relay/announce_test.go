package relay_test

import (
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
)

func TestAnAlarmThatNobodyWasToldOfIsAnnouncedIfItLeadsHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		lost := change("db", "OK", "ALARM", 0)
		m.is("db", alert.StateAlarm)
		m.is("fine", alert.StateOK)
		m.is("nobody's", alert.StateAlarm, func(s *relay.Standing) { s.Actions = nil })
		m.is("others'", alert.StateAlarm, func(s *relay.Standing) { s.Actions = []string{topic + "-of-others"} })
		m.is("suppressed", alert.StateAlarm, func(s *relay.Standing) { s.Quiet = "its actions are suppressed by deploying" })
		m.is("muted", alert.StateAlarm)
		m.mute(t, "muted", time.Hour)
		m.tick(t, 9*time.Minute)
		if shown := m.channel("ops"); shown != nil {
			t.Errorf("its notification may be on its way, and the channel shows %q", shown)
		}
		m.tick(t, 5*time.Minute)
		m.wants(t, "🔴 ALARM db (pings)")
		contains(t, m.text("ops"), "Late: it happened 14 min before")
		m.put(lost)
		m.run(t, time.Second)
		m.tick(t, 5*time.Minute)
		m.wants(t, "🔴 ALARM db (pings)")
		m.changes(t, time.Minute, "db", "ALARM", "OK")
		m.wants(t, "🟢 RESOLVED db (edited 1) (pings)", "✅ db recovered after 20 min →#1 (silent)")

		m.tick(t, time.Hour)
		m.wants(t, "🟢 RESOLVED db (edited 1) (pings)", "✅ db recovered after 20 min →#1 (silent)", "🔴 ALARM muted (pings)")
	})
}

func TestRulesThatAskForTheTopicTakeWhatIsAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {ops: {discord: "ssm:/ops"}, rest: {discord: "ssm:/rest"}}
rules: [{match: {topic: "*:alerts"}, to: [ops]}, {to: [rest]}]
`)
		m.is("db", alert.StateAlarm)
		m.tick(t, 15*time.Minute)
		m.wants(t, "🔴 ALARM db")
	})
}

func TestWhatStillFiresWhenItsMuteEndsIsToldThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {ops: {discord: "ssm:/ops"}, hook: {slack: "ssm:/hook"}}
rules: [{to: [ops, hook], mute: "00:00-07:00"}]
`)
		m.changes(t, time.Hour, "db", "OK", "ALARM")
		m.changes(t, 0, "web", "OK", "ALARM")
		m.changes(t, 0, "gone", "OK", "ALARM")
		m.changes(t, 0, "hushed", "OK", "ALARM")
		m.is("hushed", alert.StateAlarm, func(s *relay.Standing) { s.Quiet = "it is muted by the mute rule night" })
		m.changes(t, time.Hour, "web", "ALARM", "OK") // is told
		m.is("gone", alert.StateOK)                   // is not
		m.tick(t, time.Hour)
		if shown := m.channel("ops"); shown != nil {
			t.Errorf("in the night the channel shows %q", shown)
		}
		m.tick(t, 4*time.Hour+time.Minute)
		m.tick(t, 5*time.Minute)
		m.wants(t, "🔴 ALARM db")
		if shown := m.slack.Messages(m.slacks["hook"].Channel); len(shown) != 1 {
			t.Errorf("Slack shows %d messages", len(shown))
		}
		contains(t, m.text("ops"), "because a mute window ended")
		m.wantsOpen(t, 4) // at two destinations each
	})
}
