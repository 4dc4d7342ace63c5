package incident

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"alarmrelay/alert"
)

var manners = Manners{Edits: true, Flap: 10 * time.Minute, RepeatPing: 5 * time.Minute, Recovery: RecoveryBoth}

// said is a plan in short.
type said struct {
	Edit, Post alert.State // what is shown by an edit, and by a new message
	Line       Line
	Ping       bool
	Late, Held int
	Fires      int // of the episode that is known then
	Unseen     bool
}

func inShort(p Plan) (s said) {
	s = said{Line: p.Line, Ping: p.Ping, Late: len(p.Late), Held: len(p.Held)}
	if p.Edit != nil {
		s.Edit, s.Unseen = p.Edit.State, p.Edit.Unseen
	}
	if p.Post != nil {
		s.Post = p.Post.State
	}
	if p.Known.Episode != nil {
		s.Fires = p.Known.Episode.Fires
	}
	return s
}

// board is what people see of one alarm.
type board struct {
	known Incident
	shows map[Ref]*Episode
	at    time.Time
}

// tell makes a plan as the relay does.
func (b *board) tell(m Manners, came ...*alert.Alert) Plan {
	p := Decide(b.known, came, m, b.at)
	if b.shows == nil {
		b.shows = map[Ref]*Episode{}
	}
	if p.Edit != nil {
		b.shows[p.Edit.Message] = p.Edit.clone()
	}
	if p.Post != nil && m.Edits {
		p.Post.Message = Ref{Message: strconv.Itoa(len(b.shows) + 1)}
		b.shows[p.Post.Message] = p.Post.clone()
	}
	b.known = p.Known
	return p
}

const minute = time.Minute

