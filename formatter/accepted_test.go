package formatter_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"alarmrelay/alert"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// services are the strict fakes of both, without their limits of rates.
type services struct {
	discord *fake.Discord
	slack   *fake.Slack
	hook    fake.Webhook
	slackTo fake.SlackHook
}

func newServices() *services {
	o := fake.Options{Unlimited: true}
	s := &services{discord: fake.NewDiscord(o), slack: fake.NewSlack(o)}
	s.hook, s.slackTo = s.discord.AddChannel(fake.Channel{Name: "ops"}), s.slack.AddChannel("ops")
	return s
}

// post sends a message, and fails where the service refuses it. It returns whom it pings.
func (s *services) post(t *testing.T, service formatter.Service, m formatter.Message) []string {
	t.Helper()
	if service == formatter.ServiceSlack {
		if answer := send(t, s.slack, http.MethodPost, s.slackTo.Path(), m); answer.Code != http.StatusOK {
			t.Fatalf("Slack refuses with %s (%v)", answer.Body, last(s.slack.Log()).Why)
		}
		return last(s.slack.Messages(s.slackTo.Channel)).Pings
	}
	s.sendDiscord(t, http.MethodPost, s.hook.Path(), m)
	return last(s.discord.Messages(s.hook.Channel)).Mentions
}

func (s *services) sendDiscord(t *testing.T, method, path string, m formatter.Message) {
	t.Helper()
	if answer := send(t, s.discord, method, path+components(m), m); answer.Code != http.StatusOK {
		t.Fatalf("Discord refuses with %s (%v)", answer.Body, last(s.discord.Log()).Why)
	}
	schema := discordSchema()
	if schema == nil {
		return
	}
	text, err := json.Marshal(m.Payload)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Fatalf("Discord's schema: %v\n%s", err, text)
	}
}

func components(m formatter.Message) string {
	if m.Components {
		return "?wait=true&with_components=true"
	}
	return "?wait=true"
}

func last[T any](list []T) T { return list[len(list)-1] }

