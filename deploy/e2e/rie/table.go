package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// row is what became of one case. Its times are those of an instance's first event, its start included, and of the next: alone that
// is the same event once more, and with a queue it is the telling of what the first has put into that.
type row struct {
	Arch    string   `json:"arch"`
	Setting setting  `json:"setting"`
	Case    string   `json:"case"`    // a sample's name, or what goes wrong
	Answer  string   `json:"answer"`  // the last one
	Discord int      `json:"discord"` // messages that the channel shows in the end
	Slack   int      `json:"slack"`
	Cold    float64  `json:"cold_ms"`
	Warm    float64  `json:"warm_ms,omitempty"`
	Trouble bool     `json:"trouble,omitempty"` // something goes wrong on purpose: its times are not those of a sample
	Wrong   []string `json:"wrong,omitempty"`
}

type table []row

// wrong returns how many cases did not go as they should.
func (t table) wrong() (n int) {
	for _, r := range t {
		if len(r.Wrong) > 0 {
			n++
		}
	}
	return n
}

func (t table) print(w io.Writer, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(t)
	}
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "function\tcase\tanswer\tDiscord\tSlack\tcold ms\twarm ms")
	for _, r := range t {
		fmt.Fprintf(columns, "%s %s\t%s\t%.60s\t%d\t%d\t%s\t%s\n", r.Arch, r.Setting, r.Case, r.Answer, r.Discord, r.Slack, milliseconds(r.Cold), milliseconds(r.Warm))
	}
	if err := columns.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, line := range t.summary() {
		fmt.Fprintln(w, line)
	}
	for _, r := range t {
		for _, what := range r.Wrong {
			fmt.Fprintf(w, "WRONG: %s %s, %s: %s\n", r.Arch, r.Setting, r.Case, what)
		}
	}
	_, err := fmt.Fprintf(w, "%d cases, %d wrong\n", len(t), t.wrong())
	return err
}

func milliseconds(n float64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", n)
}

// summary has the medians of each function and setting, over the samples.
func (t table) summary() (lines []string) {
	type group struct {
		arch string
		setting
	}
	var order []group
	cold, warm := map[group][]float64{}, map[group][]float64{}
	for _, r := range t {
		if r.Trouble {
			continue
		}
		g := group{r.Arch, r.Setting}
		if !slices.Contains(order, g) {
			order = append(order, g)
		}
		cold[g] = append(cold[g], r.Cold)
		if r.Warm > 0 {
			warm[g] = append(warm[g], r.Warm)
		}
	}
	for _, g := range order {
		lines = append(lines, fmt.Sprintf("%s %s: median of %d cold %s ms, of %d warm %s ms",
			g.arch, g.setting, len(cold[g]), milliseconds(median(cold[g])), len(warm[g]), milliseconds(median(warm[g]))))
	}
	return lines
}

// median returns the middle one, or the lower of the two in the middle; 0 for none.
func median(of []float64) float64 {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(of))
	return sorted[(len(sorted)-1)/2]
}
