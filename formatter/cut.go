package formatter

import (
	"unicode"
	"unicode/utf8"
)

const ellipsis = "…"

// units16 counts UTF-16 code units.
func units16[T string | []byte](s T) int {
	n := 0
	for _, r := range string(s) {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// cut shortens s to a limit, counted by size, and marks the cut with an
// ellipsis. It never splits what a reader sees as one character.
func cut(s string, limit int, size func(string) int) (string, bool) {
	if size(s) <= limit {
		return s, false
	}
	if limit < 1 {
		return "", true
	}
	used, end := 0, 0
	for end < len(s) {
		n := cluster(s[end:])
		c := size(s[end : end+n])
		if used+c > limit-1 {
			break
		}
		used, end = used+c, end+n
	}
	return s[:end] + ellipsis, true
}

// source returns as much of a text as can be shown of it. What is read of it
// character by character is never the megabytes that somebody may send.
func source(s string) string {
	s, _ = cut(s, maxSource, func(piece string) int { return len(piece) })
	return s
}

// cluster returns how many bytes the first character of s takes as a reader
// sees it: with its accents, its skin tone, the emoji joined to it, or the
// other half of a flag. It is a part of https://unicode.org/reports/tr29/ that
// errs on the side of keeping together.
func cluster(s string) int {
	if len(s) == 0 {
		return 0
	}
	if s[0] < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		if s[0] == '\r' && len(s) > 1 && s[1] == '\n' {
			return 2
		}
		return 1
	}
	before, n := utf8.DecodeRuneInString(s)
	if before == '\n' || before == '\r' {
		return n
	}
	pair := isRegional(before)
	for n < len(s) {
		r, w := utf8.DecodeRuneInString(s[n:])
		switch {
		case extends(r), before == zwj && r >= 0x80:
		case pair && isRegional(r):
			pair = false
		case isJamoTail(r) && (isJamo(before) || isJamoTail(before) || isSyllable(before)):
		default:
			return n
		}
		before, n = r, n+w
	}
	return n
}

const zwj = '\u200d'

// extends reports whether a rune belongs to the character before it.
func extends(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r == zwj, r == '\u200c', r >= 0x1F3FB && r <= 0x1F3FF, isTag(r):
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Mc, unicode.Me)
}

func isRegional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }
func isTag(r rune) bool      { return r >= 0xE0020 && r <= 0xE007F }
func isJamo(r rune) bool     { return r >= 0x1100 && r <= 0x115F || r >= 0xA960 && r <= 0xA97C }
func isSyllable(r rune) bool { return r >= 0xAC00 && r <= 0xD7A3 }
func isJamoTail(r rune) bool { return r >= 0x1160 && r <= 0x11FF || r >= 0xD7B0 && r <= 0xD7FB }
