package relay_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

// The tests of this file are the lines of "What happens to each record" in docs/architecture.md.

func TestWhatTheQueueDeliversTwiceIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, twoChannels)
		body := alarm("a")
		m.put(body, body)
		m.run(t, time.Minute)
		time.Sleep(time.Minute)
		m.put(body)
		m.run(t, time.Minute)
		if n := m.accepted("POST"); n != 2 || m.queue.Len() != 0 {
			t.Errorf("%d posts, %d messages left", n, m.queue.Len())
		}
		if m.counts.sum.Delivered != 2 || m.counts.sum.Duplicate != 4 { // two copies at two destinations
			t.Errorf("counted %+v", m.counts.sum)
		}
	})
}

func TestARetryReachesOnlyTheDestinationsThatLackIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, twoChannels)
		m.discord.Fail(fake.Fault{Kind: fake.Down, Status: 503}, fake.Fault{Kind: fake.Down, Status: 503}, fake.Fault{Kind: fake.Down, Status: 503})
		m.put(alarm("a"))
		m.run(t, time.Second)
		if discord, slack := len(m.titles("ops")), len(m.slack.Messages(m.slacks["backend"].Channel)); discord != 0 || slack != 1 {
			t.Errorf("at first Discord shows %d, Slack %d", discord, slack)
		}
		m.run(t, 10*time.Minute)
		if discord, slack := len(m.titles("ops")), len(m.slack.Messages(m.slacks["backend"].Channel)); discord != 1 || slack != 1 {
			t.Errorf("in the end Discord shows %d, Slack %d", discord, slack)
		}
	})
}

