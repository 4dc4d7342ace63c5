// Command pipeline deploys the relay the way its users do (init, sam build, sam deploy) into an AWS
// on this machine that enforces the template's policies, lets real alarms go off there, and looks at what
// Discord and Slack then show. The AWS is ministack; emulator.py says what is added to it.
//
// Everything is on loopback, and all that was started is stopped however it ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// options are what somebody asks of a run.
type options struct {
	only string // a case; empty for all
	keep bool   // leave everything as it is until interrupted
}

// run returns 0 when every case went as it has to, 1 when one did not or there was none, and 2 for wrong use.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("pipeline", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var o options
	flags.StringVar(&o.only, "only", "", "this case alone, of: "+strings.Join(caseNames(), ", "))
	flags.BoolVar(&o.keep, "keep", false, "when all is done or one case failed, wait for an interrupt before it is taken down")
	verbose := flags.Bool("v", false, "print what sam and the commands print")
	asJSON := flags.Bool("json", false, "print the report as JSON")
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		return 2
	}
	if o.only != "" && !slices.Contains(caseNames(), o.only) {
		fmt.Fprintf(stderr, "pipeline: there is no case %q, only %s\n", o.only, strings.Join(caseNames(), ", "))
		return 2
	}
	said := io.Discard
	if *verbose {
		said = stderr
	}
	r, err := prove(ctx, o, stderr, said)
	if printed := r.print(stdout, *asJSON); printed != nil {
		err = errors.Join(err, printed)
	}
	if err != nil {
		fmt.Fprintln(stderr, "pipeline:", err)
		return 1
	}
	if r.failed() {
		return 1
	}
	return 0
}
