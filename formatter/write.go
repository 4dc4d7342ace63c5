package formatter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// pen writes spans in one service's markup.
type pen interface {
	// size counts in the unit of the service's limits.
	size(s string) int
	// marks returns what stands before and after a span's text.
	marks(s span) (open, shut string)
	// put appends one character of a span's text so that it is read as itself.
	put(b []byte, s span, char string, at place) []byte
	// atom returns a span that is shown whole or not at all.
	atom(s span) string
	// gap reports whether markup needs a breath where it touches these neighbours (0 for a mark).
	gap(before, after rune) bool
}

// place is what a pen must know of the surroundings to tell text from markup.
type place struct {
	first         bool // only blanks so far on this line
	number        bool // only digits so far on this line
	before, after byte // neighbours, 0 where markup begins or ends
}

// write writes a text within a limit. What does not fit is cut between
// characters and marked with an ellipsis; no markup is left open.
func write(p pen, t text, limit int) (s string, wasCut bool) {
	full := draft{pen: p, room: limit, place: place{first: true}}
	if full.all(t) {
		return strings.TrimSpace(string(full.b)), false
	}
	if limit < 1 {
		return "", true
	}
	short := draft{pen: p, room: limit - 1, place: place{first: true}}
	short.all(t)
	return strings.TrimSpace(string(short.b)) + ellipsis, true
}

// draft is a text half written.
type draft struct {
	pen
	b     []byte
	room  int
	place place
	mark  bool // the last thing written was markup
	next  byte // what the next span begins with: 0 for markup, a blank at the end
}

func (d *draft) all(t text) bool {
	for i, s := range t {
		if s.text == "" && !s.isAtom() {
			continue
		}
		d.next = beginning(t[i+1:])
		d.breathe(s)
		whole := false
		if s.isAtom() {
			whole = d.append(d.atom(s))
			d.place.first, d.place.number, d.mark = false, false, true
		} else {
			whole = d.span(s)
		}
		if !whole {
			return false
		}
	}
	return true
}

func beginning(rest text) byte {
	switch {
	case len(rest) == 0:
		return ' '
	case rest[0].face == facePlain && rest[0].text != "":
		return rest[0].text[0]
	}
	return 0
}

// breathe puts a character without width between markup and a neighbour that would spoil it.
func (d *draft) breathe(s span) {
	if len(d.b) == 0 || (s.face == facePlain && !d.mark) {
		return
	}
	before, _ := utf8.DecodeLastRune(d.b)
	after, _ := utf8.DecodeRuneInString(s.text)
	if d.mark {
		before = 0
	}
	if s.face != facePlain {
		after = 0
	}
	if d.gap(before, after) {
		d.append("\u200b")
	}
}

func (d *draft) append(piece string) bool {
	n := d.size(piece)
	if n > d.room {
		return false
	}
	d.b, d.room = append(d.b, piece...), d.room-n
	return true
}

// span writes the text of one span between its marks, as much as there is room for.
func (d *draft) span(s span) bool {
	open, shut := d.marks(s)
	frame := d.size(open) + d.size(shut)
	if frame >= d.room {
		return false
	}
	start := len(d.b)
	d.b, d.room = append(d.b, open...), d.room-frame
	if open != "" {
		d.place.first, d.place.number = false, false
	}
	whole, empty := true, len(d.b)
	for i := 0; i < len(s.text) && whole; {
		n := cluster(s.text[i:])
		whole = d.char(s, i, n)
		i += n
	}
	if len(d.b) == empty {
		d.b, d.room = d.b[:start], d.room+frame
		return whole
	}
	d.b = append(d.b, shut...)
	d.mark = shut != ""
	if s.face == faceFence {
		d.place.first = true
	}
	return whole
}

func (d *draft) char(s span, i, n int) bool {
	at := d.place
	if i > 0 {
		at.before = s.text[i-1]
	}
	if at.after = ' '; s.face == facePlain {
		at.after = d.next
	}
	if i+n < len(s.text) {
		at.after = s.text[i+n]
	}
	char, length := s.text[i:i+n], len(d.b)
	d.b = d.put(d.b, s, char, at)
	c := len(d.b) - length
	if c != 1 {
		c = d.size(string(d.b[length:]))
	}
	if c > d.room {
		d.b = d.b[:length]
		return false
	}
	d.room -= c
	d.place = d.place.past(char)
	return true
}

func (p place) past(char string) place {
	switch c := char[0]; {
	case c == '\n':
		return place{first: true}
	case p.first && isSpace(char):
		return p
	case c >= '0' && c <= '9' && len(char) == 1 && (p.first || p.number):
		return place{number: true}
	}
	return place{}
}

// isSpace reports a blank of any script: at the ends of a text all of them are cut off, and the services read them alike.
func isSpace(char string) bool {
	r, _ := utf8.DecodeRuneInString(char)
	return unicode.IsSpace(r)
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
