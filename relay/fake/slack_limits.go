package fake

// Where Slack, or who measured it, says so.
const (
	docsBlocks      = "https://docs.slack.dev/reference/block-kit/blocks"
	docsHeader      = "https://docs.slack.dev/reference/block-kit/blocks/header-block"
	docsSection     = "https://docs.slack.dev/reference/block-kit/blocks/section-block"
	docsContext     = "https://docs.slack.dev/reference/block-kit/blocks/context-block"
	docsActions     = "https://docs.slack.dev/reference/block-kit/blocks/actions-block"
	docsImage       = "https://docs.slack.dev/reference/block-kit/blocks/image-block"
	docsMarkdown    = "https://docs.slack.dev/reference/block-kit/blocks/markdown-block"
	docsTable       = "https://docs.slack.dev/reference/block-kit/blocks/table-block"
	docsRichText    = "https://docs.slack.dev/reference/block-kit/blocks/rich-text-block"
	docsText        = "https://docs.slack.dev/reference/block-kit/composition-objects/text-object"
	docsButton      = "https://docs.slack.dev/reference/block-kit/block-elements/button-element"
	docsAttachments = "https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments"
	docsIncoming    = "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"
	docsPost        = "https://docs.slack.dev/reference/methods/chat.postMessage"
	docsUpdate      = "https://docs.slack.dev/reference/methods/chat.update"
	docsTruncating  = "https://docs.slack.dev/changelog/2018-truncating-really-long-messages"
	// Staff named 50 blocks in an attachment, a user measured failures above 20.
	measuredAttachment = "https://github.com/slackapi/bolt-python/issues/914"
	// Undocumented, and not known for webhooks: messages of more than about 12,000 characters fail.
	measuredMessage = "https://github.com/slackapi/bolt-js/issues/2509"
)

// maxUpdateText is how many bytes of text an edit may have.
// https://docs.slack.dev/reference/methods/chat.update
const maxUpdateText = 4000

// maxSlackText is how much of text Slack keeps; the rest is cut off, silently. Source: docsTruncating.
const maxSlackText = 40_000

// slackTotal is one row of Slack's limits on the message as a whole.
type slackTotal struct {
	of    string
	max   int
	count func(*shape, SlackMessage) int
	word  string // the refusal
	from  string
}

var slackTotals = []slackTotal{
	{of: "characters of markdown blocks", max: 12_000, count: markdownText, word: "invalid_blocks", from: docsMarkdown},
	{of: "tables", max: 1, count: countTables, word: "invalid_blocks", from: docsTable},
	{of: "characters of all blocks", max: 12_000, count: blockText, word: "msg_blocks_too_long", from: measuredMessage},
}

// slackRows is what Slack takes in a message, whoever posts it, and within which limits. Block types that the relay has no
// use for are refused.
func slackRows() []property {
	rows := []property{
		{in: "message", name: "text", kind: text, from: docsTruncating},
		{in: "message", name: "blocks", kind: list, of: "block", max: 50, from: docsBlocks},
		{in: "message", name: "attachments", kind: list, of: "attachment", max: 100, from: docsAttachments},
		{in: "message", name: "link_names", kind: anything, from: docsPost},
		{in: "message", name: "parse", kind: word, words: []string{"none", "full"}, from: docsPost},
		{in: "message", name: "metadata", kind: anything, from: docsPost},
		{in: "message", name: "reply_broadcast", kind: boolean, from: docsPost},
	}
	rows = append(rows, slackSenderRows()...)
	rows = append(rows, slackAttachmentRows()...)
	rows = append(rows, slackBlockRows()...)
	rows = append(rows, slackElementRows()...)
	return append(rows, slackRichTextRows()...)
}

// slackSenderRows is what the body has beside the message: of an incoming webhook's post, of chat.postMessage and of chat.update.
func slackSenderRows() []property {
	return []property{
		{in: byWebhook, name: "unfurl_links", kind: boolean, from: docsIncoming},
		{in: byWebhook, name: "unfurl_media", kind: boolean, from: docsIncoming},
		{in: byWebhook, name: "mrkdwn", kind: boolean, from: docsIncoming},
		{in: byWebhook, name: "thread_ts", kind: text, from: docsIncoming},
		// An app's webhook can't choose these, and client libraries send them all the same.
		{in: byWebhook, name: "channel", kind: anything, from: docsIncoming},
		{in: byWebhook, name: "username", kind: anything, from: docsIncoming},
		{in: byWebhook, name: "icon_emoji", kind: anything, from: docsIncoming},
		{in: byWebhook, name: "icon_url", kind: anything, from: docsIncoming},
		{in: byWebhook, name: "response_type", kind: anything, from: docsIncoming},
		{in: byWebhook, name: "replace_original", kind: anything, from: docsIncoming},
		{in: byWebhook, name: "delete_original", kind: anything, from: docsIncoming},

		{in: byPost, name: "channel", kind: text, min: 1, need: true, from: docsPost},
		{in: byPost, name: "thread_ts", kind: text, from: docsPost},
		{in: byPost, name: "username", kind: text, from: docsPost},
		{in: byPost, name: "icon_url", kind: link, from: docsPost},
		{in: byPost, name: "icon_emoji", kind: text, from: docsPost},
		{in: byPost, name: "mrkdwn", kind: boolean, from: docsPost},
		{in: byPost, name: "unfurl_links", kind: boolean, from: docsPost},
		{in: byPost, name: "unfurl_media", kind: boolean, from: docsPost},

		{in: byUpdate, name: "channel", kind: text, min: 1, need: true, from: docsUpdate},
		{in: byUpdate, name: "ts", kind: text, min: 1, need: true, from: docsUpdate},
	}
}

