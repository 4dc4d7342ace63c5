package fake

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// callAPI calls a method of the Web API with a token.
func callAPI(t *testing.T, s *Slack, token, method string, body any) (answered, http.Header) {
	t.Helper()
	r := request(t, http.MethodPost, apiPath+method, "application/json; charset=utf-8", string(encode(t, body)))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return serve(t, s, r)
}

// office is a channel with a bot in it.
func office(o Options) (s *Slack, bot SlackBot, channel string) {
	s = NewSlack(o)
	channel, bot = s.AddChannel("ops").Channel, s.AddBot()
	s.Invite(bot, channel)
	return s, bot, channel
}

func failed(code string) answered { return answered{200, obj{"ok": false, "error": code}} }

func TestTheWebAPITurnsAway(t *testing.T) {
	s, bot, open := office(Options{})
	reader, guest, revoked := s.AddBot("channels:read"), s.AddBot("chat:write", "chat:write.public"), s.AddBot()
	s.Revoke(revoked)
	foreign, archived, deleted := s.AddChannel("foreign").Channel, s.AddChannel("old").Channel, s.AddChannel("gone").Channel
	s.Invite(bot, archived)
	s.ArchiveChannel(archived)
	s.DeleteChannel(deleted)
	to := func(channel string) obj { return obj{"channel": channel, "text": "t"} }
	for name, test := range map[string]struct {
		token, method string
		body          any
		want          answered
	}{
		"nobody":                     {"", "chat.postMessage", to(open), failed("not_authed")},
		"somebody":                   {"xoxb-1", "chat.postMessage", to(open), failed("invalid_auth")},
		"a token that was revoked":   {revoked.Token, "auth.test", obj{}, failed("token_revoked")},
		"who may not write":          {reader.Token, "chat.postMessage", to(open), answered{200, obj{"ok": false, "error": "missing_scope", "needed": "chat:write", "provided": "channels:read"}}},
		"from a channel of others":   {bot.Token, "chat.postMessage", to(foreign), failed("not_in_channel")},
		"from an edit there":         {bot.Token, "chat.update", obj{"channel": foreign, "ts": "1.0", "text": "t"}, failed("not_in_channel")},
		"from an archive":            {bot.Token, "chat.postMessage", to(archived), failed("is_archived")},
		"from what was deleted":      {bot.Token, "chat.postMessage", to(deleted), failed("channel_not_found")},
		"from what has only a name":  {bot.Token, "chat.postMessage", to("#ops"), failed("channel_not_found")},
		"from what is no channel":    {bot.Token, "chat.postMessage", obj{"text": "t"}, failed("channel_not_found")},
		"who asks for another":       {bot.Token, "chat.delete", obj{}, failed("unknown_method")},
		"nobody who asks who it is":  {bot.Token, "auth.test", obj{}, answered{200, obj{"ok": true, "url": "http://example.com/", "bot_id": "B" + bot.ID[1:], "is_enterprise_install": false}}},
		"nobody who tries":           {"", "api.test", obj{}, answered{200, obj{"ok": true}}},
		"no guest with chat.public":  {guest.Token, "chat.update", obj{"channel": foreign, "ts": "1.0", "text": "t"}, failed("message_not_found")},
		"who edits what is not here": {bot.Token, "chat.update", obj{"channel": open, "ts": "1.0", "text": "t"}, failed("message_not_found")},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := callAPI(t, s, test.token, test.method, test.body)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if shown := s.Messages(open); len(shown) > 0 {
		t.Errorf("shown: %+v", shown)
	}
}

func TestTheWebAPIRefusesAndSaysWhere(t *testing.T) {
	section := obj{"type": "section", "text": mrkdwn(3001)}
	for name, test := range map[string]struct {
		body obj
		code string
		said []any
	}{
		"nothing":             {obj{"text": ""}, "no_text", []any{"[ERROR] no text, blocks or attachments [json-pointer:/no text, blocks or attachments]"}},
		"a long section":      {obj{"text": "t", "blocks": arr{section}}, "invalid_blocks", []any{"[ERROR] blocks.0.text.text: BASE_TYPE_BAD_LENGTH: Must be between 1 and 3000 in length. [json-pointer:/blocks/0/text/text]"}},
		"in an attachment":    {obj{"attachments": arr{obj{"blocks": arr{section}}}}, "invalid_attachments", nil},
		"a parse of its own":  {obj{"text": "t", "parse": "client"}, "invalid_payload", nil},
		"a thread by name":    {obj{"text": "t", "thread_ts": "ops"}, "invalid_thread_ts", nil},
		"a thread of nobody":  {obj{"text": "t", "thread_ts": "1700000000.000009"}, "thread_not_found", nil},
		"an unknown property": {obj{"text": "t", "embeds": arr{}}, "invalid_payload", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, bot, channel := office(Options{})
			test.body["channel"] = channel
			got, _ := callAPI(t, s, bot.Token, "chat.postMessage", test.body)
			answer := got.Body.(obj)
			if got.Status != 200 || answer["error"] != test.code || len(s.Messages(channel)) > 0 || len(s.Log()[0].Why) == 0 {
				t.Errorf("%+v, because of %v", got, s.Log()[0].Why)
			}
			if said, _ := answer["response_metadata"].(obj); test.said != nil {
				if diff := cmp.Diff(test.said, said["messages"]); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestWhatABotPostsItCanEdit(t *testing.T) {
	s := NewSlack(Options{Clock: func() time.Time { return noon }})
	channel, bot, other := s.AddChannel("ops").Channel, s.AddBot("chat:write", "chat:write.customize"), s.AddBot()
	s.Invite(bot, channel)
	s.Invite(other, channel)
	header := func(n int) obj { return obj{"type": "header", "text": plain(n)} }
	call := func(token, method string, body obj) obj {
		t.Helper()
		body["channel"] = channel
		got, _ := callAPI(t, s, token, method, body)
		return got.Body.(obj)
	}
	red := call(bot.Token, "chat.postMessage", obj{"text": "red", "username": "Alarms", "icon_url": "https://a.example/i.png", "attachments": arr{obj{"color": "danger", "blocks": arr{header(1)}}}})
	ts := red["ts"]
	if red["ok"] != true || red["channel"] != channel || ts != "1772625600.000001" {
		t.Fatalf("posted: %v", red)
	}
	call(other.Token, "chat.postMessage", obj{"text": "seen", "username": "Somebody", "thread_ts": ts})
	if got := call(other.Token, "chat.update", obj{"ts": ts, "text": "not mine"}); got["error"] != "cant_update_message" {
		t.Errorf("edited by another: %v", got)
	}
	if got := call(bot.Token, "chat.update", obj{"ts": ts, "text": xs(4001)}); got["error"] != "msg_too_long" {
		t.Errorf("edited at length: %v", got)
	}
	call(bot.Token, "chat.update", obj{"ts": ts, "text": "green", "parse": "none"})
	blocks := []Block{{Type: "header", Text: &Text{"plain_text", "x", false}}}
	want := []SlackMessage{
		{
			At: noon, TS: "1772625600.000001", Webhook: bot.ID, Text: "green", Edits: 1, EditedAt: noon, Username: "Alarms", Icon: "https://a.example/i.png",
			Attachments: []Attachment{{Color: "danger", Blocks: blocks}}, // not named, so it stays
			Raw:         obj{"text": "green", "attachments": arr{obj{"color": "danger", "blocks": arr{header(1)}}}},
		},
		{At: noon, TS: "1772625600.000002", Thread: "1772625600.000001", Webhook: other.ID, Text: "seen", Raw: obj{"text": "seen"}},
	}
	if diff := cmp.Diff(want, s.Messages(channel)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	call(bot.Token, "chat.update", obj{"ts": ts, "text": "@here is gone", "attachments": arr{}})
	if m := s.Messages(channel)[0]; len(m.Attachments) > 0 || !cmp.Equal(m.Pings, []string{"here"}) {
		t.Errorf("without attachments and parse: %+v", m)
	}
	if log := s.Log(); log[0].Message != channel+"/1" || log[len(log)-1].Message != channel+"/1" || log[1].Webhook != other.ID {
		t.Errorf("the log says %+v", notes(log))
	}
}

func TestABotHasFiftyEditsAMinute(t *testing.T) {
	now := noon
	s, bot, channel := office(Options{Clock: func() time.Time { return now }})
	edit := obj{"channel": channel, "ts": "1.0", "text": "t"}
	for n := range 51 {
		got, header := callAPI(t, s, bot.Token, "chat.update", edit)
		if limited := got.Status == 429; limited != (n == 50) || limited && (header.Get("Retry-After") != "60" || !cmp.Equal(got.Body, any(obj{"ok": false, "error": "ratelimited"}))) {
			t.Fatalf("edit %d: %v, %v", n+1, got, header)
		}
	}
	now = now.Add(time.Minute)
	if got, _ := callAPI(t, s, bot.Token, "chat.update", edit); got.Status != 200 {
		t.Error(got)
	}
}

func TestFaultsBefallABotsMethods(t *testing.T) {
	s, bot, channel := office(Options{})
	post := obj{"channel": channel, "text": "t"}
	s.Fail(Fault{Kind: Down, Status: 200, Method: "chat.update", Webhook: bot.ID}, Fault{Kind: Limited, After: 3 * time.Second, Method: "chat.postMessage"})
	for i, want := range []answered{{429, obj{"ok": false, "error": "ratelimited"}}, {200, nil}} {
		got, _ := callAPI(t, s, bot.Token, "chat.postMessage", post)
		if want.Body == nil {
			got.Body = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(strconv.Itoa(i), diff)
		}
	}
	got, _ := callAPI(t, s, bot.Token, "chat.update", post)
	if diff := cmp.Diff(failed("internal_error"), got); diff != "" {
		t.Error(diff)
	}
	for kind, code := range map[FaultKind]string{Unknown: "channel_not_found", BadToken: "invalid_auth", Forbidden: "restricted_action", Filtered: "restricted_action", Gone: "is_archived"} {
		s.Fail(Fault{Kind: kind})
		if got, _ := callAPI(t, s, bot.Token, "chat.postMessage", post); !cmp.Equal(got, failed(code)) {
			t.Errorf("%s: %v", kind, got)
		}
	}
}
