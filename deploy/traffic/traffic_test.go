package traffic_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/deploy/traffic"
	"alarmrelay/relay/rule"
)

var (
	start  = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	routes = []traffic.Route{{Name: "pair", To: []string{"ops", "room"}}, {Name: "both", To: []string{"ops", "room"}}, {Name: "ops", To: []string{"ops"}}}
)

const flap = 10 * time.Minute

// aDay is a day of 400 alarms.
func aDay() []traffic.Parcel {
	return traffic.Day(traffic.Options{
		Rand: rand.New(rand.NewPCG(1, 2)), Start: start, Alarms: 400, Span: time.Hour, Routes: routes,
		Drift: 5 * time.Second, Gap: time.Minute, Flap: flap, Bursts: 3,
	})
}

// seen is what the relay's own parser makes of a parcel.
type seen struct {
	Name            string
	State, Previous alert.State
	Second          int64
	Lines           int
	Broken          bool
}

func read(t *testing.T, p traffic.Parcel) seen {
	t.Helper()
	records := alert.Message{ID: "1", Body: p.Body}.Parse()
	if len(records) != 1 || records[0].Skip != "" {
		t.Fatalf("%d records, skip %q: %.200s", len(records), records[0].Skip, p.Body)
	}
	a := records[0].Alert
	s := seen{Name: a.Name, State: a.State, Previous: a.Previous, Broken: records[0].Err != nil}
	if a.State != "" {
		s.Second = a.ChangedAt.Unix()
	}
	if a.Logs != nil {
		s.Lines = len(a.Logs.Lines)
	}
	return s
}

func TestParcelsSayWhatTheirChangesSay(t *testing.T) {
	for i, p := range aDay() {
		want := seen{Broken: true}
		if c := p.Change; c != nil {
			want = seen{Name: c.Name, State: c.State, Previous: c.Previous, Lines: c.Lines}
			if c.State != "" {
				want.Second = c.Second()
			} else if c.Lines == 0 {
				want.Name = "Deployment " + c.Name
			}
		}
		if diff := cmp.Diff(want, read(t, p)); diff != "" {
			t.Fatalf("parcel %d (-want +got):\n%s\n%s", i, diff, p.Body)
		}
	}
}

func TestTheRulesSendChangesWhereTheyAreToGo(t *testing.T) {
	config := "destinations:\n  ops: {discord: \"env:OPS\"}\n  room: {slack: \"env:ROOM\"}\n" + traffic.Rules(routes)
	rules, err := rule.Parse("alarmrelay.yaml", []byte(config))
	if err != nil {
		t.Fatalf("%v in\n%s", err, config)
	}
	for _, p := range aDay() {
		if p.Change == nil {
			continue
		}
		a := alert.Message{ID: "1", Body: p.Body}.Parse()[0].Alert
		var got []string
		for _, d := range rules.Route(&a, start).Deliveries {
			got = append(got, d.Destination)
		}
		if diff := cmp.Diff(p.Change.To, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", p.Change.Name, diff)
		}
	}
}

