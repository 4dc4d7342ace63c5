package formatter

import "github.com/bwmarrin/discordgo"

// DiscordBody is the body of Discord's "execute webhook" and "edit webhook
// message": discordgo's type and what it lacks.
// https://docs.discord.com/developers/resources/webhook#execute-webhook
type DiscordBody struct {
	*discordgo.WebhookParams
	// Components and Attachments replace discordgo's fields, which are sent as null when empty.
	Components  []discordgo.MessageComponent  `json:"components,omitempty"`
	Attachments []discordgo.MessageAttachment `json:"attachments,omitempty"`
	AppliedTags []string                      `json:"applied_tags,omitempty"`
}
