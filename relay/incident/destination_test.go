package incident

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"alarmrelay/formatter"
)

func TestALeaseIsHeldUntilItEndsAndNoLonger(t *testing.T) {
	var d Destination
	d.Take("one", noon, noon.Add(30*time.Second), []string{"a", "b"})
	for after, held := range map[time.Duration]bool{0: true, 29 * time.Second: true, 30 * time.Second: false, time.Hour: false} {
		if got := d.Lease.Held(noon.Add(after)); got != held {
			t.Errorf("after %v: %v", after, got)
		}
	}
	if (Lease{}).Held(noon) {
		t.Error("nobody's lease is held")
	}
}

func TestWhatAStoppedHolderSetOutToTellIsDoubtfulUntilItIsTold(t *testing.T) {
	var d Destination
	d.Take("one", noon, noon.Add(30*time.Second), []string{"a", "b"})
	d.Take("two", noon.Add(time.Minute), noon.Add(2*time.Minute), []string{"c"})
	if !d.MayHaveTold("a") || !d.MayHaveTold("b") || d.MayHaveTold("c") {
		t.Errorf("%+v", d)
	}
	d.Settled("a")
	d.Lease = Lease{}
	d.Take("three", noon.Add(time.Hour), noon.Add(2*time.Hour), nil)
	if d.MayHaveTold("a") || !d.MayHaveTold("b") || d.MayHaveTold("c") {
		t.Errorf("after c's holder let go: %+v", d)
	}
	d.Lease = Lease{}
	d.Take("four", noon.Add(48*time.Hour), noon.Add(49*time.Hour), nil)
	if d.MayHaveTold("b") {
		t.Error("a doubt outlives what it is about")
	}
}

func TestALeaseOfManyChangesStaysSmall(t *testing.T) {
	var d Destination
	changes := make([]string, 5000)
	for i := range changes {
		changes[i] = time.Duration(i).String()
	}
	for range 3 {
		d.Take("owner", noon, noon, changes)
	}
	k := Known[Destination]{Is: d}
	if size := len(k.Packed(noon).Facts); size > 64<<10 {
		t.Errorf("%d bytes", size)
	}
}

func TestThePauseDoublesWithEveryFailureAndASuccessEndsIt(t *testing.T) {
	var d Destination
	now := noon
	var pauses []time.Duration
	for range 7 {
		d.Failed(now, 30*time.Second, 15*time.Minute)
		pauses = append(pauses, d.NotBefore.Sub(now))
		now = d.NotBefore
	}
	want := []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute}
	if diff := cmp.Diff(want, pauses); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	d.Works()
	if d.Failures != 0 || !d.NotBefore.IsZero() || d.LastTrouble.IsZero() {
		t.Errorf("after a success: %+v", d)
	}
	d.Leave(now, now.Add(time.Hour))
	d.Leave(now, now.Add(time.Minute))
	if got := d.NotBefore.Sub(now); got != time.Hour {
		t.Errorf("a shorter wish takes the place of a longer one: %v", got)
	}
}

// TestEditsNeverHoldUpADestinationForLong matters to what is posted beside them: a limit that is met stops both.
func TestEditsNeverHoldUpADestinationForLong(t *testing.T) {
	for _, service := range []formatter.Service{formatter.ServiceDiscord, formatter.ServiceSlack} {
		var d Destination
		now := noon
		for n := range 200 {
			at := d.NextRequest(service, now, true)
			if at.Sub(now) > 5*time.Second {
				t.Fatalf("%s: edit %d waits %v", service, n, at.Sub(now))
			}
			now = later(now, at)
			d.Requested(Request{At: now, Edit: true})
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// TestRequestsAtTheirPaceNeverMeetALimit counts as the services do: in windows that begin with a request.
func TestRequestsAtTheirPaceNeverMeetALimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		service := rapid.SampledFrom([]formatter.Service{formatter.ServiceDiscord, formatter.ServiceSlack}).Draw(t, "service")
		var d Destination
		var all []Request
		now := noon
		for range rapid.IntRange(1, 200).Draw(t, "requests") {
			now = now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "pause")) * time.Millisecond)
			edit := rapid.Bool().Draw(t, "edit")
			if at := d.NextRequest(service, now, edit); at.After(now) {
				now = at
			}
			d.Requested(Request{At: now, Edit: edit})
			all = append(all, Request{At: now, Edit: edit})
		}
		for _, l := range limits(service) {
			counted := slices.DeleteFunc(slices.Clone(all), func(r Request) bool { return !l.of(r.Edit) })
			for i := range counted {
				if last := i + l.most; last < len(counted) && counted[last].At.Sub(counted[i].At) < l.span {
					t.Fatalf("%d requests in %v", l.most+1, counted[last].At.Sub(counted[i].At))
				}
			}
		}
		if len(d.Requests) > 200 {
			t.Fatalf("%d requests are kept", len(d.Requests))
		}
	})
}

func TestAStormIsOpenWhileAlertsKeepComing(t *testing.T) {
	var d Destination
	d.Requested(Request{At: noon})
	d.Requested(Request{At: noon, Edit: true})
	d.Requested(Request{At: noon, Line: true})
	s := d.BeginStorm("v", noon.Add(time.Second), time.Minute)
	if s.Messages != 1 {
		t.Errorf("%d messages before it", s.Messages)
	}
	s.Last = noon.Add(30 * time.Second)
	if d.Storm("v", noon.Add(89*time.Second), time.Minute) == nil || d.Storm("w", noon.Add(time.Second), time.Minute) != nil {
		t.Error("closed too early, or open for another voice")
	}
	if d.Storm("v", noon.Add(90*time.Second), time.Minute) != nil {
		t.Error("open for ever")
	}
	d.BeginStorm("w", noon.Add(2*time.Minute), time.Minute)
	if len(d.Storms) != 1 {
		t.Errorf("%d storms are kept", len(d.Storms))
	}
}
