package alert

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryKindHasItsRowInTheDocumentation(t *testing.T) {
	var want []string
	for _, k := range Kinds() {
		want = append(want, string(k))
	}
	if diff := cmp.Diff(want, documented(t, "kind")); diff != "" {
		t.Errorf("alert.Kinds and the rows of docs/alerts.md, in their order: -want +got\n%s", diff)
	}
}

func TestEveryEnvelopeHasItsRowInTheDocumentation(t *testing.T) {
	want := []string{EnvelopeSNS, EnvelopeSQS, EnvelopeEventBridge, EnvelopeAlarmAction, EnvelopeLogs}
	if diff := cmp.Diff(want, documented(t, "envelope")); diff != "" {
		t.Errorf("the envelopes and the rows of docs/alerts.md: -want +got\n%s", diff)
	}
}

// documented returns the first column of the table in docs/alerts.md that is
// headed so. A row with an empty cell, or with too few or too many, fails the test.
func documented(t *testing.T, heading string) []string {
	t.Helper()
	page, err := os.ReadFile("../docs/alerts.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "\n| "+heading+" | ")
	if !found {
		t.Fatalf("docs/alerts.md has no table headed %q", heading)
	}
	var first []string
	columns := 0
	for i, line := range strings.Split("| "+heading+" | "+table, "\n") {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		switch {
		case i == 0:
			columns = len(cells)
		case i > 1: // below the rule under the heading
			if len(cells) != columns || slices.Contains(cells, "") {
				t.Errorf("docs/alerts.md: a row of %d cells where the table has %d: %s", len(cells), columns, line)
			}
			first = append(first, strings.Trim(cells[0], "`"))
		}
	}
	return first
}
