package relay_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
)

var hanging = fake.Fault{Kind: fake.Hang}

func TestAnOrderIsCarriedOutAtOnceAndEverythingElseGoesIntoTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		for event, want := range map[string]string{
			`{"alarmrelay": "mutes"}`: `{"alarmrelay":"mutes"}`,
			`{"detail-type": "x", "source": "y", "detail": {"alarmrelay": "mutes"}}`: `null`,
			`{"note": "say \"alarmrelay\" three times"}`:                             `null`,
		} {
			answer, err := m.Handle(t.Context(), json.RawMessage(event))
			raw, _ := json.Marshal(answer)
			if string(raw) != want || err != nil {
				t.Errorf("%s: %s, %v", event, raw, err)
			}
		}
		if m.queue.Len() != 2 {
			t.Errorf("%d in the queue", m.queue.Len())
		}
	})
}

func TestAnOrderThatCannotBeCarriedOutIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		for event, want := range map[string]string{
			`{"alarmrelay": "dance"}`:                                     "tick, ack, mute, unmute and mutes",
			`{"alarmrelay": 7}`:                                           "order cannot be read",
			`{"alarmrelay": "mutes", "allarm": "db"}`:                     `unknown field "allarm"`,
			`{"alarmrelay": "ack", "alarm": "db"}`:                        "by is missing",
			`{"alarmrelay": "mute", "alarm": "db", "why": "x"}`:           "is no duration",
			`{"alarmrelay": "ack", "alarm": "/(/", "by": "mina"}`:         "alarm",
			`{"alarmrelay": "mute", "alarm": "", "why": "x", "for":"1h"}`: "alarm is missing",
		} {
			if answer, err := m.Handle(t.Context(), json.RawMessage(event)); err == nil || answer != nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, %v", event, answer, err)
			}
		}
		if m.queue.Len() != 0 {
			t.Errorf("%d in the queue", m.queue.Len())
		}
	})
}

func TestAnAckOfNothingNamesWhatIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, "destinations: {ops: {discord: \"ssm:/ops\"}, hook: {slack: \"ssm:/hook\"}}\nrules: [{to: [ops, hook]}]\n")
		m.changes(t, 0, "db", "OK", "ALARM")
		m.changes(t, 0, "api", "OK", "ALARM")
		m.changes(t, 0, "over", "OK", "ALARM")
		m.changes(t, time.Minute, "over", "ALARM", "OK")
		answer, err := m.order(t, relay.Order{Do: relay.OrderAck, Alarm: "over", By: "mina"})
		if diff := cmp.Diff(relay.OrderAnswer{Do: relay.OrderAck, Instead: []string{"api", "db"}}, answer); err != nil || diff != "" {
			t.Errorf("%v, answer (-want +got):\n%s", err, diff)
		}
	})
}

func TestAnAckReachesAllDestinationsAlsoThoseInTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, `
destinations: {ops: {discord: "ssm:/ops"}, hook: {slack: "ssm:/hook"}, room: {slack_bot: "ssm:/room", channel: C0123456789}}
rules: [{to: [ops, hook, room]}]
`)
		m.changes(t, 0, "db", "OK", "ALARM")
		m.discord.Fail(fake.Fault{Kind: fake.Down}, fake.Fault{Kind: fake.Down}, fake.Fault{Kind: fake.Down})
		time.Sleep(time.Minute)
		began := time.Now().Add(-time.Minute)
		for _, who := range []string{"mina", "joe"} {
			answer, err := m.order(t, relay.Order{Do: relay.OrderAck, Alarm: "db", By: who})
			want := relay.OrderAnswer{Do: relay.OrderAck, Acked: []relay.AckedAlarm{
				{Alarm: "db", Destination: "hook", Since: began.UTC()}, {Alarm: "db", Destination: "ops", Since: began.UTC()}, {Alarm: "db", Destination: "room", Since: began.UTC()},
			}}
			if diff := cmp.Diff(want, answer); err != nil || diff != "" {
				t.Errorf("%v, answer (-want +got):\n%s", err, diff)
			}
		}
		contains(t, m.slackText("room"), "joe")
		m.changes(t, 10*time.Minute, "db", "ALARM", "OK")
		contains(t, m.text("ops"), "joe")
	})
}

