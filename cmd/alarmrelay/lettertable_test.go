package main

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
)

func tabled(t *testing.T, width int, letters ...letter) string {
	t.Helper()
	var b strings.Builder
	table := letterTable{ink: lipgloss.NewRenderer(&b), width: width, zone: time.FixedZone("KST", 9*60*60), id: shortID(letters)}
	if err := table.write(&b, letters); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func shelf() []letter {
	return []letter{
		{
			ID: "3f2a9c10-9d1c-4a55-8c3e-0a1b2c3d4e5f", When: at("2026-11-22T03:12:01Z"), Alerts: []letterAlert{cpuHigh()}, Destination: "ops",
			Reason: "webhook is dead: status 404, code 10015", Tries: 1,
		},
		{
			ID: "77b01d5e-1f2e-4b66-9d4f-1b2c3d4e5f60", When: at("2026-11-22T16:00:00Z"), Tries: 201,
			Alerts: []letterAlert{{Name: "결제-지연\x1b[2J\u202e", State: alert.StateOK}}, Reason: "handed out 201 times without being finished",
		},
	}
}

func TestLettersFitTheTerminal(t *testing.T) {
	for name, row := range map[string]struct {
		width int
		want  string
	}{
		"no terminal": {0, `
when              alert                    destination       reason                                       tries  id
2026-11-22 12:12  ALARM prod-api-cpu-high  ops               webhook is dead: status 404, code 10015          1  3f2a9c10
2026-11-23 01:00  OK 결제-지연�[2J         all that lack it  handed out 201 times without being finished    201  77b01d5e
`},
		"a wide one": {121, `
when              alert                    destination       reason                                       tries  id
2026-11-22 12:12  ALARM prod-api-cpu-high  ops               webhook is dead: status 404, code 10015          1  3f2a9c10
2026-11-23 01:00  OK 결제-지연�[2J         all that lack it  handed out 201 times without being finished    201  77b01d5e
`},
		"a usual one": {100, `
when              alert                    destination       reason                  tries  id
2026-11-22 12:12  ALARM prod-api-cpu-high  ops               webhook is dead: stat…      1  3f2a9c10
2026-11-23 01:00  OK 결제-지연�[2J         all that lack it  handed out 201 times…     201  77b01d5e
`},
		"a narrow one": {80, `
2026-11-22 12:12  ALARM prod-api-cpu-high
  ops: webhook is dead: status 404, code 10015 (tried 1) 3f2a9c10
2026-11-23 01:00  OK 결제-지연�[2J
  all that lack it: handed out 201 times without being finished (tried 201) 77b01d5e
`},
	} {
		t.Run(name, func(t *testing.T) {
			got := "\n" + tabled(t, row.width, shelf()...)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("table (-want +got):\n%s", diff)
			}
			for line := range strings.SplitSeq(got, "\n") {
				if columns := strings.HasPrefix(line, "2026") && row.width >= 100; columns && lipgloss.Width(line) > row.width {
					t.Errorf("%d cells in %q", lipgloss.Width(line), line)
				}
			}
		})
	}
}

func TestWithoutATerminalTextsAreCutOnlyWhereTheyAreEndless(t *testing.T) {
	l := shelf()[0]
	l.Reason, l.Alerts[0].Name = strings.Repeat("r", 300), strings.Repeat("n", 300)
	got := tabled(t, 0, l)
	want := "ALARM " + strings.Repeat("n", widestAlert-len("ALARM ")-1) + "…  ops          " + strings.Repeat("r", widestReason-1) + "…"
	if !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}

func TestLettersHaveTheColourOfTheirState(t *testing.T) {
	t.Setenv("CLICOLOR_FORCE", "1")
	t.Setenv("NO_COLOR", "")
	got := tabled(t, 120, shelf()...)
	for _, want := range []string{"\x1b[91mALARM prod-api-cpu-high\x1b[0m", "\x1b[92mOK 결제-지연"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%q", want, got)
		}
	}
}
