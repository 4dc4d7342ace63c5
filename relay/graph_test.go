package relay_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
	"alarmrelay/relay/fake"
)

const drawnEverywhere = `
graph: true
destinations:
  ops: {discord: "ssm:/ops"}
  twin: {discord: "ssm:/twin"}
  backend: {slack: "ssm:/backend"}
rules: [{to: [ops, twin, backend]}]
`

const drawnOnce = `
graph: true
destinations: {ops: {discord: "ssm:/ops", fallback: spare}, spare: {discord: "ssm:/spare"}}
rules: [{to: [ops]}]
`

func TestAnAlarmIsShownWithItsGraphThatIsDrawnOnceForAllDestinations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, drawnEverywhere)
		m.deliver(t, metricAlarm("orders"))
		for _, channel := range []string{"ops", "twin"} {
			if diff := cmp.Diff([]string{"🔴 ALARM orders with graph.png"}, m.pictures(channel)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", channel, diff)
			}
		}
		if diff := cmp.Diff([]string{"`▁▅▂█` min 1 · max 9 · last 9 · over 3 h"}, m.trends("backend")); diff != "" {
			t.Errorf("Slack (-want +got):\n%s", diff)
		}
		slices.Sort(p.asked)
		if diff := cmp.Diff([]string{"3h0m0s of orders ", "picture of orders in ap-northeast-2 +0000"}, p.asked); diff != "" {
			t.Errorf("asked (-want +got):\n%s", diff)
		}
		if got := m.counts.graphs; got != [2]int{2, 0} {
			t.Errorf("counted %v", got)
		}
	})
}

func TestWhoseRuleDoesNotWantItAsksForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, twoChannels)
		m.deliver(t, metricAlarm("orders"))
		if diff := cmp.Diff([]string{"🔴 ALARM orders"}, m.pictures("ops")); diff != "" || p.asked != nil {
			t.Errorf("asked %v (-want +got):\n%s", p.asked, diff)
		}
	})
}

