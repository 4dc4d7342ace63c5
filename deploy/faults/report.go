package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"alarmrelay/deploy/judge"
)

// report is what a run came to.
type report struct {
	Mode        string         `json:"mode"`
	Seed        uint64         `json:"seed"`
	Alarms      int            `json:"alarms"`
	Took        time.Duration  `json:"took"` // virtual time in virtual runs
	Invocations int            `json:"invocations"`
	Killed      int            `json:"killed"`
	TimedOut    int            `json:"timed_out"`
	Peak        int64          `json:"peak_bytes,omitempty"` // the most memory of an instance
	Counted     int            `json:"counted_doubtful"`     // what the relay itself calls doubtful
	Faults      map[string]int `json:"faults"`
	Said        map[string]int `json:"-"` // what the relay logged above info
	Trace       []string       `json:"trace,omitempty"`
	Verdict     judge.Verdict  `json:"verdict"`
}

// maxTraced are the complaints whose names are traced.
const maxTraced = 12

// judge has the verdict given, and traces what it complains of first, and an alarm of choice.
func (r *report) judge(e judge.Evidence, name string) {
	r.Verdict = judge.Judge(e)
	names := []string{name}
	for _, c := range r.Verdict.Complaints {
		if !slices.Contains(names, c.Name) && len(names) <= maxTraced {
			names = append(names, c.Name)
		}
	}
	for _, name := range names {
		if name != "" {
			r.Trace = append(append(r.Trace, "trace of "+name+":"), judge.Trace(e, name)...)
		}
	}
}

// add takes another run's numbers in.
func (r *report) add(other report) {
	r.Alarms += other.Alarms
	r.Took += other.Took
	r.Invocations += other.Invocations
	r.Killed += other.Killed
	r.TimedOut += other.TimedOut
	r.Counted += other.Counted
	r.Peak = max(r.Peak, other.Peak)
	for name, n := range other.Faults {
		r.Faults[name] += n
	}
	for name, n := range other.Said {
		r.Said[name] += n
	}
	r.Trace = append(r.Trace, other.Trace...)
	v, w := &r.Verdict, other.Verdict
	v.Changes += w.Changes
	v.Wanted += w.Wanted
	v.Shown += w.Shown
	v.Buried += w.Buried
	v.Counted += w.Counted
	v.Requests += w.Requests
	v.Messages += w.Messages
	v.Twice += w.Twice
	v.Anew += w.Anew
	v.Apart += w.Apart
	v.Behind += w.Behind
	v.Complaints = append(v.Complaints, w.Complaints...)
}

// maxComplaints are told in full; the rest is counted.
const maxComplaints = 20

func (r report) print(w io.Writer, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	}
	v := r.Verdict
	fmt.Fprintf(w, "%s, seed %d: %d alarms changed %d times, %v\n", r.Mode, r.Seed, r.Alarms, v.Changes, r.Took.Round(100*time.Millisecond))
	fmt.Fprintf(w, "  %d invocations, %d killed, %d timed out; %d requests, %d messages\n", r.Invocations, r.Killed, r.TimedOut, v.Requests, v.Messages)
	fmt.Fprintf(w, "  of %d to be told: %d shown, %d counted in digests, %d dead-lettered, %d neither\n",
		v.Wanted, v.Shown, v.Counted, v.Buried, v.Wanted-v.Shown-v.Counted-v.Buried)
	fmt.Fprintf(w, "  second showings that a stop or a lost answer explains: %d (the relay itself counted %d doubtful)\n", v.Twice, r.Counted)
	fmt.Fprintf(w, "  messages in the place of others, which were deleted or took no edit: %d\n", v.Anew)
	fmt.Fprintf(w, "  alarms in an older state because of the store: %d; messages that the store does not know as they are: %d\n", v.Behind, v.Apart)
	fmt.Fprintf(w, "  faults: %s\n", counted(r.Faults))
	if len(r.Said) > 0 {
		fmt.Fprintf(w, "  the relay said: %s\n", counted(r.Said))
	}
	for _, line := range r.Trace {
		fmt.Fprintln(w, line)
	}
	for _, c := range v.Complaints[:min(len(v.Complaints), maxComplaints)] {
		fmt.Fprintf(w, "COMPLAINT %s: %s: %s\n", c.Kind, c.Destination, c.What)
	}
	if n := len(v.Complaints); n > 0 {
		kinds := map[string]int{}
		for _, c := range v.Complaints {
			kinds[string(c.Kind)]++
		}
		fmt.Fprintf(w, "%d complaints: %s\n", n, counted(kinds))
	}
	return nil
}

func counted(names map[string]int) string {
	text := ""
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%s %d", name, names[name])
	}
	return text
}
