package fake

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// read turns a request into a message, or refuses it as Slack does: with one word and no reason.
// https://docs.slack.dev/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks
func (s *Slack) read(c *call) (SlackMessage, reply) {
	media, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	members, ok := readObject(c.body)
	if err != nil || media != "application/json" || !ok {
		return SlackMessage{}, slackRefusal("invalid_payload", "not one JSON object sent as application/json")
	}
	m, word, why := s.judge(members, byWebhook)
	if word != "" {
		return SlackMessage{}, slackRefusal(word, why...)
	}
	return m, reply{}
}

// judge makes a message of a body's members, or returns Slack's word for what is wrong, and why.
func (s *Slack) judge(members map[string]any, by string) (m SlackMessage, word string, why []string) {
	if many, ok := members["attachments"].([]any); ok && len(many) > 100 {
		return m, "too_many_attachments", []string{"more than 100"}
	}
	if refused := s.table.check(members, "message", by); len(refused) > 0 {
		return m, wordFor(refused[0]), describe(refused)
	}
	m = readSlack(members)
	if m.Text == "" && len(m.Blocks) == 0 && len(m.Attachments) == 0 {
		return m, "no_text", []string{"no text, blocks or attachments"}
	}
	if word, why := s.broken(m); word != "" {
		return m, word, []string{why}
	}
	m.Pings = slackPings(m, members)
	m.Text, m.Cut = s.cut(m.Text)
	m.keepRaw(members)
	return m, "", nil
}

func slackRefusal(word string, why ...string) reply {
	r := textReply(http.StatusBadRequest, word)
	r.why = why
	return r
}

func wordFor(r refusal) string {
	switch r.path[0] {
	case "blocks":
		return "invalid_blocks"
	case "attachments":
		return "invalid_attachments"
	}
	return "invalid_payload"
}

func describe(refused []refusal) []string {
	var why []string
	for _, r := range refused {
		why = append(why, r.String())
	}
	return why
}

// readSlack reads members that the table has found good.
func readSlack(members map[string]any) SlackMessage {
	var m struct {
		Text        string       `json:"text"`
		Blocks      []Block      `json:"blocks"`
		Attachments []Attachment `json:"attachments"`
	}
	for name, member := range members {
		if text, err := json.Marshal(map[string]any{name: member}); err == nil && member != nil {
			_ = json.Unmarshal(text, &m) // the rest is taken and not looked at
		}
	}
	return SlackMessage{Text: m.Text, Blocks: m.Blocks, Attachments: m.Attachments}
}

// broken applies the rules that connect several properties. It returns Slack's word and the reason.
func (s *Slack) broken(m SlackMessage) (word, why string) {
	if r := s.brokenBlocks(m.Blocks); r != "" {
		return "invalid_blocks", r
	}
	for _, a := range m.Attachments {
		if r := s.brokenBlocks(a.Blocks); r != "" {
			return "invalid_attachments", r
		}
		if !isColor(a.Color) && !s.options.Lenient {
			return "invalid_attachments", "a color is good, warning, danger or #rrggbb"
		}
	}
	for _, t := range slackTotals {
		if t.count(s.table, m) > t.max {
			return t.word, "more than " + itoa(t.max) + " " + t.of
		}
	}
	return "", ""
}

// The counts of [slackTotals].

func blockText(s *shape, m SlackMessage) int {
	sum := 0
	for _, t := range m.Texts() {
		sum += s.measure(t.Text)
	}
	return sum
}

func markdownText(s *shape, m SlackMessage) int {
	sum := 0
	for _, b := range m.AllBlocks() {
		if b.Type == "markdown" {
			sum += s.measure(b.Text.Text)
		}
	}
	return sum
}

func countTables(_ *shape, m SlackMessage) int {
	n := 0
	for _, b := range m.AllBlocks() {
		if b.Type == "table" {
			n++
		}
	}
	return n
}

func (s *Slack) brokenBlocks(blocks []Block) string {
	var ids []string
	for _, b := range blocks {
		if b.ID != "" && slices.Contains(ids, b.ID) {
			return "two blocks with the same block_id"
		}
		ids = append(ids, b.ID)
		if b.Type == "section" && b.Text == nil && len(b.Fields) == 0 {
			return "a section without text and fields"
		}
	}
	return ""
}

func isColor(c string) bool {
	digits, hex := strings.CutPrefix(c, "#")
	if !hex {
		return slices.Contains([]string{"", "good", "warning", "danger"}, c)
	}
	return len(digits) == 6 && strings.Trim(digits, "0123456789abcdefABCDEF") == ""
}

// cut keeps as much of a text as Slack does.
func (s *Slack) cut(t string) (string, bool) {
	if s.table.measure(t) <= maxSlackText {
		return t, false
	}
	kept := 0
	for i, r := range t {
		if kept += s.table.measure(string(r)); kept > maxSlackText {
			return t[:i], true
		}
	}
	return t, false
}
