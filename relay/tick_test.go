package relay_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/rule"
)

// watch is a CloudWatch that knows how alarms stand.
type watch struct {
	mu     sync.Mutex
	alarms map[string]relay.Standing
	series map[string][]alert.Alert
	err    error
	hangs  bool
}

func (w *watch) answer(ctx context.Context) error {
	if w.hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return w.err
}

func (w *watch) Named(ctx context.Context, names []string) (all []relay.Standing, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(names) > 100 {
		return nil, errors.New("more names than DescribeAlarms takes")
	}
	for _, name := range names {
		if s, ok := w.alarms[name]; ok {
			all = append(all, s)
		}
	}
	return all, w.answer(ctx)
}

func (w *watch) Firing(ctx context.Context) (all []relay.Standing, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(w.alarms)) {
		if w.alarms[name].State == alert.StateAlarm {
			all = append(all, w.alarms[name])
		}
	}
	return all, w.answer(ctx)
}

func (w *watch) Contributors(ctx context.Context, of relay.Standing) ([]alert.Alert, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.series[of.Name], w.answer(ctx)
}

const (
	homeAccount = "111122223333"
	homeARN     = "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:"
	topic       = "arn:aws:sns:ap-northeast-2:111122223333:alerts"
)

// is has an alarm be in a state from now on.
func (w *watch) is(name string, state alert.State, changes ...func(*relay.Standing)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := relay.Standing{
		Alert: alert.Described(alert.Alert{
			Kind: alert.KindMetricAlarm, Name: name, ARN: homeARN + name, State: state, ChangedAt: time.Now().UTC().Truncate(time.Millisecond),
			Reason: "Threshold Crossed",
		}, ""),
		Actions: []string{topic},
	}
	for _, c := range changes {
		c(&s)
	}
	w.alarms[name] = s
}

func (w *watch) remove(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.alarms, name)
}

// ticking is a relay that is looked after by a schedule.
type ticking struct {
	*mapping
	*watch
}

func newTicking(t *testing.T, config string) *ticking {
	t.Helper()
	m := &ticking{newMapping(t, config), &watch{alarms: map[string]relay.Standing{}, series: map[string][]alert.Alert{}}}
	m.Alarms, m.Home.Account, m.Rules.Home = m.watch, homeAccount, homeAccount
	return m
}

// changes has an alarm change at CloudWatch and tell it.
func (m *ticking) changes(t *testing.T, after time.Duration, name, from, to string) {
	t.Helper()
	time.Sleep(after)
	m.is(name, alert.State(to))
	m.put(change(name, from, to, 0))
	m.run(t, time.Second)
}

// order has the function carry out an order.
func (d *desk) order(t *testing.T, o relay.Order) (relay.OrderAnswer, error) {
	t.Helper()
	event, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	answer, err := d.Handle(ctx, event)
	if ctx.Err() != nil {
		t.Error("the function was killed in the middle of its work")
	}
	if err != nil {
		return relay.OrderAnswer{}, err
	}
	return answer.(relay.OrderAnswer), nil
}

// tick lets some time pass, and the schedule invoke the function.
func (m *ticking) tick(t *testing.T, after time.Duration) {
	t.Helper()
	time.Sleep(after)
	want := relay.OrderAnswer{Do: relay.OrderTick}
	if answer, err := m.order(t, relay.Order{Do: relay.OrderTick, Sources: []string{topic}}); err != nil || !cmp.Equal(want, answer) {
		t.Errorf("answer %+v, %v", answer, err)
	}
}

