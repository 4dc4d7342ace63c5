package relay_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

func TestWordsThatCannotBeSaidCostNoAlertAndAreLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, `
destinations: {ops: {discord: "ssm:/ops"}}
rules:
  - match: {alarm: "own*"}
    to: [ops]
    title: "own title of ${name}"
  - to: [ops]
    title: ${name | replace "x" "a long text in the place of a short one"}
    summary: ${name} needs a hand
`)
		grows := "grows-" + strings.Repeat("x", 2000)
		answer, err := d.handle(t, batch(alarm("own-a"), alarm(grows)))
		if answer != `{"batchItemFailures":[]}` || err != nil {
			t.Fatalf("%s, %v", answer, err)
		}
		shown := d.titles("ops")
		for i := range shown {
			shown[i] = strings.TrimRight(shown[i], "x…")
		}
		if diff := cmp.Diff([]string{"🔴 ALARM own title of own-a", "🔴 ALARM grows-"}, shown); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		var logged []string
		for line := range strings.Lines(d.log.String()) {
			if _, said, ok := strings.Cut(line, `msg="words of a rule not said" `); ok {
				logged = append(logged, strings.ReplaceAll(strings.TrimSpace(said), grows, "NAME"))
			}
		}
		want := []string{`alert=arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:NAME destination=ops rule=2 error="title: ${name}: longer than 64 KiB"`}
		if diff := cmp.Diff(want, logged); diff != "" {
			t.Errorf("log -want +got\n%s", diff)
		}
	})
}

func TestOwnWordsReachAFallbackToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, strings.Replace(withFallback, "{to: [ops]}", `{to: [ops], title: "own ${name}"}`, 1))
		d.discord.RemoveWebhook(d.hooks["ops"].ID)
		if answer, _ := d.handle(t, batch(alarm("a"))); answer != `{"batchItemFailures":[]}` {
			t.Errorf("answer %s", answer)
		}
		if diff := cmp.Diff([]string{"🔴 ALARM own a"}, d.titles("spare")); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}
