package main

import (
	"strconv"
	"strings"
)

// samText is a text in the file.
type samText struct {
	start, end int // with its quotes
	text       string
}

// quoted reads a text in one of TOML's four kinds of quotes.
func (s *samScan) quoted() (samText, error) {
	begin, start := s.line(), s.at
	quote := s.text[s.at : s.at+1]
	if s.peek(strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	long, escapes := len(quote) == 3, quote[0] == '"'
	s.at += len(quote)
	inner := s.at
	for !s.peek(quote) {
		switch {
		case s.at == len(s.text), !long && s.text[s.at] == '\n':
			return samText{}, lineError(begin, "this is not TOML: the text that begins here has no end")
		case escapes && s.text[s.at] == '\\' && s.at+1 < len(s.text):
			s.at++
		}
		s.at++
	}
	for long && s.peek(quote+quote[:1]) { // quotes right before the end belong to the text
		s.at++
	}
	text := s.text[inner:s.at]
	s.at += len(quote)
	if long {
		text = strings.TrimPrefix(strings.TrimPrefix(text, "\r"), "\n")
	}
	if escapes {
		var err error
		if text, err = unescape(text); err != nil {
			return samText{}, lineError(begin, "this is not TOML: a \\ is followed by something unknown")
		}
	}
	return samText{start, s.at, text}, nil
}

// unescape reads what follows a \: as in Go, but for one at the end of a line, which joins the lines.
func unescape(text string) (string, error) {
	var b strings.Builder
	for text != "" {
		if text[0] != '\\' {
			b.WriteByte(text[0])
			text = text[1:]
			continue
		}
		if rest := strings.TrimLeft(text[1:], " \t\r"); strings.HasPrefix(rest, "\n") {
			text = strings.TrimLeft(rest, " \t\r\n")
			continue
		}
		r, _, rest, err := strconv.UnquoteChar(text, '"')
		if err != nil {
			return "", err
		}
		b.WriteRune(r)
		text = rest
	}
	return b.String(), nil
}
