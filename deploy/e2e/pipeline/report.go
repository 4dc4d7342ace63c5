package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// report is what a run came to.
type report struct {
	Setup []result `json:"setup"`
	Cases []result `json:"cases"`
}

// result is one step or case.
type result struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
	Seen    string  `json:"seen,omitempty"`    // in few words, when it went well
	Failure string  `json:"failure,omitempty"` // what was expected and what there was instead
	Account string  `json:"account,omitempty"` // of a failure: what the channels show, and the function's last words
}

// stepper does one step of the set-up after another, until one fails.
type stepper struct {
	r        *report
	progress io.Writer
	err      error
}

func (r *report) steps(progress io.Writer) *stepper { return &stepper{r: r, progress: progress} }

// do does a step unless one before it has failed.
func (s *stepper) do(name string, step func() error) {
	if s.err != nil {
		return
	}
	fmt.Fprintln(s.progress, name)
	began := time.Now()
	err := step()
	s.r.Setup = append(s.r.Setup, result{Name: name, Seconds: time.Since(began).Seconds()})
	if err != nil {
		s.err = fmt.Errorf("%s: %w", name, err)
	}
}

// failed reports whether a case did not go as it has to, or none was tried.
func (r report) failed() bool {
	for _, c := range r.Cases {
		if c.Failure != "" {
			return true
		}
	}
	return len(r.Cases) == 0
}

func (r report) print(w io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	var total float64
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range r.Setup {
		total += s.Seconds
		fmt.Fprintf(t, "%s\t%6.1f s\t\n", s.Name, s.Seconds)
	}
	for _, c := range r.Cases {
		total += c.Seconds
		seen := c.Seen
		if c.Failure != "" {
			seen = "FAILED"
		}
		fmt.Fprintf(t, "%s\t%6.1f s\t%s\n", c.Name, c.Seconds, seen)
	}
	fmt.Fprintf(t, "in all\t%6.1f s\t\n", total)
	if err := t.Flush(); err != nil {
		return err
	}
	for _, c := range r.Cases {
		if c.Failure != "" {
			fmt.Fprintf(w, "\n%s failed: %s\n\n%s\n", c.Name, strings.TrimSpace(c.Failure), c.Account)
		}
	}
	return nil
}
