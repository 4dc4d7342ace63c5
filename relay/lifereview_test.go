package relay_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/incident"
)

func TestADigestThatLastsForMonthsIsNotForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		for i := range 12 {
			m.is(fmt.Sprintf("a%02d", i), alert.StateAlarm)
			m.put(change(fmt.Sprintf("a%02d", i), "OK", "ALARM", 0))
		}
		m.run(t, time.Second)
		for range 70 {
			m.tick(t, 24*time.Hour)
		}
		m.changes(t, time.Hour, "a00", "ALARM", "OK")
		m.isTrue(t, 0, 12, true)
	})
}

// TestOldMessagesThatTakeNoEditNowAreChangedLater has more alarms fire anew, whose recovery nobody saw, than Discord lets old messages
// change at once.
func TestOldMessagesThatTakeNoEditNowAreChangedLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		const alarms = 8
		name := func(i int) string { return fmt.Sprintf("a%02d", i) }
		for i := range alarms {
			m.changes(t, 2*time.Minute, name(i), "OK", "ALARM")
		}
		time.Sleep(2 * time.Hour)
		for i := range alarms {
			m.is(name(i), alert.StateAlarm)
			m.put(change(name(i), "OK", "ALARM", 0))
		}
		m.run(t, time.Minute)
		if closed := len(m.states("ops")["⚪"]); closed == alarms {
			t.Fatalf("all %d messages took their edit at once", closed)
		}
		for range 4 {
			m.tick(t, 5*time.Minute)
		}
		for i := range alarms {
			m.is(name(i), alert.StateOK)
			m.put(change(name(i), "ALARM", "OK", 0))
		}
		m.run(t, time.Minute)
		m.tick(t, time.Minute)
		shown := m.states("ops")
		if len(shown["🔴"]) != 0 || len(shown["⚪"]) != alarms || len(shown["🟢"]) != alarms {
			t.Errorf("the channel shows %v", shown)
		}
		m.wantsOpen(t, 0)
	})
}

// oldTakesNoEdit is a channel whose messages take no edit for a while.
type oldTakesNoEdit struct {
	relay.Channel
	until time.Time
}

func (c oldTakesNoEdit) Edit(ctx context.Context, ref relay.Ref, m formatter.Message) (relay.Ref, error) {
	if time.Now().Before(c.until) {
		return relay.Ref{}, &relay.LimitError{RetryAfter: time.Minute, Message: true}
	}
	return c.Channel.Edit(ctx, ref, m)
}

func TestARecoveryThatWasToldBesideItsMessageIsShownThereLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "a00", "OK", "ALARM")
		m.Channels["ops"] = oldTakesNoEdit{m.Channels["ops"], time.Now().Add(time.Hour)}
		m.changes(t, time.Minute, "a00", "ALARM", "OK")
		m.run(t, 30*time.Minute)
		m.wants(t, "🔴 ALARM a00 (pings)", "🟢 RESOLVED a00 (silent)")
		m.wantsOpen(t, 1)
		m.tick(t, time.Hour)
		m.wants(t, "🟢 RESOLVED a00 (edited 1) (pings)", "🟢 RESOLVED a00 (silent)")
		m.wantsOpen(t, 0)
	})
}

// TestAnIncidentGoesOnWhereItsDestinationHasBecomeAnother has the destination of a name be somewhere else from one day to the next: what
// was posted there before is nowhere to be found.
func TestAnIncidentGoesOnWhereItsDestinationHasBecomeAnother(t *testing.T) {
	forum := strings.Replace(oneDiscord, `"ssm:/ops"`, `"ssm:/ops", thread: incident`, 1)
	places := map[string]string{"Discord": oneDiscord, "a forum": forum, "Slack": oneSlack, "a bot": oneBot}
	for from, before := range places {
		for to, after := range places {
			t.Run(from+" to "+to, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					was, is := newMapping(t, before), newMapping(t, after)
					is.Store = was.Store
					for m, config := range map[*mapping]string{was: before, is: after} {
						if config == forum {
							m.forum(t, "ops")
						}
					}
					was.step(t, 0, "db", "OK", "ALARM")
					is.step(t, time.Minute, "db", "ALARM", "OK")
					is.step(t, time.Minute, "db", "OK", "ALARM")
					is.step(t, time.Minute, "db", "ALARM", "OK")
					said := is.slackText("ops")
					if hook, ok := is.hooks["ops"]; ok {
						said = ""
						for _, m := range is.discord.Messages(hook.Channel) {
							said += m.Content + "\n"
						}
					}
					if !strings.Contains(said, "db recovered after 3 min, having fired 2 times") || is.queue.Len() != 0 || is.letters.Len() != 0 {
						t.Errorf("%d left, %v, people read\n%s", is.queue.Len(), is.deadLetters(), said)
					}
				})
			})
		}
	}
}

// counted is a store that counts what is kept of digests.
type counted struct {
	incident.Store
	read, biggest int
}

func (c *counted) Read(ctx context.Context, ids ...incident.ID) ([]incident.Item, error) {
	c.read = max(c.read, len(ids))
	items, err := c.Store.Read(ctx, ids...)
	for _, i := range items {
		c.biggest = max(c.biggest, len(i.Facts))
	}
	return items, err
}

func TestADigestThatKeepsChangingStaysAsLargeAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		store := &counted{Store: m.Store}
		m.Store = store
		for i := range 30 {
			m.put(change(fmt.Sprintf("a%02d", i), "OK", "ALARM", 0))
		}
		m.run(t, time.Second)
		for range 100 {
			m.step(t, time.Minute, "a00", "ALARM", "OK")
			m.step(t, time.Minute, "a00", "OK", "ALARM")
		}
		if store.read > 60 || store.biggest > 50<<10 {
			t.Errorf("%d items are read at once, the biggest has %d bytes", store.read, store.biggest)
		}
		if red := len(m.states("ops")["🔴"]); red != 30 {
			t.Errorf("%d are shown in ALARM", red)
		}
	})
}