func TestAMuteByOrderHoldsBackWhatItMatchesUntilItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		now := time.Now().UTC()
		mute := incident.Mute{Alarm: "d*", Since: now, Until: now.Add(time.Hour), By: "mina", Why: "moving the database"}
		answer, err := m.order(t, relay.Order{Do: relay.OrderMute, Alarm: "d*", For: "1h", By: "mina", Why: "moving the database"})
		utc := cmp.Transformer("UTC", time.Time.UTC)
		if diff := cmp.Diff(relay.OrderAnswer{Do: relay.OrderMute, Mutes: []incident.Mute{mute}}, answer, utc); err != nil || diff != "" {
			t.Errorf("%v, answer (-want +got):\n%s", err, diff)
		}
		answer, err = m.order(t, relay.Order{Do: relay.OrderMutes})
		if diff := cmp.Diff(relay.OrderAnswer{Do: relay.OrderMutes, Mutes: []incident.Mute{mute}}, answer, utc); err != nil || diff != "" {
			t.Errorf("%v, answer (-want +got):\n%s", err, diff)
		}
		m.changes(t, time.Minute, "db", "OK", "ALARM")
		m.changes(t, time.Minute, "web", "OK", "ALARM")
		m.tick(t, 30*time.Minute)
		m.wants(t, "🔴 ALARM web (pings)")
		m.tick(t, 30*time.Minute)
		m.tick(t, 5*time.Minute)
		m.wants(t, "🔴 ALARM web (pings)", "🔴 ALARM db (pings)")
	})
}

func TestUnmuteTellsAtOnceWhatStillFires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		for _, pattern := range []string{"d*", "w*"} {
			if _, err := m.order(t, relay.Order{Do: relay.OrderMute, Alarm: pattern, For: "1h", By: "mina", Why: "moving"}); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"db", "disk", "web"} {
			m.changes(t, time.Minute, name, "OK", "ALARM")
		}
		m.is("disk", alert.StateOK)
		answer, err := m.order(t, relay.Order{Do: relay.OrderUnmute, Alarm: "x"})
		if diff := cmp.Diff(relay.OrderAnswer{Do: relay.OrderUnmute, Instead: []string{"d*", "w*"}}, answer); err != nil || diff != "" {
			t.Errorf("%v, answer (-want +got):\n%s", err, diff)
		}
		answer, err = m.order(t, relay.Order{Do: relay.OrderUnmute, Alarm: "d*"})
		if err != nil || len(answer.Mutes) != 1 || answer.Mutes[0].Alarm != "d*" {
			t.Errorf("answer %+v, %v", answer, err)
		}
		m.wants(t, "🔴 ALARM db (pings)")
	})
}

// rival is a store in which somebody else changes what is muted just before we do.
type rival struct {
	*incident.Memory
	times int
}

func (r *rival) Write(ctx context.Context, items ...*incident.Item) (stale []int, err error) {
	if slices.ContainsFunc(items, func(i *incident.Item) bool { return i.ID == incident.MutesID() }) && r.times > 0 {
		r.times--
		there, err := r.Read(ctx, incident.MutesID())
		if err != nil {
			return nil, err
		}
		mutes, err := incident.Read[incident.Mutes](there[0])
		if err != nil {
			return nil, err
		}
		if err := mutes.Is.Add(time.Now(), incident.Mute{Alarm: strings.Repeat("x", r.times+1), Until: time.Now().Add(time.Hour)}); err != nil {
			return nil, err
		}
		if _, err := r.Memory.Write(ctx, mutes.Packed(time.Now().Add(time.Hour))); err != nil {
			return nil, err
		}
	}
	return r.Memory.Write(ctx, items...)
}

func TestMutesOfSeveralAtOnceAllCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newTicking(t, oneDiscord)
		m.Store = &rival{incident.NewMemory(time.Now), 3}
		if _, err := m.order(t, relay.Order{Do: relay.OrderMute, Alarm: "db", For: "1h", By: "mina", Why: "moving"}); err != nil {
			t.Fatal(err)
		}
		answer, err := m.order(t, relay.Order{Do: relay.OrderMutes})
		var names []string
		for _, mute := range answer.Mutes {
			names = append(names, mute.Alarm)
		}
		if diff := cmp.Diff([]string{"xxx", "xx", "x", "db"}, names); err != nil || diff != "" {
			t.Errorf("%v, muted are (-want +got):\n%s", err, diff)
		}
	})
}
