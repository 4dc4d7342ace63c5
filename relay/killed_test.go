package relay_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
)

var errKilled = errors.New("the process was killed")

// life is that of one process: it is over after so many steps, each of which is a request to a service or a table. The last of them is
// carried out, but of several items a table has only those of the alarms then: it writes what it is given side by side.
type life struct{ steps atomic.Int32 }

func (l *life) isOver() bool { return l.steps.Load() <= 0 }

// step takes the next step. It returns false when there is none any more.
func (l *life) step() (taken, last bool) {
	left := l.steps.Add(-1)
	return left >= 0, left == 0
}

type mortalChannel struct {
	relay.Channel
	*life
}

func (c mortalChannel) Post(ctx context.Context, m formatter.Message) (ref relay.Ref, err error) {
	taken, last := c.step()
	if taken {
		ref, err = c.Channel.Post(ctx, m)
	}
	if !taken || last {
		return relay.Ref{}, errKilled
	}
	return ref, err
}

func (c mortalChannel) Edit(ctx context.Context, ref relay.Ref, m formatter.Message) (now relay.Ref, err error) {
	taken, last := c.step()
	if taken {
		now, err = c.Channel.Edit(ctx, ref, m)
	}
	if !taken || last {
		return relay.Ref{}, errKilled
	}
	return now, err
}

type mortalStore struct {
	incident.Store
	*life
}

func (s mortalStore) Read(ctx context.Context, ids ...incident.ID) ([]incident.Item, error) {
	if s.isOver() {
		return nil, errKilled
	}
	return s.Store.Read(ctx, ids...)
}

func (s mortalStore) Write(ctx context.Context, items ...*incident.Item) (stale []int, err error) {
	taken, last := s.step()
	switch {
	case last:
		some := slices.DeleteFunc(slices.Clone(items), func(i *incident.Item) bool { return strings.Contains(i.Key, "|") })
		_, _ = s.Store.Write(ctx, some...)
		return nil, errKilled
	case !taken:
		return nil, errKilled
	}
	return s.Store.Write(ctx, items...)
}

// live has a process of so many steps take what is visible. It reports whether that was enough.
func (m *mapping) live(t *testing.T, steps int) bool {
	t.Helper()
	l := new(life)
	l.steps.Store(int32(steps))
	mortal := m.another()
	mortal.Store = mortalStore{m.Store, l}
	mortal.Channels = map[string]relay.Channel{}
	for name, c := range m.Channels {
		mortal.Channels[name] = mortalChannel{c, l}
	}
	taken := m.queue.Take(10)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	answer, err := mortal.Handle(ctx, fake.BatchEvent(m.queue.ARN(), taken))
	if l.isOver() {
		return false // nobody hears the answer
	}
	raw, _ := json.Marshal(answer)
	if err := m.queue.Settle(taken, raw, err); err != nil {
		t.Fatal(err)
	}
	return true
}

// TestAProcessThatIsKilledAfterAnyStepLeavesTheTruthInTheEnd tells some alarms that fire, and has the process that tells what became of
// them end after each of its steps.
func TestAProcessThatIsKilledAfterAnyStepLeavesTheTruthInTheEnd(t *testing.T) {
	for name, alarms := range map[string]int{"one alarm": 1, "some in one message": 6, "a digest": 30} {
		for to, want := range map[string]struct{ green, red int }{"recovers": {1, 0}, "fires anew": {0, 1}} {
			t.Run(name+" "+to, func(t *testing.T) {
				enough := false
				for steps := 1; !enough; steps++ {
					synctest.Test(t, func(t *testing.T) {
						m := newMapping(t, oneDiscord+"storm: {messages: 3}\n")
						for i := range alarms {
							m.put(change(fmt.Sprintf("a%02d", i), "OK", "ALARM", 0))
						}
						m.run(t, time.Second)
						time.Sleep(time.Hour)
						if want.green > 0 {
							m.put(change("a00", "ALARM", "OK", 0))
						} else {
							m.put(change("a00", "OK", "ALARM", 0))
						}
						enough = m.live(t, steps)
						m.run(t, 20*time.Minute)
						m.isTrue(t, steps, alarms, want.green > 0)
						if alarms > 1 { // what is known of the message has not suffered
							m.put(change("a01", "ALARM", "OK", 0))
							m.run(t, time.Minute)
							m.isTrue(t, steps, alarms-1, want.green > 0)
						}
						if enough && m.counts.sum.Doubtful > 0 {
							t.Error("an undisturbed life is in doubt")
						}
					})
				}
			})
		}
	}
}

// TestWhatIsTwiceThereIsWholeEachTime has the process end that tells the alarms in the first place: what the message shows that people
// were told of is known, whatever else is.
func TestWhatIsTwiceThereIsWholeEachTime(t *testing.T) {
	for _, alarms := range []int{6, 30} {
		enough := false
		for steps := 1; !enough; steps++ {
			synctest.Test(t, func(t *testing.T) {
				m := newMapping(t, oneDiscord+"storm: {messages: 3}\n")
				for i := range alarms {
					m.put(change(fmt.Sprintf("a%02d", i), "OK", "ALARM", 0))
				}
				enough = m.live(t, steps)
				m.run(t, 20*time.Minute)
				m.step(t, time.Minute, "a01", "ALARM", "OK")
				shown := m.states("ops")
				if red := len(shown["🔴"]); red < alarms-1 || shown["🟢"]["a01"] != 1 || m.queue.Len() != 0 {
					t.Errorf("killed after %d steps: %d left, of %d alarms %v", steps, m.queue.Len(), alarms, shown)
				}
			})
		}
	}
}

// isTrue holds the channel to what alarms are: so many of them fire, but for the first where that has recovered. What was posted as the
// process was killed is known to nobody and may stand there twice.
func (m *mapping) isTrue(t *testing.T, steps, alarms int, recovered bool) {
	t.Helper()
	want := alarms
	if recovered {
		want--
	}
	shown := m.states("ops")
	fire := slices.Sorted(maps.Keys(shown["🔴"]))
	if len(fire) != want || m.queue.Len() != 0 || m.letters.Len() != 0 {
		t.Errorf("killed after %d steps: %d left, %d letters; in ALARM are %d and not %d: %v", steps, m.queue.Len(), m.letters.Len(), len(fire), want, shown)
	}
	if recovered && shown["🟢"]["a00"] != 1 {
		t.Errorf("killed after %d steps: the recovery is shown %d times: %v", steps, shown["🟢"]["a00"], shown)
	}
}

// inState is how an alarm is shown, on a card of its own or in a digest.
var inState = regexp.MustCompile(`(?m)^(🔴|🟢|⚪)(?: ALARM| RESOLVED| CLOSED)? (a\d\d)\b`)

// states counts the alarms that a channel shows, without the lines that accompany them, by their states' signs and their names.
func (d *desk) states(destination string) map[string]map[string]int {
	shown := map[string]map[string]int{}
	for _, m := range d.discord.Messages(d.hooks[destination].Channel) {
		for _, e := range m.Embeds {
			for _, found := range inState.FindAllStringSubmatch(e.Title+"\n"+e.Description, -1) {
				if shown[found[1]] == nil {
					shown[found[1]] = map[string]int{}
				}
				shown[found[1]][found[2]]++
			}
		}
	}
	return shown
}
