package relay_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
)

const oneDiscord = `
destinations: {ops: {discord: "ssm:/ops"}}
mentions: {oncall: {discord: ["role:123456789012345678"]}}
rules: [{to: [ops], mention: oncall}]
`

// jump is a link that leads to a message.
var jump = regexp.MustCompile(`\[(.)\]\(https://discord\.com/channels/\d+/(\d+)/(\d+)\)`)

// channel is what a Discord channel shows, one line a message: its edits, whom it wakes, and what it says, with the number of the message
// that a link leads to.
func (d *desk) channel(destination string) (shown []string) {
	messages := d.discord.Messages(d.hooks[destination].Channel)
	for _, m := range messages {
		var says []string
		if len(m.Embeds) == 0 {
			says = append(says, m.Content)
		}
		for _, e := range m.Embeds {
			says = append(says, e.Title)
		}
		line := strings.ReplaceAll(strings.Join(says, " | "), "<@&123456789012345678>", "@oncall")
		line = jump.ReplaceAllStringFunc(line, func(link string) string {
			parts := jump.FindStringSubmatch(link)
			at := slices.IndexFunc(messages, func(m fake.Message) bool { return m.ID == parts[3] && m.Channel == parts[2] })
			return fmt.Sprintf("%s#%d", parts[1], at+1)
		})
		if m.Edits > 0 {
			line += fmt.Sprintf(" (edited %d)", m.Edits)
		}
		switch {
		case len(m.Pings) > 0:
			line += " (pings)"
		case m.Silent():
			line += " (silent)"
		}
		shown = append(shown, line)
	}
	return shown
}

// step lets some time pass, and an alarm change.
func (m *mapping) step(t *testing.T, after time.Duration, name, from, to string) {
	t.Helper()
	time.Sleep(after)
	m.put(change(name, from, to, 0))
	m.run(t, time.Second)
}

func (m *mapping) wants(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, m.channel("ops")); diff != "" {
		t.Errorf("the channel shows (-want +got):\n%s", diff)
	}
	if m.queue.Len() != 0 || m.letters.Len() != 0 {
		t.Errorf("%d in the queue, %d dead letters", m.queue.Len(), m.letters.Len())
	}
}

func TestAnIncidentIsOneMessageThatTurnsGreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		m.step(t, 0, "db", "OK", "ALARM")
		m.wants(t, "🔴 ALARM db (pings)")
		m.step(t, 12*time.Minute, "db", "ALARM", "OK")
		m.wants(t, "🟢 RESOLVED db (edited 1) (pings)", "✅ db recovered after 12 min →#1 (silent)")
	})
}

func TestAnAlarmThatFlapsStaysInItsMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		m.step(t, 0, "db", "OK", "ALARM")
		m.step(t, 3*time.Minute, "db", "ALARM", "OK")
		m.step(t, time.Minute, "db", "OK", "ALARM") // the ping is four minutes old
		m.step(t, time.Minute, "db", "ALARM", "OK")
		m.step(t, 9*time.Minute, "db", "OK", "ALARM")
		m.step(t, time.Minute, "db", "ALARM", "INSUFFICIENT_DATA")
		m.step(t, time.Minute, "db", "INSUFFICIENT_DATA", "OK")
		m.step(t, 11*time.Minute, "db", "OK", "ALARM") // an incident of its own
		m.wants(t,
			"🟢 RESOLVED db (edited 6) (pings)",
			"✅ db recovered after 3 min →#1 (silent)",
			"🔴 db fires again (2nd time) →#1",
			"✅ db recovered after 5 min, having fired 2 times →#1 (silent)",
			"@oncall 🔴 db fires again (3rd time) →#1 (pings)",
			"✅ db recovered after 16 min, having fired 3 times →#1 (silent)",
			"🔴 ALARM db (pings)",
		)
	})
}

func TestRecoveriesOfADigestTurnItsLinesWithOneEditAndOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		for i := range 50 {
			m.put(change(fmt.Sprintf("a%02d", i), "OK", "ALARM", 0))
		}
		m.run(t, time.Second)
		time.Sleep(10 * time.Minute)
		for i := range 37 {
			m.put(change(fmt.Sprintf("a%02d", i), "ALARM", "OK", 0))
		}
		m.run(t, time.Second)
		shown := m.channel("ops")
		if len(shown) != 2 || !strings.HasSuffix(shown[0], "(edited 1) (pings)") || !strings.HasPrefix(shown[1], "✅ 37 alarms recovered: a00, a01, ") {
			t.Errorf("the channel shows %q", shown)
		}
		for i := 37; i < 50; i++ {
			m.put(change(fmt.Sprintf("a%02d", i), "ALARM", "OK", 0))
		}
		m.run(t, time.Second)
		shown = m.channel("ops")
		if len(shown) != 3 || strings.Contains(shown[0], "🔴") || !strings.Contains(shown[0], "(edited 2)") {
			t.Errorf("when all have recovered, the channel shows %q", shown)
		}
	})
}

func TestAMessageThatWasDeletedIsPostedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		m.step(t, 0, "db", "OK", "ALARM")
		hook := m.hooks["ops"]
		m.discord.DeleteMessage(m.discord.Messages(hook.Channel)[0].ID)
		m.step(t, time.Minute, "db", "ALARM", "OK")
		m.step(t, time.Minute, "db", "OK", "ALARM")
		m.wants(t, "🔴 ALARM db (edited 1) (silent)", "🔴 db fires again (2nd time) →#1")
	})
}

func TestARecoveryThatNobodySawClosesTheOldMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		m.step(t, 0, "db", "OK", "ALARM")
		m.step(t, time.Hour, "db", "OK", "ALARM")
		shown := m.channel("ops")
		if len(shown) != 2 || strings.Contains(shown[0], "🔴") || shown[1] != "🔴 ALARM db (pings)" {
			t.Errorf("the channel shows %q", shown)
		}
	})
}

func TestTheLateALARMCompletesTheMessageOfItsRecovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		fired := change("db", "OK", "ALARM", -time.Minute)
		m.step(t, 0, "db", "ALARM", "OK")
		m.put(fired)
		m.run(t, time.Second)
		m.wants(t, "🟢 RESOLVED db (edited 1) (silent)")
	})
}

func TestARuleSaysHowARecoveryIsTold(t *testing.T) {
	for recovery, want := range map[string][]string{
		"edit": {"🟢 RESOLVED db (edited 1)"},
		"post": {"🔴 ALARM db", "✅ db recovered after 5 min (silent)"},
		"both": {"🟢 RESOLVED db (edited 1)", "✅ db recovered after 5 min →#1 (silent)"},
	} {
		t.Run(recovery, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMapping(t, "destinations: {ops: {discord: \"ssm:/ops\"}}\nrules: [{to: [ops], recovery: "+recovery+"}]\n")
				m.step(t, 0, "db", "OK", "ALARM")
				m.step(t, 5*time.Minute, "db", "ALARM", "OK")
				m.wants(t, want...)
			})
		})
	}
}

func TestWhereNothingCanBeEditedARecoveryIsAShortMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, "destinations: {ops: {slack: \"ssm:/ops\"}}\nrules: [{to: [ops]}]\n")
		m.step(t, 0, "db", "OK", "ALARM")
		m.step(t, 12*time.Minute, "db", "ALARM", "OK")
		shown := m.slack.Messages(m.slacks["ops"].Channel)
		if len(shown) != 2 || !strings.Contains(shown[1].Text, "db recovered after 12 min") || len(shown[1].Attachments) > 0 {
			t.Errorf("the channel shows %+v", shown)
		}
	})
}

func TestAtASlackBotAnIncidentHasAThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneBot)
		m.step(t, 0, "db", "OK", "ALARM")
		m.step(t, time.Minute, "db", "ALARM", "OK")
		m.step(t, time.Minute, "db", "OK", "ALARM")
		shown := m.slack.Messages(m.slacks["ops"].Channel)
		if len(shown) != 3 || shown[0].Edits != 2 || shown[1].Thread != shown[0].TS || shown[2].Thread != shown[0].TS {
			t.Fatalf("the channel shows %+v", shown)
		}
		if shown[1].Broadcast || !shown[2].Broadcast {
			t.Errorf("that it fires again is for all to see, and that it recovered only for the thread: %+v", shown[1:])
		}
	})
}

// mute has somebody mute alarms by an order.
func (m *mapping) mute(t *testing.T, pattern string, span time.Duration) {
	t.Helper()
	item := incident.Known[incident.Mutes]{Item: incident.Item{ID: incident.MutesID()}}
	if err := item.Is.Add(time.Now(), incident.Mute{Alarm: pattern, Since: time.Now(), Until: time.Now().Add(span)}); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Store.Write(t.Context(), item.Packed(time.Now().Add(span))); err != nil {
		t.Fatal(err)
	}
}

func TestAMessageTurnsGreenInAMute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		m.step(t, 0, "db", "OK", "ALARM")
		m.mute(t, "d*", time.Hour)
		m.step(t, time.Minute, "db", "ALARM", "OK")
		m.step(t, time.Minute, "disk", "OK", "ALARM")
		m.step(t, time.Minute, "web", "OK", "ALARM")
		m.wants(t, "🟢 RESOLVED db (edited 1) (pings)", "🔴 ALARM web (pings)")
	})
}

func TestAStateThatARuleIgnoresChangesTheMessageWithoutALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, "destinations: {ops: {discord: \"ssm:/ops\"}}\nrules: [{to: [ops], ignore: [OK]}]\n")
		m.step(t, 0, "db", "OK", "ALARM")
		m.step(t, time.Minute, "db", "ALARM", "OK")
		m.step(t, time.Minute, "web", "ALARM", "OK")
		m.wants(t, "🟢 RESOLVED db (edited 1)")
	})
}