func TestALostOKHeals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		time.Sleep(5 * time.Minute)
		m.is("db", alert.StateOK)
		lost := change("db", "ALARM", "OK", 0)
		m.tick(t, 4*time.Minute)
		m.wants(t, "🔴 ALARM db (pings)") // the queue may still bring it
		m.tick(t, 5*time.Minute)
		want := []string{"🟢 RESOLVED db (edited 1) (pings)", "✅ db recovered after 5 min →#1 (silent)"}
		m.wants(t, want...)

		// Its notification comes after all, twice.
		m.put(lost, lost)
		m.run(t, time.Second)
		m.tick(t, 5*time.Minute)
		m.wants(t, want...)
		m.changes(t, 20*time.Minute, "db", "OK", "ALARM")
		m.wants(t, append(want, "🔴 ALARM db (pings)")...)
	})
}

func TestALostOKHealsWhereNothingCanBeEditedAndInABotsThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {hook: {slack: "ssm:/hook"}, room: {slack_bot: "ssm:/room", channel: C0123456789}}
rules: [{to: [hook, room]}]
`)
		m.changes(t, 0, "db", "OK", "ALARM")
		time.Sleep(5 * time.Minute)
		m.is("db", alert.StateOK)
		lost := change("db", "ALARM", "OK", 0)
		m.tick(t, 10*time.Minute)
		m.put(lost)
		m.run(t, time.Second)
		m.tick(t, 5*time.Minute)
		hook, room := m.slack.Messages(m.slacks["hook"].Channel), m.slack.Messages(m.slacks["room"].Channel)
		if len(hook) != 2 || !strings.HasPrefix(hook[1].Text, "✅ db recovered after 5 min") {
			t.Errorf("the webhook's channel shows %d messages:\n%s", len(hook), m.slackText("hook"))
		}
		if len(room) != 2 || room[0].Edits != 1 || room[1].Thread != room[0].TS || !strings.HasPrefix(room[1].Text, "✅ db recovered after 5 min") {
			t.Errorf("the bot's channel shows %+v", room)
		}
	})
}

func TestANotificationThatComesBeforeTheTickIsNotToldTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, 5*time.Minute, "db", "ALARM", "OK")
		want := m.channel("ops")
		m.tick(t, 10*time.Minute)
		m.tick(t, 5*time.Minute)
		m.wants(t, want...)
	})
}

func TestAnAlarmThatWasDeletedIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.remove("db")
		m.tick(t, 15*time.Minute)
		m.tick(t, 5*time.Minute)
		m.wants(t, "⚪ CLOSED db (edited 1) (pings)")
		contains(t, m.text("ops"), "The alarm was deleted")
	})
}

func TestWhatHasNoDataTurnsItsMessageAndTellsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, "destinations: {ops: {discord: \"ssm:/ops\"}, hook: {slack: \"ssm:/hook\"}}\nrules: [{to: [ops, hook]}]\n")
		m.changes(t, 0, "db", "OK", "ALARM")
		time.Sleep(time.Minute)
		m.is("db", alert.StateInsufficientData)
		m.tick(t, 9*time.Minute+10*time.Second)
		m.wants(t, "⚪ INSUFFICIENT DATA db (edited 1)")
		m.is("db", alert.StateAlarm)
		m.tick(t, 3*time.Minute)
		m.wants(t, "🔴 ALARM db (edited 2)", "🔴 db fires again (2nd time) →#1")
		if shown := m.slack.Messages(m.slacks["hook"].Channel); len(shown) != 1 {
			t.Errorf("Slack shows %d messages", len(shown))
		}
	})
}

// ofSeries is CloudWatch's message about one series of an alarm.
func ofSeries(name, from, to, series string) string {
	return strings.Replace(change(name, from, to, 0), "{", `{"AlarmContributorId":"`+series+`","AlarmContributorAttributes":{"host":"`+series+`"},`, 1)
}

func TestTheSeriesOfAnAlarmAreComparedOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.is("cpu", alert.StateAlarm, func(s *relay.Standing) { s.Many = true })
		one := m.alarms["cpu"].Alert
		one.Contributor = &alert.Contributor{ID: "b", Attributes: map[string]string{"host": "b"}}
		one = alert.Described(one, "")
		m.series["cpu"] = []alert.Alert{one}
		m.put(ofSeries("cpu", "OK", "ALARM", "a"), ofSeries("cpu", "OK", "ALARM", "b"))
		m.run(t, time.Second)
		time.Sleep(12 * time.Minute)
		lost := ofSeries("cpu", "ALARM", "OK", "a")
		m.tick(t, 3*time.Minute)
		want := []string{
			"🟢 RESOLVED cpu · a (edited 1) (pings)", "🔴 ALARM cpu · b (pings)", "✅ cpu · a recovered after 15 min →#1 (silent)",
		}
		m.wants(t, want...)
		m.put(lost)
		m.run(t, time.Second)
		m.wants(t, want...)
	})
}

func TestWhatNoRuleTellsAnyMoreTurnsGreenWhereItWasTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, twoChannels)
		m.changes(t, 0, "db", "OK", "ALARM")
		rules, err := rule.Parse("alarmrelay.yaml", []byte("destinations: {ops: {discord: \"ssm:/ops\"}, backend: {slack: \"ssm:/backend\"}}\nrules: [{to: []}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		m.Rules = rules
		m.is("db", alert.StateOK)
		m.tick(t, 15*time.Minute)
		m.tick(t, 5*time.Minute)
		m.wants(t, "🟢 RESOLVED db (edited 1)", "✅ db recovered →#1 (silent)")
		if shown := m.slack.Messages(m.slacks["backend"].Channel); len(shown) != 2 {
			t.Errorf("Slack shows %d messages", len(shown))
		}
		m.wantsOpen(t, 0)
	})
}

func TestWhatARuleIgnoresEndsInSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, "destinations: {ops: {discord: \"ssm:/ops\"}, hook: {slack: \"ssm:/hook\"}}\nrules: [{to: [ops, hook], ignore: [OK]}]\n")
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, time.Minute, "db", "ALARM", "OK")
		m.wantsOpen(t, 1)
		m.tick(t, 15*time.Minute)
		m.wants(t, "🟢 RESOLVED db (edited 1)")
		if shown := m.slack.Messages(m.slacks["hook"].Channel); len(shown) != 1 {
			t.Errorf("Slack shows %d messages", len(shown))
		}
		m.wantsOpen(t, 0)
	})
}

func TestWhatAFallbackWasToldHealsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, strings.Replace(withFallback, "rules: [{to: [ops]}]", "rules: [{to: [ops], remind: 1h}]", 1))
		m.discord.RemoveWebhook(m.hooks["ops"].ID)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.tick(t, time.Hour)
		m.is("db", alert.StateOK)
		m.tick(t, 15*time.Minute)
		m.tick(t, 5*time.Minute)
		want := []string{"🟢 RESOLVED db (edited 1)", "⏰ **db** is still in ALARM after **1 h** →#1", "✅ db recovered after 1 h →#1 (silent)"}
		if diff := cmp.Diff(want, m.channel("spare")); diff != "" {
			t.Errorf("the fallback shows (-want +got):\n%s", diff)
		}
		m.wantsOpen(t, 0)
	})
}

// TestWhatTheFallbackOfADeadDestinationWasToldIsNotFoundAgain has the recovery of an alarm told at the fallback, so that the dead
// destination's message stays red.
func TestWhatTheFallbackOfADeadDestinationWasToldIsNotFoundAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, withFallback)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.discord.RemoveWebhook(m.hooks["ops"].ID)
		m.changes(t, time.Minute, "db", "ALARM", "OK")
		m.changes(t, 0, "other", "OK", "ALARM")
		want := m.channel("spare")
		for range 4 {
			m.tick(t, 5*time.Minute)
		}
		if diff := cmp.Diff(want, m.channel("spare")); diff != "" {
			t.Errorf("the fallback shows (-want +got):\n%s", diff)
		}
	})
}

func TestWhatIsHeldBackAtCloudWatchIsNotFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, time.Minute, "db", "ALARM", "INSUFFICIENT_DATA")
		m.is("db", alert.StateAlarm, func(s *relay.Standing) { s.Quiet = "its actions are suppressed by deploying" })
		m.tick(t, 15*time.Minute)
		m.wants(t, "⚪ INSUFFICIENT DATA db (edited 1) (pings)")
	})
}

func TestWhatPeopleKnowIsNewerThanWhatCloudWatchSaysCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.step(t, 20*time.Minute, "db", "ALARM", "OK") // and CloudWatch's answers lag behind
		want := m.channel("ops")
		m.tick(t, time.Minute)
		m.wants(t, want...)
	})
}

func TestWhatRulesAskedForWhenItFiredTheyAskForWhenItHeals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {ops: {discord: "ssm:/ops"}}
rules: [{match: {topic: "*:alerts"}, to: [ops], recovery: edit}, {to: [ops]}]
`)
		body, _ := json.Marshal(map[string]string{"Type": "Notification", "MessageId": "1", "TopicArn": topic, "Message": change("db", "OK", "ALARM", 0)}) // texts always encode
		m.put(string(body))
		m.run(t, time.Second)
		m.is("db", alert.StateOK)
		m.tick(t, 15*time.Minute)
		m.wants(t, "🟢 RESOLVED db (edited 1)")
	})
}

func TestABusyDestinationKeepsNobodyElseWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, "destinations: {ops: {discord: \"ssm:/ops\"}, hook: {slack: \"ssm:/hook\"}}\nrules: [{to: [hook, ops], remind: 1h}]\n")
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, 0, "web", "OK", "ALARM")
		time.Sleep(time.Hour)
		m.is("web", alert.StateOK, func(s *relay.Standing) { s.ChangedAt = s.ChangedAt.Add(-30 * time.Minute) })
		items, err := m.Store.Read(t.Context(), incident.ID{Destination: "hook"})
		if err != nil {
			t.Fatal(err)
		}
		d, err := incident.Read[incident.Destination](items[0])
		if err != nil {
			t.Fatal(err)
		}
		d.Is.Take("another", time.Now(), time.Now().Add(time.Hour), nil)
		if _, err := m.Store.Write(t.Context(), d.Packed(time.Now().Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		m.tick(t, 0)
		m.wants(t, "🔴 ALARM db", "🟢 RESOLVED web (edited 1)", "✅ web recovered after 30 min →#2 (silent)", "⏰ **db** is still in ALARM after **1 h** →#1")
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestAnAlarmThatLastsForMonthsIsNotForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.changes(t, 0, "db", "OK", "ALARM")
		for range 70 {
			m.tick(t, 24*time.Hour)
		}
		m.wants(t, "🔴 ALARM db (pings)")
		shown := m.discord.Messages(m.hooks["ops"].Channel)[0]
		post, err := m.Store.Read(t.Context(), incident.PostID("ops", relay.Ref{Message: shown.ID, Channel: shown.Channel}))
		if err != nil || post[0].Version == 0 {
			t.Errorf("what the message shows is forgotten: %+v, %v", post, err)
		}
		m.changes(t, time.Hour, "db", "ALARM", "OK")
		m.wants(t, "🟢 RESOLVED db (edited 1) (pings)", "✅ db recovered after 70 d 1 h →#1 (silent)")
	})
}

