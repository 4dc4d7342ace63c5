package relay_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/relay/fake"
)

func TestAMessageWhoseEditWasRefusedTurnsGreenWhenItIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		m.step(t, 0, "db", "OK", "ALARM")
		m.discord.Fail(fake.Fault{Kind: fake.Filtered}, fake.Fault{Kind: fake.Filtered}) // with embeds, and plain
		m.step(t, time.Minute, "db", "ALARM", "INSUFFICIENT_DATA")
		m.wants(t, "🔴 ALARM db (pings)", "⚪ INSUFFICIENT DATA db (silent)")
		time.Sleep(10 * time.Minute)
		m.tell(t, `{"alarmrelay":"tick"}`)
		m.step(t, time.Minute, "db", "INSUFFICIENT_DATA", "OK")
		time.Sleep(10 * time.Minute)
		m.tell(t, `{"alarmrelay":"tick"}`)
		green := "🟢 RESOLVED db (edited 1)"
		m.wants(t, green+" (pings)", green+" (silent)", "✅ db recovered after 12 min →#2 (silent)")
	})
}

// TestWhatWasShownBeforeAnEditWasRefusedIsNotForgotten has two alarms share a message and recover at once, each with an edit of its own
// because one has a graph. The second edit is refused.
func TestWhatWasShownBeforeAnEditWasRefusedIsNotForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, _ := newGallery(t, "destinations: {ops: {discord: \"ssm:/ops\"}}\nrules: [{match: {alarm: a}, to: [ops], graph: true}, {to: [ops]}]\nstorm: {messages: 1}\n")
		m.deliver(t, metricAlarm("a"), metricAlarm("b"))
		time.Sleep(20 * time.Minute)
		m.discord.Fail(fake.Fault{Kind: fake.Slow, Method: "PATCH", After: time.Millisecond}, fake.Fault{Kind: fake.Filtered, Method: "PATCH"})
		recovered := strings.NewReplacer(`"NewStateValue":"ALARM","OldStateValue":"OK"`, `"NewStateValue":"OK","OldStateValue":"ALARM"`)
		m.deliver(t, recovered.Replace(metricAlarm("a")), recovered.Replace(metricAlarm("b")))
		time.Sleep(10 * time.Minute)
		m.tell(t, `{"alarmrelay":"tick"}`)
		if shown := m.channel("ops")[0]; strings.Count(shown, "🟢 RESOLVED") != 2 {
			t.Errorf("the message shows %s", shown)
		}
	})
}

func TestAMessageThatIsClosedLaterKeepsItsOwnWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		fires := func(why string) {
			m.put(strings.ReplaceAll(change("db", "OK", "ALARM", 0), "Threshold Crossed", why))
			m.run(t, time.Second)
		}
		fires("the first reason")
		time.Sleep(3 * time.Hour)
		m.discord.Fail(fake.Fault{Kind: fake.Filtered, Method: "PATCH"}, fake.Fault{Kind: fake.Filtered, Method: "PATCH"})
		fires("the second reason")
		time.Sleep(10 * time.Minute)
		m.tell(t, `{"alarmrelay":"tick"}`)
		m.wants(t, "⚪ CLOSED db (edited 1) (pings)", "🔴 ALARM db (pings)")
		if closed := m.discord.Messages(m.hooks["ops"].Channel)[0].Embeds[0]; !strings.Contains(closed.Description, "the first reason") {
			t.Errorf("the old message says %s", closed.Description)
		}
	})
}

// TestADigestThatTookNoEditIsCaughtUpWithOne has the service refuse every edit for a while, and as long as the test lasts.
func TestADigestThatTookNoEditIsCaughtUpWithOne(t *testing.T) {
	for _, forEver := range []bool{false, true} {
		t.Run(fmt.Sprint("refused for ever: ", forEver), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMapping(t, oneDiscord+"storm: {messages: 3}\n")
				for i := range 200 {
					m.put(change(fmt.Sprint("a", i), "OK", "ALARM", 0))
				}
				m.run(t, time.Second)
				time.Sleep(20 * time.Minute)
				m.discord.Break(fake.Fault{Kind: fake.Filtered, Method: "PATCH"})
				for i := range 60 {
					m.put(change(fmt.Sprint("a", i), "ALARM", "OK", 0))
				}
				m.run(t, time.Minute)
				if !forEver {
					m.discord.Mend()
				}
				edits := func() (n int) {
					for _, e := range m.discord.Log() {
						if e.Method == "PATCH" {
							n++
						}
					}
					return n
				}
				time.Sleep(5 * time.Minute)
				before := edits()
				m.tell(t, `{"alarmrelay":"tick"}`)
				tried := edits() - before
				time.Sleep(5 * time.Minute)
				m.tell(t, `{"alarmrelay":"tick"}`)
				if again := edits() - before - tried; tried == 0 || tried > 2*len(m.channel("ops")) || again > 0 { // with embeds, and plain
					t.Errorf("%d edits, and then %d more, of %q", tried, again, m.channel("ops"))
				}
			})
		})
	}
}
