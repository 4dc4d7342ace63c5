package relay_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/fake"
)

const chainOfFallbacks = `
destinations:
  ops: {discord: "ssm:/ops", fallback: spare}
  spare: {discord: "ssm:/spare", fallback: third}
  third: {discord: "ssm:/third"}
rules: [{to: [ops]}]
`

func TestATroubledFallbackIsNotADeadOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, chainOfFallbacks)
		d.discord.RemoveWebhook(d.hooks["ops"].ID)
		d.discord.Break(fake.Fault{Kind: fake.Limited, After: time.Minute, Webhook: d.hooks["spare"].ID})
		answer, _ := d.handle(t, batch(many(25)...))
		if n := strings.Count(answer, "itemIdentifier"); n != 25 {
			t.Errorf("%d of 25 records come back", n)
		}
		if shown := d.titles("third"); len(shown) > 0 {
			t.Errorf("third shows %v", shown)
		}
		if log := d.log.String(); strings.Count(log, "rate limit met") != 25 {
			t.Errorf("the log does not say what held up spare:\n%s", log)
		}
	})
}

func TestDeadFallbacksAreFollowedToTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, chainOfFallbacks)
		d.discord.RemoveWebhook(d.hooks["ops"].ID)
		d.discord.RemoveWebhook(d.hooks["spare"].ID)
		if answer, _ := d.handle(t, batch(alarm("a"))); answer != `{"batchItemFailures":[]}` {
			t.Errorf("answer %s", answer)
		}
		if diff := cmp.Diff([]string{"🔴 ALARM a"}, d.titles("third")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestAFallbackThatIsToldAnywayIsToldOnce(t *testing.T) {
	for name, config := range map[string]string{
		"it is a destination of the rule too": `
destinations: {ops: {discord: "ssm:/ops", fallback: spare}, spare: {discord: "ssm:/spare"}}
rules: [{to: [ops, spare]}]
`,
		"two dead destinations share it": `
destinations:
  ops: {discord: "ssm:/ops", fallback: spare}
  desk: {discord: "ssm:/desk", fallback: spare}
  spare: {discord: "ssm:/spare"}
rules: [{to: [ops, desk]}]
`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, config)
				d.discord.RemoveWebhook(d.hooks["ops"].ID)
				if desk, ok := d.hooks["desk"]; ok {
					d.discord.RemoveWebhook(desk.ID)
				}
				if answer, _ := d.handle(t, batch(alarm("a"))); answer != `{"batchItemFailures":[]}` {
					t.Errorf("answer %s", answer)
				}
				if diff := cmp.Diff([]string{"🔴 ALARM a"}, d.titles("spare")); diff != "" {
					t.Errorf("spare: -want +got\n%s", diff)
				}

				d.discord.RemoveWebhook(d.hooks["spare"].ID)
				if answer, _ := d.handle(t, batch(alarm("b"))); answer != `{"batchItemFailures":[{"itemIdentifier":"id-1"}]}` {
					t.Errorf("with spare dead as well: %s", answer)
				}
			})
		})
	}
}

func TestAPingIsNotLostBecauseTheFallbackKnowsTheAlert(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, `
destinations: {ops: {discord: "ssm:/ops", fallback: spare}, spare: {discord: "ssm:/spare"}}
mentions: {oncall: {discord: ["role:123456789012345678"]}}
rules:
  - {match: {alarm: a}, to: [ops], mention: oncall, continue: true}
  - {to: [spare]}
`)
		d.discord.RemoveWebhook(d.hooks["ops"].ID)
		if _, err := d.handle(t, batch(alarm("a"))); err != nil {
			t.Error(err)
		}
		pings := 0
		for _, m := range d.discord.Messages(d.hooks["spare"].Channel) {
			pings += len(m.Mentions)
		}
		if pings != 1 {
			t.Errorf("%d pings in spare", pings)
		}
	})
}
