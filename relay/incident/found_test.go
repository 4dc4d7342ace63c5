package incident

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/formatter"
)

func TestTheNotificationOfWhatWasFoundIsRecognised(t *testing.T) {
	exact := &Found{State: ok, From: noon, To: noon}
	vague := &Found{State: ok, From: noon, To: noon.Add(time.Hour)}
	for name, c := range map[string]struct {
		found *Found
		came  *alert.Alert
		want  bool
	}{
		"at the very time":                 {exact, changed(fired, ok, 0), true},
		"a little before":                  {exact, changed(fired, ok, -2*time.Second), true},
		"a little after":                   {exact, changed(fired, ok, 2*time.Second), true},
		"another recovery":                 {exact, changed(fired, ok, 3*time.Second), false},
		"another state":                    {exact, changed(ok, none, 0), false},
		"any time that it may have been":   {vague, changed(fired, ok, 40*time.Minute), true},
		"a time that it can't have been":   {vague, changed(fired, ok, 2*time.Hour), false},
		"before people knew that it fired": {vague, changed(fired, ok, -time.Minute), false},
		"where nothing was found":          {nil, changed(fired, ok, 0), false},
	} {
		i := Incident{Found: c.found}
		if got := i.WasFound(c.came); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhatIsKnownIsNotAnnounced(t *testing.T) {
	told := func(a *alert.Alert) (i Incident) {
		i.Tell(a, a.ChangedAt)
		return i
	}
	for name, c := range map[string]struct {
		known Incident
		want  bool
	}{
		"nothing is known":              {Incident{}, false},
		"it is known to fire":           {told(changed(ok, fired, -time.Hour)), true},
		"it was well before":            {told(changed(fired, ok, -time.Hour)), false},
		"it recovered since":            {told(changed(fired, ok, time.Minute)), true},
		"it is told when a mute ends":   {Incident{Held: &Held{At: noon}}, true},
		"its ALARM was dead-lettered":   {Incident{Told: []Outcome{"x!"}}, false},
		"it lacked data a while before": {told(changed(fired, none, -time.Minute)), false},
	} {
		if got := c.known.Knows(changed("", fired, 0)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhatNobodyIsToldEndsTheTrouble(t *testing.T) {
	plan := Decide(Incident{}, []*alert.Alert{changed(ok, fired, 0)}, Manners{Flap: time.Hour}, noon)
	i := plan.Known
	i.Settle(changed(fired, ok, time.Minute), noon.Add(time.Minute))
	if i.IsListed() || i.Newest.State != ok || i.Episode.Left != noon.Add(time.Minute) {
		t.Errorf("open: %+v, %+v", i, i.Episode)
	}
}

func TestWhoTookCareOfAnAlarmDoesNotWhenItRecoveredAndFiresAnew(t *testing.T) {
	type care struct {
		By        string
		Alone     time.Duration
		Escalated bool
	}
	for name, c := range map[string]struct {
		then []*alert.Alert
		want care
	}{
		"while it fires":                 {nil, care{By: "mina", Escalated: true}},
		"while it lacks data":            {[]*alert.Alert{changed(fired, none, time.Minute)}, care{By: "mina", Escalated: true}},
		"when data come back":            {[]*alert.Alert{changed(fired, none, time.Minute), changed(none, fired, 2*time.Minute)}, care{By: "mina", Escalated: true}},
		"when it has recovered":          {[]*alert.Alert{changed(fired, ok, time.Minute)}, care{By: "mina", Escalated: true}},
		"when it fires anew":             {[]*alert.Alert{changed(fired, ok, time.Minute), changed(ok, fired, 2*time.Minute)}, care{Alone: 2 * time.Minute}},
		"when nobody saw that it was OK": {[]*alert.Alert{changed(ok, fired, 2*time.Minute)}, care{Alone: 2 * time.Minute}},
		"when it was OK and lacked data": {[]*alert.Alert{changed(fired, ok, time.Minute), changed(ok, none, 2*time.Minute), changed(none, fired, 3*time.Minute)}, care{Alone: 3 * time.Minute}},
	} {
		m := Manners{Edits: true, Flap: time.Hour}
		known := Decide(Incident{}, []*alert.Alert{changed(ok, fired, 0)}, m, noon).Known
		e := known.Episode
		e.Message, e.Acked, e.Escalated = Ref{Message: "1"}, &formatter.Acked{By: "mina", At: noon}, true
		e = Decide(known, c.then, m, noon.Add(time.Hour)).Known.Episode
		got := care{Escalated: e.Escalated}
		if e.Acked != nil {
			got.By = e.Acked.By
		}
		if !e.Alone.IsZero() {
			got.Alone = e.Alone.Sub(noon)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
