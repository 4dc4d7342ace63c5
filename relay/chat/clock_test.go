package chat

import (
	"strings"
	"testing"
	"time"

	"alarmrelay/formatter"
)

// A time with a reading of the other clock prints it as m=+0.1.
func TestPausesGoByTheWallClock(t *testing.T) {
	until := time.Now().Add(time.Minute)
	var p pace
	p.hold(until)
	var g Gate
	g.close(formatter.ServiceDiscord, until)
	g.block(formatter.ServiceDiscord, until)
	for name, kept := range map[string]time.Time{
		"a limit": p.until("POST"), "a global limit": g.until(formatter.ServiceDiscord), "a block": g.blocked[formatter.ServiceDiscord],
	} {
		if strings.Contains(kept.String(), "m=") || !kept.Equal(until) {
			t.Errorf("%s is kept as %v", name, kept)
		}
	}
}
