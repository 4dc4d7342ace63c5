package formatter

import (
	"strings"
)

// frame is what a service has room for in a digest.
type frame struct {
	pen
	heading  func(string) string // writes the title of a box
	box      int                 // the text of one box
	boxes    int                 // in one message
	page     int                 // all texts of a message
	attaches bool                // the complete list can go along as a file
}

// page is what one message of a digest says.
type page struct {
	boxes []box
	items []int // the places in Digest.Lines
	size  int
	cuts  int
}

// box is an embed of Discord or an attachment of Slack.
type box struct {
	tone  tone
	title string // written as the service wants titles
	rows  []string
	size  int
}

func (b *box) text() string { return strings.Join(b.rows, "\n") }

// row is one written line.
type row struct {
	text  string
	size  int // with the line break before it
	items []int
	cuts  int
}

func (f frame) row(t text, most int) row {
	s, wasCut := write(f.pen, t, most)
	return row{text: s, size: f.size(s) + 1, cuts: count(wasCut)}
}

const (
	// maxRow is the longest line of a digest: a name of 256 units, each escaped, its link, its times.
	maxRow = 2100
	// maxHeading is the longest heading. Two of them and a row fit into any box.
	maxHeading = 250
)

// chapter is a section in written rows.
type chapter struct {
	tone         tone
	title, again string // again is the title where it goes on in another box
	blocks       []block
}

// block is rows below one heading, which is empty where nothing is to be said.
type block struct {
	heading row
	rows    []row
}

// press fills boxes and pages with rows, in order.
type press struct {
	frame
	pages []page
	open  bool // the last box can take more
}

// lay fills as few pages as the rows need in their order. The introduction stands in the first box.
func (f frame) lay(intro []row, chapters []chapter) []page {
	p := press{frame: f}
	for i, c := range chapters {
		p.open = false
		title := c.title
		for _, b := range c.blocks {
			for j, r := range b.rows {
				heading := b.heading
				if j > 0 {
					heading = row{}
				}
				if !p.fits(gap + heading.size + r.size) {
					heading = b.heading // said again where it goes on
					p.begin(c.tone, title, gap+heading.size+r.size)
					title = c.again
					if i == 0 && len(p.pages) == 1 && len(p.pages[0].boxes) == 1 {
						p.add(intro...)
					}
				}
				if j == 0 || heading.size > 0 {
					p.part()
				}
				p.add(heading, r)
			}
		}
	}
	return p.pages
}

// gap is what an empty line takes.
const gap = 1

// part leaves a line empty before what comes next, where something stands above it.
func (p *press) part() {
	if _, box := p.last(); len(box.rows) > 0 {
		p.add(row{size: gap})
	}
}

func (p *press) last() (*page, *box) {
	sheet := &p.pages[len(p.pages)-1]
	return sheet, &sheet.boxes[len(sheet.boxes)-1]
}

func (p *press) fits(size int) bool {
	if !p.open {
		return false
	}
	sheet, box := p.last()
	return box.size+size <= p.box && sheet.size+size <= p.page
}

// begin opens a box for rows of a size, on a new page where the last has no room for them.
func (p *press) begin(tone tone, title string, size int) {
	size += p.size(title)
	if n := len(p.pages); n == 0 || len(p.pages[n-1].boxes) == p.boxes || p.pages[n-1].size+size > p.page {
		p.pages = append(p.pages, page{})
	}
	sheet := &p.pages[len(p.pages)-1]
	sheet.boxes = append(sheet.boxes, box{tone: tone, title: title})
	sheet.size += p.size(title)
	p.open = true
}

func (p *press) add(rows ...row) {
	sheet, box := p.last()
	for _, r := range rows {
		if r.size == 0 {
			continue
		}
		box.rows = append(box.rows, r.text)
		box.size += r.size
		sheet.size += r.size
		sheet.items = append(sheet.items, r.items...)
		sheet.cuts += r.cuts
	}
}
