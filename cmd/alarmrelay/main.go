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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, newEnv()))
}