// TestWhatIsSaidOfEachChange is the table of docs/architecture.md.
func TestWhatIsSaidOfEachChange(t *testing.T) {
	alarm, recovery := changed(ok, fired, 0), changed(fired, ok, 12*minute)
	for name, test := range map[string]struct {
		before []*alert.Alert // told one by one
		came   []*alert.Alert
		with   func(*Manners)
		want   said
	}{
		"it fires":                            {nil, list(alarm), nil, said{Post: fired, Ping: true, Fires: 1}},
		"it recovers":                         {list(alarm), list(recovery), nil, said{Edit: ok, Line: LineRecovered, Fires: 1}},
		"it recovers, by an edit alone":       {list(alarm), list(recovery), recovers(RecoveryEdit), said{Edit: ok, Fires: 1}},
		"it recovers, in a message alone":     {list(alarm), list(recovery), recovers(RecoveryPost), said{Post: ok, Fires: 1}},
		"it recovers, and nothing can change": {list(alarm), list(recovery), without, said{Post: ok, Fires: 1}},
		"it fires again while it flaps": {
			list(alarm, recovery), list(changed(ok, fired, 20*minute)), nil, said{Edit: fired, Line: LineAgain, Ping: true, Fires: 2},
		},
		"it fires again, and has just pinged": {
			list(alarm, changed(fired, ok, minute)), list(changed(ok, fired, 2*minute)), nil, said{Edit: fired, Line: LineAgain, Fires: 2},
		},
		"it fires again later":                        {list(alarm, recovery), list(changed(ok, fired, 23*minute)), nil, said{Post: fired, Ping: true, Fires: 1}},
		"it fires, and nobody saw the OK":             {list(alarm), list(changed(ok, fired, 30*minute)), nil, said{Edit: fired, Unseen: true, Post: fired, Ping: true, Fires: 1}},
		"it fires, and nobody saw the OK of a moment": {list(alarm), list(changed(ok, fired, 3*minute)), nil, said{Edit: fired, Line: LineAgain, Fires: 2}},
		"that OK comes after all":                     {list(alarm, changed(ok, fired, 3*minute)), list(changed(fired, ok, 2*minute)), nil, said{Edit: fired, Fires: 2}},
		"an ALARM of a moment before comes after all": {list(changed(ok, fired, 3*minute)), list(alarm), nil, said{Edit: fired, Fires: 2}},
		"it fires soon after a recovery whose ALARM nobody saw": {
			list(alarm, recovery, changed(fired, ok, 20*minute)), list(changed(ok, fired, 25*minute)), nil, said{Edit: fired, Line: LineAgain, Ping: true, Fires: 2},
		},
		"it has no data":                                        {list(alarm), list(changed(fired, none, minute)), nil, said{Edit: none, Fires: 1}},
		"it has data again, and fires":                          {list(alarm, changed(fired, none, minute)), list(changed(none, fired, 9*minute)), nil, said{Edit: fired, Line: LineAgain, Ping: true, Fires: 2}},
		"it has data again, and is well":                        {list(alarm, changed(fired, none, minute)), list(changed(none, ok, 9*minute)), nil, said{Edit: ok, Line: LineRecovered, Fires: 1}},
		"no data, out of nothing":                               {nil, list(changed(ok, none, 0)), nil, said{Post: none}},
		"well after no data":                                    {list(changed(ok, none, 0)), list(changed(none, ok, time.Hour)), nil, said{Edit: ok}},
		"it fires after no data":                                {list(changed(ok, none, 0)), list(changed(none, fired, minute)), nil, said{Post: fired, Ping: true, Fires: 1}},
		"a recovery out of nothing":                             {nil, list(recovery), nil, said{Post: ok, Fires: 1}},
		"its ALARM comes after it":                              {list(recovery), list(alarm), nil, said{Edit: ok, Fires: 1}},
		"its ALARM comes after it, and nothing can change":      {list(recovery), list(alarm), without, said{Late: 1, Fires: 1}},
		"an ALARM of last week":                                 {list(changed(ok, fired, 100*time.Hour)), list(alarm), nil, said{Late: 1, Fires: 1}},
		"it fires and recovers at once":                         {nil, list(alarm, recovery), nil, said{Post: ok, Fires: 1}},
		"it recovers and fires at once":                         {list(alarm), list(recovery, changed(ok, fired, 13*minute)), nil, said{Edit: fired, Line: LineAgain, Ping: true, Fires: 2}},
		"it recovers, and another time fires":                   {list(alarm), list(recovery, changed(ok, fired, time.Hour)), nil, said{Edit: ok, Post: fired, Ping: true, Fires: 1}},
		"it fires while it is muted":                            {nil, list(alarm), muted, said{Held: 1}},
		"it recovers while it is muted":                         {list(alarm), list(recovery), muted, said{Edit: ok, Fires: 1}},
		"it recovers while it is muted, and nothing can change": {list(alarm), list(recovery), func(m *Manners) { m.Edits, m.Muted = false, true }, said{Held: 1, Fires: 1}},
		"it flaps while it is muted":                            {list(alarm, recovery), list(changed(ok, fired, 13*minute)), muted, said{Edit: fired, Fires: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			m, b := manners, board{at: noon}
			if test.with != nil {
				test.with(&m)
			}
			before := m
			before.Muted = false
			for _, a := range test.before {
				b.at = a.ChangedAt
				b.tell(before, a)
			}
			if last := test.came[len(test.came)-1].ChangedAt; last.After(b.at) {
				b.at = last
			}
			if diff := cmp.Diff(test.want, inShort(b.tell(m, test.came...))); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func list(all ...*alert.Alert) []*alert.Alert { return all }
func without(m *Manners)                      { m.Edits = false }
func muted(m *Manners)                        { m.Muted = true }
func recovers(r Recovery) func(*Manners)      { return func(m *Manners) { m.Recovery = r } }

// course draws how an alarm changes, with one of so many minutes between two changes.
func course(t *rapid.T, minutes ...int) (all []*alert.Alert) {
	states, from, after := []alert.State{ok, fired, none}, ok, time.Duration(0)
	for range rapid.IntRange(1, 14).Draw(t, "changes") {
		to := rapid.SampledFrom(states).Filter(func(s alert.State) bool { return s != from }).Draw(t, "to")
		after += time.Duration(rapid.SampledFrom(minutes).Draw(t, "minutes")) * minute
		all = append(all, changed(from, to, after))
		from = to
	}
	return all
}

func TestAMessageThatRanAheadIsMadeTrueWhenAnotherBegins(t *testing.T) {
	b := board{at: noon}
	b.tell(manners, changed(ok, fired, 0))
	b.tell(manners, changed(fired, ok, minute))
	b.known.Episode.Ahead = true
	p := b.tell(manners, changed(ok, fired, time.Hour))
	if diff := cmp.Diff(said{Edit: ok, Post: fired, Ping: true, Fires: 1}, inShort(p)); diff != "" || p.Edit.IsAhead() || p.Known.Episode.IsAhead() {
		t.Errorf("still ahead: %v, %v; -want +got\n%s", p.Edit.IsAhead(), p.Known.Episode.IsAhead(), diff)
	}
}

// TestPeopleSeeWhatAnAlarmDid tells an alarm's course in order, in batches, and counts what people are shown against a model of a few lines.
func TestPeopleSeeWhatAnAlarmDid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, b := course(t, 0, 1, 2, 7, 15, 300), board{}
		messages, notified := 0, 0
		for rest := all; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "batch")
			b.at = rest[n-1].ChangedAt.Add(time.Second)
			p := b.tell(manners, rest[:n]...)
			last := rest[n-1]
			if p.Ping && p.Known.Newest.State != fired {
				t.Fatalf("%s pings", p.Known.Newest.State)
			}
			if last.State == fired && p.Post == nil && p.Line != LineAgain {
				t.Fatalf("nobody notices that it fires: %+v", inShort(p))
			}
			if p.Post != nil {
				messages++
			}
			if p.Line != "" || p.Post != nil {
				notified++
			}
			rest = rest[n:]
		}
		newest := all[len(all)-1]
		if e := b.known.Episode; e.State != newest.State || !e.At.Equal(newest.ChangedAt) || b.shows[e.Message] == nil {
			t.Fatalf("known as %+v, is %s", e, newest.Change)
		}
		for ref, e := range b.shows {
			current := ref == b.known.Episode.Message
			if current != (e.State == newest.State && e.At.Equal(newest.ChangedAt)) && current {
				t.Fatalf("message %v shows %s since %v", ref, e.State, e.At)
			}
			if !current && e.State == fired && !e.Unseen {
				t.Fatalf("an old message stays red: %+v", e)
			}
		}
		if messages > notified || messages == 0 {
			t.Fatalf("%d messages", messages)
		}
	})
}

