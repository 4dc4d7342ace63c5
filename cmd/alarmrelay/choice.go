package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"alarmrelay/relay/rule"
)

// filters say which dead letters a command is about, by what they are.
type filters struct {
	destination string
	reason      string
	alert       string
	olderThan   string
	newerThan   string
}

func (f *filters) addFilters(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.destination, "destination", "", "only what this `NAME` was not told")
	cmd.Flags().StringVar(&f.reason, "reason", "", "only what has this `TEXT` in its reason, in upper or lower case")
	cmd.Flags().StringVar(&f.alert, "alert", "", "only alerts whose name fits this `PATTERN`, such as prod-* or /^(prod|live)-/")
	cmd.Flags().StringVar(&f.olderThan, "older-than", "", "only what is older than this `DURATION`, such as 30m or 2d")
	cmd.Flags().StringVar(&f.newerThan, "newer-than", "", "only what is newer than this `DURATION`")
}

func (f *filters) any() bool { return *f != filters{} }

// test returns what a letter has to pass. Its error is a misuse.
func (f *filters) test(now time.Time) (func(letter) bool, error) {
	named := func(string) bool { return true }
	if f.alert != "" {
		fits, err := rule.Pattern(f.alert)
		if err != nil {
			return nil, misuse("--alert %s: %v", f.alert, err)
		}
		named = fits
	}
	oldest, err := f.bound("--newer-than", f.newerThan, now)
	if err != nil {
		return nil, err
	}
	newest, err := f.bound("--older-than", f.olderThan, now)
	if err != nil {
		return nil, err
	}
	return func(l letter) bool {
		return (f.destination == "" || l.Destination == f.destination) &&
			strings.Contains(strings.ToLower(l.Reason), strings.ToLower(f.reason)) &&
			slices.ContainsFunc(l.Alerts, func(a letterAlert) bool { return named(a.Name) }) &&
			(oldest.IsZero() || l.When.After(oldest)) && (newest.IsZero() || l.When.Before(newest))
	}, nil
}

// bound is the moment that lies a flag's duration back; zero without one.
func (f *filters) bound(flag, text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	d, ok := rule.Duration(text)
	if !ok {
		return time.Time{}, misuse("%s %s: write a duration such as 30m, 12h or 2d", flag, text)
	}
	return now.Add(-d), nil
}

// choice says which dead letters are moved: all, some by their ids, or those that pass filters.
type choice struct {
	filters
	all bool
	ids []string
}

// check refuses a choice that names nothing, or the same thing in two ways.
func (c *choice) check() error {
	ways := 0
	for _, way := range []bool{c.all, len(c.ids) > 0, c.any()} {
		if way {
			ways++
		}
	}
	switch {
	case ways == 0:
		return misuse("which letters? name ids as alarmrelay dead shows them, filter with --destination, --reason, --alert, --older-than or --newer-than, or say --all")
	case ways > 1:
		return misuse("choose in one way: by ids, by filters or with --all")
	}
	return nil
}

// of returns the letters that are chosen, in their order. An id may be shortened to what no other begins
// with; the error names one that fits none, or several.
func (c *choice) of(letters []letter, passes func(letter) bool) (chosen []letter, err error) {
	if len(c.ids) > 0 {
		wanted := map[string]bool{}
		for _, start := range c.ids {
			id, err := find(letters, start)
			if err != nil {
				return nil, err
			}
			wanted[id] = true
		}
		passes = func(l letter) bool { return wanted[l.ID] }
	}
	return those(letters, passes), nil
}

// those returns the letters that pass, which are never nil.
func those(letters []letter, passes func(letter) bool) []letter {
	passed := []letter{}
	for _, l := range letters {
		if passes(l) {
			passed = append(passed, l)
		}
	}
	return passed
}

// find returns the one id that begins like this.
func find(letters []letter, start string) (id string, err error) {
	var found []string
	for _, l := range letters {
		if strings.HasPrefix(l.ID, start) {
			found = append(found, l.ID)
		}
	}
	switch {
	case start == "" || len(found) == 0:
		return "", fmt.Errorf("no letter has an id that begins with %q", start)
	case len(found) > 1:
		return "", fmt.Errorf("%d letters have ids that begin with %s: %s", len(found), start, strings.Join(found[:min(len(found), shownMatches)], ", "))
	}
	return found[0], nil
}

// shownMatches is how many ids an error lists.
const shownMatches = 5
