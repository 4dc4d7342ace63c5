// Command storm measures what the relay makes of many alarms at once, and prints one table:
// the real function, a queue, a table, and the services with their limits, all on this machine.
//
// Nothing goes wrong here; what does is the business of deploy/faults.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"alarmrelay/deploy/mapping"
	"alarmrelay/formatter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// sizes are how many alarms fire at once.
var sizes = []int{1, 10, 200, 1000, 10_000}

// run returns 0 when nothing was lost and nothing told twice, 1 otherwise, and 2 for wrong use.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("storm", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.Int("only", 0, "the storms of this many alarms alone")
	asJSON := flags.Bool("json", false, "print the table as JSON")
	strict := flags.Bool("strict", false, "let the goals for speed and memory decide the exit code, too")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *only < 0 {
		return 2
	}
	t, err := measure(ctx, *only, stderr)
	if err == nil {
		err = t.print(stdout, *asJSON)
	}
	if err != nil {
		fmt.Fprintln(stderr, "storm:", err)
		return 1
	}
	if t.broken(*strict) {
		return 1
	}
	return 0
}

// measure makes every row, one after another.
func measure(ctx context.Context, only int, progress io.Writer) (t table, err error) {
	fmt.Fprintln(progress, "building the function")
	binary, err := mapping.Build(ctx)
	if err != nil {
		return t, err
	}
	chosen := sizes
	if only > 0 {
		chosen = []int{only}
	}
	for _, service := range []formatter.Service{formatter.ServiceDiscord, formatter.ServiceSlack} {
		for _, n := range chosen {
			fmt.Fprintf(progress, "%d alarms to %s\n", n, service)
			row, err := storm(ctx, binary, service, n)
			if err != nil {
				return t, fmt.Errorf("%d alarms to %s: %w", n, service, err)
			}
			t.Storms = append(t.Storms, row)
		}
	}
	if only > 0 {
		return t, nil
	}
	fmt.Fprintln(progress, "one destination hangs")
	t.Hanging, err = besideHanging(ctx, binary)
	return t, err
}
