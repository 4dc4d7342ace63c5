package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/relay/incident"
)

// brief is a configuration that tries again soon.
const brief = "rules: [{to: [ops]}]\ndestinations: {ops: {discord: \"env:A\"}}\nretry: {first: 2s, longest: 2s}\n"

func TestWhatWaitsIsToldWithWhenItIsTriedAgain(t *testing.T) {
	v := visit(t, brief)
	began := v.live.stream.Last()
	v.post("fault", map[string]any{"service": "discord", "kind": "down", "seconds": 60})
	v.send("sns-alarm-cpu-high")
	v.wait(func(s page.State) bool {
		ahead := time.Until(s.Waiting.Next)
		return s.Waiting.Messages == 1 && s.Waiting.Dead == 0 && ahead > 0 && ahead <= 3*time.Second
	})
	v.post("fault", map[string]any{"service": "discord", "kind": ""})
	told := v.waitFor(1, 0)
	v.wait(func(s page.State) bool { return s.Waiting == page.Waiting{} })
	if all := v.events(began, page.KindWaiting, `"messages":0`); len(all) < 2 || !slices.ContainsFunc(all, func(e string) bool { return strings.Contains(e, `"next":"`) }) {
		t.Errorf("told of what waits: %q", all)
	}
	if r := v.details(told[0].ID).Requests; len(r) < 2 || r[0].Status != 503 || r[len(r)-1].Status != 200 {
		t.Errorf("requests of a message that another invocation told: %+v", r)
	}
}

func TestDeadLettersAreCounted(t *testing.T) {
	v := visit(t, brief)
	v.post("fault", map[string]any{"service": "discord", "kind": "dead", "seconds": 60})
	v.send("sns-alarm-cpu-high")
	v.wait(func(s page.State) bool { return s.Waiting == page.Waiting{Dead: 1} })
	const said = "✗ prod-api-cpu-high → ops: could not be told, and is in the dead-letter queue now: post to Discord: webhook is dead: "
	if notes := v.state().Notes; !slices.ContainsFunc(notes, func(n page.Note) bool { return strings.HasPrefix(n.Text, said) }) {
		t.Errorf("notes %+v", notes)
	}
	v.post("clear", struct{}{})
	if s := v.state(); s.Waiting != (page.Waiting{}) || len(s.Notes) > 0 {
		t.Errorf("after clearing: %+v %+v", s.Waiting, s.Notes)
	}
}

// hold has somebody else speak at #ops until a time.
func (v *visitor) hold(until time.Time) {
	v.t.Helper()
	store := v.live.act.base.Store
	items, err := store.Read(v.t.Context(), incident.ID{Destination: "ops"})
	if err != nil {
		v.t.Fatal(err)
	}
	d, err := incident.Read[incident.Destination](items[0])
	if err != nil {
		v.t.Fatal(err)
	}
	d.Is.Lease = incident.Lease{Owner: "somebody", Until: until}
	if _, err := store.Write(v.t.Context(), d.Packed(until)); err != nil {
		v.t.Fatal(err)
	}
}

func TestWhatIsLeftToAnotherInvocationIsNoFailure(t *testing.T) {
	v := visit(t, brief)
	v.hold(time.Now().Add(time.Minute))
	v.send("sns-alarm-cpu-high")
	v.wait(func(s page.State) bool { return s.Waiting.Messages == 1 && !s.Waiting.Next.IsZero() }) // it was left, and comes back
	v.hold(time.Now())
	v.waitFor(1, 0)
	if notes := v.state().Notes; len(notes) > 0 {
		t.Errorf("the log speaks of %+v", notes)
	}
}

func TestAnActThatHasEndedNotesNothing(t *testing.T) {
	v := visit(t, "")
	before := v.live.act
	v.post("storm", map[string]int{"alarms": 300, "perSecond": 1000})
	v.wait(func(s page.State) bool { return len(s.Messages) > 0 })
	v.post("clear", struct{}{})
	before.note(before.ctx, "too late")
	d, i := before.begin(before.ctx)
	d.relay.Log.ErrorContext(context.Background(), "not remembered")
	before.end(i)
	if notes := v.state().Notes; len(notes) > 0 {
		t.Errorf("notes %+v", notes)
	}
}
