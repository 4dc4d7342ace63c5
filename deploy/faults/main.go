// Command faults puts the relay into the worst day of its life and looks at what
// people were told: thousands of alarms, services that limit, fail, hang and lose answers, a store
// and a queue that stumble, and instances that are killed at any moment.
//
// It measures no speed; deploy/storm does. The judge is deploy/judge.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"time"

	"alarmrelay/relay/incident"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are what a run is made of.
type options struct {
	alarms, instances int
	seed              uint64
	span              time.Duration // within which alarms begin to change
	limit             time.Duration // after which the run ends, whatever the queue holds
	log               io.Writer     // what the function says; may be nil
	trace             string        // an alarm that is told of in detail; may be empty
	doom              *doom         // all that goes wrong in a virtual run; nil where the weather decides
	// store makes what an instance of a virtual run remembers with, whose clock is now; nil is one memory for all.
	store func(r *virtualRun, now func() time.Time) incident.Store
}

// run returns 0 when nobody has to complain, 1 when somebody has or the run failed, and 2 for wrong use.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("faults", flag.ContinueOnError)
	flags.SetOutput(stderr)
	o := options{}
	flags.IntVar(&o.alarms, "alarms", 3000, "how many alarms there are; each changes up to three times")
	flags.IntVar(&o.instances, "instances", 5, "how many instances of the function run side by side")
	flags.Uint64Var(&o.seed, "seed", rand.Uint64N(1_000_000), "what chance starts from")
	seconds := flags.Int("seconds", 60, "within how many seconds the alarms begin to change")
	log := flags.String("log", "", "a file for what the function says")
	flags.StringVar(&o.trace, "trace", "", "an alarm whose every message is listed")
	virtual := flags.Bool("virtual", false, "in one process and in virtual time, with the real times of a day")
	asJSON := flags.Bool("json", false, "print the report as JSON")
	if flags.Parse(args) != nil || flags.NArg() > 0 || o.alarms < 1 || o.instances < 1 || *seconds < 1 {
		return 2
	}
	o.span = time.Duration(*seconds) * time.Second
	o.limit = 4*o.span + 4*time.Minute
	fmt.Fprintf(stderr, "seed %d\n", o.seed)
	tell := runProcesses
	if *virtual {
		tell = runVirtually
	}
	r, err := logged(*log, func(w io.Writer) (report, error) {
		o.log = w
		return tell(ctx, o, stderr)
	})
	if err == nil {
		err = r.print(stdout, *asJSON)
	}
	if err != nil {
		fmt.Fprintln(stderr, "faults:", err)
		return 1
	}
	if len(r.Verdict.Complaints) > 0 {
		return 1
	}
	return 0
}

// logged calls do with a file to write to, or with nothing for no path.
func logged(path string, do func(io.Writer) (report, error)) (report, error) {
	if path == "" {
		return do(nil)
	}
	file, err := os.Create(path)
	if err != nil {
		return report{}, err
	}
	defer file.Close() //nolint:errcheck // a log for people
	return do(file)
}
