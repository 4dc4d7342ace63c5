package main

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/deploy/judge"
	"alarmrelay/deploy/mapping"
	"alarmrelay/formatter"
)

func TestGoalsThatARowMisses(t *testing.T) {
	for name, row := range map[string]struct {
		row  Row
		want []string
	}{
		"a storm as it should be": {Row{Alarms: 200, Service: formatter.ServiceDiscord, Requests: 6, Last: 5}, nil},
		"too slow and too talkative": {
			Row{Alarms: 200, Service: formatter.ServiceDiscord, Requests: 7, Last: 5.1},
			[]string{"requests > 6", "last > 5 s"},
		},
		"Slack takes its time":             {Row{Alarms: 200, Service: formatter.ServiceSlack, Requests: 7, Last: 5.1}, nil},
		"but not for the critical alarm":   {Row{Alarms: 10_000, Service: formatter.ServiceSlack, Critical: 5.5}, []string{"critical > 5 s"}},
		"a large storm takes no more room": {Row{Alarms: 10_000, Service: formatter.ServiceDiscord, Peak: 97}, []string{"memory > 96 MB"}},
		"a size without goals":             {Row{Alarms: 77, Service: formatter.ServiceDiscord, Last: 1000}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, row.row.missed()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOnlyBrokenPromisesDecideTheExitCodeUnlessItIsStrict(t *testing.T) {
	slow := Row{Alarms: 200, Service: formatter.ServiceDiscord, Last: 60}
	for name, row := range map[string]struct {
		table          table
		broken, strict bool
	}{
		"nothing to say":                   {table{Storms: []Row{{Alarms: 1}}}, false, false},
		"slow":                             {table{Storms: []Row{slow}}, false, true},
		"slow beside one that hangs":       {table{Hanging: &Hanging{Slowest: 1.5}}, false, true},
		"something lost":                   {table{Storms: []Row{{Lost: 1}}}, true, true},
		"something left":                   {table{Storms: []Row{{Left: 1}}}, true, true},
		"something told twice":             {table{Storms: []Row{{Twice: 1}}}, true, true},
		"something dead-lettered":          {table{Storms: []Row{{Buried: 1}}}, true, true},
		"something else that is not right": {table{Storms: []Row{{Wrong: 1}}}, true, true},
	} {
		if got := []bool{row.table.broken(false), row.table.broken(true)}; got[0] != row.broken || got[1] != row.strict {
			t.Errorf("%s: broken %v, strictly %v", name, got[0], got[1])
		}
	}
}

func TestRowsCountComplaintsAndWhatLambdaBills(t *testing.T) {
	var r Row
	r.count(judge.Verdict{Buried: 2, Complaints: []judge.Complaint{{Kind: judge.Lost}, {Kind: judge.Left}, {Kind: judge.Twice}, {Kind: judge.Stale}}})
	r.bill([]mapping.Call{{Took: 1200 * time.Microsecond}, {Took: 3 * time.Millisecond}})
	if r.Lost != 1 || r.Left != 1 || r.Twice != 1 || r.Wrong != 1 || r.Buried != 2 || r.Invocations != 2 || math.Abs(r.GBSeconds-0.005/8) > 1e-9 {
		t.Errorf("%+v", r)
	}
	var said strings.Builder
	if err := (table{Storms: []Row{r}, Hanging: &Hanging{Alerts: 3}}).print(&said, false); err != nil || strings.Count(said.String(), "COMPLAINT") != 4 {
		t.Errorf("%v\n%s", err, said.String())
	}
}
