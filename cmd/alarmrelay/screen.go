package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

const (
	plainWidth = 80  // where there is no terminal to ask
	maxWidth   = 110 // beyond it lines are hard to read
	minWidth   = 24
)

// screen draws messages as cards: with colours and boxes on a terminal, as
// plain text elsewhere and where NO_COLOR is set (https://no-color.org).
type screen struct {
	reader reader
	out    *bufio.Writer
	ink    *lipgloss.Renderer
	width  int
	boxes  bool
}

func newScreen(e *env, c *rule.Config) *screen {
	s := &screen{reader: newReader(c), out: bufio.NewWriter(e.stdout), ink: lipgloss.NewRenderer(e.stdout), width: plainWidth}
	if e.width > 0 {
		s.width = min(max(e.width, minWidth), maxWidth)
		s.boxes = e.getenv("NO_COLOR") == ""
	}
	return s
}

// flush ends the drawing and returns what went wrong with it.
func (s *screen) flush() error { return s.out.Flush() }

func (s *screen) style() lipgloss.Style { return s.ink.NewStyle() }

// The colours that are not a card's own.
const (
	colourFaint   = lipgloss.Color("244")
	colourLink    = lipgloss.Color("39")
	colourCode    = lipgloss.Color("180")
	colourMention = lipgloss.Color("219")
	colourButton  = lipgloss.Color("238")
)

// channel draws a channel with its messages; of many it may leave out those in the middle.
func (s *screen) channel(name string, service formatter.Service, messages []shown, most int) {
	s.divide("#"+inOneLine(name), " · "+map[formatter.Service]string{formatter.ServiceDiscord: "Discord", formatter.ServiceSlack: "Slack"}[service])
	for i, m := range messages {
		if left := len(messages) - most; left > 0 && i >= most-1 && i < len(messages)-1 {
			if i == most-1 {
				s.line("")
				s.remark(fmt.Sprintf("… %s between …", count(left, "message")))
			}
			continue
		}
		s.line("")
		s.message(m)
	}
	s.line("")
}

// divide draws a line with a title in it, and what is said beside that.
func (s *screen) divide(title, beside string) {
	rule := strings.Repeat("─", max(s.width-lipgloss.Width(title+beside)-6, 3))
	faint := s.style().Foreground(colourFaint)
	s.line(faint.Render("── ") + s.style().Bold(true).Render(title) + faint.Render(beside+" "+rule))
}

func (s *screen) line(text string) {
	fmt.Fprintln(s.out, strings.TrimRight(text, " "))
}

func (s *screen) lines(block string) {
	for line := range strings.SplitSeq(block, "\n") {
		s.line(line)
	}
}

// message draws a message: what a phone shows, the cards, the buttons below them.
func (s *screen) message(m shown) {
	if m.author != "" {
		s.line(s.style().Bold(true).Render(inOneLine(m.author)))
	}
	if len(m.head) > 0 {
		s.lines(s.wrap(s.text(m.head, s.style()), s.width))
	}
	for i, c := range m.cards {
		if i > 0 && !s.boxes {
			s.line("")
		}
		s.lines(s.card(c))
	}
	if len(m.buttons) > 0 {
		s.lines(s.wrap(s.buttons(m.buttons), s.width))
	}
	if remarks := m.remarks(); len(remarks) > 0 {
		s.remark("(" + strings.Join(remarks, ", ") + ")")
	}
}

// remark draws what nobody has said in the channel.
func (s *screen) remark(text string) {
	s.line(s.style().Foreground(colourFaint).Render(inOneLine(text)))
}

// card draws a card with its coloured bar: a box on a terminal, else only the bar.
func (s *screen) card(c card) string {
	const frame = 4 // the bar, the border and a blank beside each
	parts := make([]string, 0, len(c.parts))
	for _, p := range c.parts {
		parts = append(parts, s.part(p, c.colour, s.width-frame))
	}
	border := lipgloss.Border{Left: "│"}
	if s.boxes {
		border = lipgloss.RoundedBorder()
		border.Left, border.TopLeft, border.BottomLeft = "▌", "▌", "▌"
	}
	box := s.style().Border(border, s.boxes, s.boxes, s.boxes, true).BorderForeground(colourFaint).Padding(0, 1)
	if c.colour != "" {
		box = box.BorderLeftForeground(paint(c.colour))
	}
	if s.boxes {
		box = box.Width(s.width - 2)
	}
	return box.Render(strings.Join(parts, "\n"))
}

// part draws a piece of a card in a width.
func (s *screen) part(p part, colour string, width int) string {
	switch p.kind {
	case partTitle:
		title := s.style().Bold(true)
		if colour != "" {
			title = title.Foreground(paint(colour))
		}
		return s.wrap(s.text(p.texts[0], title), width)
	case partSmall:
		return s.wrap(s.text(p.texts[0], s.style().Foreground(colourFaint)), width)
	case partCells:
		return s.cells(p.texts, width)
	case partButtons:
		labels := make([]string, len(p.texts))
		for i, t := range p.texts {
			labels[i] = t.bare()
		}
		return s.wrap(s.buttons(labels), width)
	}
	return s.wrap(s.text(p.texts[0], s.style()), width)
}

// wrap breaks lines that are too long, between words where it can.
func (s *screen) wrap(text string, width int) string {
	if lipgloss.Width(text) <= width {
		return text
	}
	return s.style().Width(width).Render(text)
}

// cells draws texts side by side, as many as fit and at most three.
func (s *screen) cells(texts []text, width int) string {
	const columns, gap = 3, 3
	var rows, row []string
	used := 0
	endRow := func() {
		if len(row) > 0 {
			rows = append(rows, lipgloss.JoinHorizontal(lipgloss.Top, row...))
		}
		row, used = nil, 0
	}
	for _, t := range texts {
		cell := s.wrap(s.text(t, s.style()), width)
		size := lipgloss.Width(cell)
		if len(row) == columns || used+size > width {
			endRow()
		}
		row = append(row, s.style().PaddingRight(min(gap, max(width-used-size, 0))).Render(cell))
		used += size + gap
	}
	endRow()
	return strings.Join(rows, "\n")
}

func (s *screen) buttons(labels []string) string {
	drawn := make([]string, len(labels))
	for i, label := range labels {
		drawn[i] = s.style().Background(colourButton).Render("[" + inOneLine(label) + "]")
	}
	return strings.Join(drawn, " ")
}

// text draws a text upon a style.
func (s *screen) text(t text, base lipgloss.Style) string {
	var b strings.Builder
	for _, r := range t {
		style := s.dress(r.look, base)
		for i, line := range strings.Split(visible(r.text), "\n") {
			if i > 0 {
				b.WriteByte('\n')
			}
			if line != "" {
				b.WriteString(style.Render(line))
			}
		}
	}
	return b.String()
}

func (s *screen) dress(l look, base lipgloss.Style) lipgloss.Style {
	style := base.Bold(base.GetBold() || l&lookBold != 0).Italic(l&lookItalic != 0).Strikethrough(l&lookStruck != 0)
	switch {
	case l&lookMention != 0:
		return style.Foreground(colourMention).Bold(true)
	case l&lookLink != 0:
		return style.Foreground(colourLink)
	case l&lookCode != 0:
		return style.Foreground(colourCode)
	case l&lookMoment != 0:
		return style.Underline(true)
	}
	return style
}