// The ways in which a message comes.
const (
	byWebhook = "webhook"
	byPost    = "chat.postMessage"
	byUpdate  = "chat.update"
)

func slackAttachmentRows() []property {
	return []property{
		{in: "attachment", name: "color", kind: text, from: docsAttachments},
		{in: "attachment", name: "blocks", kind: list, of: "block", max: 20, from: measuredAttachment},
		{in: "attachment", name: "fallback", kind: text, from: docsAttachments},
		{in: "attachment", name: "pretext", kind: text, from: docsAttachments},
		{in: "attachment", name: "author_name", kind: text, from: docsAttachments},
		{in: "attachment", name: "author_link", kind: link, from: docsAttachments},
		{in: "attachment", name: "author_icon", kind: link, from: docsAttachments},
		{in: "attachment", name: "title", kind: text, from: docsAttachments},
		{in: "attachment", name: "title_link", kind: link, from: docsAttachments},
		{in: "attachment", name: "text", kind: text, from: docsAttachments},
		{in: "attachment", name: "fields", kind: list, of: "attachment field", from: docsAttachments},
		{in: "attachment", name: "image_url", kind: link, from: docsAttachments},
		{in: "attachment", name: "thumb_url", kind: link, from: docsAttachments},
		{in: "attachment", name: "footer", kind: text, max: 300, from: docsAttachments},
		{in: "attachment", name: "footer_icon", kind: link, from: docsAttachments},
		{in: "attachment", name: "ts", kind: anything, from: docsAttachments},
		{in: "attachment", name: "mrkdwn_in", kind: anything, from: docsAttachments},
		{in: "attachment", name: "callback_id", kind: text, from: docsAttachments},
		{in: "attachment field", name: "title", kind: text, from: docsAttachments},
		{in: "attachment field", name: "value", kind: text, from: docsAttachments},
		{in: "attachment field", name: "short", kind: boolean, from: docsAttachments},
	}
}

func slackBlockRows() []property {
	rows := []property{
		{in: "block/header", name: "text", kind: object, of: "header text", need: true, from: docsHeader},

		{in: "block/section", name: "text", kind: object, of: "section text", from: docsSection},
		{in: "block/section", name: "fields", kind: list, of: "section field", min: 1, max: 10, from: docsSection},
		{
			in: "block/section", name: "accessory", kind: object, of: "element",
			words: []string{"button", "image"}, from: docsSection,
		},
		{in: "block/section", name: "expand", kind: boolean, from: docsSection},

		{
			in: "block/context", name: "elements", kind: list, of: "element", min: 1, max: 10, need: true,
			words: []string{"mrkdwn", "plain_text", "image"}, from: docsContext,
		},
		{
			in: "block/actions", name: "elements", kind: list, of: "element", min: 1, max: 25, need: true,
			words: []string{"button"}, from: docsActions,
		},

		{in: "block/image", name: "image_url", kind: link, min: 1, max: 3000, need: true, from: docsImage},
		{in: "block/image", name: "alt_text", kind: text, min: 1, max: 2000, need: true, from: docsImage},
		{in: "block/image", name: "title", kind: object, of: "image title", from: docsImage},

		{in: "block/markdown", name: "text", kind: text, min: 1, max: 12_000, need: true, from: docsMarkdown},
	}
	rows = append(rows, slackTableRows()...)
	for _, block := range []string{"header", "section", "divider", "context", "actions", "image", "markdown", "table", "rich_text"} {
		rows = append(rows,
			property{in: "block/" + block, name: "type", kind: anything, from: docsBlocks},
			property{in: "block/" + block, name: "block_id", kind: text, max: 255, from: docsBlocks})
	}
	return rows
}

func slackTableRows() []property {
	return []property{
		{in: "block/table", name: "rows", kind: list, of: "table row", min: 1, max: 100, need: true, from: docsTable},
		{in: "block/table", name: "column_settings", kind: anything, from: docsTable},
		{in: "table row", kind: list, of: "cell", min: 1, max: 20, from: docsTable},
		{in: "cell/raw_text", name: "type", kind: anything, from: docsTable},
		{in: "cell/raw_text", name: "text", kind: text, min: 1, max: 3000, need: true, from: docsTable},
		{in: "cell/rich_text", name: "type", kind: anything, from: docsTable},
		{in: "cell/rich_text", name: "elements", kind: list, of: "rich", need: true, from: docsTable},
	}
}

