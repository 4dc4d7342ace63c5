package chat_test

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
)

func client(transport http.RoundTripper) *http.Client { return &http.Client{Transport: transport} }

func TestPostSendsJSONAsItIs(t *testing.T) {
	hooks, w := on(discord, chat.Options{UserAgent: "DiscordBot (https://relay.example, 1.2)"}, says(200, posted))
	m := formatter.Message{Payload: map[string]any{"content": `5 < 7 & 8 > 2 "알람"`}, Thread: "42", Components: true}
	ref, err := hooks.Post(t.Context(), m)
	if err != nil || ref != postedRef {
		t.Fatal(ref, err)
	}
	got := w.asked[0]
	want := asked{
		Method: "POST",
		URL:    "https://discord.com" + discordPath + "?wait=true&thread_id=42&with_components=true",
		Body:   `{"content":"5 < 7 & 8 > 2 \"알람\""}`,
		Header: http.Header{
			"Accept": {"application/json"}, "Content-Type": {"application/json"},
			"User-Agent": {"DiscordBot (https://relay.example, 1.2)"},
		},
		At: got.At,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestUserAgentHasDiscordsFormEvenWhenNobodySetsIt(t *testing.T) {
	hooks, w := on(discord, chat.Options{}, says(200, posted))
	if _, err := hooks.Post(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	if got := w.asked[0].Header.Get("User-Agent"); !strings.HasPrefix(got, "DiscordBot (https://") {
		t.Errorf("User-Agent %q", got)
	}
}

func TestFilesGoAsAForm(t *testing.T) {
	type part struct{ Disposition, Type, Data string }
	hooks, w := on(discord, chat.Options{}, says(200, posted))
	m := message()
	m.Files = []formatter.File{
		{Name: "graph.png", ContentType: "image/png", Data: []byte("\x89PNG" + nul(3))},
		{Name: "a \"quoted\"\r\nname.txt", Data: []byte("names")},
	}
	if _, err := hooks.Post(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	kind, parameters, err := mime.ParseMediaType(w.asked[0].Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		t.Fatal(kind, err)
	}
	var got []part
	form := multipart.NewReader(strings.NewReader(w.asked[0].Body), parameters["boundary"])
	for {
		p, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, part{p.Header.Get("Content-Disposition"), p.Header.Get("Content-Type"), string(data)})
	}
	want := []part{
		{`form-data; name="payload_json"`, "application/json", rich},
		{`form-data; name="files[0]"; filename="graph.png"`, "image/png", "\x89PNG" + nul(3)},
		{`form-data; name="files[1]"; filename="a \"quoted\"name.txt"`, "application/octet-stream", "names"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPostToSlackKnowsNoID(t *testing.T) {
	hooks, w := on(slack, chat.Options{}, says(200, "ok"))
	ref, err := hooks.Post(t.Context(), message())
	if err != nil || ref != (relay.Ref{}) || hooks.Service() != slack {
		t.Error(ref, err)
	}
	if w.asked[0].URL != slackURL || w.asked[0].Body != rich {
		t.Errorf("sent %+v", w.asked[0])
	}
}

func TestEditReplacesAllThatIsSaid(t *testing.T) {
	silently := &formatter.DiscordBody{WebhookParams: &discordgo.WebhookParams{
		Username: "CloudWatch", AvatarURL: "https://relay.example/a.png",
		Content:         "recovered <t:0:R>",
		AllowedMentions: &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}},
		Flags:           discordgo.MessageFlagsSuppressNotifications | discordgo.MessageFlagsSuppressEmbeds,
	}, AppliedTags: []string{"7"}}
	for _, test := range []struct {
		name    string
		payload any
		want    string
	}{
		{
			"what is empty now is emptied", silently,
			`{"allowed_mentions":{"parse":[],"replied_user":false},"components":[],"content":"recovered <t:0:R>","embeds":[],"flags":4}`,
		},
		{
			"what a new message alone can have goes",
			map[string]any{"content": nil, "flags": 4096, "thread_name": "x", "tts": true},
			`{"components":[],"content":"","embeds":[]}`,
		},
		{
			"components of the second kind have no content",
			map[string]any{"components": []int{1}, "flags": 1 << 15},
			`{"components":[1],"flags":32768}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			hooks, w := on(discord, chat.Options{}, says(200, posted))
			if _, err := hooks.Edit(t.Context(), postedRef, formatter.Message{Payload: test.payload, Components: true}); err != nil {
				t.Fatal(err)
			}
			want := asked{Method: "PATCH", URL: "https://discord.com" + discordPath + "/messages/" + postedID + "?with_components=true", Body: test.want}
			got := asked{Method: w.asked[0].Method, URL: w.asked[0].URL, Body: w.asked[0].Body}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestMessagesAreSoughtWhereTheyWerePosted(t *testing.T) {
	unknown := says(404, `{"message":"Unknown Message","code":10008}`)
	noChannel := says(404, `{"message":"Unknown Channel","code":10003}`)
	const base = "https://discord.com" + discordPath + "/messages/" + postedID
	for _, test := range []struct {
		name    string
		ref     relay.Ref
		thread  string
		replies []reply
		want    []string
		gone    bool
	}{
		{"in the thread of the rule", relay.Ref{Message: postedID, Channel: "42"}, "42", []reply{says(200, posted)}, []string{"?thread_id=42"}, false},
		{"in the channel, because the thread was not taken", postedRef, "42", []reply{says(200, posted)}, []string{""}, false},
		{"in the thread that it opened", postedRef, "", []reply{unknown, says(200, posted)}, []string{"", "?thread_id=" + channel}, false},
		{"where nobody said", relay.Ref{Message: postedID}, "42", []reply{says(200, posted)}, []string{"?thread_id=42"}, false},
		{"deleted from the thread", relay.Ref{Message: postedID, Channel: "42"}, "42", []reply{unknown}, []string{"?thread_id=42"}, true},
		{"deleted from the channel", postedRef, "", []reply{unknown, noChannel}, []string{"", "?thread_id=" + channel}, true},
		{"deleted with its thread", relay.Ref{Message: postedID, Channel: "42"}, "42", []reply{noChannel, unknown, unknown}, []string{"?thread_id=42", "", "?thread_id=42"}, true},
		{"deleted, and nobody knows from where", relay.Ref{Message: postedID}, "", []reply{unknown}, []string{""}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			hooks, w := on(discord, chat.Options{}, test.replies...)
			m := message()
			m.Thread = test.thread
			_, err := hooks.Edit(t.Context(), test.ref, m)
			if errors.Is(err, relay.ErrGone) != test.gone || !test.gone && err != nil {
				t.Errorf("error %v", err)
			}
			var got []string
			for _, a := range w.asked {
				got = append(got, strings.TrimPrefix(a.URL, base))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDelete(t *testing.T) {
	hooks, w := on(discord, chat.Options{}, says(204, ""), says(404, `{"message":"Unknown Message","code":10008}`))
	if err := hooks.Delete(t.Context(), postedRef); err != nil {
		t.Error(err)
	}
	if got := w.asked[0]; got.Method != "DELETE" || got.URL != "https://discord.com"+discordPath+"/messages/"+postedID || got.Body != "" {
		t.Errorf("sent %+v", got)
	}
	if err := hooks.Delete(t.Context(), postedRef); !errors.Is(err, relay.ErrGone) {
		t.Errorf("deleted twice: %v", err)
	}
}

func TestSlackCanNeitherEditNorDelete(t *testing.T) {
	hooks, w := on(slack, chat.Options{}, says(200, "ok"))
	if _, err := hooks.Edit(t.Context(), relay.Ref{}, message()); !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
	if err := hooks.Delete(t.Context(), relay.Ref{}); !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
	if len(w.asked) > 0 {
		t.Errorf("asked %v", w.asked)
	}
}

func TestAPayloadThatIsNoJSONIsAnError(t *testing.T) {
	hooks, w := on(discord, chat.Options{}, says(200, posted))
	_, err := hooks.Post(t.Context(), formatter.Message{Payload: func() {}})
	if err == nil || len(w.asked) > 0 {
		t.Error(err, w.asked)
	}
	if _, err := hooks.Edit(t.Context(), postedRef, formatter.Message{Payload: "text"}); err == nil || len(w.asked) > 0 {
		t.Error(err, w.asked)
	}
}
