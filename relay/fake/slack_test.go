package fake

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSlackRefuses(t *testing.T) {
	section := func(text obj) obj { return blocks(obj{"type": "section", "text": text}) }
	tests := []struct {
		name string
		body any
		want string
	}{
		{"nothing", obj{}, "no_text"},
		{"an empty text", obj{"text": ""}, "no_text"},
		{"empty lists", obj{"blocks": arr{}, "attachments": arr{}}, "no_text"},
		{"a list", arr{}, "invalid_payload"},
		{"a number as text", obj{"text": 1}, "invalid_payload"},
		{"blocks that are no list", obj{"text": "t", "blocks": obj{}}, "invalid_blocks"},
		{"an empty text object", section(plain(0)), "invalid_blocks"},
		{"a section of nothing", blocks(obj{"type": "section"}), "invalid_blocks"},
		{"a block without a type", blocks(obj{"text": plain(1)}), "invalid_blocks"},
		{"a block nobody knows", blocks(obj{"type": "hero"}), "invalid_blocks"},
		{"an alert block", blocks(obj{"type": "alert", "text": mrkdwn(1)}), "invalid_blocks"},
		{"markup in a header", blocks(obj{"type": "header", "text": mrkdwn(1)}), "invalid_blocks"},
		{"markup in a button", linkButton(obj{"text": mrkdwn(1)}), "invalid_blocks"},
		{"verbatim plain text", section(obj{"type": "plain_text", "text": "t", "verbatim": true}), "invalid_blocks"},
		{"an address without a scheme", linkButton(obj{"url": "a.example"}), "invalid_blocks"},
		{"a block_id twice", blocks(obj{"type": "divider", "block_id": "a"}, obj{"type": "divider", "block_id": "a"}), "invalid_blocks"},
		{"bad blocks in an attachment", obj{"attachments": arr{obj{"blocks": arr{obj{"type": "hero"}}}}}, "invalid_attachments"},
		{"a colour by name", obj{"attachments": arr{obj{"color": "red", "text": "t"}}}, "invalid_attachments"},
		{"a property nobody knows", obj{"text": "t", "embeds": arr{}}, "invalid_payload"},
		{"a broadcast of its own", blocks(obj{"type": "rich_text", "elements": arr{obj{"type": "rich_text_section", "elements": arr{obj{"type": "broadcast", "range": "all"}}}}}), "invalid_blocks"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := NewSlack(Options{})
			hook := s.AddChannel("ops")
			if diff := cmp.Diff(answered{400, tt.want}, askJSON(t, s, "POST", hook.Path(), tt.body)); diff != "" {
				t.Error(diff)
			}
			if len(s.Log()[0].Why) == 0 {
				t.Error("the log does not tell why")
			}
		})
	}
}

