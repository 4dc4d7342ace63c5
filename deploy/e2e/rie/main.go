// Command rie runs the function that make bootstrap builds under AWS's own Runtime Interface Emulator, hands it every
// sample event, and looks at what it answers, what a Discord and a Slack of ours then show, and what it logs.
//
// Each sample gets an instance of its own, which has nothing of others to remember: once without a queue and a table, and
// once with both. The arm64 function runs under qemu, with some of the samples. Times are printed and judge nothing.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// architectures are those that template.yaml offers, as Go calls them.
var architectures = []string{"amd64", "arm64"}

// run returns 0 when the function did as it should, 1 when it did not or could not be run, and 2 for wrong use.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("rie", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.String("arch", "", "this architecture alone: "+strings.Join(architectures, " or ")+"; its processor's own runs every sample")
	asJSON := flags.Bool("json", false, "print the table as JSON")
	if flags.Parse(args) != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "rie: what is %q? It takes flags only\n", flags.Arg(0))
		return 2
	}
	chosen := architectures
	if *only != "" {
		chosen = []string{*only}
	}
	if !slices.Contains(architectures, chosen[0]) {
		fmt.Fprintf(stderr, "rie: there is no architecture %q: -arch takes %s\n", *only, strings.Join(architectures, " or "))
		return 2
	}
	t, err := runAll(ctx, chosen, stderr)
	if err == nil {
		err = t.print(stdout, *asJSON)
	}
	if err != nil {
		fmt.Fprintln(stderr, "rie:", err)
		return 1
	}
	if t.wrong() > 0 {
		return 1
	}
	return 0
}

// runAll makes every row, one after another: the times of what runs side by side would mean nothing.
func runAll(ctx context.Context, chosen []string, progress io.Writer) (t table, err error) {
	s, err := prepare(ctx, chosen, progress)
	if err != nil {
		return nil, err
	}
	defer s.remove()
	for _, arch := range chosen {
		samples := s.samplesOf(arch)
		for _, with := range []setting{direct, queued} {
			fmt.Fprintf(progress, "%s, %s: %d samples\n", arch, with, len(samples))
			for _, name := range samples {
				r, err := s.sample(ctx, arch, with, name)
				if err != nil {
					return nil, fmt.Errorf("%s, %s, %s: %w", arch, with, name, err)
				}
				t = append(t, r)
			}
		}
		fmt.Fprintf(progress, "%s: what goes wrong\n", arch)
		for _, c := range troubles {
			r, err := s.trouble(ctx, arch, c)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", arch, c.name, err)
			}
			t = append(t, r)
		}
	}
	return t, nil
}
