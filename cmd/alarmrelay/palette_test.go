package main

import (
	"testing"

	"github.com/charmbracelet/lipgloss"
)

func TestColoursOfCardsOnEveryTerminal(t *testing.T) {
	for hex, want := range map[string]lipgloss.CompleteColor{
		"#ed4245": {TrueColor: "#ed4245", ANSI256: "203", ANSI: "9"},  // Discord's red
		"#e01e5a": {TrueColor: "#e01e5a", ANSI256: "161", ANSI: "9"},  // Slack's red
		"#2eb67d": {TrueColor: "#2eb67d", ANSI256: "36", ANSI: "10"},  // Slack's green
		"#faa61a": {TrueColor: "#faa61a", ANSI256: "214", ANSI: "11"}, // orange
		"#5865f2": {TrueColor: "#5865f2", ANSI256: "63", ANSI: "12"},  // Discord's blue
		"#99aab5": {TrueColor: "#99aab5", ANSI256: "109", ANSI: "7"},  // grey
	} {
		if got := paint(hex); got != want {
			t.Errorf("%s: %+v", hex, got)
		}
	}
	if got := paint("danger"); got != lipgloss.Color("danger") {
		t.Errorf("a word: %v", got)
	}
}
