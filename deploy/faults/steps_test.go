package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/alert"
	"alarmrelay/deploy/mapping"
	"alarmrelay/deploy/traffic"
)

// plot is what becomes of alarms of one route.
type plot struct {
	sends   func(start time.Time, route traffic.Route) []traffic.Parcel
	deleted time.Duration // when somebody deletes the newest message; 0 for never
}

var plots = map[string]plot{
	"it fires, recovers, and flaps": {sends: of(fires(0), fine(3*time.Minute), fires(5*time.Minute), fine(12*time.Minute))},
	"it lasts for hours and flaps":  {sends: of(fires(0), fine(2*time.Hour), fires(2*time.Hour+time.Minute), fine(2*time.Hour+3*time.Minute))},
	"somebody deletes its message":  {sends: of(fires(0), fine(5*time.Minute), fires(6*time.Minute)), deleted: time.Minute},
	"its ALARM comes last":          {sends: of(traffic.Step{State: alert.StateAlarm, Arrives: 5 * time.Minute}, fine(time.Minute))},
	"nobody sees it recover":        {sends: of(fires(0), traffic.Step{State: alert.StateOK, At: 40 * time.Minute, Arrives: 2 * time.Hour}, fires(time.Hour))},
	"three rush": {sends: func(start time.Time, route traffic.Route) (all []traffic.Parcel) {
		for n := range 3 {
			all = append(all, traffic.Incident(start, route, n, nil, rush()...)...)
		}
		return all
	}},
	"a dozen fire and recover together": {sends: func(start time.Time, route traffic.Route) (all []traffic.Parcel) {
		for n := range 12 {
			later := time.Duration(n) * time.Millisecond
			all = append(all, traffic.Incident(start, route, n, nil, fires(later), fine(7*time.Minute+later))...)
		}
		return all
	}},
	"two make a third fire": {sends: func(start time.Time, route traffic.Route) []traffic.Parcel {
		return slices.Concat(
			traffic.Incident(start, route, 0, nil, fires(0), fine(8*time.Minute)),
			traffic.Incident(start, route, 1, nil, fires(time.Second), fine(9*time.Minute)),
			traffic.Incident(start, route, 2, []int{0, 1}, fires(2*time.Second), fine(9*time.Minute+time.Second)),
		)
	}},
}

// of is the plot of one alarm.
func of(steps ...traffic.Step) func(time.Time, traffic.Route) []traffic.Parcel {
	return func(start time.Time, route traffic.Route) []traffic.Parcel {
		return traffic.Incident(start, route, 0, nil, steps...)
	}
}

// rush is eight changes that come at once.
func rush() (steps []traffic.Step) {
	for i := range 8 {
		s := []traffic.Step{fires(0), fine(0)}[i%2]
		s.At, s.Arrives = time.Duration(i*(i+8))*time.Second, 2*time.Minute
		steps = append(steps, s)
	}
	return steps
}

func fires(at time.Duration) traffic.Step { return traffic.Step{State: alert.StateAlarm, At: at} }
func fine(at time.Duration) traffic.Step  { return traffic.Step{State: alert.StateOK, At: at} }

// TestAKillAtAnyStepIsMadeGood kills the relay after each request of alarms' lives, before it hears of the answer: in the end messages and
// the store agree, and everybody was told. A kill before the next request would look the same.
func TestAKillAtAnyStepIsMadeGood(t *testing.T) {
	for name, p := range plots {
		for _, route := range routes {
			if len(route.To) > 1 || !slices.Contains([]string{ops, room, desk}, route.To[0]) {
				continue
			}
			t.Run(name+", at "+route.To[0], func(t *testing.T) {
				for n := 1; n > 0 && !t.Failed(); {
					n = p.killedAt(t, route, n)
				}
			})
		}
	}
}

// killedAt returns which request is to be struck next: 0 when this one has not come.
func (p plot) killedAt(t *testing.T, route traffic.Route, n int) (next int) {
	t.Helper()
	d := &doom{Strike: mapping.Strike{Request: n, Done: true}}
	var out report
	synctest.Test(t, func(t *testing.T) { out = p.play(t, route, d) })
	v := out.Verdict
	if len(v.Complaints) > 0 || v.Shown+v.Counted != v.Wanted || v.Apart > 0 {
		var said strings.Builder
		_ = out.print(&said, false) // to memory
		t.Errorf("killed after request %d:\n%s", n, said.String())
	}
	if d.asked >= n {
		return n + 1
	}
	if v.Twice > 0 || v.Behind > 0 || out.Counted > 0 {
		t.Errorf("nobody was killed, and yet: %+v, %d doubtful", v, out.Counted)
	}
	return 0
}

func (p plot) play(t *testing.T, route traffic.Route, d *doom) report {
	t.Helper()
	r, err := newVirtualRun(options{instances: 2, limit: 24 * time.Hour, seed: 1, doom: d})
	if err != nil {
		t.Fatal(err)
	}
	parcels := p.sends(time.Now(), route)
	slices.SortStableFunc(parcels, func(a, b traffic.Parcel) int { return cmp.Compare(a.After, b.After) })
	ctx, cancel := context.WithTimeout(t.Context(), r.limit)
	defer cancel()
	out, err := r.play(ctx, parcels, func(running context.Context, wait *sync.WaitGroup) {
		for i := range r.town.channels {
			if c := &r.town.channels[i]; p.deleted > 0 && c.name == route.To[0] && c.edits() {
				wait.Go(func() {
					_ = sleep(running, p.deleted)
					r.town.delete(c, 0)
				})
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
