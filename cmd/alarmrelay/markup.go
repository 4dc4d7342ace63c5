package main

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// scanner reads markup from left to right. What is no markup stays as it is.
type scanner struct {
	reader
	now  time.Time
	rest string
	last rune // the character before rest; 0 at the beginning
	look look // of what is open
	out  text
}

// put appends a piece in the look of what is open.
func (s *scanner) put(r span) {
	r.look |= s.look
	if n := len(s.out); n > 0 && s.out[n-1].look == r.look {
		s.out[n-1].text += r.text
		return
	}
	s.out = append(s.out, r)
}

// skip goes on after n bytes.
func (s *scanner) skip(n int) {
	s.last, _ = utf8.DecodeLastRuneInString(s.rest[:n])
	s.rest = s.rest[n:]
}

// char takes one character as it is.
func (s *scanner) char() {
	_, size := utf8.DecodeRuneInString(s.rest)
	s.put(span{text: s.rest[:size]})
	s.skip(size)
}

// between returns what stands between marks if rest begins with open.
func (s *scanner) between(open, shut string) (inner string, size int, ok bool) {
	after, ok := strings.CutPrefix(s.rest, open)
	if !ok {
		return "", 0, false
	}
	end := strings.Index(after, shut)
	if end < 0 {
		return "", 0, false
	}
	return after[:end], len(open) + end + len(shut), true
}

// code takes a block or a piece of code, which has no markup inside; decode
// undoes what is escaped even there.
func (s *scanner) code(decode func(string) string) bool {
	for _, mark := range []string{"```", "``", "`"} {
		inner, size, ok := s.between(mark, mark)
		if !ok || inner == "" {
			continue
		}
		if mark == "```" {
			inner = strings.Trim(inner, "\n")
		}
		s.put(span{decode(inner), lookCode})
		s.skip(size)
		return true
	}
	return false
}

// emphasis opens or closes one of the marks, where it can be one.
func (s *scanner) emphasis(marks map[string]look, opens, closes func(before, after rune) bool) bool {
	for _, mark := range []string{"**", "~~", "*", "_", "~"} {
		look, known := marks[mark]
		rest, ok := strings.CutPrefix(s.rest, mark)
		if !known || !ok {
			continue
		}
		after, _ := utf8.DecodeRuneInString(rest)
		if rest == "" {
			after = 0
		}
		switch {
		case s.look&look != 0 && closes(s.last, after):
			s.look &^= look
		case s.look&look == 0 && opens(s.last, after) && closesLater(rest, mark, closes):
			s.look |= look
		default:
			continue
		}
		s.skip(len(mark))
		return true
	}
	return false
}

// closesLater reports whether a mark that opens here is closed in the same paragraph.
func closesLater(rest, mark string, closes func(before, after rune) bool) bool {
	for at := 0; ; {
		i := strings.Index(rest[at:], mark)
		if i < 0 || strings.Contains(rest[:at+i], "\n\n") {
			return false
		}
		at += i
		before, _ := utf8.DecodeLastRuneInString(rest[:at])
		after := rune(0)
		if end := at + len(mark); end < len(rest) {
			after, _ = utf8.DecodeRuneInString(rest[end:])
		}
		if at > 0 && closes(before, after) {
			return true
		}
		at += len(mark)
	}
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// isGap tells what keeps a mark beside it from being one.
func isGap(r rune) bool { return r == 0 || r == '\u200b' || unicode.IsSpace(r) }
