package rule_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"alarmrelay/relay/rule"
)

// TestFilesThatAreMadeToHurt parses what takes for ever, or all memory, where somebody counts
// pairs of things: the test's own time limit is the judge of that.
func TestFilesThatAreMadeToHurt(t *testing.T) {
	const (
		head = "destinations: {ops: {discord: \"ssm:/ops\"}}\n"
		most = 510 // problems of a line or two each
	)
	chain := func(ending string) string {
		var b strings.Builder
		b.WriteString("destinations:\n")
		for i := range 3000 {
			fmt.Fprintf(&b, "  d%d: {discord: \"ssm:/ops\", fallback: d%d}\n", i, i+1)
		}
		return b.String() + ending
	}
	var unknown strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&unknown, "  here%d: {discord: \"ssm:/ops\", fallback: nowhere%d}\n", i, i)
	}
	const mention = "mentions: {oncall: {discord: [here]}}\nrules: [{to: [d0], mention: oncall}]\n"
	for _, test := range []struct {
		name, text string
		ok         bool
	}{
		{"a chain of fallbacks", chain("  d3000: {discord: \"ssm:/ops\"}\n" + mention), true},
		{"a circle of fallbacks", chain("  d3000: {discord: \"ssm:/ops\", fallback: d0}\n" + mention), false},
		{"a chain that ends in a circle", chain("  d3000: {discord: \"ssm:/ops\", fallback: d2999}\n" + mention), false},
		{"thousands of fallbacks that are not there", "destinations:\n" + unknown.String() + "rules: [{to: [here1]}]\n", false},
		{"twenty thousand unknown destinations", head + "rules: [{to: [" + strings.Repeat("opz, ", 20000) + "ops]}]\n", false},
		{"twenty thousand unknown keys", head + strings.Repeat("k: 1\n", 20000), false},
		{"lists in lists", head + "rules: " + strings.Repeat("[", 500000), false},
		{"keys in keys", head + "rules: " + strings.Repeat("{a: ", 200000), false},
		{"twenty thousand placeholders that are not there", head + "rules:\n" + strings.Repeat("- title: \"\\x24\\x7bx}\"\n", 20000), false},
		{"expressions that are used again and again", head + "rules: [{match: {alarm: &x [" + strings.Repeat(`"/a{900}/", `, 300) + "a]}, to: [ops]}, " +
			strings.Repeat("{match: {alarm: *x}, to: [ops]}, ", 9) + "{to: [ops]}]", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := rule.Parse("alarmrelay.yaml", []byte(test.text))
			if test.ok {
				if err != nil {
					t.Errorf("%.300v", err)
				}
				return
			}
			if problems := rule.Errors(nil); !errors.As(err, &problems) || len(problems) > most || len(err.Error()) > 1<<20 {
				t.Errorf("%d problems in %d bytes", len(problems), len(err.Error()))
			}
		})
	}
}
