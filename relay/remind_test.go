package relay_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

const reminding = `
destinations: {ops: {discord: "ssm:/ops"}}
mentions: {oncall: {discord: ["role:123456789012345678"]}}
rules: [{to: [ops], mention: oncall, remind: "1h, 4h"}]
`

func TestPeopleAreRemindedOfWhatIsStillInAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, reminding)
		m.changes(t, 0, "db", "OK", "ALARM")
		for range 5 * 12 {
			m.tick(t, 5*time.Minute)
		}
		m.wants(t,
			"🔴 ALARM db (pings)", "@oncall ⏰ **db** is still in ALARM after **1 h** →#1 (pings)", "@oncall ⏰ **db** is still in ALARM after **4 h** →#1 (pings)",
		)
		if m.counts.ticks != 60 {
			t.Errorf("%d ticks", m.counts.ticks)
		}
	})
}

func TestManyRemindersAreOneMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, reminding)
		for i := range 40 {
			name := fmt.Sprintf("a%02d", i)
			m.is(name, alert.StateAlarm)
			m.put(change(name, "OK", "ALARM", 0))
		}
		m.run(t, time.Second)
		posted := len(m.channel("ops"))
		m.tick(t, time.Hour)
		m.tick(t, 5*time.Minute)
		shown := m.channel("ops")[posted:]
		if len(shown) != 1 || !strings.Contains(shown[0], "40 alarms still in ALARM") || !strings.HasSuffix(shown[0], "(pings)") {
			t.Errorf("the channel shows %q", shown)
		}
	})
}

func TestNobodyIsRemindedOfWhatIsMutedOrOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, "destinations: {ops: {discord: \"ssm:/ops\"}}\nrules: [{to: [ops], remind: 1h, mute: {when: \"00:30-02:00\", below: critical}}]\n")
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, 0, "web", "OK", "ALARM")
		m.changes(t, 0, "held", "OK", "ALARM")
		m.is("held", alert.StateAlarm, func(s *relay.Standing) { s.Quiet = "it is muted by the mute rule night" })
		m.tick(t, time.Hour)
		m.wants(t, "🔴 ALARM db", "🔴 ALARM web", "🔴 ALARM held")
		m.mute(t, "web", 24*time.Hour)
		m.tick(t, time.Hour)
		m.wants(t, "🔴 ALARM db", "🔴 ALARM web", "🔴 ALARM held", "⏰ **db** is still in ALARM after **2 h** →#1")
	})
}

func TestNobodyIsRemindedOfWhatHasJustRecovered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, reminding)
		m.changes(t, 0, "db", "OK", "ALARM")
		time.Sleep(time.Hour - 30*time.Second)
		m.is("db", alert.StateOK)
		m.tick(t, 30*time.Second)
		m.wants(t, "🔴 ALARM db (pings)")
	})
}

func TestAReminderStandsWhereItsIncidentDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {ops: {discord: "ssm:/ops", thread: incident}, room: {slack_bot: "ssm:/room", channel: C0123456789}, hook: {slack: "ssm:/hook"}}
rules: [{to: [ops, room, hook], remind: 1h}]
`)
		m.forum(t, "ops")
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, 0, "web", "OK", "ALARM")
		m.tick(t, 30*time.Minute)
		m.changes(t, 0, "web", "ALARM", "OK")
		m.tick(t, 30*time.Minute)
		threads := m.discord.Threads(m.hooks["ops"].Channel)
		if len(threads) != 2 {
			t.Fatalf("the forum has %d posts", len(threads))
		}
		post := slices.DeleteFunc(m.discord.Messages(m.hooks["ops"].Channel), func(m fake.Message) bool { return m.Thread != threads[0].ID })
		if len(post) != 2 || !strings.HasPrefix(post[1].Content, "⏰ **db** is still in ALARM after **1 h**") {
			t.Errorf("the post shows %+v", post)
		}
		room, hook := m.slack.Messages(m.slacks["room"].Channel), m.slack.Messages(m.slacks["hook"].Channel)
		if last := room[len(room)-1]; last.Thread != room[0].TS || !last.Broadcast || !strings.Contains(last.Text, "is still in ALARM after") {
			t.Errorf("the bot's channel shows %+v", last)
		}
		if last := hook[len(hook)-1]; !strings.Contains(last.Text, "is still in ALARM after") {
			t.Errorf("the webhook's channel shows %+v", last)
		}
	})
}

const escalating = `
destinations: {ops: {discord: "ssm:/ops"}, lead: {discord: "ssm:/lead"}}
mentions: {boss: {discord: ["role:123456789012345678"]}}
rules: [{to: [ops], remind: 1h, escalate: {after: 15m, to: [lead], mention: boss}}]
`

func TestWhatNobodyTakesCareOfEscalatesAndTurnsGreenThereAsWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, escalating)
		m.changes(t, 0, "db", "OK", "ALARM")
		for range 6 {
			m.tick(t, 5*time.Minute)
		}
		if diff := m.channel("lead"); !slices.Equal(diff, []string{"🔴 ALARM db (pings)"}) {
			t.Errorf("the escalation's channel shows %q", diff)
		}
		contains(t, m.text("lead"), "Nobody has taken care of it for 15 min.")
		m.wants(t, "🔴 ALARM db")
		m.changes(t, 0, "db", "ALARM", "OK")
		m.tick(t, 5*time.Minute)
		if shown := m.channel("lead"); !slices.Equal(shown, []string{"🟢 RESOLVED db (edited 1) (pings)", "✅ db recovered after 30 min →#1 (silent)"}) {
			t.Errorf("when it is over, the escalation's channel shows %q", shown)
		}

		// It fires again at once: for whom it escalated, that was over.
		m.changes(t, time.Minute, "db", "OK", "ALARM")
		m.tick(t, 5*time.Minute)
		if shown := m.channel("lead"); len(shown) != 3 || !strings.HasPrefix(shown[2], "@oncall 🔴 db fires again") {
			t.Errorf("when it fires again, the escalation's channel shows %q", shown)
		}
	})
}

func TestWhoSeesTheAlarmAlreadyIsPingedWhenItEscalates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {ops: {discord: "ssm:/ops"}, web: {discord: "ssm:/web"}}
mentions: {boss: {discord: ["role:123456789012345678"]}}
rules: [{to: [ops, web], escalate: {after: 15m, to: [ops], mention: boss}}]
`)
		m.changes(t, 0, "db", "OK", "ALARM")
		for range 6 {
			m.tick(t, 5*time.Minute)
		}
		m.wants(t, "🔴 ALARM db", "@oncall ⏰ **db** is still in ALARM after **15 min** →#1 (pings)")
		if shown := m.channel("web"); !slices.Equal(shown, []string{"🔴 ALARM db"}) {
			t.Errorf("the other channel shows %q", shown)
		}
	})
}

func TestAnEscalationThatFailsIsMadeWhenItCanBe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, "destinations: {ops: {discord: \"ssm:/ops\"}, lead: {slack: \"ssm:/lead\"}}\nrules: [{to: [ops], escalate: {after: 15m, to: [lead]}}]\n")
		m.changes(t, 0, "db", "OK", "ALARM")
		m.tick(t, 10*time.Minute)
		m.slack.Break(hanging)
		m.tick(t, 5*time.Minute)
		m.slack.Mend()
		m.tick(t, 20*time.Minute)
		m.tick(t, 5*time.Minute)
		if shown := m.slack.Messages(m.slacks["lead"].Channel); len(shown) != 1 {
			t.Errorf("Slack shows %d messages", len(shown))
		}
	})
}

func TestWhoTakesCareOfAnAlarmIsShownAndStopsItsRemindersAndEscalation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, escalating)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.tick(t, 5*time.Minute)
		answer, err := m.order(t, relay.Order{Do: relay.OrderAck, Alarm: "d*", By: "mina"})
		if err != nil || len(answer.Acked) != 1 || answer.Acked[0].Alarm != "db" || answer.Acked[0].Destination != "ops" {
			t.Errorf("answer %+v, %v", answer, err)
		}
		for range 24 {
			m.tick(t, 5*time.Minute)
		}
		m.wants(t, "🔴 ALARM db (edited 1)")
		contains(t, m.text("ops"), "mina")
		if shown := m.channel("lead"); shown != nil {
			t.Errorf("it escalated: %q", shown)
		}
		m.changes(t, 0, "db", "ALARM", "OK")
		m.changes(t, time.Minute, "db", "OK", "ALARM")
		if strings.Contains(m.text("ops"), "mina takes care") {
			t.Errorf("it fires anew, and somebody still takes care of it: %s", m.text("ops"))
		}
		for range 4 {
			m.tick(t, 5*time.Minute)
		}
		if shown := m.channel("lead"); len(shown) != 1 {
			t.Errorf("it fired anew, and nobody took care: %q", shown)
		}
	})
}
