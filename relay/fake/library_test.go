package fake

import (
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/slack-go/slack"
)

// The strict fakes must take what the client libraries' types write by themselves.

func TestDiscordgoBodyIsTaken(t *testing.T) {
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops"})
	body := discordgo.WebhookParams{
		Content: "<@&1>", Username: "Relay", AvatarURL: "https://a.example/i.png",
		Flags:           discordgo.MessageFlagsSuppressNotifications,
		AllowedMentions: &discordgo.MessageAllowedMentions{Roles: []string{"1"}},
		Embeds: []*discordgo.MessageEmbed{{
			URL: "https://a.example", Type: discordgo.EmbedTypeRich, Title: "t", Description: "d", Timestamp: "2026-03-04T12:00:00Z",
			Color: 1, Footer: &discordgo.MessageEmbedFooter{Text: "f"}, Image: &discordgo.MessageEmbedImage{URL: "attachment://g.png"},
			Author: &discordgo.MessageEmbedAuthor{Name: "a"}, Fields: []*discordgo.MessageEmbedField{{Name: "n", Value: "v"}},
		}},
		Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
			discordgo.Button{Label: "Open", Style: discordgo.LinkButton, URL: "https://a.example"},
		}}},
	}
	got := askFiles(t, d, "POST", hook.Path()+"?wait=true&with_components=true", body, File{Name: "g.png"})
	if got.Status != 200 {
		t.Error(got)
	}
	if got := askJSON(t, d, "POST", hook.Path(), discordgo.WebhookParams{Content: "plain"}); got.Status != 204 {
		t.Error(got)
	}
	if m := d.Messages(hook.Channel)[0]; m.Pings != nil || len(m.Mentions) != 1 {
		t.Errorf("mentions %v, pings %v", m.Mentions, m.Pings)
	}
}

func TestSlackGoBodyIsTaken(t *testing.T) {
	s := NewSlack(Options{})
	hook := s.AddChannel("ops")
	markup := &slack.TextBlockObject{Type: slack.MarkdownType, Text: "*t*", Verbatim: true}
	label := slack.NewTextBlockObject(slack.PlainTextType, "Open", true, false)
	button := slack.NewButtonBlockElement("open", "", label)
	button.URL = "https://a.example"
	set := []slack.Block{
		slack.NewHeaderBlock(label),
		slack.NewSectionBlock(markup, []*slack.TextBlockObject{markup}, slack.NewAccessory(button)),
		slack.NewContextBlock("", markup),
		slack.NewDividerBlock(),
		slack.NewActionBlock("", button),
		slack.NewRichTextBlock("", slack.NewRichTextSection(slack.NewRichTextSectionTextElement("t", nil))),
	}
	body := slack.WebhookMessage{
		Text:        "t",
		Attachments: []slack.Attachment{{Color: "danger", Fallback: "f", Blocks: slack.Blocks{BlockSet: set}}},
		Blocks:      &slack.Blocks{BlockSet: set[:2]},
	}
	for _, b := range []slack.WebhookMessage{body, {Text: "plain"}, {Attachments: []slack.Attachment{{Text: "no blocks"}}}} {
		if got := askJSON(t, s, "POST", hook.Path(), b); got.Status != 200 {
			t.Error(got, s.Log()[len(s.Log())-1].Why)
		}
	}
}
