package main

import (
	"regexp"
	"slices"
	"strings"
)

// lineKind is what became of a line.
type lineKind byte

const (
	lineKept lineKind = ' '
	lineGone lineKind = '-'
	lineNew  lineKind = '+'
)

// diffLine is a line of the old text, the new one, or both.
type diffLine struct {
	kind lineKind
	text string
}

// diffLines returns the lines of two texts in an order that keeps as many as possible.
func diffLines(old, now string) (lines []diffLine) {
	a, b := splitLines(old), splitLines(now)
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < min(len(a), len(b))-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	for _, l := range a[:start] {
		lines = append(lines, diffLine{lineKept, l})
	}
	lines = append(lines, diffMiddle(a[start:len(a)-end], b[start:len(b)-end])...)
	for _, l := range a[len(a)-end:] {
		lines = append(lines, diffLine{lineKept, l})
	}
	return lines
}

// diffMiddle walks along the longest common subsequence.
func diffMiddle(a, b []string) (lines []diffLine) {
	common := make([][]int, len(a)+1) // of what follows
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := range slices.Backward(a) {
		for j := range slices.Backward(b) {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			lines = append(lines, diffLine{lineKept, a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			lines = append(lines, diffLine{lineGone, a[i]})
			i++
		default:
			lines = append(lines, diffLine{lineNew, b[j]})
			j++
		}
	}
	return lines
}

func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// anyAddress is what may be a webhook's address that somebody wrote into a file by mistake.
var anyAddress = regexp.MustCompile(`(?i)(https?://[^/\s"']*|/webhooks|/services)/[^\s"']*`)

// showDiff writes what becomes of a file, the changed lines only. Of addresses it shows the host only.
func showDiff(old, now string) string {
	var b strings.Builder
	for _, l := range diffLines(old, now) {
		if l.kind != lineKept {
			b.WriteString("  " + string(l.kind) + inOneLineKeeping(anyAddress.ReplaceAllString(l.text, "$1/…")) + "\n")
		}
	}
	return b.String()
}

// inOneLineKeeping is visible with the blanks of a line as they are.
func inOneLineKeeping(line string) string { return visible(strings.TrimRight(line, "\r\n")) }
