package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"alarmrelay/alert"
	"alarmrelay/events"
)

// maxInput is more than any service hands to a function at once:
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (6 MB)
const maxInput = 16 << 20

// input is one event to work on.
type input struct {
	name string
	raw  []byte
}

// readInputs reads what arguments name: a file, - for standard input, or a
// sample event. A name that is none of these is a misuse.
func (e *env) readInputs(args []string) ([]input, error) {
	inputs := make([]input, 0, len(args))
	stdin := false
	for _, arg := range args {
		if arg == "-" && stdin {
			return nil, misuse("standard input can be read only once")
		}
		stdin = stdin || arg == "-"
		raw, err := e.readInput(arg)
		if err != nil {
			return nil, err
		}
		inputs = append(inputs, input{arg, raw})
	}
	return inputs, nil
}

func (e *env) readInput(arg string) ([]byte, error) {
	if arg == "-" {
		return readCapped("standard input", e.stdin)
	}
	file, err := os.Open(arg)
	switch {
	case err == nil:
		defer func() { _ = file.Close() }() // it was only read
		return readCapped(arg, file)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, misuse("%v", err)
	case strings.ContainsAny(arg, `/\`):
		return nil, misuse("no file %s", arg)
	}
	raw, err := events.Read(arg)
	if err != nil {
		return nil, misuse("no file %s, and %v", arg, err)
	}
	return raw, nil
}

func readCapped(name string, r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(raw) > maxInput {
		return nil, fmt.Errorf("read %s: it is larger than %d MiB, which no event is", name, maxInput>>20)
	}
	return raw, nil
}

// arrival is when an event reaches the relay if nothing holds it up: a moment
// after the newest thing in it. An event that names no time arrives now.
func (i input) arrival(now time.Time) time.Time {
	var newest time.Time
	for _, record := range alert.Parse(i.raw) {
		for _, at := range []time.Time{record.Alert.ChangedAt, record.Alert.Origin.SentAt} {
			if at.After(newest) {
				newest = at
			}
		}
	}
	if newest.IsZero() {
		return now
	}
	return newest.Add(2 * time.Second)
}

// completeEvents offers the samples' names; the shell adds files.
func completeEvents(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return events.Names(), cobra.ShellCompDirectiveDefault
}
