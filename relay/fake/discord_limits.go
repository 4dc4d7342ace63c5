package fake

// Where Discord says so.
const (
	docsWebhook    = "https://docs.discord.com/developers/resources/webhook#execute-webhook"
	docsEmbed      = "https://docs.discord.com/developers/resources/message#embed-object-embed-limits"
	docsMessage    = "https://docs.discord.com/developers/resources/message#create-message"
	docsMentions   = "https://docs.discord.com/developers/resources/message#allowed-mentions-object"
	docsPoll       = "https://docs.discord.com/developers/resources/poll#poll-create-request-object"
	docsFlags      = "https://docs.discord.com/developers/resources/message#message-object-message-flags"
	docsComponents = "https://docs.discord.com/developers/components/reference"
	docsFiles      = "https://docs.discord.com/developers/reference#uploading-files"
	docsSpec       = "https://github.com/discord/discord-api-spec/blob/main/specs/openapi.json"
)

// discordRows is what Discord takes in the body of "execute webhook" and "edit
// webhook message", and within which limits. A body is checked as message +
// execute or edit + legacy or v2 (components).
var discordRows = []property{
	{in: "message", name: "content", kind: text, max: 2000, from: docsWebhook},
	{in: "message", name: "embeds", kind: list, of: "embed", max: 10, from: docsWebhook},
	{in: "message", name: "allowed_mentions", kind: object, of: "allowed mentions", from: docsMentions},
	{in: "message", name: "attachments", kind: list, of: "attachment", max: 10, from: docsSpec},
	{in: "message", name: "poll", kind: object, of: "poll", from: docsPoll},
	{in: "message", name: "flags", kind: integer, max: 1<<31 - 1, from: docsFlags},

	{in: "execute", name: "username", kind: text, min: 1, max: 80, from: docsSpec},
	{in: "execute", name: "avatar_url", kind: link, max: 2048, from: docsSpec},
	{in: "execute", name: "tts", kind: boolean, from: docsWebhook},
	{in: "execute", name: "thread_name", kind: text, max: 100, from: docsSpec},
	{in: "execute", name: "applied_tags", kind: list, of: "snowflake", max: 5, from: docsSpec},

	// What only an execute may set is ignored by an edit.
	{in: "edit", name: "username", kind: anything, from: docsWebhook},
	{in: "edit", name: "avatar_url", kind: anything, from: docsWebhook},
	{in: "edit", name: "tts", kind: anything, from: docsWebhook},
	{in: "edit", name: "thread_name", kind: anything, from: docsWebhook},
	{in: "edit", name: "applied_tags", kind: anything, from: docsWebhook},

	{in: "legacy", name: "components", kind: list, of: "component", max: 5, words: []string{"1"}, from: docsComponents},
	{
		in: "v2", name: "components", kind: list, of: "component", max: 40,
		words: []string{"1", "9", "10", "12", "13", "14", "17"}, from: docsComponents,
	},

	{in: "snowflake", kind: snow, from: docsSpec},

	{in: "allowed mentions", name: "parse", kind: list, of: "mention type", from: docsMentions},
	{in: "allowed mentions", name: "users", kind: list, of: "snowflake", max: 100, from: docsMentions},
	{in: "allowed mentions", name: "roles", kind: list, of: "snowflake", max: 100, from: docsMentions},
	{in: "allowed mentions", name: "replied_user", kind: boolean, from: docsMentions},
	{in: "mention type", kind: word, words: []string{"roles", "users", "everyone"}, from: docsMentions},

	{in: "embed", name: "title", kind: text, max: 256, from: docsEmbed},
	{in: "embed", name: "type", kind: anything, from: docsWebhook},
	{in: "embed", name: "description", kind: text, max: 4096, from: docsEmbed},
	{in: "embed", name: "url", kind: link, max: 2048, from: docsSpec},
	{in: "embed", name: "timestamp", kind: moment, from: docsSpec},
	{in: "embed", name: "color", kind: integer, max: 0xFFFFFF, from: docsSpec},
	{in: "embed", name: "author", kind: object, of: "author", from: docsEmbed},
	{in: "embed", name: "footer", kind: object, of: "footer", from: docsEmbed},
	{in: "embed", name: "image", kind: object, of: "image", from: docsEmbed},
	{in: "embed", name: "thumbnail", kind: object, of: "thumbnail", from: docsEmbed},
	{in: "embed", name: "fields", kind: list, of: "field", max: 25, from: docsEmbed},

	{in: "author", name: "name", kind: text, min: 1, max: 256, need: true, from: docsEmbed},
	{in: "author", name: "url", kind: link, max: 2048, from: docsSpec},
	{in: "author", name: "icon_url", kind: picture, max: 2048, from: docsSpec},

	{in: "footer", name: "text", kind: text, max: 2048, need: true, from: docsEmbed},
	{in: "footer", name: "icon_url", kind: picture, max: 2048, from: docsSpec},

	{in: "image", name: "url", kind: picture, max: 2048, need: true, from: docsSpec},
	{in: "image", name: "description", kind: text, max: 4096, from: docsSpec},
	{in: "thumbnail", name: "url", kind: picture, max: 2048, need: true, from: docsSpec},
	{in: "thumbnail", name: "description", kind: text, max: 4096, from: docsSpec},

	{in: "field", name: "name", kind: text, max: 256, need: true, from: docsEmbed},
	{in: "field", name: "value", kind: text, max: 1024, need: true, from: docsEmbed},
	{in: "field", name: "inline", kind: boolean, from: docsEmbed},

	{in: "attachment", name: "id", kind: snow, need: true, from: docsFiles},
	{in: "attachment", name: "filename", kind: text, min: 1, max: 1024, from: docsSpec},
	{in: "attachment", name: "description", kind: text, max: 1024, from: docsSpec},

	{in: "poll", name: "question", kind: object, of: "question", need: true, from: docsPoll},
	{in: "poll", name: "answers", kind: list, of: "answer", min: 1, max: 10, need: true, from: docsPoll},
	{in: "poll", name: "duration", kind: integer, min: 1, max: 768, from: docsPoll},
	{in: "poll", name: "allow_multiselect", kind: boolean, from: docsPoll},
	{in: "poll", name: "layout_type", kind: integer, min: 1, max: 1, from: docsPoll},
	{in: "question", name: "text", kind: text, min: 1, max: 300, need: true, from: docsPoll},
	{in: "answer", name: "poll_media", kind: object, of: "poll media", need: true, from: docsPoll},
	{in: "poll media", name: "text", kind: text, min: 1, max: 55, need: true, from: docsPoll},
	{in: "poll media", name: "emoji", kind: object, of: "emoji", from: docsPoll},
	{in: "emoji", name: "id", kind: snow, from: docsSpec},
	{in: "emoji", name: "name", kind: text, max: 32, from: docsSpec},
	{in: "emoji", name: "animated", kind: boolean, from: docsSpec},

	{in: "component/1", name: "type", kind: anything, from: docsComponents},
	{in: "component/1", name: "id", kind: integer, max: 1<<31 - 1, from: docsComponents},
	{
		in: "component/1", name: "components", kind: list, of: "component", min: 1, max: 5, need: true,
		words: []string{"2"}, from: docsComponents,
	},

	// A webhook that no application owns may only have link buttons: style 5.
	{in: "component/2", name: "type", kind: anything, from: docsComponents},
	{in: "component/2", name: "id", kind: integer, max: 1<<31 - 1, from: docsComponents},
	{in: "component/2", name: "style", kind: word, words: []string{"5"}, need: true, from: docsWebhook},
	{in: "component/2", name: "label", kind: text, max: 80, from: docsComponents},
	{in: "component/2", name: "url", kind: link, max: 512, need: true, from: docsComponents},
	{in: "component/2", name: "disabled", kind: boolean, from: docsComponents},
	{in: "component/2", name: "emoji", kind: object, of: "emoji", from: docsComponents},
}

