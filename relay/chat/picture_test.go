package chat_test

import (
	"testing"
	"testing/synctest"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/fake"
)

// pictured is a message whose embed shows a picture: a new one, or the kept one where png is empty.
func pictured(title, kept, png string) formatter.Message {
	body := &formatter.DiscordBody{WebhookParams: &discordgo.WebhookParams{
		AllowedMentions: &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}},
		Embeds:          []*discordgo.MessageEmbed{{Title: title, Image: &discordgo.MessageEmbedImage{URL: "attachment://graph.png"}}},
	}}
	m := formatter.Message{Payload: body}
	if kept != "" {
		body.Attachments = []formatter.Attachment{{ID: kept, Filename: "graph.png", Description: "kept: " + title}}
		return m
	}
	body.Attachments = []formatter.Attachment{{ID: "0", Filename: "graph.png", Description: "new: " + title}}
	m.Files = []formatter.File{{Name: "graph.png", ContentType: "image/png", Data: []byte(png)}}
	return m
}

// bare is a message without a picture, which takes one away that was there.
func bare(title string) formatter.Message {
	m := pictured(title, "", "")
	body := m.Payload.(*formatter.DiscordBody)
	body.Embeds[0].Image, body.Attachments, m.Files = nil, []formatter.Attachment{}, nil
	return m
}

func TestPicturesAreKeptReplacedAndTakenAway(t *testing.T) {
	type seen struct{ Title, Picture, Alt, Data string }
	synctest.Test(t, func(t *testing.T) {
		b := newBoard(fake.Channel{})
		var got []seen
		look := func(ref relay.Ref, err error) relay.Ref {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			m := b.Messages(b.hook.Channel)[0]
			f, _ := m.Picture()
			if ref != (relay.Ref{Message: m.ID, Channel: m.Channel, Picture: f.ID}) || len(m.Loose()) > 0 {
				t.Errorf("%+v; the picture is %s, beside it stand %v", ref, f.ID, m.Loose())
			}
			got = append(got, seen{m.Embeds[0].Title, f.Name, f.Description, string(f.Data)})
			return ref
		}
		ref := look(b.hooks.Post(t.Context(), pictured("red", "", "the fall")))
		first := ref.Picture
		ref = look(b.hooks.Edit(t.Context(), ref, pictured("still red", ref.Picture, "")))
		if ref.Picture != first {
			t.Errorf("the kept picture is another: %s, not %s", ref.Picture, first)
		}
		ref = look(b.hooks.Edit(t.Context(), ref, pictured("green", "", "the rise")))
		ref = look(b.hooks.Edit(t.Context(), ref, bare("closed")))
		look(b.hooks.Edit(t.Context(), ref, pictured("red again", "", "the fall")))
		want := []seen{
			{"red", "graph.png", "new: red", "the fall"},
			{"still red", "graph.png", "kept: still red", "the fall"},
			{"green", "graph.png", "new: green", "the rise"},
			{Title: "closed"},
			{"red again", "graph.png", "new: red again", "the fall"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestWhatAnAnswerTellsOfFiles(t *testing.T) {
	const start = `{"id":"` + postedID + `","channel_id":"` + channel + `"`
	for name, test := range map[string]struct{ answer, want string }{
		"none":               {start + `,"attachments":[],"embeds":[{"title":"x"}]}`, ""},
		"a list of names":    {start + `,"attachments":[{"id":"71","filename":"names.txt"},{"id":"72"}]}`, "71"},
		"what an embed has":  {start + `,"attachments":[],"embeds":[{},{"image":{"url":"https://cdn.discordapp.com/attachments/1/73/graph.png?ex=6&is=5"}}]}`, "73"},
		"both":               {start + `,"attachments":[{"id":"71"}],"embeds":[{"image":{"url":"https://cdn.discordapp.com/attachments/1/73/graph.png"}}]}`, "73"},
		"somebody's picture": {start + `,"embeds":[{"image":{"url":"https://images.example.com/73/graph.png"}}]}`, ""},
		"no address":         {start + `,"embeds":[{"image":{"url":"https://%"}}]}`, ""},
		"no id":              {start + `,"attachments":[{"id":"` + discordToken + `"}]}`, ""},
		"cut off":            {start + `,"attachments":[{"i`, ""},
	} {
		hooks, _ := on(discord, chat.Options{}, says(200, test.answer))
		want := relay.Ref{Message: postedID, Channel: channel, Picture: test.want}
		if ref, err := hooks.Post(t.Context(), message()); err != nil || ref != want {
			t.Errorf("%s: posted as %+v, %v", name, ref, err)
		}
		if ref, err := hooks.Edit(t.Context(), relay.Ref{Message: postedID, Channel: channel, Picture: "70"}, message()); err != nil || ref != want {
			t.Errorf("%s: edited as %+v, %v", name, ref, err)
		}
	}
}

func TestAnEditsListOfFilesIsSentAsItIs(t *testing.T) {
	const rest = `"components":[],"content":"x","embeds":[]}`
	for name, test := range map[string]struct{ listed, want string }{
		"none":     {`[]`, `{"attachments":[],` + rest},
		"null":     {`null`, `{` + rest},
		"one kept": {`[{"id":"1300000000000000001","filename":"graph.png","description":"a \"graph\" <1>"}]`, `{"attachments":[{"id":"1300000000000000001","description":"a \"graph\" <1>"}],` + rest},
	} {
		hooks, w := on(discord, chat.Options{}, says(200, posted))
		payload := map[string]any{"content": "x", "attachments": jsonText(test.listed)}
		if _, err := hooks.Edit(t.Context(), postedRef, formatter.Message{Payload: payload}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{test.want}, w.bodies()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

type jsonText string

func (j jsonText) MarshalJSON() ([]byte, error) { return []byte(j), nil }
