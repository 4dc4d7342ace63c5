package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"
)

// moments are what channels were seen to do, event by event.
type moments []demoMoment

// demoMoment is an event, and what the channels made of it.
type demoMoment struct {
	Chapter string       `json:"chapter"`
	At      time.Time    `json:"at"`
	What    string       `json:"what"`
	Changes []demoChange `json:"changes"`
}

// demoChange is a message that was posted or changed.
type demoChange struct {
	Destination string   `json:"destination"`
	Deed        deed     `json:"deed"`
	Text        string   `json:"text"` // its title, or its text
	Remarks     []string `json:"remarks,omitempty"`
}

// deed is what became of a message.
type deed string

const (
	deedPosts   deed = "posts"
	deedReplies deed = "replies" // in the thread of another message
	deedEdits   deed = "edits"
)

// changes are what differs between two looks at a channel: the edits, then what is new.
func changes(destination string, before, after []shown) (found []demoChange) {
	known := map[string]int{}
	for _, m := range before {
		known[m.id] = m.edits
	}
	var posted []demoChange
	for _, m := range after {
		edits, old := known[m.id]
		c := demoChange{Destination: destination, Deed: deedPosts, Text: m.headline(), Remarks: m.asides()}
		switch {
		case old && m.edits == edits:
			continue
		case old:
			c.Deed = deedEdits
			found = append(found, c)
			continue
		case m.reply:
			c.Deed = deedReplies
		}
		posted = append(posted, c)
	}
	return append(found, posted...)
}

// headline is the first thing that a message says.
func (m shown) headline() string {
	said := m.head.without(lookMention).bare() // who is pinged is told beside it
	for _, c := range slices.Backward(m.cards) {
		for _, p := range c.parts {
			if p.kind == partTitle {
				said = p.texts[0].bare()
			} else if said == "" {
				said = p.texts[0].bare()
			}
		}
	}
	said, _, _ = strings.Cut(strings.TrimSpace(said), "\n")
	return said
}

// asides are what a reader would not see in a headline.
func (m shown) asides() (said []string) {
	for _, name := range m.files {
		said = append(said, "with "+name)
	}
	if m.edits > 0 {
		return said // nobody is notified of an edit
	}
	if len(m.pings) > 0 {
		said = append(said, "pings")
	}
	if m.silent {
		said = append(said, "silent")
	}
	return said
}

// timeline draws what happened, chapter by chapter.
func (s *screen) timeline(all moments) {
	chapter := ""
	for _, m := range all {
		if m.Chapter != chapter {
			s.divide(m.Chapter, "")
			chapter = m.Chapter
		}
		clock := m.At.In(s.reader.zone).Format(time.TimeOnly)
		s.line(s.style().Foreground(colourFaint).Render(clock) + "  " + s.style().Bold(true).Render(inOneLine(m.What)))
		for _, c := range m.Changes {
			s.change(c)
		}
		s.line("")
	}
}

// change draws a change in one line.
func (s *screen) change(c demoChange) {
	const names = 12
	who := "#" + inOneLine(c.Destination)
	head := "  " + s.style().Foreground(colourMention).Render(who) + strings.Repeat(" ", max(1, names-lipgloss.Width(who))) + fmt.Sprintf("%-8s", c.Deed)
	tail := ""
	if len(c.Remarks) > 0 {
		tail = " (" + inOneLine(strings.Join(c.Remarks, ", ")) + ")"
	}
	room := s.width - lipgloss.Width(head) - lipgloss.Width(tail)
	if room < minWidth {
		tail, room = "", max(s.width-lipgloss.Width(head), 1)
	}
	s.line(head + cutTo(inOneLine(c.Text), room) + s.style().Foreground(colourFaint).Render(tail))
}
