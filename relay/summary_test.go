package relay_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

const summarising = `
destinations: {ops: {discord: "ssm:/ops", fallback: spare}, hook: {slack: "ssm:/hook"}, spare: {discord: "ssm:/spare"}}
rules: [{match: {alarm: night-*}, to: [ops], mute: "20:00-24:00"}, {to: [ops, hook]}]
summary: {at: "09:00", to: [ops]}
`

// until lets time pass until a time of day, with ticks.
func (m *ticking) until(t *testing.T, hour, minute int) {
	t.Helper()
	for now := time.Now().UTC(); now.Hour() != hour || now.Minute() != minute; now = time.Now().UTC() {
		m.tick(t, 5*time.Minute)
	}
}

func TestTheDailySummaryTellsWhatIsOpenAndWhatHappened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, summarising)
		m.tick(t, 0)
		m.changes(t, 0, "db", "OK", "ALARM")
		for range 3 {
			m.changes(t, 20*time.Minute, "web", "OK", "ALARM")
			m.changes(t, 5*time.Minute, "web", "ALARM", "OK")
		}
		m.put(change("db", "OK", "ALARM", -75*time.Minute)) // once more, from another time
		m.run(t, time.Second)
		m.changes(t, 0, "night-job", "INSUFFICIENT_DATA", "OK")
		if _, err := m.order(t, relay.Order{Do: relay.OrderAck, Alarm: "db", By: "mina"}); err != nil {
			t.Fatal(err)
		}
		if _, err := m.order(t, relay.Order{Do: relay.OrderMute, Alarm: "staging-*", For: "1d", By: "joe", Why: "load test"}); err != nil {
			t.Fatal(err)
		}
		m.is("quiet", alert.StateAlarm, func(s *relay.Standing) { s.Quiet = "it is muted by the mute rule weekend" })
		before := len(m.channel("ops"))
		time.Sleep(45 * time.Minute)
		m.until(t, 9, 0)
		shown := m.channel("ops")[before:]
		if len(shown) != 1 || !strings.HasSuffix(shown[0], "(silent)") {
			t.Fatalf("the channel shows %q", shown)
		}
		messages := m.discord.Messages(m.hooks["ops"].Channel)
		said := fmt.Sprint(messages[len(messages)-1].Embeds)
		contains(t, said, "**db**", "mina takes care of it", "4 fired, 3 recovered, 1 open", "**web** ×3", "staging-*", "load test", "joe", "mute rule weekend", messages[0].ID, "15 alerts delivered · 2 duplicates left out")
		for range 20 {
			m.tick(t, time.Hour)
		}
		if n := len(m.channel("ops")) - before; n != 1 {
			t.Errorf("%d summaries in a day", n)
		}
		m.until(t, 9, 0)
		if n := len(m.channel("ops")) - before; n != 2 {
			t.Errorf("%d summaries in two days", n)
		}
		if shown := m.slackText("hook"); strings.Contains(shown, "Daily summary") {
			t.Errorf("Slack shows %s", shown)
		}
	})
}

func TestTheDailySummaryCountsWhatHealedAndNoRetryAsADuplicate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, summarising)
		m.tick(t, 0)
		m.slack.Break(fake.Fault{Kind: fake.Down})
		m.changes(t, 8*time.Hour, "db", "OK", "ALARM")
		m.run(t, 10*time.Minute)
		m.slack.Mend()
		m.run(t, 10*time.Minute)
		m.is("db", alert.StateOK)
		m.tick(t, 15*time.Minute)
		m.changes(t, 0, "web", "OK", "ALARM")
		time.Sleep(15*time.Minute - time.Since(time.Now().Truncate(15*time.Minute)))
		m.until(t, 8, 55)
		time.Sleep(4*time.Minute + 30*time.Second)
		m.is("web", alert.StateOK)
		m.tick(t, 30*time.Second)
		messages := m.discord.Messages(m.hooks["ops"].Channel)
		said := fmt.Sprint(messages[len(messages)-1].Embeds)
		contains(t, said, "Nothing is in ALARM", "2 fired, 1 recovered, 0 open", "failed attempts")
		if strings.Contains(said, "duplicate") {
			t.Errorf("retries count as duplicates: %s", said)
		}
	})
}

func TestRulesThatAreMutedStandInTheSummary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, strings.Replace(summarising, `"09:00"`, `"21:00"`, 1))
		m.tick(t, 0)
		m.changes(t, 20*time.Hour, "night-job", "OK", "ALARM")
		m.until(t, 21, 0)
		messages := m.discord.Messages(m.hooks["ops"].Channel)
		if len(messages) != 1 {
			t.Fatalf("%d messages", len(messages))
		}
		contains(t, fmt.Sprint(messages[0].Embeds), "rule 1", "20:00-24:00", "night-job", "1 alarm in ALARM")
	})
}

func TestASummaryThatOneDestinationLacksIsToldThereLaterAndNobodyElseAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, strings.Replace(summarising, "to: [ops]}\n", "to: [hook, ops]}\n", 1))
		m.tick(t, 0)
		m.tick(t, 8*time.Hour+55*time.Minute)
		m.slack.Break(fake.Fault{Kind: fake.Hang})
		m.tick(t, 5*time.Minute)
		m.tick(t, 5*time.Minute)
		m.slack.Mend()
		for range 4 {
			m.tick(t, 10*time.Minute)
		}
		if n := strings.Count(m.slackText("hook"), "Daily summary"); n == 0 {
			t.Errorf("Slack shows %s", m.slackText("hook"))
		}
		if a, b := len(m.slack.Messages(m.slacks["hook"].Channel)), len(m.channel("ops")); a != 1 || b != 1 {
			t.Errorf("%d and %d summaries", a, b)
		}
	})
}

func TestASummaryForADeadDestinationIsToldAtItsFallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, summarising)
		m.tick(t, 0)
		m.discord.RemoveWebhook(m.hooks["ops"].ID)
		m.tick(t, 9*time.Hour)
		m.tick(t, 5*time.Minute)
		if shown := m.channel("spare"); len(shown) != 1 || !strings.Contains(shown[0], "Daily summary") {
			t.Errorf("the fallback shows %q", shown)
		}
	})
}
