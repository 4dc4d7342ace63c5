package relay_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// text is everything that a Discord channel shows, attached files included.
func (d *desk) text(destination string) string {
	var all strings.Builder
	for _, m := range d.discord.Messages(d.hooks[destination].Channel) {
		fmt.Fprintln(&all, m.Content)
		for _, e := range m.Embeds {
			fmt.Fprintln(&all, e.Title, e.Description)
			for _, f := range e.Fields {
				fmt.Fprintln(&all, f.Name, f.Value)
			}
		}
		for _, f := range m.Files {
			all.Write(f.Data)
		}
	}
	return all.String()
}

// missing returns which alarms of a storm a text does not name.
func missing(text string, bodies []string) (names []string) {
	for _, body := range bodies {
		name := body[len(`{"AlarmName":"`):strings.Index(body, `","AlarmArn"`)]
		if !strings.Contains(text, name) && !strings.Contains(text, name[strings.LastIndex(name, "-")+1:]) {
			names = append(names, name)
		}
	}
	return names
}

func storm(n int) []string {
	bodies := make([]string, n)
	for i := range bodies {
		bodies[i] = alarm(fmt.Sprintf("prod-orders-api-latency-%04d", i))
	}
	return bodies
}

func (d *desk) refusedForLimits() (n int) {
	for _, e := range append(d.discord.Log(), d.slack.Log()...) {
		if e.Status == http.StatusTooManyRequests {
			n++
		}
	}
	return n
}

func TestTwoHundredAlarmsAreToldWithinSecondsAndInFewRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, twoChannels)
		bodies := storm(200)
		m.put(bodies...)
		start := time.Now()
		m.run(t, time.Minute)
		if took := time.Since(start); took > 5*time.Second || m.queue.Len() != 0 {
			t.Errorf("took %v, %d left", took, m.queue.Len())
		}
		if lost := missing(m.text("ops"), bodies); len(lost) > 0 {
			t.Errorf("%d are not named: %v", len(lost), lost)
		}
		posts := len(m.discord.Log()) + len(m.slack.Log())
		if posts > 12 || m.refusedForLimits() > 0 {
			t.Errorf("%d requests, %d of them over a limit", posts, m.refusedForLimits())
		}
	})
}

func TestAStormOverSeveralInvocationsGoesOnInItsDigest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		bodies := storm(100)
		for i := 0; i < len(bodies); i += 20 {
			m.put(bodies[i : i+20]...)
			m.run(t, time.Second)
			time.Sleep(5 * time.Second)
		}
		if posts, edits := m.accepted(http.MethodPost), m.accepted(http.MethodPatch); posts > 2 || edits < 3 {
			t.Errorf("%d posts, %d edits", posts, edits)
		}
		if lost := missing(m.text("ops"), bodies); len(lost) > 0 {
			t.Errorf("%d are not named: %v", len(lost), lost)
		}
		// Much later the next alarm is a message of its own.
		time.Sleep(2 * time.Minute)
		m.put(alarm("later"))
		m.run(t, time.Second)
		titles := m.titles("ops")
		if titles[len(titles)-1] != "🔴 ALARM later" {
			t.Errorf("the last is %q", titles[len(titles)-1])
		}
	})
}

func TestSingleAlarmsThatComeTooFastBecomeADigest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		bodies := storm(30)
		for _, body := range bodies {
			m.put(body)
			m.run(t, time.Second)
			time.Sleep(500 * time.Millisecond)
		}
		if posts := m.accepted(http.MethodPost); posts != 5 {
			t.Errorf("%d posts", posts)
		}
		if lost := missing(m.text("ops"), bodies); len(lost) > 0 || m.refusedForLimits() > 0 {
			t.Errorf("%d are not named, %d requests over a limit", len(lost), m.refusedForLimits())
		}
	})
}

func TestCriticalAlarmsKeepTheirCardsInAStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {discord: "ssm:/ops"}}
mentions: {oncall: {discord: ["role:123456789012345678"]}}
rules:
  - {match: {alarm: "critical-*"}, to: [ops], severity: critical, mention: oncall}
  - {to: [ops], severity: warning}
