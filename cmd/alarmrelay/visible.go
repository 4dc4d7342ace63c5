package main

import (
	"encoding/json"
	"io"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
)

// visible returns a text in which nothing acts on the terminal: text from AWS
// may hold escape sequences, and marks that reverse the order of reading.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || unicode.IsPrint(r) || r == '\u200d' || r == '\ufe0f': // joiners of emoji
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r): // bidi, zero width
			return -1
		}
		return unicode.ReplacementChar
	}, text)
}

// inOneLine is visible without line breaks.
func inOneLine(text string) string { return strings.Join(strings.Fields(visible(text)), " ") }

// writeJSON writes a value for machines, with its texts as they are.
func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

func addJSONFlag(cmd *cobra.Command, asJSON *bool) {
	cmd.Flags().BoolVar(asJSON, "json", false, "print JSON, for programs")
}
