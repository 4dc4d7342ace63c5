package formatter

import "time"

// face is how a piece of text is to look. Each service has its own way of writing it.
type face uint8

const (
	facePlain face = iota
	faceBold
	faceItalic
	faceCode
	faceFence   // lines in a fixed-width block
	faceMoment  // a time as the distance from now, in the reader's words
	faceClock   // a time of day in the reader's zone
	faceDate    // the same with its date
	faceSecond  // a time of day to the second
	faceDay     // a date without its time
	faceAddress // an address that is its own label
	faceArrow   // a small arrow that leads somewhere
)

// span is a piece of text in one face. What it holds is raw: escaping is the
// business of the [pen] that writes it.
type span struct {
	face face
	text string
	url  string
	at   time.Time
}

// text is what is said, before a service's markup.
type text []span

func plain(s string) span      { return span{text: s} }
func bold(s string) span       { return span{face: faceBold, text: s} }
func code(s string) span       { return span{face: faceCode, text: oneLine(s)} }
func fence(s string) span      { return span{face: faceFence, text: s} }
func moment(at time.Time) span { return span{face: faceMoment, at: at} }

// arrow is a link of ours. Its label is no emoji (↗ is one): Discord makes no
// links of labels that hold one.
func arrow(url string) span        { return span{face: faceArrow, text: "→", url: url} }
func say(spans ...span) text       { return spans }
func isSet(at time.Time) bool      { return at.Unix() > 0 }
func (s span) isAtom() bool        { return s.face >= faceMoment }
func (t text) with(s ...span) text { return append(t, s...) }

// paragraphs joins texts with a line break between those that say something.
func paragraphs(parts ...text) text {
	var all text
	for _, p := range parts {
		if len(p) == 0 {
			continue
		}
		if len(all) > 0 {
			all = append(all, plain("\n"))
		}
		all = append(all, p...)
	}
	return all
}
