package relay_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/relay"
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
