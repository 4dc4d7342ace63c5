package fake

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oldMessage is the age from which edits have a limit of their own.
const oldMessage = time.Hour

// Message is what a channel shows.
type Message struct {
	ID, Webhook string
	Channel     string
	Thread      string // the id of the thread it is in; empty in the channel itself

	Username, AvatarURL string
	Content             string
	Embeds              []Embed
	Components          []Component
	// Dropped are components that nobody sees, because the request lacked with_components=true.
	Dropped []Component
	Files   []File
	Poll    json.RawMessage
	Flags   int
	TTS     bool

	// Mentions are those whom the text, as it stands, may mention: everyone, here,
	// user:ID and role:ID. Text in code counts too: the stricter reading.
	Mentions []string
	// Pings are those whom its posting has notified: nobody when it was sent
	// silently. An edit never notifies.
	Pings []string

	PostedAt time.Time
	EditedAt time.Time // zero when it was never edited
	Edits    int
}

// Silent reports whether it was sent without notifying anybody.
func (m Message) Silent() bool { return m.Flags&FlagSuppressNotifications != 0 }

// File is an attached file.
type File struct {
	ID, Name    string
	Description string
	ContentType string
	Data        []byte
}

// Picture returns the file that one of its embeds shows; false where none does.
func (m *Message) Picture() (File, bool) {
	for _, e := range m.Embeds {
		if f, ok := m.file(e.Image); ok {
			return f, true
		}
	}
	return File{}, false
}

// Loose returns the files that are shown beneath the text: those that no embed shows.
// https://github.com/discord/discord-api-docs/issues/5675
func (m *Message) Loose() []File {
	return slices.DeleteFunc(slices.Clone(m.Files), func(f File) bool {
		return slices.ContainsFunc(m.Embeds, func(e Embed) bool {
			return slices.ContainsFunc(e.pictures(), func(p embedPicture) bool { return p.url == "attachment://"+f.Name })
		})
	})
}

// file returns the file that an embed's image names.
func (m *Message) file(image *EmbedImage) (File, bool) {
	if image == nil {
		return File{}, false
	}
	name, _ := strings.CutPrefix(image.URL, "attachment://")
	i := slices.IndexFunc(m.Files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return File{}, false
	}
	return m.Files[i], true
}

// address is where Discord keeps a file: https://docs.discord.com/developers/reference#signed-attachment-cdn-urls
func (f File) address(place string) string {
	return "https://cdn.discordapp.com/attachments/" + place + "/" + f.ID + "/" + url.PathEscape(f.Name) + "?ex=0&is=0&hm=0"
}

// apply takes over what a request names. A property that is null is emptied.
func (m *Message) apply(c *call, d *draft, b body, nextID func() string) {
	if d.names("content") {
		m.Content = b.Content
	}
	if d.names("embeds") {
		m.Embeds = b.Embeds
	}
	if d.names("components") {
		m.Components, m.Dropped = b.Components, nil
		if !readBool(c, "with_components") {
			m.Components, m.Dropped = nil, b.Components
		}
	}
	if d.names("poll") {
		m.Poll = b.Poll
	}
	m.applyFlags(d, b)
	if m.ID == "" {
		m.AvatarURL, m.TTS = b.AvatarURL, b.TTS
		if b.Username != "" {
			m.Username = b.Username
		}
	}
	m.Files = mergeFiles(d, b, m)
	for i := range m.Files {
		if m.Files[i].ID == "" {
			m.Files[i].ID = nextID()
		}
	}
	m.Mentions = mentions(append(displayed(m.Components), m.Content), b.AllowedMentions)
}

// applyFlags sets all flags of a new message; an edit can only change
// SUPPRESS_EMBEDS and set IS_COMPONENTS_V2.
func (m *Message) applyFlags(d *draft, b body) {
	switch {
	case m.ID == "":
		m.Flags = b.Flags
	case d.names("flags"):
		m.Flags = m.Flags&^FlagSuppressEmbeds | b.Flags&(FlagSuppressEmbeds|FlagComponentsV2)
	}
}

// mergeFiles returns the files a message will have: those it had and those that come with the request, which have no
// id yet. Where an edit has a list of attachments, those that are not on it are not there afterwards.
// https://docs.discord.com/developers/resources/webhook#edit-webhook-message
func mergeFiles(d *draft, b body, m *Message) []File {
	described := map[string]attachment{}
	for _, a := range b.Attachments {
		described[string(a.ID)] = a
	}
	var files []File
	if m != nil {
		for _, f := range m.Files {
			a, stays := described[f.ID]
			if a.Description != "" {
				f.Description = a.Description
			}
			if stays || !d.names("attachments") {
				files = append(files, f)
			}
		}
	}
	numbers := slices.SortedFunc(maps.Keys(d.files), func(a, b string) int {
		x, _ := strconv.Atoi(a)
		y, _ := strconv.Atoi(b)
		return x - y
	})
	for _, n := range numbers {
		f := d.files[n]
		if _, listed := described[n]; m != nil && m.ID != "" && d.names("attachments") && !listed {
			continue
		}
		f.Description = described[n].Description
		if name := described[n].Filename; name != "" {
			f.Name = name
		}
		files = append(files, f)
	}
	return files
}

func (m *Message) empty() bool {
	return m.Content == "" && len(m.Embeds) == 0 && len(m.Components) == 0 && len(m.Files) == 0 && len(m.Poll) == 0
}

// answer is the message object that Discord answers with. A file that an embed shows is not among its attachments:
// https://github.com/discord/discord-api-docs/issues/4809
// https://docs.discord.com/developers/resources/message#message-object
func (m *Message) answer() map[string]any {
	place := m.Channel
	if m.Thread != "" {
		place = m.Thread
	}
	files := []map[string]any{}
	for _, f := range m.Loose() {
		files = append(files, map[string]any{
			"id": f.ID, "filename": f.Name, "size": len(f.Data), "content_type": f.ContentType, "description": f.Description,
			"url": f.address(place),
		})
	}
	embeds := []any{}
	for _, e := range m.Embeds {
		if f, ok := m.file(e.Image); ok {
			e.Image = &EmbedImage{URL: f.address(place)}
		}
		embeds = append(embeds, e)
	}
	var edited any
	if m.Edits > 0 {
		edited = m.EditedAt.UTC().Format(time.RFC3339Nano)
	}
	return map[string]any{
		"id": m.ID, "type": 0, "channel_id": place, "webhook_id": m.Webhook, "content": m.Content,
		"author": map[string]any{"id": m.Webhook, "username": m.Username, "avatar": nil, "bot": true},
		"embeds": embeds, "attachments": files, "components": append([]Component{}, m.Components...),
		"mentions": []any{}, "mention_roles": []any{}, "mention_everyone": slices.Contains(m.Mentions, "everyone"),
		"timestamp": m.PostedAt.UTC().Format(time.RFC3339Nano), "edited_timestamp": edited,
		"flags": m.Flags, "tts": m.TTS, "pinned": false,
	}
}