// wantsOpen counts what somebody has to look after.
func (m *ticking) wantsOpen(t *testing.T, want int) {
	t.Helper()
	if open, err := m.Store.Open(t.Context()); err != nil || len(open) != want {
		t.Errorf("%d are open, %v", len(open), err)
	}
}

func TestAlarmsOfOtherAccountsAndRegionsAreNotCompared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		abroad := strings.NewReplacer(":111122223333:", ":444455556666:")
		elsewhere := strings.NewReplacer(":ap-northeast-2:", ":us-east-1:")
		m.put(abroad.Replace(change("db", "OK", "ALARM", 0)), elsewhere.Replace(change("web", "OK", "ALARM", 0)))
		m.run(t, time.Second)
		m.is("db", alert.StateOK) // others of the same names
		m.tick(t, 15*time.Minute)
		m.wants(t, "🔴 ALARM db (pings)", "🔴 ALARM web (pings)")
	})
}

func TestAnAlarmThatNobodyWasToldOfIsAnnouncedIfItLeadsHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		lost := change("db", "OK", "ALARM", 0)
		m.is("db", alert.StateAlarm)
		m.is("fine", alert.StateOK)
		m.is("nobody's", alert.StateAlarm, func(s *relay.Standing) { s.Actions = nil })
		m.is("others'", alert.StateAlarm, func(s *relay.Standing) { s.Actions = []string{topic + "-of-others"} })
		m.is("suppressed", alert.StateAlarm, func(s *relay.Standing) { s.Quiet = "its actions are suppressed by deploying" })
		m.is("muted", alert.StateAlarm)
		m.mute(t, "muted", time.Hour)
		m.tick(t, 9*time.Minute)
		if shown := m.channel("ops"); shown != nil {
			t.Errorf("its notification may be on its way, and the channel shows %q", shown)
		}
		m.tick(t, 5*time.Minute)
		m.wants(t, "🔴 ALARM db (pings)")
		contains(t, m.text("ops"), "Late: it happened 14 min before")
		m.put(lost)
		m.run(t, time.Second)
		m.tick(t, 5*time.Minute)
		m.wants(t, "🔴 ALARM db (pings)")
		m.changes(t, time.Minute, "db", "ALARM", "OK")
		m.wants(t, "🟢 RESOLVED db (edited 1) (pings)", "✅ db recovered after 20 min →#1 (silent)")

		m.tick(t, time.Hour)
		m.wants(t, "🟢 RESOLVED db (edited 1) (pings)", "✅ db recovered after 20 min →#1 (silent)", "🔴 ALARM muted (pings)")
	})
}