// TestOrderAndRepetitionMakeNoDifferenceInTheEnd tells an alarm's course in any order, some of it twice. No two changes have the
// same time: of three at one time nothing tells the order.
func TestOrderAndRepetitionMakeNoDifferenceInTheEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, b := course(t, 1, 2, 7, 15, 300), board{at: noon.Add(1000 * time.Hour)}
		told := map[string]int{}
		queue := rapid.Permutation(append(all, rapid.SliceOfN(rapid.SampledFrom(all), 0, 5).Draw(t, "again")...)).Draw(t, "order")
		for rest := queue; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "batch")
			var news []*alert.Alert
			seen := map[string]bool{}
			for _, a := range rest[:n] {
				if !b.known.WasTold(a.Change) && !seen[a.Change] {
					seen[a.Change] = true
					told[a.Change]++
					news = append(news, a)
				}
			}
			rest = rest[n:]
			if len(news) > 0 {
				b.tell(manners, InOrder(news)...)
			}
		}
		for _, a := range all {
			if told[a.Change] != 1 || !b.known.WasTold(a.Change) {
				t.Fatalf("%s was told %d times", a.Change, told[a.Change])
			}
		}
		newest := all[len(all)-1]
		if b.known.Newest.State != newest.State || !b.known.Newest.At.Equal(newest.ChangedAt) {
			t.Fatalf("known as %v, is %s", b.known.Newest, newest.Change)
		}
		if e := b.known.Episode; b.shows[e.Message] == nil || b.shows[e.Message].State != newest.State {
			t.Fatalf("people see %+v, it is %s", b.shows[e.Message], newest.Change)
		}
		for ref, e := range b.shows {
			if ref != b.known.Episode.Message && e.State == fired && !e.Unseen {
				t.Fatalf("an old message stays red: %+v", e)
			}
		}
	})
}

func TestDecidingChangesNothingThatIsKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, b := course(t, 0, 1, 7, 300), board{at: noon}
		half := len(all) / 2
		if half > 0 {
			b.tell(manners, all[:half]...)
		}
		before := Known[Incident]{Is: b.known}
		facts := string(before.Packed(noon).Facts)
		Decide(b.known, all[half:], manners, noon)
		after := Known[Incident]{Is: b.known}
		if got := string(after.Packed(noon).Facts); got != facts {
			t.Fatalf("before %s\nafter %s", facts, got)
		}
	})
}
