package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

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

// writeJSON writes a value for machines, with its texts as they are. What could act on a terminal is escaped.
func writeJSON(w io.Writer, value any) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(escaped(text.Bytes()))
	return err
}

// escaped writes in JSON's way the characters that visible would replace: the encoder does so with ASCII's only.
func escaped(text []byte) []byte {
	safe := make([]byte, 0, len(text))
	for _, r := range string(text) {
		if r < 0x7f || visible(string(r)) == string(r) {
			safe = utf8.AppendRune(safe, r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			safe = fmt.Appendf(safe, `\u%04x`, unit)
		}
	}
	return safe
}

func addJSONFlag(cmd *cobra.Command, asJSON *bool) {
	cmd.Flags().BoolVar(asJSON, "json", false, "print JSON, for programs")
}
