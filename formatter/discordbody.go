package formatter

import "github.com/bwmarrin/discordgo"

// DiscordBody is the body of Discord's "execute webhook" and "edit webhook
// message": discordgo's type and what it lacks.
// https://docs.discord.com/developers/resources/webhook#execute-webhook
type DiscordBody struct {
	*discordgo.WebhookParams
	// Components and Attachments replace discordgo's fields, which are sent as null when empty.
	Components []discordgo.MessageComponent `json:"components,omitempty"`
	// Attachments lists the files that the message has. Empty but not nil takes an edited message's away.
	Attachments []Attachment `json:"attachments,omitzero"`
	AppliedTags []string     `json:"applied_tags,omitempty"`
}

// Attachment is a file that goes with the body, by its place among them, or one that an edited message keeps, by its id and
// without a name.
// https://docs.discord.com/developers/reference#uploading-files
type Attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename,omitempty"`    // of a new file
	Description string `json:"description,omitempty"` // of a picture, for whom it can't be shown
}
