package main

import (
	"fmt"
	"strings"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

// wordedAt returns what the rules' own words come to at each destination that is told in some.
func wordedAt(a *alert.Alert, deliveries []rule.Delivery, c *rule.Config) map[string][]formatter.Worded {
	worded := map[string][]formatter.Worded{}
	for _, d := range deliveries {
		it := formatter.Item{Alert: *a, Wording: d.Wording}
		it.Severity, it.Runbook = d.Severity, d.Runbook
		if parts := formatter.WordingOf(it, c.Style(d.Destination, d.Voice)); parts != nil {
			worded[d.Destination] = parts
		}
	}
	return worded
}

// writeWorded tells people what each part comes to, or why the built-in words stand in its place.
func writeWorded(w *strings.Builder, parts []formatter.Worded) {
	for _, p := range parts {
		said := p.Text
		switch {
		case p.Error != "":
			said = "✗ cannot be said: " + p.Error
		case said == "":
			said = "– nothing is known of " + p.Phrase
		}
		fmt.Fprintf(w, "    %-9s %s\n", inOneLine(p.Part), inOneLine(said))
	}
}
