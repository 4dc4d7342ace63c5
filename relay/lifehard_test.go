package relay_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/relay/fake"
)

// forum makes the channel of a destination a forum, with a tag for critical alarms and one for the rest.
func (m *mapping) forum(t *testing.T, name string) {
	t.Helper()
	hook := m.discord.AddChannel(fake.Channel{Name: name, Forum: true, RequireTag: true, Tags: []string{"critical", "other"}})
	m.hooks[name] = hook
	for i := range m.Rules.Destinations {
		if d := &m.Rules.Destinations[i]; d.Name == name {
			d.ForumTags = map[alert.Severity]string{alert.SeverityCritical: m.discord.Tag(hook.Channel, "critical"), "": m.discord.Tag(hook.Channel, "other")}
			m.addresses[d.Webhook.Reference.Name] = hook.URL("https://discord.com")
		}
	}
}

func TestInAForumEachIncidentHasAPost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, "destinations: {ops: {discord: \"ssm:/ops\", thread: incident}}\nrules: [{match: {alarm: db}, severity: critical, to: [ops]}, {to: [ops]}]\n")
		m.forum(t, "ops")
		m.step(t, 0, "db", "OK", "ALARM")
		m.step(t, time.Minute, "web", "OK", "ALARM")
		m.step(t, time.Minute, "db", "ALARM", "OK")
		threads := m.discord.Threads(m.hooks["ops"].Channel)
		if len(threads) != 2 || threads[0].Name != "db" || threads[1].Name != "web" {
			t.Fatalf("the forum has %+v", threads)
		}
		shown := slices.DeleteFunc(m.discord.Messages(m.hooks["ops"].Channel), func(m fake.Message) bool { return m.Thread != threads[0].ID })
		if len(shown) != 2 || shown[0].Edits != 1 || shown[0].Embeds[0].Title != "🟢 RESOLVED db" || !strings.HasPrefix(shown[1].Content, "✅ db recovered after 2 min") {
			t.Errorf("the post shows %+v", shown)
		}
		if tag := m.discord.Tag(m.hooks["ops"].Channel, "critical"); len(threads[0].Tags) != 1 || threads[0].Tags[0] != tag {
			t.Errorf("tags %v, want %s", threads[0].Tags, tag)
		}
	})
}

func TestACompositeAlarmAndItsChildrenLeadToEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		m.step(t, 0, "orders", "OK", "ALARM")
		m.put(composite("arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:orders"))
		m.run(t, 10*time.Second)
		shown := m.discord.Messages(m.hooks["ops"].Channel)
		if len(shown) != 2 {
			t.Fatalf("the channel shows %+v", m.channel("ops"))
		}
		for i, other := range []int{1, 0} {
			link := fmt.Sprintf("https://discord.com/channels/%s/%s/%s", "1300000000000000000", shown[other].Channel, shown[other].ID)
			if raw, _ := json.Marshal(shown[i].Embeds); !strings.Contains(string(raw), link) {
				t.Errorf("message %d does not lead to %s: %s", i, link, raw)
			}
		}
	})
}

func TestOldMessagesThatTakeNoEditNowHoldUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		names := []string{"a", "b", "c", "d", "e"}
		for _, name := range names {
			m.step(t, 2*time.Minute, name, "OK", "ALARM")
		}
		time.Sleep(2 * time.Hour)
		for _, name := range names {
			m.put(change(name, "ALARM", "OK", 0))
		}
		m.put(change("web", "OK", "ALARM", 0))
		m.run(t, 3*time.Second)
		shown := strings.Join(m.channel("ops"), "\n")
		if !strings.Contains(shown, "🔴 ALARM web (pings)") || m.queue.Len() == 0 {
			t.Errorf("%d wait for the limit on old messages, and the channel shows\n%s", m.queue.Len(), shown)
		}
		m.run(t, 10*time.Minute)
		shown = strings.Join(m.channel("ops"), "\n")
		if n := strings.Count(shown, "🟢 RESOLVED"); n != 5 || m.queue.Len() != 0 || strings.Count(shown, "🔴") != 1 {
			t.Errorf("%d left, %d turned green:\n%s", m.queue.Len(), n, shown)
		}
	})
}

func TestEightChangesAtOnceByEightInstancesEndWithTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneDiscord)
		states := []string{"OK", "ALARM"}
		for i := range 8 {
			m.put(change("db", states[i%2], states[(i+1)%2], time.Duration(i)*time.Second))
		}
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				taken := m.queue.Take(1)
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				answer, err := m.another().Handle(ctx, fake.BatchEvent(m.queue.ARN(), taken))
				raw, _ := json.Marshal(answer)
				if err := m.queue.Settle(taken, raw, err); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		m.run(t, 5*time.Minute)
		shown := m.discord.Messages(m.hooks["ops"].Channel)
		if m.queue.Len() != 0 || len(shown) == 0 || shown[0].Embeds[0].Title != "🟢 RESOLVED db" {
			t.Errorf("%d left, the channel shows %q", m.queue.Len(), m.channel("ops"))
		}
		for _, other := range shown[1:] {
			if len(other.Embeds) > 0 {
				t.Errorf("a second card: %q", m.channel("ops"))
			}
		}
	})
}

