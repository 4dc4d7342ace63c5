package fake

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// at is a clock that a test sets.
type at struct{ now time.Time }

func (c *at) read() time.Time { return c.now }

func TestMessageLivesFromPostToDelete(t *testing.T) {
	clock := &at{noon}
	d := NewDiscord(Options{Clock: clock.read})
	hook := d.AddChannel(Channel{Name: "ops"})

	posted := askFiles(t, d, "POST", hook.Path()+"?wait=true&with_components=true", obj{
		"content": "  <@&77> cpu is high ", "username": "Relay", "avatar_url": "https://a.example/i.png",
		"allowed_mentions": obj{"parse": arr{}, "roles": arr{"77"}},
		"embeds":           arr{obj{"title": " prod ", "color": 255, "image": obj{"url": "attachment://graph.png"}}},
		"components":       arr{obj{"type": 1, "components": arr{obj{"type": 2, "style": 5, "label": "Open", "url": "https://a.example"}}}},
		"attachments":      arr{obj{"id": "0", "description": "a graph"}},
	}, File{Name: "graph.png", Data: []byte("picture")})
	if posted.Status != 200 {
		t.Fatal(posted)
	}
	want := Message{
		Webhook: hook.ID, Channel: hook.Channel, Username: "Relay", AvatarURL: "https://a.example/i.png",
		Content:    "<@&77> cpu is high",
		Embeds:     []Embed{{Title: "prod", Color: 255, Image: &EmbedImage{URL: "attachment://graph.png"}}},
		Components: []Component{{Type: 1, Components: []Component{{Type: 2, Style: 5, Label: "Open", URL: "https://a.example"}}}},
		Files:      []File{{Name: "graph.png", Description: "a graph", ContentType: "application/octet-stream", Data: []byte("picture")}},
		Mentions:   []string{"role:77"}, Pings: []string{"role:77"}, PostedAt: noon,
	}
	same := cmp.Options{cmpopts.IgnoreFields(Message{}, "ID"), cmpopts.IgnoreFields(File{}, "ID")}
	if diff := cmp.Diff([]Message{want}, d.Messages(hook.Channel), same); diff != "" {
		t.Fatal(diff)
	}

	id := d.Messages(hook.Channel)[0].ID
	if got := posted.Body.(obj)["id"]; got != id {
		t.Errorf("answered id %v, kept %v", got, id)
	}
	clock.now = noon.Add(time.Minute)
	edited := askJSON(t, d, "PATCH", hook.Path()+"/messages/"+id+"?with_components=true", obj{
		"content": nil, "embeds": arr{obj{"title": "over"}}, "components": arr{}, "attachments": arr{},
		"allowed_mentions": obj{"parse": arr{}}, "flags": FlagSuppressNotifications, "username": "ignored",
	})
	want.Content, want.Embeds, want.Components, want.Files = "", []Embed{{Title: "over"}}, nil, nil
	want.Mentions, want.EditedAt, want.Edits = nil, clock.now, 1
	if diff := cmp.Diff([]Message{want}, d.Messages(hook.Channel), same, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	read := askJSON(t, d, "GET", hook.Path()+"/messages/"+id, nil)
	if diff := cmp.Diff(edited, read); diff != "" {
		t.Errorf("what is read is not what the edit answered:\n%s", diff)
	}
	if got := askJSON(t, d, "DELETE", hook.Path()+"/messages/"+id, nil); got.Status != 204 {
		t.Error(got)
	}
	if got := d.Messages(hook.Channel); len(got) != 0 {
		t.Errorf("after its deletion: %v", got)
	}
}

func TestExecuteWithoutWaitAnswersNothing(t *testing.T) {
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops"})
	want := answered{204, ""}
	if diff := cmp.Diff(want, askJSON(t, d, "POST", hook.Path(), obj{"content": "c"})); diff != "" {
		t.Error(diff)
	}
}

func TestEditKeepsWhatItDoesNotName(t *testing.T) {
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops"})
	askFiles(t, d, "POST", hook.Path()+"?wait=true", obj{"content": "kept"}, File{Name: "a.txt", Data: []byte("a")})
	id := d.Messages(hook.Channel)[0].ID
	askFiles(t, d, "PATCH", hook.Path()+"/messages/"+id, obj{"embeds": arr{obj{"title": "new"}}}, File{Name: "b.txt", Data: []byte("b")})
	m := d.Messages(hook.Channel)[0]
	got := fmt.Sprint(m.Content, " ", m.Embeds[0].Title, " ", m.Files[0].Name, " ", m.Files[1].Name)
	if want := "kept new a.txt b.txt"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEditToNewComponentsNeedsTheOldPartsEmptied(t *testing.T) {
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops"})
	askJSON(t, d, "POST", hook.Path(), obj{"content": "old"})
	path := hook.Path() + "/messages/" + d.Messages(hook.Channel)[0].ID + "?with_components=true"
	change := obj{"flags": FlagComponentsV2, "components": arr{obj{"type": 10, "content": "new"}}}
	want := formError("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
		"The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
	if diff := cmp.Diff(want, askJSON(t, d, "PATCH", path, change)); diff != "" {
		t.Error(diff)
	}
	change["content"] = nil
	if got := askJSON(t, d, "PATCH", path, change); got.Status != 200 {
		t.Error(got)
	}
}

func TestEditRefuses(t *testing.T) {
	poll := obj{"question": obj{"text": "q"}, "answers": arr{obj{"poll_media": obj{"text": "a"}}}}
	tests := []struct {
		name string
		body obj
		want answered
	}{
		{"a message made empty", obj{"content": nil}, discordError(400, 50006, "Cannot send an empty message")},
		{"a poll", obj{"poll": poll}, discordError(400, 520003, "Cannot edit a poll message")},
		{"a file that was never there", obj{"attachments": arr{obj{"id": "1"}}}, formError("attachments.0", "ATTACHMENT_NOT_FOUND", "Attachment data not found")},
		{"content too long", obj{"content": xs(2001)}, formError("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := NewDiscord(Options{})
			hook := d.AddChannel(Channel{Name: "ops"})
			askJSON(t, d, "POST", hook.Path(), obj{"content": "c"})
			before := d.Messages(hook.Channel)
			got := askJSON(t, d, "PATCH", hook.Path()+"/messages/"+before[0].ID, tt.body)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(before, d.Messages(hook.Channel)); diff != "" {
				t.Errorf("a refused edit changed the message:\n%s", diff)
			}
		})
	}
}

func TestMessageDeletedByHandIsUnknown(t *testing.T) {
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops"})
	askJSON(t, d, "POST", hook.Path(), obj{"content": "c"})
	id := d.Messages(hook.Channel)[0].ID
	d.DeleteMessage(id)
	got := askJSON(t, d, "PATCH", hook.Path()+"/messages/"+id, obj{"content": "d"})
	if diff := cmp.Diff(discordError(404, 10008, "Unknown Message"), got); diff != "" {
		t.Error(diff)
	}
}

func TestComponentsWithoutAskingForThemAreDropped(t *testing.T) {
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops"})
	row := obj{"type": 1, "components": arr{obj{"type": 2, "style": 5, "label": "Open", "url": "https://a.example"}}}
	askJSON(t, d, "POST", hook.Path(), obj{"content": "c", "components": arr{row}})
	m := d.Messages(hook.Channel)[0]
	if len(m.Components) != 0 || len(m.Dropped) != 1 {
		t.Errorf("shown %v, dropped %v", m.Components, m.Dropped)
	}
	want := discordError(400, 50006, "Cannot send an empty message")
	if diff := cmp.Diff(want, askJSON(t, d, "POST", hook.Path(), obj{"components": arr{row}})); diff != "" {
		t.Error(diff)
	}
}

func TestForum(t *testing.T) {
	d := NewDiscord(Options{Unlimited: true})
	text := d.AddChannel(Channel{Name: "ops"})
	forum := d.AddChannel(Channel{Name: "incidents", Forum: true, RequireTag: true, Tags: []string{"red"}})
	red := d.Tag(forum.Channel, "red")
	open := d.AddThread(forum.Channel, Thread{Name: "open"})
	locked := d.AddThread(forum.Channel, Thread{Name: "locked", Locked: true})
	refusals := []struct {
		name, path string
		body       obj
		want       answered
	}{
		{"a post without a thread", forum.Path(), obj{"content": "c"}, discordError(400, 220001, "Webhooks posted to forum channels must have a thread_name or thread_id")},
		{"a post with two threads", forum.Path() + "?thread_id=" + open, obj{"content": "c", "thread_name": "n"}, discordError(400, 220002, "Webhooks posted to forum channels cannot have both a thread_name and thread_id")},
		{"a thread in a text channel", text.Path(), obj{"content": "c", "thread_name": "n"}, discordError(400, 220003, "Webhooks can only create threads in forum channels")},
		{"a thread without a tag", forum.Path(), obj{"content": "c", "thread_name": "n"}, discordError(400, 40067, "A tag is required to create a forum post in this channel")},
		{"a tag of another", forum.Path(), obj{"content": "c", "thread_name": "n", "applied_tags": arr{"1"}}, discordError(404, 10087, "Unknown tag")},
		{"a locked thread", forum.Path() + "?thread_id=" + locked, obj{"content": "c"}, discordError(400, 160005, "Thread is locked")},
		{"a thread of another channel", text.Path() + "?thread_id=" + open, obj{"content": "c"}, discordError(404, 10003, "Unknown Channel")},
		{"a thread that is no id", text.Path() + "?thread_id=ops", obj{"content": "c"}, formError("thread_id", "NUMBER_TYPE_COERCE", `Value "ops" is not snowflake.`)},
	}
	for _, tt := range refusals {
		t.Run(tt.name+" is refused", func(t *testing.T) {
			if diff := cmp.Diff(tt.want, askJSON(t, d, "POST", tt.path, tt.body)); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("a post opens a thread with the id of its message", func(t *testing.T) {
		got := askJSON(t, d, "POST", forum.Path()+"?wait=true", obj{"content": "c", "thread_name": "n", "applied_tags": arr{red}})
		id := got.Body.(obj)["id"].(string)
		if got.Body.(obj)["channel_id"] != id {
			t.Errorf("answered %v", got)
		}
		threads := d.Threads(forum.Channel)
		want := Thread{ID: id, Name: "n", Tags: []string{red}}
		if diff := cmp.Diff(want, threads[len(threads)-1]); diff != "" {
			t.Error(diff)
		}
		path := forum.Path() + "/messages/" + id
		if got := askJSON(t, d, "PATCH", path, obj{"content": "d"}); got.Status != 404 {
			t.Errorf("an edit without thread_id: %v", got)
		}
		if got := askJSON(t, d, "PATCH", path+"?thread_id="+id, obj{"content": "d"}); got.Status != 200 {
			t.Errorf("an edit with thread_id: %v", got)
		}
	})
}

func TestLogHoldsNoToken(t *testing.T) {
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops"})
	askJSON(t, d, "GET", hook.Path(), nil)
	askJSON(t, d, "POST", hook.Path()+"?wait=true", obj{"content": "c"})
	for _, e := range d.Log() {
		if text := fmt.Sprintf("%+v %s", e, e.Answer); strings.Contains(text, hook.Token) {
			t.Errorf("the log holds the token: %s", text)
		}
	}
	if got, want := d.Log()[1].Path, "/api/v10/webhooks/"+hook.ID+"/[secret]?wait=true"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWebhookTellsWhatItIs(t *testing.T) {
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops"})
	if len(hook.Token) != 68 || !isSnowflake(hook.ID) {
		t.Errorf("%+v", hook)
	}
	want := answered{200, obj{
		"id": hook.ID, "type": 1.0, "name": hook.Name, "avatar": nil, "channel_id": hook.Channel,
		"guild_id": snowflake(0), "application_id": nil, "token": hook.Token,
	}}
	if diff := cmp.Diff(want, askJSON(t, d, "GET", hook.Path(), nil)); diff != "" {
		t.Error(diff)
	}
	d.RemoveWebhook(hook.ID)
	if diff := cmp.Diff(discordError(404, 10015, "Unknown Webhook"), askJSON(t, d, "GET", hook.Path(), nil)); diff != "" {
		t.Error(diff)
	}
	gateway := answered{200, obj{"url": "wss://gateway.discord.gg"}}
	if diff := cmp.Diff(gateway, askJSON(t, d, "GET", "/api/v10/gateway", nil)); diff != "" {
		t.Error(diff)
	}
}