func TestOnlyNewsOfAnAlarmIsDrawn(t *testing.T) {
	for name, row := range map[string]struct {
		body  func() string
		shown string
		asked []string
	}{
		"a recovery":           {fires("orders", `"ALARM"`, `"OK"`, `"OK"`, `"ALARM"`), "🟢 RESOLVED orders", nil},
		"a lack of data":       {fires("orders", `"ALARM"`, `"INSUFFICIENT_DATA"`), "⚪ INSUFFICIENT DATA orders", nil},
		"no threshold":         {fires("orders", `,"Threshold":8.0`, "", " (8.0)", ""), "🔴 ALARM orders", nil},
		"the first child":      {combines("arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:orders"), "🔴 ALARM shop-down (composite) with graph.png", []string{"alarm orders in ap-northeast-2", "picture of orders in ap-northeast-2 +0000"}},
		"a child of no metric": {combines("arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:shop-composite"), "🔴 ALARM shop-down (composite)", []string{"alarm shop-composite in ap-northeast-2"}},
		"a child elsewhere":    {combines("arn:aws:cloudwatch:ap-northeast-2:444455556666:alarm:orders"), "🔴 ALARM shop-down (composite)", nil},
		"another account": {
			fires("orders", "111122223333", "444455556666"), "🔴 ALARM orders with graph.png",
			[]string{"3h0m0s of orders 444455556666", "picture of orders in ap-northeast-2 +0000"},
		},
		"another region": {fires("orders", "ap-northeast-2", "eu-west-1"), "🔴 ALARM orders with graph.png", []string{"picture of orders in eu-west-1 +0000"}},
		"GovCloud":       {fires("orders", "arn:aws:cloudwatch:ap-northeast-2", "arn:aws-us-gov:cloudwatch:us-gov-west-1"), "🔴 ALARM orders", []string{"3h0m0s of orders "}},
		"China":          {fires("orders", "arn:aws:cloudwatch:ap-northeast-2", "arn:aws-cn:cloudwatch:cn-north-1"), "🔴 ALARM orders with graph.png", []string{"picture of orders in cn-north-1 +0000"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, p := newGallery(t, drawnOnce)
				m.deliver(t, row.body())
				if diff := cmp.Diff([]string{row.shown}, m.pictures("ops")); diff != "" {
					t.Errorf("shown (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(row.asked, p.asked); diff != "" {
					t.Errorf("asked (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestAnAccountThatIsNotLinkedIsShownWithoutAnEmptyPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, drawnOnce)
		p.none = true
		m.deliver(t, metricAlarm("orders", "111122223333", "444455556666"))
		if diff := cmp.Diff([]string{"🔴 ALARM orders"}, m.pictures("ops")); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"3h0m0s of orders 444455556666"}, p.asked); diff != "" || m.counts.graphs != [2]int{0, 1} {
			t.Errorf("counted %v, asked (-want +got):\n%s", m.counts.graphs, diff)
		}
	})
}

func TestAGraphThatFailsOrDoesNotComeStopsNothing(t *testing.T) {
	for name, row := range map[string]struct {
		*painter
		after time.Duration // when the alarm is told
	}{
		"refused":        {&painter{err: errors.New("GetMetricWidgetImage: AccessDenied")}, 0},
		"never answered": {&painter{takes: time.Hour}, 2 * time.Second},
		"never answered, and deaf to who hangs up":   {&painter{takes: time.Hour, deaf: true}, 2 * time.Second},
		"refused when nobody waited for it any more": {&painter{takes: 3 * time.Second, deaf: true, err: errors.New("late")}, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, _ := newGallery(t, drawnOnce)
				m.Graphs = row.painter
				start := time.Now()
				m.deliver(t, metricAlarm("orders"), metricAlarm("stock"))
				if diff := cmp.Diff([]string{"🔴 ALARM orders", "🔴 ALARM stock"}, m.pictures("ops")); diff != "" {
					t.Fatalf("shown (-want +got):\n%s", diff)
				}
				if took := m.discord.Log()[0].At.Sub(start); took != row.after {
					t.Errorf("told after %v, want %v", took, row.after)
				}
				if n := strings.Count(m.log.String(), "level=WARN"); n != 1 || !strings.Contains(m.log.String(), "told without a graph") {
					t.Errorf("%d warnings:\n%s", n, m.log)
				}
				if m.counts.graphs != [2]int{0, 2} {
					t.Errorf("counted %v", m.counts.graphs)
				}
				time.Sleep(2 * time.Hour) // the deaf ones wake up to nobody
			})
		})
	}
}

func TestAnInvocationDrawsTheWorstFiveAndNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, `
graph: true
destinations: {ops: {discord: "ssm:/ops"}}
rules: [{match: {alarm: "*-critical"}, to: [ops], severity: critical}, {to: [ops], severity: warning}]
storm: {messages: 20}
`)
		p.takes = time.Second
		start := time.Now()
		m.deliver(t, metricAlarm("a"), metricAlarm("b"), metricAlarm("c"), metricAlarm("d"), metricAlarm("e"), metricAlarm("f"), metricAlarm("g-critical"))
		want := []string{
			"🔴 ALARM g-critical with graph.png", "🟠 ALARM a with graph.png", "🟠 ALARM b with graph.png", "🟠 ALARM c with graph.png", "🟠 ALARM d with graph.png",
			"🟠 ALARM e", "🟠 ALARM f",
		}
		if diff := cmp.Diff(want, m.pictures("ops")); diff != "" || len(p.asked) != 5 {
			t.Errorf("asked %d times, shown (-want +got):\n%s", len(p.asked), diff)
		}
		if took := m.discord.Log()[0].At.Sub(start); took != time.Second {
			t.Errorf("five took %v, which is not side by side", took)
		}
	})
}

func TestAStormIsNotDrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, `
graph: true
destinations: {ops: {discord: "ssm:/ops"}}
rules: [{to: [ops], severity: critical}]
`)
		var bodies []string
		for i := range 10 {
			m.queue.Put(metricAlarm(fmt.Sprint("more-", i)), nil)
			bodies = append(bodies, metricAlarm(fmt.Sprint("alarm-", i)))
		}
		m.deliver(t, bodies...)
		if p.asked != nil {
			t.Errorf("asked %v", p.asked)
		}
	})
}

func TestADestinationWaitsThreeSecondsForItsGraphsInAllItsVoices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, `
graph: true
destinations: {ops: {discord: "ssm:/ops"}}
rules: [{match: {alarm: a}, to: [ops], locale: ko}, {match: {alarm: b}, to: [ops], username: B}, {to: [ops]}]
`)
		p.takes = time.Hour
		start := time.Now()
		m.deliver(t, metricAlarm("a"), metricAlarm("b"), metricAlarm("c"))
		if log := m.discord.Log(); len(log) != 3 || log[2].At.Sub(start) != 3*time.Second {
			t.Errorf("told with %v", log)
		}
		if diff := cmp.Diff([]string{"🔴 경보 a", "🔴 ALARM b", "🔴 ALARM c"}, m.pictures("ops")); diff != "" || len(p.asked) != 2 {
			t.Errorf("asked %v, shown (-want +got):\n%s", p.asked, diff)
		}
	})
}

func TestWhereTimeIsShortGraphsLeaveHalfOfItToTheText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, `
graph: true
destinations: {ops: {discord: "ssm:/ops"}}
rules: [{match: {alarm: a}, to: [ops], locale: ko}, {to: [ops]}]
`)
		p.takes = time.Hour
		m.discord.Break(fake.Fault{Kind: fake.Slow, After: 100 * time.Millisecond})
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		if _, err := m.Handle(ctx, json.RawMessage(batch(metricAlarm("a"), metricAlarm("b")))); err != nil {
			t.Fatal(err)
		}
		// Half a second is for saving, and half a second for the last request. Of the second before these one half goes by,
		// and after a request of a tenth half of the rest.
		var told []time.Duration
		for _, post := range m.discord.Log() {
			told = append(told, post.At.Sub(start))
		}
		if diff := cmp.Diff([]time.Duration{500 * time.Millisecond, 800 * time.Millisecond}, told); diff != "" {
			t.Errorf("told after (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"🔴 경보 a", "🔴 ALARM b"}, m.pictures("ops")); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
	})
}

func TestWhatHasNoThresholdIsNotAskedForAtSlackEither(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, drawnEverywhere)
		m.deliver(t, metricAlarm("orders", `,"Threshold":8.0`, "", " (8.0)", ""))
		if n := len(m.slack.Messages(m.slacks["backend"].Channel)); n != 1 || p.asked != nil || m.counts.graphs != [2]int{0, 0} {
			t.Errorf("%d messages, asked %v, counted %v", n, p.asked, m.counts.graphs)
		}
	})
}

func TestTheGraphGoesAlongToTheFallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, p := newGallery(t, drawnOnce)
		m.discord.RemoveWebhook(m.hooks["ops"].ID)
		m.deliver(t, metricAlarm("orders"))
		if diff := cmp.Diff([]string{"🔴 ALARM orders with graph.png"}, m.pictures("spare")); diff != "" || len(p.asked) != 1 {
			t.Errorf("asked %v, shown (-want +got):\n%s", p.asked, diff)
		}
	})
}

// panicking is a CloudWatch with a bug.
type panicking struct{ relay.Grapher }

func TestABugInDrawingCostsTheGraphOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, _ := newGallery(t, drawnOnce)
		m.Graphs = panicking{} // a nil interface inside
		m.deliver(t, metricAlarm("orders"))
		if diff := cmp.Diff([]string{"🔴 ALARM orders"}, m.pictures("ops")); diff != "" || m.counts.graphs != [2]int{0, 1} {
			t.Errorf("counted %v, shown (-want +got):\n%s", m.counts.graphs, diff)
		}
	})
}
