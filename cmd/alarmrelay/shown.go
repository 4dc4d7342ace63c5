package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay/rule"
)

// shown is one message as its channel shows it, for both services.
type shown struct {
	at      time.Time
	author  string // where the message chose one itself
	head    text   // above the cards: who is mentioned, and the sentence that a phone shows
	cards   []card
	buttons []string
	files   []string // names

	id     string
	thread string
	tags   []string // of the thread, which is a forum's post
	reply  bool     // it stands below another message
	silent bool     // nobody's device made a sound
	pings  []string // who was notified: kind:id
	edits  int
	leads  []string // to which messages of the channel its links lead: what they say
}

// remarks are what a reader of the channel can't see on the cards.
func (m shown) remarks() (remarks []string) {
	switch {
	case m.edits == 1:
		remarks = append(remarks, "edited")
	case m.edits > 1:
		remarks = append(remarks, fmt.Sprintf("edited %d×", m.edits))
	}
	switch {
	case m.reply:
		remarks = append(remarks, "a reply to "+m.thread)
	case m.thread != "" && len(m.tags) > 0:
		remarks = append(remarks, "in thread "+m.thread, "tagged "+strings.Join(m.tags, ", "))
	case m.thread != "":
		remarks = append(remarks, "in thread "+m.thread)
	}
	if m.silent {
		remarks = append(remarks, "silent")
	}
	for _, said := range m.leads {
		remarks = append(remarks, "→ leads to "+said)
	}
	for _, name := range m.files {
		remarks = append(remarks, "file "+name)
	}
	return remarks
}

// MarshalJSON writes what the channel shows, without markup.
func (m shown) MarshalJSON() ([]byte, error) {
	type shownCard struct {
		Colour string   `json:"colour,omitempty"`
		Title  string   `json:"title,omitempty"`
		Texts  []string `json:"texts"`
	}
	cards := []shownCard{}
	for _, c := range m.cards {
		flat := shownCard{Colour: c.colour, Texts: []string{}}
		for _, p := range c.parts {
			for _, t := range p.texts {
				if p.kind == partTitle {
					flat.Title = t.bare()
					continue
				}
				flat.Texts = append(flat.Texts, t.bare())
			}
		}
		cards = append(cards, flat)
	}
	return json.Marshal(struct {
		At      time.Time   `json:"at"`
		Author  string      `json:"author,omitempty"`
		Text    string      `json:"text"`
		Cards   []shownCard `json:"cards"`
		Buttons []string    `json:"buttons,omitempty"`
		Files   []string    `json:"files,omitempty"`
		Thread  string      `json:"thread,omitempty"`
		Tags    []string    `json:"tags,omitempty"`
		Silent  bool        `json:"silent"`
		Pings   []string    `json:"pings"`
		Edits   int         `json:"edits"`
		Leads   []string    `json:"leads_to,omitempty"`
	}{m.at.UTC(), m.author, m.head.bare(), cards, m.buttons, m.files, m.thread, m.tags, m.silent, append([]string{}, m.pings...), m.edits, m.leads})
}

// card is a block of a message with a coloured bar at its left.
type card struct {
	colour string // #rrggbb, empty for none
	parts  []part
}

// part is a piece of a card.
type part struct {
	kind  partKind
	texts []text // one, but for cells and buttons
}

type partKind int

const (
	partText partKind = iota
	partTitle
	partSmall
	partCells // side by side
	partButtons
)

// text is a text with its markup read.
type text []span

// span is a piece of text of one look.
type span struct {
	text string
	look look
}

// look is a set of the ways in which text may differ from plain text.
type look uint8

const (
	lookBold look = 1 << iota
	lookItalic
	lookStruck
	lookCode
	lookLink
	lookMention
	lookMoment
)

// bare is a text without its looks.
func (t text) bare() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.text)
	}
	return b.String()
}

// without is a text without the spans of a look.
func (t text) without(l look) text {
	return slices.DeleteFunc(slices.Clone(t), func(s span) bool { return s.look&l != 0 })
}

func plain(s string) text { return text{{text: s}} }

// reader reads messages as somebody does who looks at them the moment they come.
type reader struct {
	names  map[string]string // of mentions, by kind:id
	tags   map[string]string // of forums, by id: the severities of what they are put on
	zone   *time.Location
	locale string
}

func newReader(c *rule.Config) reader {
	r := reader{names: map[string]string{}, tags: forumTags(c), zone: time.UTC, locale: c.Locale}
	if zone, err := time.LoadLocation(c.Timezone); err == nil {
		r.zone = zone
	}
	for _, m := range c.Mentions {
		for _, people := range m.Who {
			for _, p := range people {
				if p.ID != "" {
					r.names[p.Kind+":"+p.ID] = m.Name
				}
			}
		}
	}
	return r
}

// mention returns the name of who is mentioned, as the channel would show it.
func (r reader) mention(kind, id string) span {
	name := r.names[kind+":"+id]
	switch {
	case id == "":
		name = kind
	case name == "":
		name = kind + ":" + id
	}
	return span{"@" + name, lookMention}
}

// forumTags names the tags of forums after the severities that have them.
func forumTags(c *rule.Config) map[string]string {
	said := map[string][]string{}
	for _, d := range c.Destinations {
		for severity, id := range d.ForumTags {
			name := cmp.Or(string(severity), "other")
			if !slices.Contains(said[id], name) {
				said[id] = append(said[id], name)
			}
		}
	}
	names := map[string]string{}
	for id, severities := range said {
		slices.Sort(severities)
		names[id] = strings.Join(severities, "/")
	}
	return names
}

// tagged returns the names of a post's tags; a tag that the configuration does not have keeps its id.
func (r reader) tagged(ids []string) (names []string) {
	for _, id := range ids {
		names = append(names, cmp.Or(r.tags[id], id))
	}
	return names
}

// payload reads a message that was not sent anywhere.
func (r reader) payload(service formatter.Service, p post) (shown, error) {
	m := p.latest()
	if service == formatter.ServiceSlack {
		return r.slackPayload(m, p.at)
	}
	return r.discordPayload(m, p.at)
}
