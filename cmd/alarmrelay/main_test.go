package main

import (
	"os"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A throw-away alarm that is left in ALARM because somebody closed a window would stand there for good.
func TestAClosedTerminalEndsACommandAsAnInterruptDoes(t *testing.T) {
	for outlives, want := range map[bool][]os.Signal{
		false: {os.Interrupt, syscall.SIGTERM, syscall.SIGHUP},
		true:  {os.Interrupt, syscall.SIGTERM}, // with nohup
	} {
		if diff := cmp.Diff(want, endings(outlives)); diff != "" {
			t.Errorf("outlives %v (-want +got):\n%s", outlives, diff)
		}
	}
}
