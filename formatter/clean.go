package formatter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxAccents is how many marks may stand on one character; more is a smear
// across other lines, not a script.
const maxAccents = 6

// clean takes out of a text what can't be seen and can deceive: control
// characters, terminal colours, bidirectional overrides, characters without
// width. Line breaks stay, a tab becomes a space, and an emoji keeps the
// joiners that hold it together. The result is valid UTF-8.
func clean(s string) string {
	if isTidy(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	var before rune
	accents := 0
	for i := 0; i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		if r == '\x1b' {
			i += escapeSequence(s[i:])
			continue
		}
		i += w
		next, _ := utf8.DecodeRuneInString(s[i:])
		if r = keep(r, w, before, next); r < 0 {
			continue
		}
		if accents++; !unicode.In(r, unicode.Mn, unicode.Me) {
			accents = 0
		}
		if accents > maxAccents {
			continue
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

func isTidy(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x7f || s[i] < ' ' && s[i] != '\n' {
			return false
		}
	}
	return true
}

// keep returns what becomes of a rune: itself, a space or line break, or -1.
func keep(r rune, width int, before, next rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\t', r == '\u2028', r == '\u2029', r == '\u0085':
		return ' '
	case r == utf8.RuneError && width <= 1:
		return '\uFFFD'
	case r == zwj && isEmojiPart(before) && isEmojiPart(next):
		return r
	case r == '\uFE0F' && before > 0x20:
		return r
	case isTag(r) && (before == 0x1F3F4 || isTag(before)):
		return r
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs), isBlank(r):
		return -1
	}
	return r
}

// isBlank finds letters that show nothing, which Unicode does not count among format characters.
func isBlank(r rune) bool {
	switch r {
	case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x034F, 0x17B4, 0x17B5, 0x2800:
		return true
	}
	return r >= 0xFE00 && r <= 0xFE0E || r >= 0xE0100 && r <= 0xE01EF || r >= 0xFFFE && r <= 0xFFFF
}

// isEmojiPart reports whether a rune can stand beside a joiner inside an emoji.
func isEmojiPart(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2190 && r <= 0x2BFF || r == '\uFE0F'
}

// escapeSequence returns the length of a terminal's escape sequence at the beginning of s.
func escapeSequence(s string) int {
	if len(s) < 2 || s[1] != '[' {
		return 1
	}
	for i := 2; i < len(s); i++ {
		if s[i] >= '@' && s[i] <= '~' {
			return i + 1
		}
		if s[i] < ' ' || s[i] > '~' {
			return i
		}
	}
	return len(s)
}

// oneLine is clean for names and labels: no line breaks, no blanks at the ends.
func oneLine(s string) string {
	s = clean(s)
	if strings.ContainsAny(s, "\n") || strings.Contains(s, "  ") {
		return strings.Join(strings.Fields(s), " ")
	}
	return strings.TrimSpace(s)
}
