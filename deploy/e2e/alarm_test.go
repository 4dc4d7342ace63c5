package e2e_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"alarmrelay/relay/rule"
)

// In a quiet night there is one alert, and it fails now and then. Somebody has to hear of that, and once.
func TestOneAlertThatFailsAgainAndAgainIsNoticed(t *testing.T) {
	visibility := seconds(t, "Queue", "VisibilityTimeout")
	const poll = 20 * time.Second // what is visible again is found by then
	tests := []struct {
		alarm  string
		within time.Duration
		pause  func(age time.Duration) time.Duration
	}{
		{"ErrorsAlarm", 10 * time.Minute, func(time.Duration) time.Duration { return visibility }},
		{"ThrottlesAlarm", 10 * time.Minute, func(time.Duration) time.Duration { return visibility }},
		{"FailedAlarm", 25 * time.Minute, retryPause(t)},
	}
	for _, tt := range tests {
		for _, late := range []time.Duration{0, poll / 2, poll} {
			t.Run(fmt.Sprintf("%s, found %v late", tt.alarm, late), func(t *testing.T) {
				var failures []time.Duration
				for age := time.Duration(0); age < 12*time.Hour; age += tt.pause(age) + late {
					failures = append(failures, age)
				}
				w := readWatch(t, tt.alarm)
				for phase := time.Duration(0); phase < w.period; phase += 10 * time.Second {
					states := w.states(failures, phase)
					first, changed := changes(states)
					if fired := time.Duration(first+1)*w.period - phase; first < 0 || fired > tt.within {
						t.Errorf("a period that began %v before the first failure: fired after %v, want %v at most", phase, fired, tt.within)
					}
					if changed != 1 {
						t.Errorf("a period that began %v before the first failure: %d changes of state, want 1", phase, changed)
					}
					if first, _ := changes(w.states(failures[:1], phase)); first >= 0 {
						t.Errorf("fires after a single failure")
					}
				}
			})
		}
	}
}

// watch is how an alarm on a sum above zero looks at its metric.
type watch struct {
	period           time.Duration
	periods, failing int
}

func readWatch(t *testing.T, name string) watch {
	t.Helper()
	w := watch{seconds(t, name, "Period"), number(t, name, "EvaluationPeriods"), number(t, name, "EvaluationPeriods")}
	if at[shape](t, readTemplate(t), "Resources", name, "Properties")["DatapointsToAlarm"] != nil {
		w.failing = number(t, name, "DatapointsToAlarm")
	}
	return w
}

// states are whether it is in ALARM at the end of each period, of which the first began a phase before the first failure.
func (w watch) states(failures []time.Duration, phase time.Duration) []bool {
	sums := make([]int, (failures[len(failures)-1]+phase)/w.period+1)
	for _, when := range failures {
		sums[(when+phase)/w.period]++
	}
	states := make([]bool, len(sums))
	for i := range sums {
		failing := 0
		for _, sum := range sums[max(0, i+1-w.periods) : i+1] {
			failing += min(sum, 1)
		}
		states[i] = failing >= w.failing
	}
	return states
}

// changes returns the period at whose end it first fired, below zero for never, and how often it changed in all.
func changes(states []bool) (first, number int) {
	first = -1
	for i, firing := range states {
		if before := i > 0 && states[i-1]; firing == before {
			continue
		}
		if first < 0 {
			first = i
		}
		number++
	}
	return first, number
}

// retryPause is what "retry" says by default: each pause is as long as it has lasted.
func retryPause(t *testing.T) func(time.Duration) time.Duration {
	t.Helper()
	c, err := rule.Parse("file", []byte("destinations: {a: {discord: \"env:A\"}}\nrules: [{to: [a]}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	return func(age time.Duration) time.Duration { return min(max(age, c.Retry.First), c.Retry.Longest) }
}

func seconds(t *testing.T, resource, property string) time.Duration {
	t.Helper()
	return time.Duration(number(t, resource, property)) * time.Second
}

func number(t *testing.T, resource, property string) int {
	t.Helper()
	n, err := strconv.Atoi(at[string](t, readTemplate(t), "Resources", resource, "Properties", property))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
