package formatter

// Discord's limits, counted here in UTF-16 units: never fewer than the code
// points Discord counts, and what its own libraries count.
const (
	// https://docs.discord.com/developers/resources/webhook#execute-webhook
	discordContent  = 2000
	discordEmbeds   = 10
	discordUsername = 80
	discordAvatar   = 2048

	discordThreadName = 100

	// https://docs.discord.com/developers/resources/message#embed-object-embed-limits
	discordTitle       = 256
	discordDescription = 4096
	discordFields      = 25
	discordFieldName   = 256
	discordFieldValue  = 1024
	discordEmbedTexts  = 6000 // of all embeds of a message together
	discordEmbedURL    = 2048
	discordAlt         = 1024 // https://docs.discord.com/developers/resources/message#attachment-object

	// https://docs.discord.com/developers/components/reference#button
	discordButtons     = 5 // in one row
	discordButtonLabel = 80
	discordButtonURL   = 512
)

// Slack's limits, counted after escaping. Slack counts code points; UTF-16 units are never fewer.
const (
	// https://docs.slack.dev/reference/block-kit/blocks/header-block
	slackHeader = 150
	// https://docs.slack.dev/reference/block-kit/blocks/section-block
	slackSection      = 3000
	slackSectionField = 2000
	slackFields       = 10 // in one section
	// https://docs.slack.dev/reference/block-kit/blocks/actions-block
	slackButtons = 25
	// https://docs.slack.dev/reference/block-kit/block-elements/button-element
	slackButtonLabel = 75
	slackButtonURL   = 3000
	// slackAttachments is ours: Slack takes 100 (https://docs.slack.dev/messaging/formatting-message-text),
	// which nobody reads.
	slackAttachments = 10
	// slackTexts is what a message's texts may come to. Slack documents no sum and
	// refuses messages of some 12,000: https://github.com/slackapi/bolt-js/issues/2509
	slackTexts = 8000
	// slackText keeps the text beside the attachments far below the 4,000 that Slack
	// recommends: https://docs.slack.dev/reference/methods/chat.postMessage
	slackText = 3000
	// slackTextBytes is from where on chat.update says msg_too_long, which has been measured to count bytes:
	// https://docs.slack.dev/reference/methods/chat.update
	slackTextBytes = 4000
)

// What a card may take of a message. These are our own: beyond them nobody reads on.
const (
	maxFieldTexts = 2400 // all fields of one card
	maxFooter     = 300
	maxSummary    = 600
	maxRows       = 10 // children, dimensions, log lines: "+N more" follows
	maxLogLine    = 600
	maxLogText    = 2400
	maxCodeField  = 900
	maxLinksText  = 2000
	maxAddress    = 2000
	maxSource     = 4 * discordDescription // bytes that are read of a text; a character has four at most
	maxPings      = 20
	maxPingText   = maxPings * 40 // a mention's longest form
)
