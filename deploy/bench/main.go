//go:build linux

// Command bench measures what the project promises about speed and size and
// prints one table. It starts the real function under a Runtime API of its own, with a
// Discord of its own to post to.
//
// It profiles nothing and mends nothing: for one function there are the
// benchmarks beside it.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run returns 0 when the promises that do not depend on the machine are kept, 1 when one of
// them is broken or something could not be measured, and 2 for wrong use.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print the table as JSON")
	strict := flags.Bool("strict", false, "let every row decide the exit code, also those that a busy machine makes slow")
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		return 2
	}
	rows, err := measure(ctx, stderr)
	if err == nil {
		err = printTable(stdout, rows, *asJSON)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 1
	}
	if broken(rows, *strict) {
		return 1
	}
	return 0
}

// measure makes every row, one after another: together they would disturb each other.
func measure(ctx context.Context, progress io.Writer) ([]Row, error) {
	fmt.Fprintln(progress, "building the functions")
	b, err := build(ctx)
	if err != nil {
		return nil, err
	}
	defer b.remove()
	var rows []Row
	for _, part := range []struct {
		what string
		make func(context.Context, *binaries) ([]Row, error)
	}{
		{"one alarm and many", alarmRows},
		{"few rules and many", ruleRows},
		{"start", startRows},
		{"a warm alarm", warmRows},
		{"the first alarm", firstRows},
		{"size", sizeRows},
		{"memory", memoryRows},
	} {
		fmt.Fprintln(progress, "measuring:", part.what)
		more, err := part.make(ctx, b)
		if err != nil {
			return nil, fmt.Errorf("measure %s: %w", part.what, err)
		}
		rows = append(rows, more...)
	}
	return rows, nil
}
