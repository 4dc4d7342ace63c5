package incident

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"alarmrelay/alert"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func changed(from, to alert.State, after time.Duration) *alert.Alert {
	at := noon.Add(after)
	return &alert.Alert{
		Kind: alert.KindMetricAlarm, Key: "arn:a", Name: "a", State: to, Previous: from, ChangedAt: at,
		Change: string(to) + "|" + string(from) + "|" + at.String(),
	}
}

const (
	ok    = alert.StateOK
	fired = alert.StateAlarm
	none  = alert.StateInsufficientData
)

func TestTheLaterChangeIsTheOneWhoseOldStateIsTheKnownState(t *testing.T) {
	for name, test := range map[string]struct {
		known, came *alert.Alert
		precedes    bool
	}{
		"a later time":                             {changed(ok, fired, 0), changed(fired, ok, time.Second), true},
		"an earlier time":                          {changed(fired, ok, time.Second), changed(ok, fired, 0), false},
		"the same time, following on":              {changed(ok, fired, 0), changed(fired, ok, 0), true},
		"the same time, what came before":          {changed(fired, none, 0), changed(ok, fired, 0), false},
		"the same time, there and back again":      {changed(fired, ok, 0), changed(ok, fired, 0), true},
		"the same time, by way of no data":         {changed(ok, none, 0), changed(none, fired, 0), true},
		"the same time, and nothing tells":         {changed(ok, fired, 0), changed(none, fired, 0), false},
		"fired again while still known as firing":  {changed(ok, fired, 0), changed(ok, fired, time.Minute), true},
		"the very same":                            {changed(ok, fired, 0), changed(ok, fired, 0), false},
		"an older one than two that are known now": {changed(none, ok, time.Hour), changed(ok, fired, time.Minute), false},
	} {
		t.Run(name, func(t *testing.T) {
			var i Incident
			i.Tell(test.known, test.known.ChangedAt)
			if got := i.Precedes(test.came); got != test.precedes {
				t.Errorf("precedes: %v", got)
			}
		})
	}
}

func TestTheNewestStateIsKnownInWhateverOrderChangesAreTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		states := []alert.State{ok, fired, none}
		var all []*alert.Alert
		from := ok
		for n := range rapid.IntRange(1, 12).Draw(t, "changes") {
			to := rapid.SampledFrom(states).Filter(func(s alert.State) bool { return s != from }).Draw(t, "to")
			all = append(all, changed(from, to, time.Duration(n)*time.Second))
			from = to
		}
		var i Incident
		for _, a := range rapid.Permutation(all).Draw(t, "order") {
			i.Tell(a, a.ChangedAt)
		}
		if i.Newest.State != from || !i.Newest.At.Equal(all[len(all)-1].ChangedAt) {
			t.Fatalf("known as %v, is %s", i.Newest, from)
		}
		for _, a := range all {
			if !i.WasTold(a.Change) {
				t.Fatalf("%s is not known as told", a.Change)
			}
		}
		if diff := cmp.Diff(all, InOrder(rapid.Permutation(all).Draw(t, "another order"))); diff != "" {
			t.Fatalf("in order: %s", diff)
		}
	})
}

func TestTheTroubleBeganWithItsFirstAlarm(t *testing.T) {
	var i Incident
	for _, a := range []*alert.Alert{changed(ok, fired, time.Minute), changed(fired, none, 2*time.Minute), changed(none, fired, 3*time.Minute)} {
		i.Tell(a, a.ChangedAt)
	}
	if want := noon.Add(3 * time.Minute); !i.Since.Equal(want) || !i.IsOpen() {
		t.Errorf("since %v, open %v", i.Since, i.IsOpen())
	}
	i.Tell(changed(fired, ok, 4*time.Minute), noon.Add(time.Hour))
	if i.IsOpen() {
		t.Error("open after its recovery")
	}
}

func TestADeadLetterIsAnOutcomeUntilItIsTold(t *testing.T) {
	var i Incident
	a := changed(ok, fired, 0)
	i.Bury(a.Change)
	if i.WasTold(a.Change) || !i.IsBuried(a.Change) || i.Newest.State != "" {
		t.Errorf("buried: %+v", i)
	}
	i.Tell(a, a.ChangedAt)
	if !i.WasTold(a.Change) || i.IsBuried(a.Change) || len(i.Told) != 1 {
		t.Errorf("told: %+v", i)
	}
}

