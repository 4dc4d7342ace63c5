package fake

import "slices"

// Embed is a card of a Discord message.
// https://docs.discord.com/developers/resources/message#embed-object
type Embed struct {
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	URL         string       `json:"url,omitempty"`
	Timestamp   string       `json:"timestamp,omitempty"`
	Color       int          `json:"color,omitempty"`
	Author      *EmbedAuthor `json:"author,omitempty"`
	Footer      *EmbedFooter `json:"footer,omitempty"`
	Image       *EmbedImage  `json:"image,omitempty"`
	Thumbnail   *EmbedImage  `json:"thumbnail,omitempty"`
	Fields      []EmbedField `json:"fields,omitempty"`
}

// EmbedAuthor stands above an embed's title.
type EmbedAuthor struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedFooter stands below an embed.
type EmbedFooter struct {
	Text    string `json:"text"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedImage is a picture in an embed.
type EmbedImage struct {
	URL         string `json:"url"`
	Description string `json:"description,omitempty"`
}

// EmbedField is a name and a value of an embed.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline,omitempty"`
}

func (e Embed) blank() bool {
	return e.Title == "" && e.Description == "" && len(e.Fields) == 0 &&
		e.Author == nil && e.Footer == nil && e.Image == nil && e.Thumbnail == nil
}

type embedPicture struct {
	path []string
	url  string
}

func (e Embed) pictures() []embedPicture {
	var pictures []embedPicture
	if e.Image != nil {
		pictures = append(pictures, embedPicture{[]string{"image", "url"}, e.Image.URL})
	}
	if e.Thumbnail != nil {
		pictures = append(pictures, embedPicture{[]string{"thumbnail", "url"}, e.Thumbnail.URL})
	}
	if e.Author != nil {
		pictures = append(pictures, embedPicture{[]string{"author", "icon_url"}, e.Author.IconURL})
	}
	if e.Footer != nil {
		pictures = append(pictures, embedPicture{[]string{"footer", "icon_url"}, e.Footer.IconURL})
	}
	return pictures
}

// Component is a row, a button, or one of the parts of a message with [FlagComponentsV2].
// https://docs.discord.com/developers/components/reference
type Component struct {
	Type        int         `json:"type"`
	Style       int         `json:"style,omitempty"`
	Label       string      `json:"label,omitempty"`
	URL         string      `json:"url,omitempty"`
	Emoji       *Emoji      `json:"emoji,omitempty"`
	Disabled    bool        `json:"disabled,omitempty"`
	Content     string      `json:"content,omitempty"`
	AccentColor int         `json:"accent_color,omitempty"`
	Description string      `json:"description,omitempty"`
	Media       *Media      `json:"media,omitempty"`
	File        *Media      `json:"file,omitempty"`
	Items       []Component `json:"items,omitempty"`
	Accessory   *Component  `json:"accessory,omitempty"`
	Components  []Component `json:"components,omitempty"`
}

// Emoji is a picture in a button's label.
type Emoji struct {
	ID       string `json:"id,omitempty"`
	Name     string `json:"name,omitempty"`
	Animated bool   `json:"animated,omitempty"`
}

// Media is a picture or file that a component shows.
type Media struct {
	URL string `json:"url"`
}

// each calls f for every component, outer ones first.
func each(components []Component, f func(Component)) {
	for _, c := range components {
		f(c)
		if c.Accessory != nil {
			f(*c.Accessory)
		}
		each(c.Components, f)
	}
}

// displayed returns the texts of all text displays (type 10), which ping as content does.
func displayed(components []Component) []string {
	var texts []string
	each(components, func(c Component) {
		if c.Type == 10 {
			texts = append(texts, c.Content)
		}
	})
	return texts
}

// The counts of [discordTotals].

func embedText(s *shape, d *draft) int {
	sum := 0
	for _, e := range d.read().Embeds {
		texts := []string{e.Title, e.Description}
		for _, f := range e.Fields {
			texts = append(texts, f.Name, f.Value)
		}
		if e.Author != nil {
			texts = append(texts, e.Author.Name)
		}
		if e.Footer != nil {
			texts = append(texts, e.Footer.Text)
		}
		for _, t := range texts {
			sum += s.measure(t)
		}
	}
	return sum
}

func countComponents(_ *shape, d *draft) int {
	n := 0
	each(d.read().Components, func(Component) { n++ })
	return n
}

func displayText(s *shape, d *draft) int {
	sum := 0
	for _, t := range displayed(d.read().Components) {
		sum += s.measure(t)
	}
	return sum
}

func displayBytes(_ *shape, d *draft) int {
	sum := 0
	for _, t := range displayed(d.read().Components) {
		sum += len(t) + 12
	}
	return sum
}

func largestFile(_ *shape, d *draft) int {
	sizes := []int{0}
	for _, f := range d.files {
		sizes = append(sizes, len(f.Data))
	}
	return slices.Max(sizes)
}
