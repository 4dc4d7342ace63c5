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
)

// listed is what the list that is attached to a channel's first message says of alarms: the state of each.
func (m *mapping) listed(destination string, names ...string) (states []string) {
	message := m.discord.Messages(m.hooks[destination].Channel)[0]
	for line := range strings.Lines(string(message.Files[0].Data)) {
		columns := strings.Split(line, "\t")
		if len(columns) > 6 && slices.Contains(names, columns[6]) {
			states = append(states, columns[6]+" "+columns[0])
		}
	}
	slices.Sort(states)
	return states
}

// TestADigestWithAListIsOneMessageWhateverItsListIsCalled has the attached list be another file with every edit: the incidents
// that an edit did not change know the message with an older one.
func TestADigestWithAListIsOneMessageWhateverItsListIsCalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord+"storm: {messages: 3}\n")
		for i := range 300 {
			m.put(change(fmt.Sprintf("a%03d", i), "OK", "ALARM", 0))
		}
		m.run(t, time.Second)
		time.Sleep(time.Minute)
		m.put(change("a000", "ALARM", "OK", 0), change("a001", "ALARM", "OK", 0))
		m.run(t, time.Second)
		time.Sleep(time.Minute)
		m.put(change("a000", "OK", "ALARM", 0), change("a002", "ALARM", "OK", 0))
		m.run(t, time.Second)
		time.Sleep(time.Minute)
		before := m.discord.Messages(m.hooks["ops"].Channel)[0].Edits
		m.put(change("a003", "ALARM", "OK", 0))
		m.run(t, time.Second)
		want := []string{"a000 ALARM", "a001 OK", "a002 OK", "a003 OK", "a004 ALARM"}
		if diff := cmp.Diff(want, m.listed("ops", "a000", "a001", "a002", "a003", "a004")); diff != "" || before != 2 {
			t.Errorf("%d edits for two batches; the list says (-want +got):\n%s", before, diff)
		}
	})
}

// course is the history that Discord's first message tells, or Slack's last, without its times.
func (m *mapping) course(destination string) string {
	var said string
	if hook, ok := m.hooks[destination]; ok {
		said = m.discord.Messages(hook.Channel)[0].Embeds[0].Description
	} else {
		messages := m.slack.Messages(m.slacks[destination].Channel)
		for _, text := range messages[len(messages)-1].Texts() {
			said += text.Text + "\n"
		}
	}
	for line := range strings.Lines(said) {
		if strings.Contains(line, " → ") {
			return strings.TrimSpace(stamps.ReplaceAllString(line, ""))
		}
	}
	return ""
}

var stamps = regexp.MustCompile(` (<t:\d+:T>|<!date[^>]*>)`)

// TestTwoRecoveriesOfWhichNobodySawWhatLayBetweenAreBothInTheHistory has the second ALARM be late: the first recovery was told, and is
// still to be seen.
func TestTwoRecoveriesOfWhichNobodySawWhatLayBetweenAreBothInTheHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		m.step(t, 0, "db", "OK", "ALARM")
		m.put(change("db", "ALARM", "OK", time.Minute), change("db", "ALARM", "OK", 3*time.Minute))
		late := change("db", "OK", "ALARM", 2*time.Minute)
		time.Sleep(4 * time.Minute)
		m.run(t, time.Second)
		before := m.course("ops")
		m.put(late)
		m.run(t, time.Second)
		want := []string{"ALARM → OK → OK", "ALARM → OK → ALARM → OK"}
		if diff := cmp.Diff(want, []string{before, m.course("ops")}); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// TestOldNewsIsToldByWhatCameWithIt has the recovery of an hour ago come together with that of the next trouble: nothing lasts.
func TestOldNewsIsToldByWhatCameWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		m.step(t, 0, "db", "OK", "ALARM")
		m.step(t, time.Hour, "db", "OK", "ALARM")
		time.Sleep(time.Minute)
		m.put(change("db", "ALARM", "OK", -31*time.Minute), change("db", "ALARM", "OK", 0))
		m.run(t, time.Second)
		m.wants(t,
			"⚪ CLOSED db (edited 1) (pings)",
			"🟢 RESOLVED db (edited 1) (pings)",
			"🟢 OK db (silent)",
			"✅ db recovered after 1 min →#2 (silent)",
		)
	})
}

// TestTroublesThatCameTogetherAreInOneHistory has the service be away while an alarm has two troubles, too far apart to be one.
func TestTroublesThatCameTogetherAreInOneHistory(t *testing.T) {
	for config, before := range map[string]bool{oneDiscord: false, oneSlack: false, oneSlack + "# told of the first ALARM": true} {
		t.Run(config, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMapping(t, config)
				if before {
					m.step(t, 0, "db", "OK", "ALARM")
				} else {
					m.put(change("db", "OK", "ALARM", 0))
				}
				m.put(change("db", "ALARM", "OK", time.Minute), change("db", "OK", "ALARM", time.Hour), change("db", "ALARM", "OK", 61*time.Minute))
				time.Sleep(2 * time.Hour)
				m.run(t, time.Second)
				if got := m.course("ops"); got != "ALARM → OK → ALARM → OK" {
					t.Errorf("the history is %q", got)
				}
			})
		})
	}
}

const oneSlack = "destinations: {ops: {slack: \"ssm:/ops\"}}\nrules: [{to: [ops]}]\n"

// TestARecoveryThatComesBeforeItsALARMIsHeard has the relay be stopped after it said that an alarm fires again, and before it noted that: the
// recovery that comes first is told all the same.
func TestARecoveryThatComesBeforeItsALARMIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		m.step(t, 0, "db", "OK", "ALARM")
		m.step(t, 12*time.Minute, "db", "ALARM", "OK")
		again := change("db", "OK", "ALARM", time.Minute)
		m.step(t, 3*time.Minute, "db", "ALARM", "OK")
		m.put(again)
		m.run(t, time.Second)
		m.wants(t,
			"🟢 RESOLVED db (edited 3) (pings)",
			"✅ db recovered after 12 min →#1 (silent)",
			"✅ db recovered after 15 min →#1 (silent)",
		)
	})
}

// TestAMessageThatWasLeftBehindDoesNotTurnRedWhenItIsOver has a message take no edit when its alarm fires again, which is told in a new one.
// The old one is changed by a tick: once the trouble is over, and then to that.
func TestAMessageThatWasLeftBehindDoesNotTurnRedWhenItIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		m.step(t, 0, "db", "OK", "ALARM")
		m.step(t, 7*time.Minute, "db", "ALARM", "OK")
		m.discord.Break(fake.Fault{Kind: fake.LimitedEdits, Method: "PATCH", After: time.Minute})
		time.Sleep(time.Minute)
		m.put(change("db", "OK", "ALARM", 0))
		m.run(t, 10*time.Minute)
		m.discord.Mend()
		m.tell(t, `{"alarmrelay":"tick"}`)
		green, line := "🟢 RESOLVED db (edited 1) (pings)", "✅ db recovered after 7 min →#1 (silent)"
		m.wants(t, green, line, "🔴 ALARM db (pings)")
		m.step(t, 0, "db", "ALARM", "OK")
		time.Sleep(10 * time.Minute)
		m.tell(t, `{"alarmrelay":"tick"}`)
		m.wants(t, "🟢 RESOLVED db (edited 2) (pings)", line, green, "✅ db recovered after 11 min, having fired 2 times →#3 (silent)")
		if got := m.course("ops"); got != "ALARM → OK → ALARM → OK" {
			t.Errorf("the old message tells %q", got)
		}
	})
}

// tell invokes the function with an event that comes from no queue.
func (m *mapping) tell(t *testing.T, event string) {
	t.Helper()
	if _, err := m.handle(t, event); err != nil {
		t.Fatal(err)
	}
}