func TestSlackAnswersByThePath(t *testing.T) {
	s := NewSlack(Options{})
	alive, archived, deleted, removed := s.AddChannel("a"), s.AddChannel("b"), s.AddChannel("c"), s.AddChannel("d")
	s.ArchiveChannel(archived.Channel)
	s.DeleteChannel(deleted.Channel)
	s.RemoveWebhook(removed.ID)
	trigger := s.AddTrigger("name", "state")
	wrong := alive
	wrong.Token = "guessed"
	empty := obj{"text": ""} // tells whether a webhook is alive without posting
	tests := []struct {
		name, method, path string
		body               any
		want               answered
	}{
		{"alive", "POST", alive.Path(), empty, answered{400, "no_text"}},
		{"archived", "POST", archived.Path(), empty, answered{410, "channel_is_archived"}},
		{"deleted", "POST", deleted.Path(), empty, answered{404, "channel_not_found"}},
		{"removed", "POST", removed.Path(), empty, answered{404, "no_service"}},
		{"wrong token", "POST", wrong.Path(), empty, answered{403, "invalid_token"}},
		{"a look", "GET", alive.Path(), nil, answered{405, "method_not_allowed"}},
		{"nothing there", "GET", "/", nil, answered{404, "<html><body>Not Found</body></html>"}},
		{"a workflow", "POST", trigger.Path(), obj{"name": "cpu"}, answered{200, obj{"ok": true}}},
		{"a workflow gets blocks", "POST", trigger.Path(), blocks(), answered{400, obj{"ok": false, "error": "invalid_webhook_payload"}}},
		{"a workflow gets a number", "POST", trigger.Path(), obj{"name": 1}, answered{400, obj{"ok": false, "error": "invalid_webhook_payload"}}},
		{"no such workflow", "POST", "/triggers/T1/2/3", obj{}, answered{404, obj{"ok": false, "error": "trigger_not_found"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, askJSON(t, s, tt.method, tt.path, tt.body)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if got, want := s.Log()[0].Path, "/services/"+alive.Team+"/"+alive.ID+"/[secret]"; got != want {
		t.Errorf("logged %s, want %s", got, want)
	}
	form, _ := ask(t, s, "POST", alive.Path(), "text/plain", []byte(`{"text":"t"}`))
	if diff := cmp.Diff(answered{400, "invalid_payload"}, form); diff != "" {
		t.Error(diff)
	}
}

func TestSlackKeepsWhatItShows(t *testing.T) {
	s := NewSlack(Options{Clock: func() time.Time { return noon }})
	hook := s.AddChannel("ops")
	attachments := arr{obj{"color": "#E01E5A", "fallback": "f", "blocks": arr{
		obj{"type": "section", "text": obj{"type": "mrkdwn", "text": "*cpu*", "verbatim": true}, "fields": arr{plain(1)}},
		obj{"type": "context", "elements": arr{obj{"type": "mrkdwn", "text": "c", "verbatim": true}}},
		obj{"type": "rich_text", "elements": arr{obj{"type": "rich_text_preformatted", "elements": arr{obj{"type": "text", "text": "@here"}}}}},
	}}}
	got := askJSON(t, s, "POST", hook.Path(), obj{"text": "<!subteam^S1> cpu", "replace_original": false, "attachments": attachments})
	if diff := cmp.Diff(answered{200, "ok"}, got); diff != "" {
		t.Fatal(diff, s.Log()[0].Why)
	}
	want := SlackMessage{
		At: noon, TS: "1772625600.000001", Webhook: hook.ID, Text: "<!subteam^S1> cpu", Pings: []string{"subteam:S1"},
		Raw: obj{"text": "<!subteam^S1> cpu", "attachments": attachments},
		Attachments: []Attachment{{Color: "#E01E5A", Fallback: "f", Blocks: []Block{
			{Type: "section", Text: &Text{"mrkdwn", "*cpu*", true}, Fields: []Text{{"plain_text", "x", false}}},
			{Type: "context", Elements: []Block{{Type: "mrkdwn", Text: &Text{Text: "c"}, Verbatim: true}}},
			{Type: "rich_text", Elements: []Block{{
				Type: "rich_text_preformatted", Elements: []Block{{Type: "text", Text: &Text{Text: "@here"}}},
			}}},
		}}},
	}
	m := s.Messages(hook.Channel)[0]
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
	texts := []Text{{"mrkdwn", "*cpu*", true}, {"plain_text", "x", false}, {"mrkdwn", "c", true}, {"", "@here", false}}
	if diff := cmp.Diff(texts, m.Texts()); diff != "" {
		t.Error(diff)
	}
}

func TestSlackCutsLongText(t *testing.T) {
	s := NewSlack(Options{})
	hook := s.AddChannel("ops")
	for n, cut := range map[int]bool{40_000: false, 40_001: true} {
		askJSON(t, s, "POST", hook.Path(), obj{"text": xs(n)})
		all := s.Messages(hook.Channel)
		if m := all[len(all)-1]; m.Cut != cut || len(m.Text) != 40_000 {
			t.Errorf("%d characters: cut %v to %d", n, m.Cut, len(m.Text))
		}
	}
}

func TestSlackPings(t *testing.T) {
	inSection := func(text string, verbatim bool) obj {
		return blocks(obj{"type": "section", "text": obj{"type": "mrkdwn", "text": text, "verbatim": verbatim}})
	}
	rich := func(element obj) obj {
		return blocks(obj{"type": "rich_text", "elements": arr{obj{"type": "rich_text_section", "elements": arr{element}}}})
	}
	tests := []struct {
		name string
		body obj
		want []string
	}{
		{"marks in the text", obj{"text": "<!here> <@U1|ann> <!subteam^S1|@ops> <!channel> <!here>"}, []string{"here", "user:U1", "subteam:S1", "channel"}},
		{"words in the text", obj{"text": "@here @channel"}, nil},
		{"words in the text with link_names", obj{"text": "@here", "link_names": 1}, []string{"here"}},
		{"words in the text with parse", obj{"text": "@everyone", "parse": "full"}, []string{"everyone"}},
		{"escaped marks", obj{"text": "&lt;!here&gt;"}, nil},
		{"links and dates", obj{"text": "<https://a.example|@here> <!date^1^{time}|now> <#C1>"}, nil},
		{"marks in verbatim markup", inSection("<!here> @channel", true), []string{"here"}},
		{"words in markup that is not verbatim", inSection("@channel", false), []string{"channel"}},
		{"marks in plain text", blocks(obj{"type": "section", "text": obj{"type": "plain_text", "text": "<!here>"}}), nil},
		{"marks in a markdown block", blocks(obj{"type": "markdown", "text": "<!here>"}), []string{"here"}},
		{"marks in an attachment", obj{"attachments": arr{obj{"text": "<@U1>", "fields": arr{obj{"title": "t", "value": "<@U2>"}}}}}, []string{"user:U1", "user:U2"}},
		{"marks in rich text", rich(obj{"type": "text", "text": "<!here>"}), nil},
		{"a broadcast in rich text", rich(obj{"type": "broadcast", "range": "here"}), []string{"here"}},
		{"a user in rich text", rich(obj{"type": "user", "user_id": "U1"}), []string{"user:U1"}},
		{"a group in rich text", rich(obj{"type": "usergroup", "usergroup_id": "S1"}), []string{"subteam:S1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := NewSlack(Options{})
			hook := s.AddChannel("ops")
			if got := askJSON(t, s, "POST", hook.Path(), tt.body); got.Status != 200 {
				t.Fatal(got, s.Log()[0].Why)
			}
			if diff := cmp.Diff(tt.want, s.Messages(hook.Channel)[0].Pings); diff != "" {
				t.Error(diff)
			}
		})
	}
}