// TestADayHasAllThatItPromises counts what a day is made of.
func TestADayHasAllThatItPromises(t *testing.T) {
	turns, kinds, twice := map[string]int{}, map[string]int{}, 0
	seconds := map[string]bool{}
	parcels := aDay()
	byChange := map[*traffic.Change]int{}
	for _, p := range parcels {
		switch c := p.Change; {
		case c == nil:
			kinds["nonsense"]++
		case c.Lines > 0:
			kinds["logs"]++
			if !p.Direct {
				t.Error("log lines come through the queue")
			}
		case c.State == "":
			kinds["notices"]++
		default:
			if byChange[c]++; byChange[c] > 1 {
				twice++
				continue
			}
			turns[c.Name] = max(turns[c.Name], c.Turn+1)
			second := fmt.Sprintln(c.Name, c.State, c.Second())
			if seconds[second] {
				t.Errorf("two changes look alike: %s", second)
			}
			seconds[second] = true
		}
	}
	if !slices.IsSortedFunc(parcels, func(a, b traffic.Parcel) int { return int(a.After - b.After) }) {
		t.Error("parcels are not in the order of sending")
	}
	changes := map[int]int{}
	for _, n := range turns {
		changes[n]++
	}
	if len(turns) != 400 || changes[1] == 0 || changes[2] == 0 || changes[3] == 0 || twice == 0 {
		t.Errorf("%d alarms, by their number of changes %v, %d told in two envelopes", len(turns), changes, twice)
	}
	if diff := cmp.Diff(map[string]int{"nonsense": 4, "logs": 24, "notices": 8}, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

// TestADayHasTheLivesThatGoWrong looks for what is hard on messages that live as long as their incident.
func TestADayHasTheLivesThatGoWrong(t *testing.T) {
	arrived := map[*traffic.Change]time.Duration{}
	byName, composites, together := map[string][]*traffic.Change{}, 0, map[time.Duration]int{}
	for _, p := range aDay() {
		c := p.Change
		if c == nil || c.State == "" || arrived[c] > 0 {
			continue
		}
		arrived[c] = p.After
		byName[c.Name] = append(byName[c.Name], c)
		if strings.Contains(p.Body, "TriggeringChildren") {
			composites++
		}
		if c.State == alert.StateOK {
			together[p.After]++
		}
	}
	late, rushes, anew := 0, 0, 0
	for _, all := range byName {
		slices.SortFunc(all, func(a, b *traffic.Change) int { return a.Turn - b.Turn })
		for i, c := range all {
			switch {
			case i > 0 && arrived[all[i-1]]-arrived[c] > 10*time.Second:
				late++
			case i == 7 && arrived[all[0]] == arrived[c]:
				rushes++
			case i > 0 && c.State == alert.StateAlarm && c.At.Sub(all[i-1].At) > flap:
				anew++
			}
		}
	}
	herds := 0
	for _, n := range together {
		if n >= 50 {
			herds++
		}
	}
	if late == 0 || rushes == 0 || anew == 0 || composites < 4 || herds != 2 {
		t.Errorf("%d changes overtaken by later ones, %d times eight at once, %d that fire anew, %d of composite alarms, %d times fifty recoveries at once",
			late, rushes, anew, composites, herds)
	}
}

func TestAnIncidentIsSentStepByStep(t *testing.T) {
	parcels := traffic.Incident(start, routes[2], 2, []int{0, 1},
		traffic.Step{State: alert.StateAlarm, Arrives: time.Minute}, traffic.Step{State: alert.StateOK, At: 30 * time.Second})
	if len(parcels) != 2 || parcels[0].After != time.Minute || parcels[1].After != 30*time.Second || parcels[1].Change.Since != start {
		t.Fatalf("%+v", parcels)
	}
	a := alert.Message{ID: "1", Body: parcels[0].Body}.Parse()[0].Alert
	if a.Composite == nil || len(a.Composite.Children) != 2 || a.Key != parcels[0].Change.Key || a.Previous != alert.StateOK {
		t.Errorf("%+v", a)
	}
}

func TestAStormHasItsCriticalAlarmWhereItIsAskedFor(t *testing.T) {
	parcels := traffic.Storm(50, 17, start, routes)
	names := map[string]bool{}
	for i, p := range parcels {
		c := p.Change
		names[c.Name] = true
		if critical := len(c.To) == 2; critical != (i == 17) {
			t.Errorf("alarm %d goes to %v", i, c.To)
		}
		if c.At.After(start) || start.Sub(c.At) > 4*time.Second || read(t, p).Name != c.Name {
			t.Errorf("alarm %d: %+v", i, c)
		}
	}
	if len(names) != 50 {
		t.Errorf("%d alarms have %d names", len(parcels), len(names))
	}
}