// cards are the titles of a channel's messages, without the lines beside them.
func (m *mapping) cards(destination string) []string {
	return slices.DeleteFunc(m.titles(destination), func(title string) bool { return strings.HasPrefix(title, "✅") })
}

// TestAnEditWhoseLineWasNeverSaidStaysNotRed has the recovery overtake its ALARM, which still waits for its line.
func TestAnEditWhoseLineWasNeverSaidStaysNotRed(t *testing.T) {
	for name, fault := range map[string]fake.Fault{
		"the line is refused":        {Kind: fake.Down, Method: "POST", Status: 503},
		"the edit's answer is lost":  {Kind: fake.AnswerLost, Method: "PATCH"},
		"the edit's answer is late":  {Kind: fake.AnswerLate, Method: "PATCH", After: time.Minute},
		"the front door shuts on it": {Kind: fake.BlockedPage, Method: "POST"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMapping(t, oneDiscord)
				m.step(t, 0, "db", "OK", "ALARM")
				m.step(t, time.Minute, "db", "ALARM", "OK")
				time.Sleep(5 * time.Minute)
				m.discord.Break(fault)
				m.put(change("db", "OK", "ALARM", 0))
				m.once(t)
				if shown := m.titles("ops"); shown[0] != "🔴 ALARM db" {
					t.Fatalf("shows %q", shown)
				}
				m.discord.Mend()
				time.Sleep(15 * time.Minute)
				if answer, err := m.handle(t, batch(change("db", "ALARM", "OK", 0))); answer != `{"batchItemFailures":[]}` || err != nil {
					t.Error(answer, err)
				}
				m.run(t, time.Minute)
				if diff := cmp.Diff([]string{"🟢 RESOLVED db"}, m.cards("ops")); diff != "" || m.course("ops") != "ALARM → OK → ALARM → OK" {
					t.Errorf("history %s, cards (-want +got):\n%s", m.course("ops"), diff)
				}
			})
		})
	}
}

func TestWhatAFallbackWasToldTurnsGreenThereWhenTheChannelIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, "destinations: {ops: {discord: \"ssm:/ops\", fallback: spare}, spare: {discord: \"ssm:/spare\"}}\nrules: [{to: [ops]}]\n")
		m.discord.RemoveWebhook(m.hooks["ops"].ID)
		m.step(t, 0, "db", "OK", "ALARM")
		if diff := cmp.Diff([]string{"🔴 ALARM db"}, m.channel("spare")); diff != "" {
			t.Fatalf("spare shows %s", diff)
		}
		fresh := m.discord.AddWebhook(m.hooks["ops"].Channel)
		m.addresses["/ops"] = fresh.URL("https://discord.com")
		m.step(t, 10*time.Minute, "db", "ALARM", "OK")
		if shown := m.channel("spare"); len(shown) != 2 || shown[0] != "🟢 RESOLVED db (edited 1)" {
			t.Errorf("spare shows %q", shown)
		}
	})
}

// TestWhatAFallbackShowsWithoutHavingSaidItTurnsGreenThereToo has the channel be back before the line of an edit is said at its fallback.
func TestWhatAFallbackShowsWithoutHavingSaidItTurnsGreenThereToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, "destinations: {ops: {discord: \"ssm:/ops\", fallback: spare}, spare: {discord: \"ssm:/spare\"}}\nrules: [{to: [ops]}]\n")
		m.discord.RemoveWebhook(m.hooks["ops"].ID)
		m.step(t, 0, "db", "OK", "ALARM")
		m.step(t, 6*time.Minute, "db", "ALARM", "OK")
		time.Sleep(6 * time.Minute)
		m.discord.Break(fake.Fault{Kind: fake.Down, Status: 503, Webhook: m.hooks["spare"].ID, Method: "POST"})
		m.put(change("db", "OK", "ALARM", 0))
		m.once(t)
		if shown := m.titles("spare"); shown[0] != "🔴 ALARM db" {
			t.Fatalf("spare shows %q", shown)
		}
		m.discord.Mend()
		m.addresses["/ops"] = m.discord.AddWebhook(m.hooks["ops"].Channel).URL("https://discord.com")
		time.Sleep(10 * time.Minute)
		m.run(t, time.Minute)
		m.step(t, time.Minute, "db", "ALARM", "OK")
		for _, channel := range []string{"ops", "spare"} {
			if diff := cmp.Diff([]string{"🟢 RESOLVED db"}, m.cards(channel)); diff != "" {
				t.Errorf("cards of %s (-want +got):\n%s", channel, diff)
			}
		}
	})
}
