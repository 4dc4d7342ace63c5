package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"

	"alarmrelay/alert"
)

// letterTable draws dead letters for people: as columns, which fit a terminal's width, or
// below one another where columns would be too narrow.
type letterTable struct {
	ink   *lipgloss.Renderer
	width int // of the terminal; 0 where there is none
	zone  *time.Location
	id    int // so many characters of an id are shown
}

const (
	columnGap     = 2
	widestAlert   = 60 // where nothing limits the width
	widestReason  = 100
	tightestTexts = 30 // alert and reason together; with less, columns are unreadable
)

// The columns of the table.
const (
	columnWhen = iota
	columnAlert
	columnDestination
	columnReason
	columnTries
	columnID
	columns
)

// row is a letter's cells. On lines of their own they keep their order.
type row [columns]string

// newLetterTable shows as much of an id as tells it from those of all letters.
func newLetterTable(e *env, all []letter) letterTable {
	return letterTable{ink: lipgloss.NewRenderer(e.stdout), width: e.width, zone: e.now().Location(), id: shortID(all)}
}

// write draws letters as they come.
func (t letterTable) write(w io.Writer, letters []letter) error {
	out := bufio.NewWriter(w)
	rows := []row{{"when", "alert", "destination", "reason", "tries", "id"}}
	for _, l := range letters {
		rows = append(rows, t.row(l))
	}
	widths, fit := t.widths(rows)
	for i, r := range rows {
		style := t.ink.NewStyle()
		switch {
		case i == 0 && fit:
			style = style.Foreground(colourFaint)
			t.line(out, r, widths, style, style)
		case fit:
			t.line(out, r, widths, style, t.paint(letters[i-1]))
		case i > 0:
			t.block(out, r, t.paint(letters[i-1]))
		}
	}
	return out.Flush()
}

func (t letterTable) row(l letter) row {
	return row{
		l.When.In(t.zone).Format("2006-01-02 15:04"), inOneLine(l.subject()), inOneLine(l.place()),
		inOneLine(l.Reason), strconv.Itoa(l.Tries), inOneLine(l.short(t.id)),
	}
}

// widths gives each column what its longest cell takes, and alert and reason what is left. It is not fit
// to be drawn as columns when that is too little.
func (t letterTable) widths(rows []row) (widths [columns]int, fit bool) {
	for _, r := range rows {
		for i, cell := range r {
			widths[i] = max(widths[i], lipgloss.Width(cell))
		}
	}
	if t.width == 0 {
		widths[columnAlert] = min(widths[columnAlert], widestAlert)
		widths[columnReason] = min(widths[columnReason], widestReason)
		return widths, true
	}
	left := t.width - columnGap*(columns-1)
	for i, width := range widths {
		if i != columnAlert && i != columnReason {
			left -= width
		}
	}
	if need := widths[columnAlert] + widths[columnReason]; left < min(need, tightestTexts) {
		return widths, false
	}
	// The name comes first: it may take three fifths, and more where the reason needs less.
	widths[columnAlert] = min(widths[columnAlert], max(left*3/5, left-widths[columnReason]))
	widths[columnReason] = min(widths[columnReason], left-widths[columnAlert])
	return widths, true
}

func (t letterTable) line(w io.Writer, r row, widths [columns]int, style, state lipgloss.Style) {
	var b strings.Builder
	for i, cell := range r {
		cell = cutTo(cell, widths[i])
		pad := strings.Repeat(" ", widths[i]-lipgloss.Width(cell)+columnGap)
		switch i {
		case columnAlert:
			b.WriteString(state.Render(cell) + pad)
		case columnTries:
			b.WriteString(pad[columnGap:] + style.Render(cell) + pad[:columnGap])
		default:
			b.WriteString(style.Render(cell) + pad)
		}
	}
	fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
}

// block draws a letter where there is no room for columns.
func (t letterTable) block(w io.Writer, r row, state lipgloss.Style) {
	fmt.Fprintf(w, "%s  %s\n", r[columnWhen], state.Render(r[columnAlert]))
	fmt.Fprintf(w, "  %s: %s (tried %s) %s\n", r[columnDestination], r[columnReason], r[columnTries], r[columnID])
}

// paint is the colour of what a letter is about.
func (t letterTable) paint(l letter) lipgloss.Style {
	style := t.ink.NewStyle()
	switch l.Alerts[0].State {
	case alert.StateAlarm:
		return style.Foreground(paint("#e01e5a"))
	case alert.StateOK:
		return style.Foreground(paint("#2eb67d"))
	case alert.StateInsufficientData:
		return style.Foreground(colourFaint)
	}
	return style
}

// cutTo shortens a text to a width in cells, with an ellipsis.
func cutTo(text string, width int) string {
	if lipgloss.Width(text) <= width {
		return text
	}
	letters, used := []rune(text), 0
	for i, r := range letters {
		if used += lipgloss.Width(string(r)); used > width-1 {
			return strings.TrimRight(string(letters[:i]), " ") + "…"
		}
	}
	return text
}