func TestRulesThatAskForTheTopicTakeWhatIsAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {ops: {discord: "ssm:/ops"}, rest: {discord: "ssm:/rest"}}
rules: [{match: {topic: "*:alerts"}, to: [ops]}, {to: [rest]}]
`)
		m.is("db", alert.StateAlarm)
		m.tick(t, 15*time.Minute)
		m.wants(t, "🔴 ALARM db")
	})
}

func TestWhatStillFiresWhenItsMuteEndsIsToldThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {ops: {discord: "ssm:/ops"}, hook: {slack: "ssm:/hook"}}
rules: [{to: [ops, hook], mute: "00:00-07:00"}]
`)
		m.changes(t, time.Hour, "db", "OK", "ALARM")
		m.changes(t, 0, "web", "OK", "ALARM")
		m.changes(t, 0, "gone", "OK", "ALARM")
		m.changes(t, 0, "hushed", "OK", "ALARM")
		m.is("hushed", alert.StateAlarm, func(s *relay.Standing) { s.Quiet = "it is muted by the mute rule night" })
		m.changes(t, time.Hour, "web", "ALARM", "OK") // is told
		m.is("gone", alert.StateOK)                   // is not
		m.tick(t, time.Hour)
		if shown := m.channel("ops"); shown != nil {
			t.Errorf("in the night the channel shows %q", shown)
		}
		m.tick(t, 4*time.Hour+time.Minute)
		m.tick(t, 5*time.Minute)
		m.wants(t, "🔴 ALARM db")
		if shown := m.slack.Messages(m.slacks["hook"].Channel); len(shown) != 1 {
			t.Errorf("Slack shows %d messages", len(shown))
		}
		contains(t, m.text("ops"), "because a mute window ended")
		m.wantsOpen(t, 4) // at two destinations each
	})
}

