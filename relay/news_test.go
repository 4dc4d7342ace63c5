package relay_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"
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
