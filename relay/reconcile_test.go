package relay_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

func TestALostOKHeals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		time.Sleep(5 * time.Minute)
		m.is("db", alert.StateOK)
		lost := change("db", "ALARM", "OK", 0)
		m.tick(t, 4*time.Minute)
		m.wants(t, "🔴 ALARM db (pings)") // the queue may still bring it
		m.tick(t, 5*time.Minute)
		want := []string{"🟢 RESOLVED db (edited 1) (pings)", "✅ db recovered after 5 min →#1 (silent)"}
		m.wants(t, want...)

		// Its notification comes after all, twice.
		m.put(lost, lost)
		m.run(t, time.Second)
		m.tick(t, 5*time.Minute)
		m.wants(t, want...)
		m.changes(t, 20*time.Minute, "db", "OK", "ALARM")
		m.wants(t, append(want, "🔴 ALARM db (pings)")...)
	})
}

func TestALostOKHealsWhereNothingCanBeEditedAndInABotsThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {hook: {slack: "ssm:/hook"}, room: {slack_bot: "ssm:/room", channel: C0123456789}}
rules: [{to: [hook, room]}]
`)
		m.changes(t, 0, "db", "OK", "ALARM")
		time.Sleep(5 * time.Minute)
		m.is("db", alert.StateOK)
		lost := change("db", "ALARM", "OK", 0)
		m.tick(t, 10*time.Minute)
		m.put(lost)
		m.run(t, time.Second)
		m.tick(t, 5*time.Minute)
		hook, room := m.slack.Messages(m.slacks["hook"].Channel), m.slack.Messages(m.slacks["room"].Channel)
		if len(hook) != 2 || !strings.HasPrefix(hook[1].Text, "✅ db recovered after 5 min") {
			t.Errorf("the webhook's channel shows %d messages:\n%s", len(hook), m.slackText("hook"))
		}
		if len(room) != 2 || room[0].Edits != 1 || room[1].Thread != room[0].TS || !strings.HasPrefix(room[1].Text, "✅ db recovered after 5 min") {
			t.Errorf("the bot's channel shows %+v", room)
		}
	})
}

func TestANotificationThatComesBeforeTheTickIsNotToldTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, 5*time.Minute, "db", "ALARM", "OK")
		want := m.channel("ops")
		m.tick(t, 10*time.Minute)
		m.tick(t, 5*time.Minute)
		m.wants(t, want...)
	})
}

func TestAnAlarmThatWasDeletedIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.remove("db")
		m.tick(t, 15*time.Minute)
		m.tick(t, 5*time.Minute)
		m.wants(t, "⚪ CLOSED db (edited 1) (pings)")
		contains(t, m.text("ops"), "The alarm was deleted")
	})
}

func TestWhatHasNoDataTurnsItsMessageAndTellsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, "destinations: {ops: {discord: \"ssm:/ops\"}, hook: {slack: \"ssm:/hook\"}}\nrules: [{to: [ops, hook]}]\n")
		m.changes(t, 0, "db", "OK", "ALARM")
		time.Sleep(time.Minute)
		m.is("db", alert.StateInsufficientData)
		m.tick(t, 9*time.Minute+10*time.Second)
		m.wants(t, "⚪ INSUFFICIENT DATA db (edited 1)")
		m.is("db", alert.StateAlarm)
		m.tick(t, 3*time.Minute)
		m.wants(t, "🔴 ALARM db (edited 2)", "🔴 db fires again (2nd time) →#1")
		if shown := m.slack.Messages(m.slacks["hook"].Channel); len(shown) != 1 {
			t.Errorf("Slack shows %d messages", len(shown))
		}
	})
}

// ofSeries is CloudWatch's message about one series of an alarm.
func ofSeries(name, from, to, series string) string {
	return strings.Replace(change(name, from, to, 0), "{", `{"AlarmContributorId":"`+series+`","AlarmContributorAttributes":{"host":"`+series+`"},`, 1)
}

func TestTheSeriesOfAnAlarmAreComparedOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.is("cpu", alert.StateAlarm, func(s *relay.Standing) { s.Many = true })
		one := m.alarms["cpu"].Alert
		one.Contributor = &alert.Contributor{ID: "b", Attributes: map[string]string{"host": "b"}}
		one = alert.Described(one, "")
		m.series["cpu"] = []alert.Alert{one}
		m.put(ofSeries("cpu", "OK", "ALARM", "a"), ofSeries("cpu", "OK", "ALARM", "b"))
		m.run(t, time.Second)
		time.Sleep(12 * time.Minute)
		lost := ofSeries("cpu", "ALARM", "OK", "a")
		m.tick(t, 3*time.Minute)
		want := []string{
			"🟢 RESOLVED cpu · a (edited 1) (pings)", "🔴 ALARM cpu · b (pings)", "✅ cpu · a recovered after 15 min →#1 (silent)",
		}
		m.wants(t, want...)
		m.put(lost)
		m.run(t, time.Second)
		m.wants(t, want...)
	})
}

func TestWhatNoRuleTellsAnyMoreTurnsGreenWhereItWasTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, twoChannels)
		m.changes(t, 0, "db", "OK", "ALARM")
		rules, err := rule.Parse("alarmrelay.yaml", []byte("destinations: {ops: {discord: \"ssm:/ops\"}, backend: {slack: \"ssm:/backend\"}}\nrules: [{to: []}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		m.Rules = rules
		m.is("db", alert.StateOK)
		m.tick(t, 15*time.Minute)
		m.tick(t, 5*time.Minute)
		m.wants(t, "🟢 RESOLVED db (edited 1)", "✅ db recovered →#1 (silent)")
		if shown := m.slack.Messages(m.slacks["backend"].Channel); len(shown) != 2 {
			t.Errorf("Slack shows %d messages", len(shown))
		}
		m.wantsOpen(t, 0)
	})
}

func TestWhatARuleIgnoresEndsInSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, "destinations: {ops: {discord: \"ssm:/ops\"}, hook: {slack: \"ssm:/hook\"}}\nrules: [{to: [ops, hook], ignore: [OK]}]\n")
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, time.Minute, "db", "ALARM", "OK")
		m.wantsOpen(t, 1)
		m.tick(t, 15*time.Minute)
		m.wants(t, "🟢 RESOLVED db (edited 1)")
		if shown := m.slack.Messages(m.slacks["hook"].Channel); len(shown) != 1 {
			t.Errorf("Slack shows %d messages", len(shown))
		}
		m.wantsOpen(t, 0)
	})
}

func TestWhatAFallbackWasToldHealsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, strings.Replace(withFallback, "rules: [{to: [ops]}]", "rules: [{to: [ops], remind: 1h}]", 1))
		m.discord.RemoveWebhook(m.hooks["ops"].ID)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.tick(t, time.Hour)
		m.is("db", alert.StateOK)
		m.tick(t, 15*time.Minute)
		m.tick(t, 5*time.Minute)
		want := []string{"🟢 RESOLVED db (edited 1)", "⏰ **db** is still in ALARM after **1 h** →#1", "✅ db recovered after 1 h →#1 (silent)"}
		if diff := cmp.Diff(want, m.channel("spare")); diff != "" {
			t.Errorf("the fallback shows (-want +got):\n%s", diff)
		}
		m.wantsOpen(t, 0)
	})
}

// TestWhatTheFallbackOfADeadDestinationWasToldIsNotFoundAgain has the recovery of an alarm told at the fallback, so that the dead
// destination's message stays red.
func TestWhatTheFallbackOfADeadDestinationWasToldIsNotFoundAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, withFallback)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.discord.RemoveWebhook(m.hooks["ops"].ID)
		m.changes(t, time.Minute, "db", "ALARM", "OK")
		m.changes(t, 0, "other", "OK", "ALARM")
		want := m.channel("spare")
		for range 4 {
			m.tick(t, 5*time.Minute)
		}
		if diff := cmp.Diff(want, m.channel("spare")); diff != "" {
			t.Errorf("the fallback shows (-want +got):\n%s", diff)
		}
	})
}

func TestWhatIsHeldBackAtCloudWatchIsNotFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, time.Minute, "db", "ALARM", "INSUFFICIENT_DATA")
		m.is("db", alert.StateAlarm, func(s *relay.Standing) { s.Quiet = "its actions are suppressed by deploying" })
		m.tick(t, 15*time.Minute)
		m.wants(t, "⚪ INSUFFICIENT DATA db (edited 1) (pings)")
	})
}

func TestWhatPeopleKnowIsNewerThanWhatCloudWatchSaysCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.step(t, 20*time.Minute, "db", "ALARM", "OK") // and CloudWatch's answers lag behind
		want := m.channel("ops")
		m.tick(t, time.Minute)
		m.wants(t, want...)
	})
}

func TestWhatRulesAskedForWhenItFiredTheyAskForWhenItHeals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {ops: {discord: "ssm:/ops"}}
rules: [{match: {topic: "*:alerts"}, to: [ops], recovery: edit}, {to: [ops]}]
`)
		body, _ := json.Marshal(map[string]string{"Type": "Notification", "MessageId": "1", "TopicArn": topic, "Message": change("db", "OK", "ALARM", 0)}) // texts always encode
		m.put(string(body))
		m.run(t, time.Second)
		m.is("db", alert.StateOK)
		m.tick(t, 15*time.Minute)
		m.wants(t, "🟢 RESOLVED db (edited 1)")
	})
}

func TestABusyDestinationKeepsNobodyElseWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, "destinations: {ops: {discord: \"ssm:/ops\"}, hook: {slack: \"ssm:/hook\"}}\nrules: [{to: [hook, ops], remind: 1h}]\n")
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, 0, "web", "OK", "ALARM")
		time.Sleep(time.Hour)
		m.is("web", alert.StateOK, func(s *relay.Standing) { s.ChangedAt = s.ChangedAt.Add(-30 * time.Minute) })
		items, err := m.Store.Read(t.Context(), incident.ID{Destination: "hook"})
		if err != nil {
			t.Fatal(err)
		}
		d, err := incident.Read[incident.Destination](items[0])
		if err != nil {
			t.Fatal(err)
		}
		d.Is.Take("another", time.Now(), time.Now().Add(time.Hour), nil)
		if _, err := m.Store.Write(t.Context(), d.Packed(time.Now().Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		m.tick(t, 0)
		m.wants(t, "🔴 ALARM db", "🟢 RESOLVED web (edited 1)", "✅ web recovered after 30 min →#2 (silent)", "⏰ **db** is still in ALARM after **1 h** →#1")
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestAnAlarmThatLastsForMonthsIsNotForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		for range 70 {
			m.tick(t, 24*time.Hour)
		}
		m.wants(t, "🔴 ALARM db (pings)")
		shown := m.discord.Messages(m.hooks["ops"].Channel)[0]
		post, err := m.Store.Read(t.Context(), incident.PostID("ops", relay.Ref{Message: shown.ID, Channel: shown.Channel}))
		if err != nil || post[0].Version == 0 {
			t.Errorf("what the message shows is forgotten: %+v, %v", post, err)
		}
		m.changes(t, time.Hour, "db", "ALARM", "OK")
		m.wants(t, "🟢 RESOLVED db (edited 1) (pings)", "✅ db recovered after 70 d 1 h →#1 (silent)")
	})
}

// wantsOpen counts what somebody has to look after.
func (m *ticking) wantsOpen(t *testing.T, want int) {
	t.Helper()
	if open, err := m.Store.Open(t.Context()); err != nil || len(open) != want {
		t.Errorf("%d are open, %v", len(open), err)
	}
}

func TestAlarmsOfOtherAccountsAndRegionsAreNotCompared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		abroad := strings.NewReplacer(":111122223333:", ":444455556666:")
		elsewhere := strings.NewReplacer(":ap-northeast-2:", ":us-east-1:")
		m.put(abroad.Replace(change("db", "OK", "ALARM", 0)), elsewhere.Replace(change("web", "OK", "ALARM", 0)))
		m.run(t, time.Second)
		m.is("db", alert.StateOK) // others of the same names
		m.tick(t, 15*time.Minute)
		m.wants(t, "🔴 ALARM db (pings)", "🔴 ALARM web (pings)")
	})
}
