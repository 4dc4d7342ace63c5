package rule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in a configuration. Line and Column count from 1 and
// are 0 where the whole file is meant.
type Problem struct {
	File         string
	Line, Column int
	Text         string // what is wrong; what would be right
}

// Error returns the problem as editors understand it: file:line:column: text.
func (p Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text)
}

// Errors is every mistake in a configuration, in the order of its lines. It
// repeats no text that may be a webhook's address.
type Errors []Problem

// Error returns one problem a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, p := range e {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// sorted returns the problems by place.
func (e Errors) sorted() Errors {
	slices.SortStableFunc(e, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), strings.Compare(a.Text, b.Text))
	})
	return e
}

// mayBeAddress is generous: a webhook's address, or its token alone, is a
// password wherever it was put by mistake.
func mayBeAddress(text string) bool {
	const token = 24 // characters of Slack's; Discord's has 68
	if len(text) >= token && !strings.ContainsAny(text, " .:,*?") {
		return true
	}
	text = strings.ToLower(text)
	for _, mark := range []string{"//", "webhook", "slack.com", "services/", "hooks/"} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

// quote shows a text of the file inside a message, unless it may be an address.
func quote(text string) string {
	if mayBeAddress(text) {
		return "this text"
	}
	const enough = 60
	if runes := []rune(text); len(runes) > enough {
		text = string(runes[:enough]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

// unknown says that a name is not among those known, and which was probably meant.
func unknown(what, name string, known []string) string {
	return unknownIn("", what, name, known)
}

// unknownIn is unknown with the place where the name stands.
func unknownIn(place, what, name string, known []string) string {
	text := "unknown " + what + " " + quote(name)
	if place != "" {
		text += " in " + place
	}
	if near := Nearest(name, known); near != "" {
		return fmt.Sprintf("%s; did you mean %q?", text, near)
	}
	if len(known) == 0 {
		return text + "; none is declared in this file"
	}
	if more := len(known) - maxKnown; more > 0 {
		return fmt.Sprintf("%s; known: %s and %d more", text, strings.Join(known[:maxKnown], ", "), more)
	}
	return text + "; known: " + strings.Join(known, ", ")
}

const (
	maxKnown      = 60   // how many names a message lists
	maxCandidates = 1000 // how many a word is compared with
)

// Nearest returns the known name with the fewest typing mistakes between it and
// name, or nothing when none is near.
func Nearest(name string, known []string) string {
	if len(name) > 64 || len(known) > maxCandidates {
		return ""
	}
	best, least := "", max(1, len(name)/3)+1
	for _, candidate := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(candidate)); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// distance counts the letters to add, drop, change or swap between two words.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			changed := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				changed++
			}
			rows[i][j] = min(changed, rows[i][j-1]+1, rows[i-1][j]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1) // two letters swapped
			}
		}
	}
	return rows[len(a)][len(b)]
}
