package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"alarmrelay/formatter"
)

// Row is one storm. Times are in seconds after the alarms reached the queue.
type Row struct {
	Alarms      int               `json:"alarms"`
	Service     formatter.Service `json:"service"`
	Requests    int               `json:"requests"` // posts and edits, refused ones included
	Messages    int               `json:"messages"`
	Last        float64           `json:"last_s"`     // when the last request was accepted
	Critical    float64           `json:"critical_s"` // when the critical alarm was shown
	Named       int               `json:"named"`
	Counted     int               `json:"counted"` // told by their number only
	Lost        int               `json:"lost"`    // neither told nor dead-lettered
	Left        int               `json:"left"`    // still in the queue when the measurement ended
	Buried      int               `json:"dead_lettered"`
	Twice       int               `json:"twice"`
	Wrong       int               `json:"wrong"` // other complaints of the judge
	Invocations int               `json:"invocations"`
	GBSeconds   float64           `json:"gb_seconds"`
	Peak        float64           `json:"peak_mb"` // the most memory of an instance

	complaints []string
}

// Hanging is how alerts fare whose other destination never answers.
type Hanging struct {
	Alerts  int     `json:"alerts"`
	First   float64 `json:"first_s"`
	Slowest float64 `json:"slowest_s"`
}

type table struct {
	Storms  []Row    `json:"storms"`
	Hanging *Hanging `json:"hanging,omitempty"`
}

// goal is what a storm of a size is to keep to; 0 is no goal.
type goal struct {
	requests             int
	last, critical, peak float64
}

// goals are the promises about storms.
var goals = map[int]goal{
	1:      {last: 3, critical: 3},
	200:    {requests: 6, last: 5},
	1000:   {last: 15},
	10_000: {critical: 5, peak: 96},
}

// missed lists the goals that a row does not reach. They are those of Discord's limits; of Slack's is known
// that storms take longer.
func (r Row) missed() (missed []string) {
	g := goals[r.Alarms]
	if r.Service != formatter.ServiceDiscord {
		g = goal{critical: g.critical, peak: g.peak}
	}
	if g.requests > 0 && r.Requests > g.requests {
		missed = append(missed, fmt.Sprintf("requests > %d", g.requests))
	}
	for _, limit := range []struct {
		what            string
		measured, limit float64
		unit            string
	}{{"last", r.Last, g.last, "s"}, {"critical", r.Critical, g.critical, "s"}, {"memory", r.Peak, g.peak, "MB"}} {
		if limit.limit > 0 && limit.measured > limit.limit {
			missed = append(missed, fmt.Sprintf("%s > %.0f %s", limit.what, limit.limit, limit.unit))
		}
	}
	return missed
}

// mostBeside is how long an alert may take, in seconds, while another destination hangs.
const mostBeside = 1

// broken reports whether a promise is not kept: with strict also those that a busy machine breaks.
func (t table) broken(strict bool) bool {
	for _, r := range t.Storms {
		if r.Left+r.Lost+r.Twice+r.Wrong+r.Buried > 0 || strict && len(r.missed()) > 0 {
			return true
		}
	}
	return strict && t.Hanging != nil && t.Hanging.Slowest > mostBeside
}

func (t table) print(w io.Writer, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(t)
	}
	rows := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(rows, "alarms\tservice\trequests\tmessages\tlast\tcritical\tby name\tleft\tlost\ttwice\tinvocations\tGB-s\tmemory\tgoals")
	for _, r := range t.Storms {
		verdict := "met"
		if missed := r.missed(); len(missed) > 0 {
			verdict = strings.Join(missed, ", ")
		}
		fmt.Fprintf(rows, "%d\t%s\t%d\t%d\t%.2f s\t%.2f s\t%d\t%d\t%d\t%d\t%d\t%.2f\t%.0f MB\t%s\n",
			r.Alarms, r.Service, r.Requests, r.Messages, r.Last, r.Critical, r.Named, r.Left, max(0, r.Lost-r.Left), r.Twice, r.Invocations, r.GBSeconds, r.Peak, verdict)
	}
	if err := rows.Flush(); err != nil {
		return err
	}
	for _, r := range t.Storms {
		for _, c := range r.complaints[:min(len(r.complaints), 5)] {
			fmt.Fprintf(w, "COMPLAINT %d to %s: %s\n", r.Alarms, r.Service, c)
		}
	}
	if h := t.Hanging; h != nil {
		fmt.Fprintf(w, "\none destination hangs: the first alert of the other is out after %.2f s, the slowest of %d after %.2f s (goal: %d s)\n",
			h.First, h.Alerts, h.Slowest, mostBeside)
	}
	return nil
}
