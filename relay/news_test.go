package relay_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/relay/fake"
)

func TestAChangeFromTheFutureDoesNotSilenceWhatFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {discord: "ssm:/ops"}}
mentions: {oncall: {discord: ["role:123456789012345678"]}}
rules: [{to: [ops], mention: oncall}]
`)
		m.put(change("a", "ALARM", "OK", 5*365*24*time.Hour))
		m.run(t, time.Second)
		time.Sleep(time.Hour)
		m.put(change("a", "OK", "ALARM", 0))
		m.run(t, time.Second)
		shown := m.discord.Messages(m.hooks["ops"].Channel)
		if len(shown) != 2 || len(shown[1].Pings) != 1 {
			t.Errorf("shown %+v", shown)
		}
	})
}

func TestTwoRulesForOneAlarmInOneBatchPingEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {discord: "ssm:/ops"}}
mentions: {oncall: {discord: ["role:123456789012345678"]}, db: {discord: ["user:223456789012345678"]}}
rules: [{match: {topic: "*:db"}, to: [ops], mention: db}, {to: [ops], mention: oncall}]
`)
		of := func(topic, message string) string {
			raw, _ := json.Marshal(map[string]string{"Type": "Notification", "MessageId": topic, "TopicArn": "arn:aws:sns:ap-northeast-2:111122223333:" + topic, "Message": message})
			return string(raw)
		}
		body := alarm("a")
		m.put(of("ops", body), of("db", body))
		m.run(t, time.Minute)
		shown := m.discord.Messages(m.hooks["ops"].Channel)
		if len(shown) != 1 || len(shown[0].Pings) != 2 {
			t.Errorf("shown %+v", shown)
		}
	})
}

func TestWhatIsToldAgainAfterALostAnswerSaysSoAndIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.discord.Fail(fake.Fault{Kind: fake.AnswerLost})
		m.put(alarm("a"))
		m.run(t, 10*time.Minute)
		shown := m.discord.Messages(m.hooks["ops"].Channel)
		if len(shown) != 2 || m.counts.sum.Doubtful != 1 {
			t.Fatalf("%d messages, counted %+v", len(shown), m.counts.sum)
		}
		if text := shown[0].Embeds[0].Description; strings.Contains(text, "told before") {
			t.Errorf("the first says %q", text)
		}
		contains(t, shown[1].Embeds[0].Description, "May have been told before")
	})
}