`)
		m.put(append(storm(100), alarm("critical-database"))...)
		m.run(t, time.Minute)
		messages := m.discord.Messages(m.hooks["ops"].Channel)
		first := messages[0]
		if len(first.Embeds) != 1 || first.Embeds[0].Title != "🔴 ALARM critical-database" {
			t.Errorf("the first message: %+v", first.Embeds)
		}
		pings := 0
		for _, message := range messages {
			pings += len(message.Mentions)
		}
		if pings != 1 || m.queue.Len() != 0 {
			t.Errorf("%d pings, %d left", pings, m.queue.Len())
		}
	})
}

func TestAStormMentionsEverybodyOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {discord: "ssm:/ops"}}
mentions: {oncall: {discord: ["role:123456789012345678"]}, db: {discord: ["user:223456789012345678"]}}
rules:
  - {match: {alarm: "db-*"}, to: [ops], mention: db}
  - {to: [ops], mention: oncall}
`)
		for _, bodies := range [][]string{storm(40), storm(80)[40:], {alarm("db-1"), alarm("db-2")}, storm(90)[80:]} {
			m.put(bodies...)
			m.run(t, time.Second)
			time.Sleep(3 * time.Second)
		}
		pings := map[string]int{}
		for _, message := range m.discord.Messages(m.hooks["ops"].Channel) {
			for _, who := range message.Pings {
				pings[fmt.Sprint(who)]++
			}
		}
		if len(pings) != 2 {
			t.Errorf("pings %v", pings)
		}
		for who, n := range pings {
			if n != 1 {
				t.Errorf("%s is pinged %d times", who, n)
			}
		}
	})
}

func TestAStormInSlackIsAtMostFiveMessagesAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {slack: "ssm:/ops"}}
rules: [{to: [ops]}]
`)
		start := time.Now()
		for i := range 12 {
			m.put(storm(20 * (i + 1))[20*i:]...)
			m.run(t, time.Second)
			time.Sleep(2 * time.Second)
		}
		shown := len(m.slack.Messages(m.slacks["ops"].Channel))
		if shown > 5 || time.Since(start) > time.Minute {
			t.Errorf("%d messages in %v", shown, time.Since(start))
		}
		m.run(t, 5*time.Minute)
		if m.queue.Len() != 0 || m.counts.sum.Delivered != 240 {
			t.Errorf("%d left, %d delivered", m.queue.Len(), m.counts.sum.Delivered)
		}
		if after := len(m.slack.Messages(m.slacks["ops"].Channel)); after > shown+5 {
			t.Errorf("%d messages for what waited", after-shown)
		}
	})
}

// logLines is a subscription's message about one line that was just written.
func logLines(id int) string {
	return fmt.Sprintf(`{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"/aws/lambda/orders","logStream":"s","subscriptionFilters":["errors"],`+
		`"logEvents":[{"id":"%d","timestamp":%d,"message":"ERROR %d"}]}`, id, time.Now().UnixMilli(), id)
}

func TestALogGroupThatFloodsIsOneMessageInFiveMinutes(t *testing.T) {
	for service, config := range map[string]string{
		"Discord": oneChannel,
		"Slack":   "destinations: {ops: {slack: \"ssm:/ops\"}}\nrules: [{to: [ops]}]\n",
	} {
		t.Run(service, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMapping(t, config)
				for i := range 40 {
					m.put(logLines(i))
					m.run(t, time.Second)
					time.Sleep(5 * time.Second)
				}
				if posts := m.accepted(http.MethodPost); posts != 1 {
					t.Errorf("%d messages in the first minutes", posts)
				}
				if edits := m.accepted(http.MethodPatch); service == "Discord" && edits != 39 || service == "Slack" && edits != 0 {
					t.Errorf("%d edits", edits)
				}
				m.run(t, 10*time.Minute)
				if posts := m.accepted(http.MethodPost); m.queue.Len() != 0 || posts > 2 {
					t.Errorf("%d left, %d messages", m.queue.Len(), posts)
				}
			})
		})
	}
}

func TestADigestThatWasDeletedIsPostedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.put(storm(20)...)
		m.run(t, time.Second)
		m.discord.DeleteMessage(m.discord.Messages(m.hooks["ops"].Channel)[0].ID)
		m.put(storm(40)[20:]...)
		m.run(t, time.Minute)
		if lost := missing(m.text("ops"), storm(40)[20:]); len(lost) > 0 || m.queue.Len() != 0 || m.accepted(http.MethodPost) != 2 {
			t.Errorf("%d are not named, %d left, %d posts", len(lost), m.queue.Len(), m.accepted(http.MethodPost))
		}
	})
}
