//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// Row is one promise and what was measured.
type Row struct {
	Promise  string  `json:"promise"`
	Measured float64 `json:"measured"`
	Limit    float64 `json:"limit"`
	Below    bool    `json:"below"` // the limit itself is too much
	Unit     string  `json:"unit"`  // empty for a ratio
	Detail   string  `json:"detail"`
	// Steady is set where the machine and what else runs on it make no difference.
	Steady bool `json:"steady"`
}

// Met reports whether the promise is kept.
func (r Row) Met() bool {
	return r.Measured < r.Limit || !r.Below && r.Measured == r.Limit
}

// MarshalJSON adds the verdict.
func (r Row) MarshalJSON() ([]byte, error) {
	type plain Row
	return json.Marshal(struct {
		plain
		Verdict string `json:"verdict"`
	}{plain(r), r.verdict()})
}

func (r Row) verdict() string {
	if r.Met() {
		return "met"
	}
	return "over"
}

func (r Row) limit() string {
	if r.Below {
		return "< " + number(r.Limit, r.Unit)
	}
	return "<= " + number(r.Limit, r.Unit)
}

// number writes three digits, and no fraction of what is large.
func number(n float64, unit string) string {
	text := fmt.Sprintf("%.0f", n)
	switch {
	case n == float64(int64(n)):
	case n < 10:
		text = fmt.Sprintf("%.2f", n)
	case n < 100:
		text = fmt.Sprintf("%.1f", n)
	}
	if unit == "" {
		return text + " x"
	}
	return text + " " + unit
}

// broken reports whether a promise is not kept; unless strict, only the steady ones count.
func broken(rows []Row, strict bool) bool {
	return slices.ContainsFunc(rows, func(r Row) bool { return !r.Met() && (r.Steady || strict) })
}

func printTable(w io.Writer, rows []Row, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(rows)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "promise\tmeasured\tlimit\tverdict\tdetail")
	for _, r := range rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.Promise, number(r.Measured, r.Unit), r.limit(), r.verdict(), r.Detail)
	}
	return table.Flush()
}