func TestAnIncidentStaysSmall(t *testing.T) {
	var i Incident
	for n := range 10_000 {
		i.Tell(changed(ok, fired, time.Duration(n)*time.Second), noon.Add(time.Hour))
	}
	k := Known[Incident]{Is: i}
	if size := len(k.Packed(noon).Facts); size > 2000 {
		t.Errorf("%d bytes", size)
	}
	if last := changed(ok, fired, 9999*time.Second); !i.WasTold(last.Change) {
		t.Error("the newest change is forgotten")
	}
}

func TestWhatOthersToldIsMerged(t *testing.T) {
	var ours, theirs Incident
	ours.Tell(changed(ok, fired, 0), noon.Add(time.Hour))
	theirs.Tell(changed(fired, ok, time.Second), noon.Add(time.Hour))
	ours.Merge(theirs)
	if ours.Newest.State != ok || len(ours.Told) != 2 {
		t.Errorf("%+v", ours)
	}
	theirs.Merge(Incident{Told: []Outcome{"x"}, Newest: Change{State: fired, At: noon}})
	if theirs.Newest.State != ok || len(theirs.Told) != 2 {
		t.Errorf("%+v", theirs)
	}
}

func TestWhatIsKeptOutlivesTheDeadLetterQueue(t *testing.T) {
	const retention = 14 * 24 * time.Hour // the longest that SQS keeps a message, in each of two queues
	if Keep < 2*retention {
		t.Errorf("facts are kept for %v", Keep)
	}
}

func TestFactsThatCannotBeReadAreAnErrorNotNone(t *testing.T) {
	if _, err := Read[Incident](Item{ID: ID{"ops", "k"}, Facts: []byte("{")}); err == nil {
		t.Error("no error")
	}
	if k, err := Read[Incident](Item{ID: ID{"ops", "k"}}); err != nil || len(k.Is.Told) != 0 {
		t.Errorf("nothing known: %+v, %v", k, err)
	}
}

func TestEachHappeningWithoutAStateIsAnIncidentOfItsOwn(t *testing.T) {
	a, b := alert.Alert{Key: "budget", Change: "1"}, alert.Alert{Key: "budget", Change: "2"}
	if IDOf("ops", &a) == IDOf("ops", &b) || IDOf("ops", &a) == IDOf("backend", &a) {
		t.Error("two happenings, or two destinations, share an outcome")
	}
	if IDOf("ops", changed(ok, fired, 0)) != IDOf("ops", changed(fired, ok, time.Second)) {
		t.Error("two changes of one alarm are two incidents")
	}
}

func TestAMessageThatHasToBeChangedYetIsKeptUntilItIs(t *testing.T) {
	at := func(id string) Ref { return Ref{Message: id, Channel: "1"} }
	var i Incident
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		i.Leave(&Episode{Message: at(id), State: ok}, nil)
	}
	var before Incident
	before.Merge(i)
	i.Episode = &Episode{Message: Ref{Message: "3", Channel: "1", Picture: "9"}}
	i.CaughtUp(Ref{Message: "2", Channel: "1", Picture: "7"})
	i.Lose(at("3"))
	var left []string
	for _, b := range i.Behind {
		left = append(left, b.Episode.Message.Message)
	}
	if diff := cmp.Diff([]string{"4", "5"}, left); diff != "" || i.Episode.Message != (Ref{}) || !i.IsListed() || i.IsTrouble() {
		t.Errorf("%+v: -want +got\n%s", i, diff)
	}
	if len(before.Behind) != maxBehind || before.Behind[0].Episode.Message != at("2") {
		t.Errorf("what was there before has changed: %+v", before.Behind)
	}
}

func TestAMessageThatTookNoChangeTwiceIsChangedOnce(t *testing.T) {
	at := Ref{Message: "1", Channel: "1"}
	var ours, theirs Incident
	ours.Leave(&Episode{Message: at, State: fired}, nil)
	theirs.Leave(&Episode{Message: at, State: fired}, nil)
	theirs.Leave(&Episode{Message: at, State: ok}, nil)
	ours.Merge(theirs)
	if len(ours.Behind) != 1 || ours.Behind[0].Episode.State != ok {
		t.Errorf("left behind: %+v", ours.Behind)
	}
}
