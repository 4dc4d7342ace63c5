// Command alarmrelay is the relay on the desk: it shows, explains, checks and
// sends what the function would send. It decides nothing that the function
// does not decide; both use the same packages.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // not every machine has time zones
)

// version is set by the build.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endings(signal.Ignored(syscall.SIGHUP))...)
	defer stop()
	os.Exit(run(ctx, newEnv()))
}

// endings are the signals after which a command cleans up and ends: also that of a terminal that is closed, unless it was
// started to outlive one, with nohup.
func endings(outlives bool) []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !outlives {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}
