package incident

import (
	"slices"
	"strconv"

	"alarmrelay/formatter"
)

// Post is what a posted message shows of alarms, so that it can be shown anew with a part of it changed.
// A message of cards has Cards, a digest has Digest and its lines on pages.
type Post struct {
	Cards  []Card  `json:"cards,omitempty"`
	Digest *Digest `json:"digest,omitempty"`
}

// Card is one alarm of a [Post], as it is shown.
type Card struct {
	Key     string  `json:"k"` // of the incident's [ID], which has the alert
	Episode Episode `json:"e"`
}

// Digest is what a digest shows beside its lines.
type Digest struct {
	Pages     int                 `json:"pages"`             // how many hold its lines
	Told      int                 `json:"told,omitempty"`    // alerts that it told, each alarm as often as it was news there
	Earlier   int                 `json:"earlier,omitempty"` // see [formatter.Digest]
	Pinged    []formatter.Mention `json:"pinged,omitempty"`
	InsteadOf string              `json:"instead,omitempty"`
}

// PostID is where what a message shows is kept.
func PostID(destination string, at Ref) ID {
	return ID{destination, "post|" + at.Channel + "|" + at.Message}
}

// PageID is where the n-th page of a digest's lines is kept.
func PageID(destination string, at Ref, n int) ID {
	return ID{destination, "page|" + at.Channel + "|" + at.Message + "|" + strconv.Itoa(n)}
}

// Put adds a card, or puts it in the place of the one with its key.
func (p *Post) Put(c Card) {
	i := slices.IndexFunc(p.Cards, func(other Card) bool { return other.Key == c.Key })
	if i < 0 {
		p.Cards = append(p.Cards, c)
		return
	}
	p.Cards[i] = c
}

// Card returns the card of a key, and nil where there is none.
func (p *Post) Card(key string) *Card {
	i := slices.IndexFunc(p.Cards, func(c Card) bool { return c.Key == key })
	if i < 0 {
		return nil
	}
	return &p.Cards[i]
}