func slackElementRows() []property {
	rows := []property{
		{in: "element/button", name: "type", kind: anything, from: docsButton},
		{in: "element/button", name: "text", kind: object, of: "button text", need: true, from: docsButton},
		{in: "element/button", name: "action_id", kind: text, max: 255, from: docsButton},
		{in: "element/button", name: "url", kind: link, max: 3000, from: docsButton},
		{in: "element/button", name: "value", kind: text, max: 2000, from: docsButton},
		{in: "element/button", name: "style", kind: word, words: []string{"primary", "danger"}, from: docsButton},
		{in: "element/button", name: "accessibility_label", kind: text, max: 75, from: docsButton},

		{in: "element/image", name: "type", kind: anything, from: docsImage},
		{in: "element/image", name: "image_url", kind: link, min: 1, max: 3000, need: true, from: docsImage},
		{in: "element/image", name: "alt_text", kind: text, min: 1, max: 2000, need: true, from: docsImage},
	}
	rows = append(rows, textObject("header text", 150, docsHeader, "plain_text")...)
	rows = append(rows, textObject("section text", 3000, docsSection, "plain_text", "mrkdwn")...)
	rows = append(rows, textObject("section field", 2000, docsSection, "plain_text", "mrkdwn")...)
	rows = append(rows, textObject("image title", 2000, docsImage, "plain_text")...)
	rows = append(rows, textObject("button text", 75, docsButton, "plain_text")...)
	return append(rows, textObject("element", 3000, docsText, "plain_text", "mrkdwn")...)
}

// textObject are the rows of a text object that may have so many characters where it stands.
func textObject(name string, most int, from string, types ...string) []property {
	var rows []property
	for _, t := range types {
		in := name + "/" + t
		rows = append(rows,
			property{in: in, name: "type", kind: anything, from: docsText},
			property{in: in, name: "text", kind: text, min: 1, max: most, need: true, from: from})
		if t == "plain_text" {
			rows = append(rows, property{in: in, name: "emoji", kind: boolean, from: docsText})
		} else {
			rows = append(rows, property{in: in, name: "verbatim", kind: boolean, from: docsText})
		}
	}
	return rows
}

func slackRichTextRows() []property {
	rows := []property{
		{in: "block/rich_text", name: "elements", kind: list, of: "rich", need: true, from: docsRichText},
		{in: "rich/rich_text_list", name: "style", kind: word, words: []string{"bullet", "ordered"}, need: true, from: docsRichText},
		{in: "rich/rich_text_list", name: "indent", kind: integer, max: 8, from: docsRichText},
		{in: "rich/rich_text_list", name: "offset", kind: integer, max: 1 << 30, from: docsRichText},
		{
			in: "rich/rich_text_list", name: "elements", kind: list, of: "rich", need: true,
			words: []string{"rich_text_section"}, from: docsRichText,
		},
		{in: "inline/text", name: "text", kind: text, min: 1, need: true, from: docsRichText},
		{in: "inline/link", name: "url", kind: link, need: true, from: docsRichText},
		{in: "inline/link", name: "text", kind: text, from: docsRichText},
		{in: "inline/link", name: "unsafe", kind: boolean, from: docsRichText},
		{in: "inline/emoji", name: "name", kind: text, min: 1, need: true, from: docsRichText},
		{in: "inline/emoji", name: "unicode", kind: text, from: docsRichText},
		{in: "inline/user", name: "user_id", kind: text, min: 1, need: true, from: docsRichText},
		{in: "inline/usergroup", name: "usergroup_id", kind: text, min: 1, need: true, from: docsRichText},
		{in: "inline/channel", name: "channel_id", kind: text, min: 1, need: true, from: docsRichText},
		{
			in: "inline/broadcast", name: "range", kind: word, words: []string{"here", "channel", "everyone"},
			need: true, from: docsRichText,
		},
		{in: "inline/date", name: "timestamp", kind: integer, max: 1 << 40, need: true, from: docsRichText},
		{in: "inline/date", name: "format", kind: text, min: 1, need: true, from: docsRichText},
		{in: "inline/date", name: "url", kind: link, from: docsRichText},
		{in: "inline/date", name: "fallback", kind: text, from: docsRichText},
	}
	return append(rows, slackRichTextTypes()...)
}

// slackRichTextTypes are the rows that several types of rich text have alike.
func slackRichTextTypes() []property {
	var rows []property
	for _, part := range []string{"rich_text_section", "rich_text_preformatted", "rich_text_quote"} {
		rows = append(rows, property{in: "rich/" + part, name: "elements", kind: list, of: "inline", need: true, from: docsRichText})
	}
	for _, part := range []string{"rich_text_section", "rich_text_preformatted", "rich_text_quote", "rich_text_list"} {
		rows = append(rows,
			property{in: "rich/" + part, name: "type", kind: anything, from: docsRichText},
			property{in: "rich/" + part, name: "border", kind: integer, max: 1, from: docsRichText})
	}
	for _, part := range []string{"text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "date"} {
		rows = append(rows,
			property{in: "inline/" + part, name: "type", kind: anything, from: docsRichText},
			property{in: "inline/" + part, name: "style", kind: anything, from: docsRichText})
	}
	return rows
}