func TestWhereNothingCanBeEditedAnOlderStateIsToldAsOldNewsAndPingsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {slack: "ssm:/ops"}}
mentions: {oncall: {slack: ["subteam:S012ABC"]}}
rules: [{to: [ops], mention: oncall}]
`)
		fired := change("a", "OK", "ALARM", 0)
		m.put(change("a", "ALARM", "OK", 40*time.Second))
		m.run(t, time.Second)
		m.put(fired)
		m.run(t, time.Minute)
		shown := m.slack.Messages(m.slacks["ops"].Channel)
		if len(shown) != 2 {
			t.Fatalf("%d messages", len(shown))
		}
		if late := shown[1]; len(late.Pings) > 0 || strings.Contains(late.Attachments[0].Fallback, "🔴") {
			t.Errorf("the late ALARM: %+v", late)
		}
	})
}

func TestALimitThatTakesLongGoesBackToTheQueueForAsLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.discord.Fail(fake.Fault{Kind: fake.Limited, After: 47 * time.Second})
		m.put(alarm("a"))
		start := time.Now()
		m.once(t)
		if took := time.Since(start); took > time.Second {
			t.Errorf("waited %v inside the invocation", took)
		}
		at, _ := m.queue.NextVisible()
		if back := at.Sub(start); back < 47*time.Second || back > 50*time.Second {
			t.Errorf("comes back after %v", back)
		}
		// What comes meanwhile does not ask the service.
		m.put(alarm("b"))
		m.once(t)
		if n := len(m.discord.Log()); n != 1 {
			t.Errorf("%d requests", n)
		}
		m.run(t, 5*time.Minute)
		if diff := cmp.Diff([]string{"🔴 ALARM a", "🔴 ALARM b"}, m.titles("ops")); diff != "" || m.counts.sum.Limited != 1 {
			t.Errorf("limited %d, -want +got\n%s", m.counts.sum.Limited, diff)
		}
	})
}

func TestALimitThatIsShortIsWaitedForInsideTheInvocation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.discord.Fail(fake.Fault{Kind: fake.Limited, After: 2 * time.Second})
		m.put(alarm("a"))
		m.once(t)
		if len(m.titles("ops")) != 1 || m.queue.Len() != 0 {
			t.Errorf("%v, %d left", m.titles("ops"), m.queue.Len())
		}
	})
}

func TestPausesGrowFromHalfAMinuteToAQuarterOfAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.discord.Break(fake.Fault{Kind: fake.Down, Status: 502})
		m.put(alarm("a"))
		var pauses []time.Duration
		for range 8 {
			m.once(t)
			at, _ := m.queue.NextVisible()
			pauses = append(pauses, time.Until(at).Round(10*time.Second))
			time.Sleep(time.Until(at))
		}
		want := []time.Duration{30, 60, 120, 240, 480, 900, 900, 900}
		for i := range want {
			want[i] *= time.Second
		}
		if diff := cmp.Diff(want, pauses); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestAnAlertIsGivenUpAfterADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.discord.Break(fake.Fault{Kind: fake.Down, Status: 502})
		m.put(alarm("a"), alarm("b"))
		m.run(t, 23*time.Hour)
		if n := m.letters.Len(); n != 0 {
			t.Errorf("%d letters before a day has passed", n)
		}
		m.run(t, 2*time.Hour)
		letters := m.deadLetters()
		if len(letters) != 2 || m.queue.Len() != 0 {
			t.Fatalf("letters %+v, %d in the queue", letters, m.queue.Len())
		}
		contains(t, letters[0].Reason, "given up after 24h", "status 502")
		if letters[0].Destination != "ops" || letters[0].Attempts != "101" {
			t.Errorf("letter %+v", letters[0])
		}
	})
}

func TestWhatIsRefusedEvenPlainAndAloneIsDeadLettered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneMessage)
		refused := fake.Fault{Kind: fake.Filtered}
		m.discord.Fail(refused, refused, refused) // all together, a's card, a in plain text
		m.put(alarm("a"), alarm("b"), alarm("c"))
		m.run(t, time.Minute)
		if diff := cmp.Diff([]string{"🔴 ALARM b", "🔴 ALARM c"}, m.titles("ops")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		letters := m.deadLetters()
		if len(letters) != 1 || letters[0].Alarm != "a" || letters[0].Destination != "ops" || m.queue.Len() != 0 {
			t.Fatalf("letters %+v, %d in the queue", letters, m.queue.Len())
		}
		contains(t, letters[0].Reason, "refused with status 400", "200000")
	})
}

func TestADeadWebhookWithoutFallbackIsDeadLetteredAtOnceAndAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.discord.RemoveWebhook(m.hooks["ops"].ID)
		m.put(many(40)...)
		m.run(t, 3*time.Minute)
		if m.letters.Len() != 40 || m.queue.Len() != 0 {
			t.Errorf("%d letters, %d left", m.letters.Len(), m.queue.Len())
		}
		if n := len(m.discord.Log()); n != 1 {
			t.Errorf("a dead webhook was asked %d times", n)
		}
		held := m.letters.All()[0]
		for name, want := range map[string]string{
			relay.AttributeDestination: "ops", relay.AttributeReason: "post to Discord: webhook is dead: status 404, code 10015", relay.AttributeAttempts: "1",
			relay.AttributeFirst: held.SentAt.UTC().Format(time.RFC3339), relay.AttributeLast: held.SentAt.UTC().Format(time.RFC3339),
		} {
			if got := held.Attributes[name]; got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	})
}

func TestABlockByTheFrontDoorIsLeftAloneForMinutesAndCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.discord.Fail(fake.Fault{Kind: fake.BlockedPage})
		m.put(alarm("a"))
		m.once(t)
		at, _ := m.queue.NextVisible()
		if back := time.Until(at); back < 5*time.Minute || back > 16*time.Minute {
			t.Errorf("comes back after %v", back)
		}
		m.run(t, 30*time.Minute)
		if len(m.titles("ops")) != 1 || m.counts.sum.Blocked != 1 {
			t.Errorf("shown %v, counted %+v", m.titles("ops"), m.counts.sum)
		}
	})
}

func TestNothingIsBegunThatCannotBeFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.discord.Break(fake.Fault{Kind: fake.Slow, After: 4 * time.Second})
		m.put(alarm("critical"))
		taken := m.queue.Take(10)
		ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second)
		defer cancel()
		time.Sleep(2500 * time.Millisecond) // what came before took its time
		answer, err := m.Handle(ctx, fake.BatchEvent(m.queue.ARN(), taken))
		raw, _ := json.Marshal(answer)
		if err != nil || ctx.Err() != nil || !strings.Contains(string(raw), taken[0].ID) {
			t.Errorf("%s, %v, %v", raw, err, ctx.Err())
		}
		if at, _ := m.queue.NextVisible(); time.Until(at) > 40*time.Second {
			t.Errorf("comes back in %v", time.Until(at))
		}
	})
}

func TestADirectInvocationOnlyGoesIntoTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		if answer, err := m.handle(t, alarm("a")); answer != "null" || err != nil {
			t.Errorf("%s, %v", answer, err)
		}
		if len(m.discord.Log()) != 0 || m.queue.Len() != 1 {
			t.Errorf("%d requests, %d in the queue", len(m.discord.Log()), m.queue.Len())
		}
		m.run(t, time.Minute)
		if diff := cmp.Diff([]string{"🔴 ALARM a"}, m.titles("ops")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestWhatCannotBeReadIsDeadLettered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.put(" ", alarm("a"))
		m.run(t, time.Minute)
		letters := m.deadLetters()
		if len(letters) != 1 || letters[0].Destination != "" || m.queue.Len() != 0 {
			t.Fatalf("letters %+v, %d left", letters, m.queue.Len())
		}
		contains(t, letters[0].Reason, "cannot be read")
		if len(m.titles("ops")) != 1 {
			t.Errorf("shown %v", m.titles("ops"))
		}
	})
}

func TestWhatIsRedrivenGoesToTheDestinationThatLacksIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, twoChannels)
		m.slack.Break(fake.Fault{Kind: fake.Unknown})
		m.put(alarm("a"))
		m.run(t, time.Minute)
		dead := m.letters.All()
		if len(dead) != 1 || len(m.titles("ops")) != 1 {
			t.Fatalf("%d letters, Discord shows %v", len(dead), m.titles("ops"))
		}
		m.put(dead[0].Body) // a plain copy: everybody has it, or its dead letter
		m.run(t, time.Minute)
		if len(m.titles("ops")) != 1 || m.letters.Len() != 1 {
			t.Errorf("a copy: Discord shows %v, %d letters", m.titles("ops"), m.letters.Len())
		}
		m.slack.Mend()
		time.Sleep(10 * time.Minute)
		m.queue.Put(dead[0].Body, dead[0].Attributes)
		m.run(t, time.Minute)
		if n := len(m.slack.Messages(m.slacks["backend"].Channel)); n != 1 || len(m.titles("ops")) != 1 {
			t.Errorf("Slack shows %d, Discord %v", n, m.titles("ops"))
		}
		m.queue.Put(dead[0].Body, dead[0].Attributes)
		m.run(t, time.Minute)
		if n := len(m.slack.Messages(m.slacks["backend"].Channel)); n != 1 {
			t.Errorf("re-driven twice: Slack shows %d", n)
		}
	})
}
