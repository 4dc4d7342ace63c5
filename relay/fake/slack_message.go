package fake

import (
	"encoding/json"
	"time"
)

// SlackMessage is what a channel of Slack shows.
type SlackMessage struct {
	At     time.Time
	TS     string // what the Web API calls it by
	Thread string // the TS of the message that it is a reply to
	// Broadcast is whether the reply is shown in the channel as well.
	Broadcast bool
	Webhook   string    // the id of the webhook or bot that posted it
	Edits     int       // how often it was edited
	EditedAt  time.Time // zero when it was never edited
	// Username and Icon are what a bot chose with the scope chat:write.customize.
	Username, Icon string

	Text        string
	Cut         bool // text was longer than Slack keeps
	Blocks      []Block
	Attachments []Attachment
	// Raw are text, blocks and attachments as they were sent, also what the types here do not know.
	Raw map[string]any

	// Pings are those whom it may notify: here, channel, everyone, user:ID and subteam:ID, wherever
	// in the message they are named. The strict reading counts what stands in attachments, and
	// the bare words in mrkdwn that is not verbatim, and what an edit names, which Slack tells nobody.
	Pings []string
}

// Attachment is a legacy attachment: the only way to a coloured bar.
type Attachment struct {
	Color    string            `json:"color"`
	Blocks   []Block           `json:"blocks"`
	Fallback string            `json:"fallback"`
	Pretext  string            `json:"pretext"`
	Title    string            `json:"title"`
	Text     string            `json:"text"`
	Footer   string            `json:"footer"`
	Fields   []AttachmentField `json:"fields"`
}

// AttachmentField is a title and a value of a legacy attachment.
type AttachmentField struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// Block is a block of Block Kit, or an element of one: what its Type does not have is empty.
// https://docs.slack.dev/reference/block-kit/blocks
type Block struct {
	Type      string    `json:"type"`
	ID        string    `json:"block_id"`
	Text      *Text     `json:"text"`
	Fields    []Text    `json:"fields"`
	Elements  []Block   `json:"elements"`
	Accessory *Block    `json:"accessory"`
	Rows      [][]Block `json:"rows"`
	URL       string    `json:"url"`
	ImageURL  string    `json:"image_url"`
	AltText   string    `json:"alt_text"`
	Title     *Text     `json:"title"`
	Style     any       `json:"style"`
	Verbatim  bool      `json:"verbatim"` // of a text that is an element of a context block

	UserID      string      `json:"user_id"`
	UsergroupID string      `json:"usergroup_id"`
	Range       string      `json:"range"` // here, channel or everyone
	Name        string      `json:"name"`
	Timestamp   json.Number `json:"timestamp"`
	Fallback    string      `json:"fallback"`
}

// Text is a text object. Type is plain_text or mrkdwn, and empty for a bare string: of a
// markdown block, or in rich text.
// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
type Text struct {
	Type     string
	Text     string
	Verbatim bool // names and bare addresses are not turned into links and mentions
}

// UnmarshalJSON reads an object, or a bare string.
func (t *Text) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &t.Text)
	}
	var o struct {
		Type     string `json:"type"`
		Text     string `json:"text"`
		Verbatim bool   `json:"verbatim"`
	}
	err := json.Unmarshal(data, &o)
	*t = Text(o)
	return err
}

// keepRaw keeps of a body's members what the message says; text is what is left of it.
func (m *SlackMessage) keepRaw(members map[string]any) {
	m.Raw = map[string]any{"text": m.Text}
	for _, name := range []string{"blocks", "attachments"} {
		if members[name] != nil {
			m.Raw[name] = members[name]
		}
	}
}

// AllBlocks returns the blocks of the message and of its attachments.
func (m SlackMessage) AllBlocks() []Block {
	blocks := append([]Block(nil), m.Blocks...)
	for _, a := range m.Attachments {
		blocks = append(blocks, a.Blocks...)
	}
	return blocks
}

// Texts returns every text in the message's blocks, in the order of reading.
func (m SlackMessage) Texts() []Text {
	var texts []Text
	walkBlocks(m.AllBlocks(), func(b Block) { texts = append(texts, b.texts()...) })
	return texts
}

// texts returns the block's own texts, without those of its elements.
func (b Block) texts() []Text {
	var texts []Text
	if b.Text != nil {
		t := *b.Text
		if b.Type == "mrkdwn" || b.Type == "plain_text" {
			t.Type, t.Verbatim = b.Type, b.Verbatim
		}
		texts = append(texts, t)
	}
	if b.Title != nil {
		texts = append(texts, *b.Title)
	}
	return append(texts, b.Fields...)
}

// walkBlocks calls f for every block and element, outer ones first.
func walkBlocks(blocks []Block, f func(Block)) {
	for _, b := range blocks {
		f(b)
		if b.Accessory != nil {
			f(*b.Accessory)
		}
		walkBlocks(b.Elements, f)
		for _, row := range b.Rows {
			walkBlocks(row, f)
		}
	}
}
