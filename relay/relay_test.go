package relay_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

const oneChannel = `
destinations: {ops: {discord: "ssm:/ops"}}
rules: [{to: [ops]}]
`

// oneMessage has few alarms share a message, as when there is no room for one each.
const oneMessage = oneChannel + "storm: {messages: 1}\n"

const twoChannels = `
destinations:
  ops: {discord: "ssm:/ops"}
  backend: {slack: "ssm:/backend"}
rules: [{to: [ops, backend]}]
`

const withFallback = `
destinations:
  ops: {discord: "ssm:/ops", fallback: spare}
  spare: {discord: "ssm:/spare"}
rules: [{to: [ops]}]
`

func TestADeliveredBatchComesBackEmptyAndNeverNull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, twoChannels)
		answer, err := d.handle(t, batch(alarm("a"), alarm("b")))
		if answer != `{"batchItemFailures":[]}` || err != nil {
			t.Fatalf("%s, %v", answer, err)
		}
		if diff := cmp.Diff([]string{"🔴 ALARM a", "🔴 ALARM b"}, d.titles("ops")); diff != "" {
			t.Errorf("Discord: -want +got\n%s", diff)
		}
		if n := len(d.slack.Messages(d.slacks["backend"].Channel)); n != 1 {
			t.Errorf("Slack shows %d messages", n)
		}
	})
}

func TestOneSlowDestinationHoldsUpNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, twoChannels)
		d.discord.Break(fake.Fault{Kind: fake.Hang})
		defer d.discord.Close()
		start := time.Now()
		answer, _ := d.handle(t, batch(alarm("a")))
		if answer != `{"batchItemFailures":[{"itemIdentifier":"id-1"}]}` {
			t.Errorf("answer %s", answer)
		}
		shown := d.slack.Messages(d.slacks["backend"].Channel)
		if len(shown) != 1 || shown[0].At.Sub(start) > time.Second {
			t.Errorf("Slack: %d messages", len(shown))
		}
		if took := time.Since(start); took > 29*time.Second {
			t.Errorf("answered after %v, which is too near to the end", took)
		}
	})
}

func TestADeadWebhookIsReplacedByItsFallbackWithANote(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, withFallback)
		d.discord.RemoveWebhook(d.hooks["ops"].ID)
		answer, _ := d.handle(t, batch(alarm("a"), alarm("b"), alarm("c")))
		if answer != `{"batchItemFailures":[]}` {
			t.Errorf("answer %s", answer)
		}
		shown := d.discord.Messages(d.hooks["spare"].Channel)
		if len(shown) != 3 {
			t.Fatalf("spare shows %+v", shown)
		}
		for _, m := range shown {
			if text := m.Embeds[0].Description; !strings.Contains(text, "ops, where nothing can be posted") {
				t.Errorf("no note in %q", text)
			}
		}
	})
}

func TestADeadWebhookWithoutFallbackFailsItsRecordsAndIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, oneChannel)
		d.discord.RemoveWebhook(d.hooks["ops"].ID)
		answer, _ := d.handle(t, batch(many(40)...))
		var response relay.BatchResponse
		if err := json.Unmarshal([]byte(answer), &response); err != nil || len(response.Failures) != 40 {
			t.Errorf("%d records come back (%v)", len(response.Failures), err)
		}
		if n := len(d.discord.Log()); n != 1 {
			t.Errorf("a dead webhook was asked %d times", n)
		}
	})
}

func many(n int) []string {
	bodies := make([]string, n)
	for i := range bodies {
		bodies[i] = alarm("storm-" + string(rune('a'+i%26)) + string(rune('a'+i/26)))
	}
	return bodies
}

func TestADestinationThatCannotBeResolvedFailsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, `
destinations: {ops: {discord: "ssm:/ops"}, lost: {discord: "ssm:/lost/missing"}}
rules: [{match: {alarm: "l*"}, to: [lost]}, {to: [ops]}]
`)
		answer, _ := d.handle(t, batch(alarm("a"), alarm("lost"), alarm("b")))
		if answer != `{"batchItemFailures":[{"itemIdentifier":"id-2"}]}` {
			t.Errorf("answer %s", answer)
		}
		if diff := cmp.Diff([]string{"🔴 ALARM a", "🔴 ALARM b"}, d.titles("ops")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestADestinationWithoutAnAddressIsReplacedByItsFallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, `
destinations: {lost: {discord: "ssm:/lost/missing", fallback: ops}, ops: {discord: "ssm:/ops"}}
rules: [{to: [lost]}]
`)
		if answer, _ := d.handle(t, batch(alarm("a"))); answer != `{"batchItemFailures":[]}` {
			t.Errorf("answer %s", answer)
		}
		if diff := cmp.Diff([]string{"🔴 ALARM a"}, d.titles("ops")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestARefusedMessageOfSeveralAlertsIsTriedOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, oneMessage)
		d.discord.Fail(fake.Fault{Kind: fake.Filtered}, fake.Fault{Kind: fake.Filtered}, fake.Fault{Kind: fake.Filtered})
		answer, _ := d.handle(t, batch(alarm("a"), alarm("b"), alarm("c")))
		// All three together, then a with its plain form: refused. b and c alone: accepted.
		if answer != `{"batchItemFailures":[{"itemIdentifier":"id-1"}]}` {
			t.Errorf("answer %s", answer)
		}
		if diff := cmp.Diff([]string{"🔴 ALARM b", "🔴 ALARM c"}, d.titles("ops")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestRecordsWithNothingInThemComeBackAndCostNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, oneChannel)
		answer, err := d.handle(t, batch(alarm("a"), " ", `{"messageType":"CONTROL_MESSAGE","logGroup":"","logEvents":[]}`, alarm("b")))
		if answer != `{"batchItemFailures":[{"itemIdentifier":"id-2"}]}` || err != nil {
			t.Errorf("%s, %v", answer, err)
		}
		if diff := cmp.Diff([]string{"🔴 ALARM a", "🔴 ALARM b"}, d.titles("ops")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestAnEventThatIsNoBatchStandsOrFallsAsAWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, oneChannel)
		if answer, err := d.handle(t, alarm("a")); answer != "null" || err != nil {
			t.Errorf("delivered: %s, %v", answer, err)
		}
		d.discord.RemoveWebhook(d.hooks["ops"].ID)
		_, err := d.handle(t, alarm("b"))
		if dead := (*relay.DeadError)(nil); !errors.As(err, &dead) || !strings.Contains(err.Error(), "deliver to ops") {
			t.Errorf("error %v", err)
		}
		if _, err := d.handle(t, "null"); err == nil || !strings.Contains(err.Error(), "expected an SNS, SQS, EventBridge") {
			t.Errorf("nothing at all: %v", err)
		}
	})
}

func TestTheLogHasOneLineForEachAlertAndDestinationAndNoSecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, twoChannels)
		d.slack.RemoveWebhook(d.slacks["backend"].ID)
		if _, err := d.handle(t, batch(alarm("a"), alarm("b"))); err != nil {
			t.Error(err)
		}
		log := d.log.String()
		if n := strings.Count(log, "msg=delivered"); n != 2 {
			t.Errorf("%d lines about deliveries:\n%s", n, log)
		}
		if n := strings.Count(log, `msg="not delivered"`); n != 2 {
			t.Errorf("%d lines about failures:\n%s", n, log)
		}
		for _, forbidden := range []string{d.hooks["ops"].Token, d.hooks["ops"].ID, d.slacks["backend"].Token, "NewStateReason", "Threshold"} {
			if strings.Contains(log, forbidden) {
				t.Errorf("the log holds %q:\n%s", forbidden, log)
			}
		}
	})
}

func TestWhatIsHeldBackIsNotPosted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, `
destinations: {ops: {discord: "ssm:/ops"}}
rules: [{to: [ops], ignore: [ALARM]}]
`)
		if answer, _ := d.handle(t, batch(alarm("a"))); answer != `{"batchItemFailures":[]}` {
			t.Errorf("answer %s", answer)
		}
		if len(d.discord.Log()) != 0 || !strings.Contains(d.log.String(), "nobody told") {
			t.Errorf("log: %s", d.log)
		}
	})
}