// discordV2Rows are the components that need the flag IS_COMPONENTS_V2.
var discordV2Rows = []property{
	{in: "component/9", name: "type", kind: anything, from: docsComponents},
	{in: "component/9", name: "id", kind: integer, max: 1<<31 - 1, from: docsComponents},
	{
		in: "component/9", name: "components", kind: list, of: "component", min: 1, max: 3, need: true,
		words: []string{"10"}, from: docsComponents,
	},
	{
		in: "component/9", name: "accessory", kind: object, of: "component", need: true,
		words: []string{"2", "11"}, from: docsComponents,
	},

	{in: "component/10", name: "type", kind: anything, from: docsComponents},
	{in: "component/10", name: "id", kind: integer, max: 1<<31 - 1, from: docsComponents},
	{in: "component/10", name: "content", kind: text, min: 1, max: 4000, need: true, from: docsSpec},

	{in: "component/11", name: "type", kind: anything, from: docsComponents},
	{in: "component/11", name: "id", kind: integer, max: 1<<31 - 1, from: docsComponents},
	{in: "component/11", name: "media", kind: object, of: "media", need: true, from: docsComponents},
	{in: "component/11", name: "description", kind: text, min: 1, max: 1024, from: docsComponents},
	{in: "component/11", name: "spoiler", kind: boolean, from: docsComponents},
	{in: "media", name: "url", kind: picture, max: 2048, need: true, from: docsSpec},

	{in: "component/12", name: "type", kind: anything, from: docsComponents},
	{in: "component/12", name: "id", kind: integer, max: 1<<31 - 1, from: docsComponents},
	{in: "component/12", name: "items", kind: list, of: "gallery item", min: 1, max: 10, need: true, from: docsComponents},
	{in: "gallery item", name: "media", kind: object, of: "media", need: true, from: docsComponents},
	{in: "gallery item", name: "description", kind: text, min: 1, max: 1024, from: docsComponents},
	{in: "gallery item", name: "spoiler", kind: boolean, from: docsComponents},

	{in: "component/13", name: "type", kind: anything, from: docsComponents},
	{in: "component/13", name: "id", kind: integer, max: 1<<31 - 1, from: docsComponents},
	{in: "component/13", name: "file", kind: object, of: "media", need: true, from: docsComponents},
	{in: "component/13", name: "spoiler", kind: boolean, from: docsComponents},

	{in: "component/14", name: "type", kind: anything, from: docsComponents},
	{in: "component/14", name: "id", kind: integer, max: 1<<31 - 1, from: docsComponents},
	{in: "component/14", name: "spacing", kind: integer, min: 1, max: 2, from: docsComponents},
	{in: "component/14", name: "divider", kind: boolean, from: docsComponents},

	{in: "component/17", name: "type", kind: anything, from: docsComponents},
	{in: "component/17", name: "id", kind: integer, max: 1<<31 - 1, from: docsComponents},
	{
		in: "component/17", name: "components", kind: list, of: "component", min: 1, need: true,
		words: []string{"1", "9", "10", "12", "13", "14"}, from: docsComponents,
	},
	{in: "component/17", name: "accent_color", kind: integer, max: 0xFFFFFF, from: docsComponents},
	{in: "component/17", name: "spoiler", kind: boolean, from: docsComponents},
}

