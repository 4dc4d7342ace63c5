package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTheDiffShowsWhatChanges(t *testing.T) {
	for name, row := range map[string]struct{ old, now, want string }{
		"nothing":      {"a\nb\n", "a\nb\n", ""},
		"a new file":   {"", "a\nb\n", "  +a\n  +b\n"},
		"in between":   {"a\nb\nc\nd\n", "a\nB\nc\nD\ne\n", "  -b\n  +B\n  -d\n  +D\n  +e\n"},
		"no last line": {"a\nb", "a\n", "  -b\n"},
		"addresses are cut short": {
			"x: https://discord.com/api/webhooks/1/T0K3N\ny: /api/webhooks/1/T0K3N # hooks.slack.com/services/T0/B0/T0K3N\n", "",
			"  -x: https://discord.com/…\n  -y: /api/webhooks/… # hooks.slack.com/services/…\n",
		},
		"nothing acts on the terminal": {"", "a\x1b[2Jb\t\r\n", "  +a\ufffd[2Jb\t\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, showDiff(row.old, row.now)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestBothTextsAreInTheDiff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 0, 12)
		old, now := text.Draw(t, "old"), text.Draw(t, "now")
		var had, has []string
		for _, l := range diffLines(strings.Join(old, "\n")+"\n", strings.Join(now, "\n")+"\n") {
			if l.kind != lineNew {
				had = append(had, l.text)
			}
			if l.kind != lineGone {
				has = append(has, l.text)
			}
		}
		if strings.Join(had, "\n") != strings.Join(old, "\n") || strings.Join(has, "\n") != strings.Join(now, "\n") {
			t.Errorf("%q and %q became %q and %q", old, now, had, has)
		}
	})
}
