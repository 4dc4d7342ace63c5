package main

import (
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"

	"alarmrelay/events"
)

// drawn is what preview draws of all samples on a terminal.
func drawn(t *testing.T, width int, getenv func(string) string) string {
	t.Helper()
	e := newTestEnv(append([]string{"preview", "--locale", "ko"}, events.Names()...)...)
	e.width = width
	if getenv != nil {
		e.getenv = getenv
	}
	if code := run(t.Context(), e.env); code != exitDone {
		t.Fatalf("exit code %d: %s", code, e.err.String())
	}
	return e.out.String()
}

func TestBoxesAreStraightWhateverIsInThem(t *testing.T) {
	for _, width := range []int{24, 61, 100, 400} {
		inside := 0
		for line := range strings.SplitSeq(drawn(t, width, nil), "\n") {
			if !strings.HasPrefix(line, "▌") {
				continue
			}
			inside++
			if got, want := lipgloss.Width(line), min(width, maxWidth); got != want {
				t.Errorf("at width %d a line of a box is %d wide: %q", width, got, line)
			}
		}
		if inside == 0 {
			t.Errorf("at width %d there are no boxes", width)
		}
	}
}

func TestPlainOutputFitsInItsWidthWithoutColours(t *testing.T) {
	plain := drawn(t, 0, nil)
	for line := range strings.SplitSeq(plain, "\n") {
		if lipgloss.Width(line) > plainWidth || strings.HasSuffix(line, " ") || strings.ContainsAny(line, "\x1b╮▌") {
			t.Errorf("plain line is %d wide: %q", lipgloss.Width(line), line)
		}
	}
	onTerminal := drawn(t, plainWidth, func(name string) string {
		return map[string]string{"NO_COLOR": "1"}[name]
	})
	if onTerminal != plain {
		t.Error("a terminal with NO_COLOR shows something else than a file gets")
	}
}

func TestTheBarHasTheColourOfTheCard(t *testing.T) {
	t.Setenv("CLICOLOR_FORCE", "1")
	t.Setenv("NO_COLOR", "")
	e := newTestEnv("preview", "sns-alarm-cpu-high")
	e.width = 80
	if code := run(t.Context(), e.env); code != exitDone {
		t.Fatalf("exit code %d: %s", code, e.err.String())
	}
	const red = "\x1b[91m▌" // #ed4245 with sixteen colours
	if !strings.Contains(e.out.String(), red) {
		t.Errorf("no red bar in %q", e.out.String())
	}
}