// send makes a request as Discord documents it: JSON, or a form with the files beside it.
// https://docs.discord.com/developers/reference#uploading-files
func send(t *testing.T, h http.Handler, method, path string, m formatter.Message) *httptest.ResponseRecorder {
	t.Helper()
	text, err := json.Marshal(m.Payload)
	if err != nil {
		t.Fatal(err)
	}
	body, contentType := bytes.NewBuffer(text), "application/json"
	if len(m.Files) > 0 {
		body = &bytes.Buffer{}
		form := multipart.NewWriter(body)
		contentType = form.FormDataContentType()
		part(t, form, `form-data; name="payload_json"`, "application/json", text)
		for i, f := range m.Files {
			part(t, form, fmt.Sprintf(`form-data; name="files[%d]"; filename="%s"`, i, f.Name), f.ContentType, f.Data)
		}
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, body)
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", "DiscordBot (https://alarmrelay.invalid, test)")
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	return answer
}

func part(t *testing.T, form *multipart.Writer, disposition, contentType string, data []byte) {
	t.Helper()
	w, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {contentType}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
}

// discordSchema is Discord's own schema of an execute request, compiled once: nil where
// ALARMRELAY_DISCORD_SCHEMA names no file (.ci/run names it).
var discordSchema = sync.OnceValue(func() *jsonschema.Schema {
	path := os.Getenv("ALARMRELAY_DISCORD_SCHEMA")
	if path == "" {
		return nil
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	return c.MustCompile(path + "#/$defs/IncomingWebhookRequestPartial")
})

func TestEveryDigestIsAcceptedByBothServicesAndPingsWhomItMay(t *testing.T) {
	at := time.Date(2026, 11, 21, 3, 3, 0, 0, time.UTC)
	want := map[formatter.Service][]string{formatter.ServiceDiscord: {"role:123456789012345678"}, formatter.ServiceSlack: {"subteam:S012ABC"}}
	for name, d := range formatter.Digests() {
		for _, room := range []int{1, 5} {
			d.Room, d.Arrived = room, at
			for service, pinged := range want {
				if len(d.Mentions) == 0 {
					pinged = nil
				}
				s := newServices()
				var got []string
				for _, m := range formatter.DigestOf(service, d, formatter.Style{Locale: "ko", Username: "alarms"}) {
					got = append(got, s.post(t, service, m)...)
				}
				if diff := cmp.Diff(pinged, got); diff != "" {
					t.Errorf("%s at %s pings (-want +got):\n%s", name, service, diff)
				}
			}
		}
	}
}

func TestEveryHistoryIsAcceptedByBothServices(t *testing.T) {
	s, all := newServices(), formatter.Histories()
	maps.Copy(all, formatter.Lives())
	for name, it := range all {
		it.Kept = "" // nothing is edited here
		n := formatter.Notice{Items: []formatter.Item{it}, Arrived: it.ChangedAt.Add(time.Hour)}
		for _, service := range []formatter.Service{formatter.ServiceDiscord, formatter.ServiceSlack} {
			for _, m := range formatter.Format(service, n, formatter.Style{}) {
				pings := s.post(t, service, m)
				m.Payload, m.Files = m.Plain(), nil
				if pings = append(pings, s.post(t, service, m)...); len(pings) > 0 {
					t.Errorf("%s at %s pings %v", name, service, pings)
				}
			}
		}
	}
}

func TestEveryUpdateIsAcceptedByBothServicesAndPingsWhomItMay(t *testing.T) {
	s := newServices()
	for name, u := range formatter.Updates() {
		for service, pinged := range map[formatter.Service][]string{formatter.ServiceDiscord: {"role:123456789012345678"}, formatter.ServiceSlack: {"subteam:S012ABC"}} {
			if len(u.Mentions) == 0 {
				pinged = nil
			}
			m := formatter.UpdateOf(service, u, formatter.Style{Username: "alarms"})[0]
			forms := []any{m.Payload}
			if m.Plain != nil {
				forms = append(forms, m.Plain())
			}
			for _, m.Payload = range forms {
				if diff := cmp.Diff(pinged, s.post(t, service, m)); diff != "" {
					t.Errorf("%s at %s pings (-want +got):\n%s", name, service, diff)
				}
			}
		}
	}
}

// TestAForumTakesWhatIsSaidInPostsOfItsOwn has a forum that wants a tag.
func TestAForumTakesWhatIsSaidInPostsOfItsOwn(t *testing.T) {
	s := newServices()
	forum := s.discord.AddChannel(fake.Channel{Name: "incidents", Forum: true, RequireTag: true, Tags: []string{"critical", "other"}})
	style := formatter.Style{Opens: true, ForumTags: map[alert.Severity]string{
		alert.SeverityCritical: s.discord.Tag(forum.Channel, "critical"), "": s.discord.Tag(forum.Channel, "other"),
	}}
	digest := formatter.Digests()["60"]
	digest.Room = 1
	messages := formatter.DigestOf(formatter.ServiceDiscord, digest, style)
	for _, name := range []string{"resolved", "composite"} {
		it := formatter.Lives()[name]
		it.Kept = "" // nothing is edited here
		m := formatter.Format(formatter.ServiceDiscord, formatter.Notice{Items: []formatter.Item{it}}, style)[0]
		messages = append(messages, m, formatter.Message{Payload: m.Plain()})
	}
	messages = append(messages, formatter.UpdateOf(formatter.ServiceDiscord, formatter.Updates()["recovered"], style)...)
	var got []string
	for _, m := range messages {
		s.sendDiscord(t, http.MethodPost, forum.Path(), m)
	}
	for _, thread := range s.discord.Threads(forum.Channel) {
		got = append(got, thread.Name)
	}
	want := []string{
		"60 alarms (111122223333 · ap-northeast-2): prod-reviews-memory-utilization, prod-checkout-errors, p…",
		"prod-api-cpu-high", "prod-api-cpu-high", "checkout-is-down", "checkout-is-down", "prod-api-cpu-high",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("posts (-want +got):\n%s", diff)
	}
}

func TestAnEditedCardKeepsItsPictureGetsAnotherOrLosesIt(t *testing.T) {
	s, life := newServices(), formatter.Lives()
	card := func(name string, picture bool, kept string) formatter.Message {
		it := life[name]
		if it.Graph, it.Kept = nil, kept; picture {
			it.Graph = life["resolved-picture"].Graph
		}
		return formatter.Format(formatter.ServiceDiscord, formatter.Notice{Items: []formatter.Item{it}}, formatter.Style{})[0]
	}
	s.post(t, formatter.ServiceDiscord, card("part-of", true, ""))
	shown := func() fake.Message { return last(s.discord.Messages(s.hook.Channel)) }
	edit := func(m formatter.Message) fake.Message {
		s.sendDiscord(t, http.MethodPatch, s.hook.Path()+"/messages/"+shown().ID, m)
		return shown()
	}
	first := shown().Files
	kept := edit(card("again", false, first[0].ID))
	if diff := cmp.Diff(first, kept.Files); diff != "" || kept.Embeds[0].Image.URL != "attachment://graph.png" {
		t.Errorf("kept (-first +kept):\n%s", diff)
	}
	if second := edit(card("resolved", true, first[0].ID)).Files; len(second) != 1 || second[0].ID == first[0].ID || second[0].Name != "graph.png" {
		t.Errorf("replaced: %+v", second)
	}
	if none := edit(card("resolved", false, "")); len(none.Files) > 0 || none.Embeds[0].Image != nil {
		t.Errorf("%d files after an edit without", len(none.Files))
	}
}

// TestAnEditedDigestHasTheFilesOfItsNewForm grows a digest in place until it needs a file, twice, and shrinks it again.
func TestAnEditedDigestHasTheFilesOfItsNewForm(t *testing.T) {
	s := newServices()
	small, large := formatter.Digests()["12"], formatter.Digests()["1000"]
	digest := func(d formatter.Digest, lines int) formatter.Message {
		d.Lines, d.Room, d.Mentions = d.Lines[:lines], 1, nil
		return formatter.DigestOf(formatter.ServiceDiscord, d, formatter.Style{})[0]
	}
	s.post(t, formatter.ServiceDiscord, digest(small, 12))
	shown := func() fake.Message { return last(s.discord.Messages(s.hook.Channel)) }
	for _, step := range []struct {
		message formatter.Message
		rows    []int
	}{{digest(large, 900), []int{901}}, {digest(large, 1000), []int{1001}}, {digest(small, 12), nil}} {
		s.sendDiscord(t, http.MethodPatch, s.hook.Path()+"/messages/"+shown().ID, step.message)
		var rows []int
		for _, f := range shown().Files {
			rows = append(rows, bytes.Count(f.Data, []byte("\n")))
		}
		if diff := cmp.Diff(step.rows, rows); diff != "" {
			t.Errorf("rows of its files (-want +got):\n%s", diff)
		}
	}
}
