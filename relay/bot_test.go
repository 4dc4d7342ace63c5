package relay_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/fake"
)

const oneBot = "destinations: {ops: {slack_bot: \"ssm:/ops\", channel: C0123456789}}\nrules: [{to: [ops]}]\n"

// slackText is everything that a Slack channel shows.
func (d *desk) slackText(destination string) string {
	var all strings.Builder
	for _, m := range d.slack.Messages(d.slacks[destination].Channel) {
		fmt.Fprintln(&all, m.Text)
		for _, t := range m.Texts() {
			fmt.Fprintln(&all, t.Text)
		}
	}
	return all.String()
}

// edits returns how often each message of a Slack channel was edited.
func (d *desk) edits(destination string) (each []int) {
	for _, m := range d.slack.Messages(d.slacks[destination].Channel) {
		each = append(each, m.Edits)
	}
	return each
}

func TestAtASlackBotALogGroupThatFloodsIsEdited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneBot)
		for i := range 40 {
			m.put(logLines(i))
			m.run(t, time.Second)
			time.Sleep(5 * time.Second)
		}
		if diff := cmp.Diff([]int{39}, m.edits("ops")); diff != "" {
			t.Errorf("edits of each message (-want +got):\n%s", diff)
		}
		if said := m.slackText("ops"); !strings.Contains(said, "ERROR 39") || !strings.Contains(said, "40") {
			t.Errorf("the message does not say the newest line, and how many there are: %s", said)
		}
		if m.queue.Len() != 0 {
			t.Errorf("%d are left in the queue, as at a webhook", m.queue.Len())
		}
	})
}

func TestAtASlackBotAFloodHoldsUpNoAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneBot)
		for i := range 120 {
			m.put(logLines(i))
			m.run(t, 200*time.Millisecond)
			time.Sleep(200 * time.Millisecond)
		}
		m.put(alarm("disk-full"))
		asked := time.Now()
		for !strings.Contains(m.slackText("ops"), "disk-full") && time.Since(asked) < time.Minute {
			m.run(t, time.Second)
			time.Sleep(time.Second)
		}
		if took := time.Since(asked); took > 10*time.Second {
			t.Errorf("the alarm waited %v for edits of the flood", took)
		}
	})
}

func TestAtASlackBotALogGroupHasAMessageOfItsOwnToBeCountedIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneBot)
		m.put(alarm("disk-full"), logLines(1))
		m.run(t, time.Second)
		m.put(logLines(2))
		m.run(t, time.Second)
		if diff := cmp.Diff([]int{0, 1}, m.edits("ops")); diff != "" {
			t.Errorf("edits of each message (-want +got):\n%s", diff)
		}
	})
}

func TestAtASlackBotAStormGoesOnInItsDigest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneBot)
		bodies := storm(60)
		for i := 0; i < len(bodies); i += 12 {
			m.put(bodies[i : i+12]...)
			m.run(t, time.Second)
			time.Sleep(5 * time.Second)
		}
		if diff := cmp.Diff([]int{4}, m.edits("ops")); diff != "" {
			t.Errorf("edits of each message (-want +got):\n%s", diff)
		}
		if lost := missing(m.slackText("ops"), bodies); len(lost) > 0 || m.queue.Len() != 0 || m.refusedForLimits() > 0 {
			t.Errorf("%d are not named, %d left, %d requests over a limit", len(lost), m.queue.Len(), m.refusedForLimits())
		}
	})
}

// TestAtASlackBotAStormThatOutgrowsItsDigestsIsCountedAtOnce has more alarms than five messages name: nothing waits for the
// storm's end, as it does at a webhook.
func TestAtASlackBotAStormThatOutgrowsItsDigestsIsCountedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneBot)
		for i := range 12 {
			m.put(storm(100 * (i + 1))[100*i:]...)
			m.run(t, 2*time.Second)
		}
		edits := 0
		for _, n := range m.edits("ops") {
			edits += n
		}
		posts := len(m.edits("ops"))
		if m.queue.Len() != 0 || posts > 5 || posts+edits > 60 || m.refusedForLimits() > 0 {
			t.Errorf("%d left, %d messages, %d edits, %d requests over a limit", m.queue.Len(), posts, edits, m.refusedForLimits())
		}
		if said := m.slackText("ops"); !strings.Contains(said, "1,100 alarms in ALARM") || !strings.Contains(said, "100 earlier alerts of this storm stand above") {
			t.Errorf("1,200 alarms are not counted:\n%s", said)
		}
	})
}

func TestAtASlackBotADigestThatWasDeletedIsPostedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneBot)
		m.put(storm(20)...)
		m.run(t, time.Second)
		channel := m.slacks["ops"].Channel
		m.slack.DeleteMessage(channel, m.slack.Messages(channel)[0].TS)
		m.put(storm(40)[20:]...)
		m.run(t, time.Minute)
		if lost := missing(m.slackText("ops"), storm(40)[20:]); len(lost) > 0 || m.queue.Len() != 0 || len(m.edits("ops")) != 1 {
			t.Errorf("%d are not named, %d left, messages %v", len(lost), m.queue.Len(), m.edits("ops"))
		}
	})
}

func TestABotThatMayNotPostIsReplacedByItsFallbackWithANote(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, `
destinations:
  ops: {discord: "ssm:/ops"}
  room: {slack_bot: "ssm:/room", channel: C0123456789, fallback: ops}
rules: [{to: [room]}]
`)
		d.slack.Fail(fake.Fault{Kind: fake.Gone})
		answer, err := d.handle(t, batch(alarm("disk-full")))
		if err != nil || answer != `{"batchItemFailures":[]}` {
			t.Fatal(answer, err)
		}
		if said := d.text("ops"); !strings.Contains(said, "disk-full") || !strings.Contains(said, "room") {
			t.Errorf("at the fallback: %s", said)
		}
	})
}