// total is one row of Discord's limits on the message as a whole.
type total struct {
	of      string
	max     int
	count   func(*shape, *draft) int
	refused func(most int) reply
	from    string
}

var discordTotals = []total{
	{
		of: "text of all embeds", max: 6000, count: embedText,
		refused: func(most int) reply {
			return invalidForm(refusal{
				path: []string{"embeds"}, code: "MAX_EMBED_SIZE_EXCEEDED",
				message: "Embed size exceeds maximum size of " + itoa(most),
			})
		}, from: docsEmbed,
	},
	{
		of: "components, nested ones too", max: 40, count: countComponents,
		refused: func(most int) reply {
			return invalidForm(refusal{
				path: []string{"components"}, code: "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
				message: "The total number of components in a message cannot exceed " + itoa(most),
			})
		}, from: docsComponents,
	},
	{
		of: "text of all text displays", max: 4000, count: displayText,
		refused: func(most int) reply {
			return invalidForm(refusal{
				path: []string{"components"}, code: "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
				message: "The total size of displayable text must be " + itoa(most) + " or fewer",
			})
		}, from: "https://github.com/discord/discord-api-docs/pull/8562",
	},
	{
		// Nobody documents it, and retrying never helps.
		of: "bytes of text displays + 12 each", max: 10170, count: displayBytes,
		refused: func(int) reply { return apiError(500, 0, "500: Internal Server Error") },
		from:    "https://github.com/discord/discord-api-docs/issues/8554",
	},
	{
		of: "files", max: 10, count: func(_ *shape, d *draft) int { return len(d.files) },
		refused: func(most int) reply {
			return apiError(400, 30015, "Maximum number of attachments in a message reached ("+itoa(most)+")")
		}, from: docsFiles,
	},
	{
		of: "bytes of one file", max: 10 << 20, count: largestFile,
		refused: func(int) reply { return apiError(413, 40005, "Request entity too large") }, from: docsFiles,
	},
	{
		of: "bytes of the request", max: 25 << 20, count: func(_ *shape, d *draft) int { return d.bytes },
		refused: func(int) reply { return apiError(413, 40005, "Request entity too large") }, from: docsMessage,
	},
}
