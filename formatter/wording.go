package formatter

import (
	"fmt"
	"strings"

	"alarmrelay/formatter/phrase"
)

// Wording is what a rule says of its alerts in words of its own. What it
// leaves out, and what nothing is known of, is said as ever.
type Wording struct {
	Title   *Phrase     `json:"title,omitempty"`   // of the card, behind the state
	Summary *Phrase     `json:"summary,omitempty"` // the sentence that a phone shows, behind the state
	Fields  []WordField `json:"fields,omitempty"`  // before the card's own
}

// WordField is a field of a [Wording].
type WordField struct {
	Label string  `json:"label"`
	Value *Phrase `json:"value"`
}

// Phrase is a text with placeholders about an alert. What it says is text: no
// markup and no ping; an address in a field can be followed.
type Phrase = phrase.Phrase[*matter]

// ReadPhrase reads a phrase; there is none where there is a mistake.
func ReadPhrase(text string) (*Phrase, []phrase.Mistake) {
	l := phrase.Language[*matter]{Placeholders: placeholders[:], Functions: functions[:]}
	return l.Read(text)
}

// Broken is a part of an item's [Wording] that could not be said: the built-in words stand in its place.
type Broken struct {
	Item int   // its place in Notice.Items
	Err  error // which part and why, without a word of the alert
}

// Worded is what one part of a [Wording] comes to.
type Worded struct {
	Part   string `json:"part"` // title, summary, or a field's label
	Phrase string `json:"phrase"`
	Text   string `json:"text,omitempty"` // empty where nothing is known: then the built-in words are said, or no field
	Error  string `json:"error,omitempty"`
}

// WordingOf returns what each part of an item's wording comes to, for people who write one.
func WordingOf(it Item, s Style) (all []Worded) {
	w := it.Wording
	if w == nil {
		return nil
	}
	it.Wording = nil
	t := newTeller(Notice{}, s)
	c := t.card(&it)
	m := newMatter(t, &it, &c)
	add := func(part string, p *Phrase) {
		if p == nil {
			return
		}
		one := Worded{Part: part, Phrase: p.String()}
		if said, err := p.Say(m); err != nil {
			one.Error = err.Error()
		} else {
			one.Text = strings.TrimSpace(textOf(said))
		}
		all = append(all, one)
	}
	add("title", w.Title)
	add("summary", w.Summary)
	for _, f := range w.Fields {
		add(f.Label, f.Value)
	}
	return all
}

// reword puts a rule's own words into a card. The state stays in front of them.
func (t teller) reword(it *Item, c *card) {
	m := newMatter(t, it, c)
	said := func(part string, p *Phrase) []phrase.Value {
		if p == nil {
			return nil
		}
		values, err := p.Say(m)
		if err != nil {
			c.broken = append(c.broken, fmt.Errorf("%s: %w", part, err))
		}
		return values
	}
	if title := oneLine(textOf(said("title", it.Wording.Title))); title != "" {
		c.title = c.head + " " + title
		if !strings.Contains(title, c.name) { // who looks for it, or acknowledges it, needs the name
			c.footer = join(c.name, c.footer)
		}
	}
	if it.Later != nil { // old news: the rest is about what the alarm no longer is
		c.summary = c.title
		return
	}
	if summary := oneLine(textOf(said("summary", it.Wording.Summary))); summary != "" {
		c.summary = c.head + " " + summary
	}
	var own []field
	for _, f := range it.Wording.Fields {
		values, label := said(f.Label, f.Value), oneLine(f.Label)
		if text := textOf(values); strings.TrimSpace(text) != "" && label != "" {
			own = append(own, field{label, spansOf(values), units16(text) <= 40 && !strings.Contains(text, "\n")})
		}
	}
	c.fields = append(own, c.fields...)
}

// textOf joins what a phrase says, as far as it can be shown.
func textOf(said []phrase.Value) string {
	var b strings.Builder
	for _, v := range said {
		b.WriteString(v.Text)
	}
	return clean(source(b.String()))
}

// spansOf is textOf for where moments are shown in the reader's own time and addresses can be followed.
func spansOf(said []phrase.Value) (t text) {
	for len(said) > 0 {
		n := 0
		for n < len(said) && !isSet(said[n].At) {
			n++
		}
		t = append(t, addresses(textOf(said[:n]))...)
		if n < len(said) {
			t = t.with(span{face: faceDate, at: said[n].At})
			n++
		}
		said = said[n:]
	}
	return t
}

func brokenOf(cards []card) (all []Broken) {
	for _, c := range cards {
		for _, err := range c.broken {
			all = append(all, Broken{c.item, err})
		}
	}
	return all
}
