package incident

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"alarmrelay/alert"
	"alarmrelay/formatter"
)

func TestDue(t *testing.T) {
	type due struct{ Reminder, Escalate bool }
	marks := []time.Duration{time.Hour, 4 * time.Hour, 24 * time.Hour}
	firing := func(change func(*Episode)) *Episode {
		e := &Episode{State: alert.StateAlarm, At: morning, Began: morning, Fires: 1, Escalated: true}
		if change != nil {
			change(e)
		}
		return e
	}
	fresh := func(e *Episode) { e.Escalated = false }
	for name, c := range map[string]struct {
		episode *Episode
		after   time.Duration
		want    due
	}{
		"before the first mark nothing is due":         {firing(nil), time.Hour - 1, due{}},
		"at the first mark a reminder is due":          {firing(nil), time.Hour, due{true, false}},
		"a mark that was noticed is not due again":     {firing(func(e *Episode) { e.Reminded = morning.Add(time.Hour) }), 3 * time.Hour, due{}},
		"the next mark is due":                         {firing(func(e *Episode) { e.Reminded = morning.Add(time.Hour) }), 4 * time.Hour, due{true, false}},
		"marks that were missed are due":               {firing(nil), 30 * time.Hour, due{true, false}},
		"marks that were missed are due once":          {firing(func(e *Episode) { e.Reminded = morning.Add(25 * time.Hour) }), 30 * time.Hour, due{}},
		"after the last mark nothing is due":           {firing(func(e *Episode) { e.Reminded = morning.Add(24 * time.Hour) }), 999 * time.Hour, due{}},
		"before its time nothing escalates":            {firing(fresh), 15*time.Minute - 1, due{}},
		"what nobody takes care of escalates":          {firing(fresh), 15 * time.Minute, due{false, true}},
		"both may be due at once":                      {firing(fresh), time.Hour, due{true, true}},
		"what is taken care of is left alone":          {firing(func(e *Episode) { fresh(e); e.Acked = &formatter.Acked{By: "mina"} }), 9 * time.Hour, due{}},
		"what is over is left alone":                   {firing(func(e *Episode) { fresh(e); e.State = alert.StateOK }), 9 * time.Hour, due{}},
		"what lacks data is left alone":                {firing(func(e *Episode) { fresh(e); e.State = alert.StateInsufficientData }), 9 * time.Hour, due{}},
		"what fired anew elsewhere is left alone":      {firing(func(e *Episode) { fresh(e); e.Unseen = true }), 9 * time.Hour, due{}},
		"what never fired is left alone":               {&Episode{State: alert.StateAlarm, At: morning}, 9 * time.Hour, due{}},
		"no episode is left alone":                     {nil, 9 * time.Hour, due{}},
		"what flaps counts from when it first fired":   {firing(func(e *Episode) { fresh(e); e.At, e.Fires = morning.Add(50*time.Minute), 3 }), time.Hour, due{true, true}},
		"what people were told late counts from then":  {firing(func(e *Episode) { fresh(e); e.Alone = morning.Add(time.Hour) }), time.Hour, due{}},
		"and is due a while after":                     {firing(func(e *Episode) { fresh(e); e.Alone = morning.Add(time.Hour) }), 2 * time.Hour, due{true, true}},
		"an ALARM of unknown beginning counts from it": {firing(func(e *Episode) { fresh(e); e.Began = time.Time{} }), time.Hour, due{true, true}},
	} {
		var got due
		got.Reminder, got.Escalate = Due(c.episode, marks, 15*time.Minute, morning.Add(c.after))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if reminder, escalate := Due(firing(fresh), nil, 0, morning.Add(99*time.Hour)); reminder || escalate {
		t.Errorf("without marks: %v, %v", reminder, escalate)
	}
}

func TestEveryMarkIsRemindedOfOnceHoweverTheTicksCome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var marks []time.Duration
		mark := time.Duration(0)
		for range rapid.IntRange(0, 5).Draw(t, "marks") {
			mark += time.Duration(rapid.IntRange(1, 600).Draw(t, "apart")) * time.Minute
			marks = append(marks, mark)
		}
		e := &Episode{State: alert.StateAlarm, At: morning, Began: morning, Fires: 1}
		now, escalations := morning, 0
		for range rapid.IntRange(1, 60).Draw(t, "ticks") {
			before := now
			now = now.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "later")) * time.Minute)
			want := false
			for _, m := range marks {
				want = want || morning.Add(m).After(before) && !morning.Add(m).After(now)
			}
			reminder, escalate := Due(e, marks, 15*time.Minute, now)
			if reminder != want {
				t.Fatalf("%v after the ALARM: %v of marks %v", now.Sub(morning), reminder, marks)
			}
			if reminder {
				e.Reminded = now
			}
			if escalate {
				e.Escalated = true
				escalations++
			}
		}
		if want := now.Sub(morning) >= 15*time.Minute; escalations > 1 || (escalations == 1) != want {
			t.Fatalf("%d escalations in %v", escalations, now.Sub(morning))
		}
	})
}