func TestATickWithoutCloudWatchRemindsAllTheSame(t *testing.T) {
	for name, breaks := range map[string]func(*watch){
		"it refuses": func(w *watch) { w.err = errors.New("DescribeAlarms: AccessDenied") },
		"it hangs":   func(w *watch) { w.hangs = true },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newTicking(t, reminding)
				m.changes(t, 0, "db", "OK", "ALARM")
				breaks(m.watch)
				m.tick(t, time.Hour)
				m.wants(t, "🔴 ALARM db (pings)", "@oncall ⏰ **db** is still in ALARM after **1 h** →#1 (pings)")
				contains(t, m.log.String(), "ask CloudWatch")
				if m.counts.ticks != 1 {
					t.Errorf("%d ticks", m.counts.ticks)
				}
			})
		})
	}
}

func TestATickWithoutTheStoreFailsAndIsNoSignOfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, reminding)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.Store = deadStore{}
		time.Sleep(time.Hour)
		if _, err := m.order(t, relay.Order{Do: relay.OrderTick}); err == nil || m.counts.ticks != 0 {
			t.Errorf("error %v, %d ticks", err, m.counts.ticks)
		}
		m.wants(t, "🔴 ALARM db (pings)")
	})
}

// deadStore is a table that does not answer.
type deadStore struct{}

var errDeadStore = errors.New("no such table")

func (deadStore) Read(context.Context, ...incident.ID) ([]incident.Item, error) {
	return nil, errDeadStore
}

func (deadStore) Write(context.Context, ...*incident.Item) (stale []int, _ error) {
	return nil, errDeadStore
}
func (deadStore) Open(context.Context) ([]incident.ID, error) { return nil, errDeadStore }

func TestADeadDestinationKeepsNobodyElseWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {dead: {discord: "ssm:/dead"}, hung: {slack: "ssm:/hung"}, ops: {discord: "ssm:/ops"}}
rules: [{to: [dead, hung, ops], remind: 1h}]
`)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, 0, "web", "OK", "ALARM")
		time.Sleep(30 * time.Minute)
		m.is("web", alert.StateOK)
		m.discord.RemoveWebhook(m.hooks["dead"].ID)
		m.slack.Break(fake.Fault{Kind: fake.Hang})
		defer m.slack.Close()
		m.tick(t, 30*time.Minute)
		m.wants(t, "🔴 ALARM db", "🟢 RESOLVED web (edited 1)", "✅ web recovered after 30 min →#2 (silent)", "⏰ **db** is still in ALARM after **1 h** →#1")
		m.tick(t, 5*time.Minute)
		if n := len(m.channel("ops")); n != 4 {
			t.Errorf("the channel shows %d messages", n)
		}
	})
}

func TestTwoTicksAtOnceSayEverythingOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, reminding)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, 0, "web", "OK", "ALARM")
		m.is("new", alert.StateAlarm)
		time.Sleep(30 * time.Minute)
		m.is("web", alert.StateOK)
		time.Sleep(30 * time.Minute)
		var wait sync.WaitGroup
		for range 3 {
			wait.Go(func() { m.tick(t, 0) })
		}
		wait.Wait()
		m.tick(t, 0)
		m.wants(t,
			"🔴 ALARM db (pings)", "🟢 RESOLVED web (edited 1) (pings)", "✅ web recovered after 30 min →#2 (silent)",
			"🔴 ALARM new (pings)", "@oncall ⏰ **db** is still in ALARM after **1 h** →#1 (pings)",
		)
	})
}

func TestAnEndlessListOfOpenAlarmsIsWorkedThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, "destinations: {ops: {discord: \"ssm:/ops\"}}\nrules: [{to: [ops]}]\n")
		for _, body := range storm(250) {
			m.put(body)
		}
		m.run(t, time.Minute)
		time.Sleep(time.Hour)
		for i := range 250 {
			m.is(strings.Split(storm(i + 1)[i], `"`)[3], alert.StateOK)
		}
		for range 3 {
			m.tick(t, 5*time.Minute)
		}
		m.wantsOpen(t, 0)
		if m.refusedForLimits() > 0 {
			t.Errorf("%d requests over a limit", m.refusedForLimits())
		}
	})
}
