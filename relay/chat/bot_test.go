package chat_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/fake"
)

const (
	botToken = "xoxb-1234567890-n0b0dysb0tt0ken"
	room     = "C0123456789"
	botPost  = "https://slack.com/api/chat.postMessage"
	botEdit  = "https://slack.com/api/chat.update"
)

// botOn connects a bot to replies.
func botOn(o chat.Options, replies ...reply) (*chat.Bot, *wire) {
	w := &wire{replies: replies}
	o.HTTP = &http.Client{Transport: w}
	return chat.NewBot(room, known(botToken), o), w
}

// office is a channel of the fake Slack with a bot in it.
type office struct {
	slack   *fake.Slack
	app     fake.SlackBot
	bot     *chat.Bot
	channel string
}

func newOffice(t *testing.T) office {
	t.Helper()
	s := fake.NewSlack(fake.Options{})
	o := office{slack: s, app: s.AddBot("chat:write", "chat:write.customize"), channel: s.AddChannel("ops").Channel}
	s.Invite(o.app, o.channel)
	o.bot = chat.NewBot(o.channel, known(o.app.Secret("https://slack.com")), chat.Options{HTTP: client(fake.Transport{"slack.com": s})})
	return o
}

func text(s string) formatter.Message { return formatter.Message{Payload: map[string]any{"text": s}} }

// divided has a rich form and a plain one, and what slack-go adds that the Web API does not know.
func divided() formatter.Message {
	return formatter.Message{
		Payload: map[string]any{"blocks": []any{map[string]any{"type": "divider"}}, "replace_original": false},
		Plain:   func() any { return map[string]any{"text": "plain", "delete_original": false} },
	}
}

func TestABotsMessagesAreEditedInPlace(t *testing.T) {
	o := newOffice(t)
	red := formatter.Message{Payload: map[string]any{
		"text": "disk is full", "username": "CloudWatch", "icon_url": "https://images.example.com/bell.png", "unfurl_links": false,
		"attachments": []any{map[string]any{"color": "danger", "text": "97 %"}},
	}}
	ref, err := o.bot.Post(t.Context(), red)
	if err != nil {
		t.Fatal(err)
	}
	reply := text("still full")
	reply.Thread = ref.Message
	if _, err := o.bot.Post(t.Context(), reply); err != nil {
		t.Fatal(err)
	}
	green := formatter.Message{Payload: map[string]any{"text": "@here has room", "username": "CloudWatch", "unfurl_links": false}}
	if _, err := o.bot.Edit(t.Context(), ref, green); err != nil {
		t.Fatal(err)
	}
	var got []fake.SlackMessage
	for _, m := range o.slack.Messages(o.channel) {
		got = append(got, fake.SlackMessage{TS: m.TS, Thread: m.Thread, Text: m.Text, Attachments: m.Attachments, Username: m.Username, Icon: m.Icon, Edits: m.Edits, Pings: m.Pings})
	}
	want := []fake.SlackMessage{
		{TS: ref.Message, Text: "@here has room", Attachments: []fake.Attachment{}, Username: "CloudWatch", Icon: "https://images.example.com/bell.png", Edits: 1},
		{TS: got[1].TS, Thread: ref.Message, Text: "still full"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	_, err = o.bot.Edit(t.Context(), relay.Ref{Message: "1.000000", Channel: o.channel}, green)
	if !errors.Is(err, relay.ErrGone) {
		t.Errorf("edited what is not there: %v", err)
	}
}

func TestABotsRequests(t *testing.T) {
	bot, w := botOn(chat.Options{}, says(200, `{"ok":true,"channel":"C9876543210","ts":"1700000000.000100","message":{"text":"full"}}`))
	reply := text("full")
	reply.Thread = "1700000000.000001"
	ref, err := bot.Post(t.Context(), reply)
	if diff := cmp.Diff(relay.Ref{Message: "1700000000.000100", Channel: "C9876543210"}, ref); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	if _, err := bot.Edit(t.Context(), ref, text("room")); err != nil {
		t.Fatal(err)
	}
	var got []asked
	for _, a := range w.asked {
		if a.Header.Get("Authorization") != "Bearer "+botToken || a.Header.Get("Content-Type") != "application/json" {
			t.Error("asked without the token, or for something else than JSON")
		}
		got = append(got, asked{Method: a.Method, URL: a.URL, Body: a.Body})
	}
	want := []asked{
		{Method: "POST", URL: botPost, Body: `{"channel":"` + room + `","text":"full","thread_ts":"1700000000.000001"}`},
		{Method: "POST", URL: botEdit, Body: `{"attachments":[],"blocks":[],"channel":"C9876543210","parse":"none","text":"room","ts":"1700000000.000100"}`},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func no(code string) reply { return says(200, `{"ok":false,"error":"`+code+`"}`) }

// TestABotsAnswers holds a row for every answer that changes what is done next:
// https://docs.slack.dev/reference/methods/chat.postMessage
func TestABotsAnswers(t *testing.T) {
	const (
		richPost  = `{"blocks":[{"type":"divider"}],"channel":"` + room + `"}`
		plainPost = `{"channel":"` + room + `","text":"plain"}`
		ts        = "1700000000.000100"
	)
	ok := says(200, `{"ok":true,"channel":"`+room+`","ts":"`+ts+`"}`)
	ref := relay.Ref{Message: ts, Channel: room}
	once, twice, thrice, inPlain := []string{richPost}, []string{richPost, richPost}, []string{richPost, richPost, richPost}, []string{richPost, plainPost}
	type row struct {
		name    string
		replies []reply
		want    outcome
	}
	deadly := func(code, remedy string) error {
		return &relay.DeadError{Status: 200, Code: code, Bot: true, Remedy: remedy}
	}
	rows := []row{
		{"posted", []reply{ok}, outcome{Ref: ref, Sent: once}},
		{"posted, the answer is cut off behind the ts", []reply{says(200, `{"ok":true,"channel":"`+room+`","ts":"`+ts+`","message":{"te`)}, outcome{Ref: ref, Sent: once}},
		{"posted, the answer is cut off before the ts", []reply{says(200, `{"ok":true,"channel":"`+room+`","t`)}, outcome{Sent: once}},
		{"nobody knows: the answer is cut off", []reply{says(200, `{"o`)}, outcome{Sent: once, Err: &relay.UncertainError{}}},
		{"nobody knows: a page", []reply{says(200, cloudflarePage)}, outcome{Sent: once, Err: &relay.UncertainError{}}},
		{"nobody knows: a word", []reply{says(200, "ok")}, outcome{Sent: once, Err: &relay.UncertainError{}}},

		{"a limit", []reply{says(429, `{"ok":false,"error":"ratelimited"}`, "Retry-After: 2"), ok}, outcome{Ref: ref, Sent: twice, Took: 2 * time.Second}},
		{"a limit without its status", []reply{no("rate_limited"), ok}, outcome{Ref: ref, Sent: twice, Took: time.Second}},
		{"a limit longer than we wait", []reply{says(429, "", "Retry-After: 30")}, outcome{Sent: once, Err: &relay.LimitError{RetryAfter: 30 * time.Second}}},
		{"the limit of a workspace", []reply{no("message_limit_exceeded")}, outcome{Sent: once, Err: &relay.LimitError{RetryAfter: time.Minute}}},

		{"an error of its own", []reply{no("internal_error"), ok}, outcome{Ref: ref, Sent: twice}},
		{"down", []reply{says(503, "<html></html>")}, outcome{Sent: thrice, Says: "post to Slack: the service is down: status 503"}},
		{"down without a status", []reply{no("fatal_error")}, outcome{Sent: thrice, Says: "post to Slack: the service is down: code fatal_error"}},
		{"a payload that crashes it", []reply{says(500, ""), says(500, ""), ok}, outcome{Ref: ref, Sent: []string{richPost, richPost, plainPost}}},

		{"refused twice", []reply{no("invalid_blocks"), no("msg_too_long")}, outcome{Sent: inPlain, Err: &relay.RefusedError{Status: 200, Code: "msg_too_long", Detail: "msg_too_long"}}},
		{"refused with the place", []reply{says(200, `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] must be less than 151 characters, not `+botToken+` [json-pointer:/blocks/0/text/text]","[ERROR] no place"]}}`)}, outcome{
			Sent: inPlain, Err: &relay.RefusedError{Status: 200, Code: "invalid_blocks", Detail: "invalid_blocks /blocks/0/text/text"},
		}},
		{"refused without a word", []reply{says(200, `{"ok":false}`)}, outcome{Sent: inPlain, Err: &relay.RefusedError{Status: 200}}},
		{"refused with a sentence", []reply{no("the token <" + botToken + ">")}, outcome{Sent: inPlain, Err: &relay.RefusedError{Status: 200}}},
		{"too large", []reply{says(413, ""), ok}, outcome{Ref: ref, Sent: inPlain}},

		{"not invited", []reply{no("not_in_channel")}, outcome{Sent: once, Err: deadly("not_in_channel", "invite the app to the channel: /invite @app")}},
		{"a scope is missing", []reply{says(200, `{"ok":false,"error":"missing_scope","needed":"chat:write.public","provided":"chat:write"}`)}, outcome{
			Sent: once, Err: deadly("missing_scope", "give the app the scope chat:write.public and install it again"),
		}},
		{"a scope is missing that is none", []reply{says(200, `{"ok":false,"error":"missing_scope","needed":"<!here>"}`)}, outcome{
			Sent: once, Err: deadly("missing_scope", "give the app the scope chat:write and install it again"),
		}},
		{"a channel for replies only", []reply{no("restricted_action_thread_only_channel")}, outcome{
			Sent: once, Err: deadly("restricted_action_thread_only_channel", "the channel takes replies only: name another"),
		}},
		{"forbidden by a page", []reply{says(403, "<html>denied</html>", "Retry-After: 600")}, outcome{Sent: once, Err: &relay.BlockedError{RetryAfter: 10 * time.Minute}}},
		{"not found without a word", []reply{says(404, "")}, outcome{Sent: once, Err: &relay.DeadError{Status: 404, Bot: true}}},
		{"a redirect", []reply{says(302, "", "Location: /elsewhere")}, outcome{Sent: once, Says: "post to Slack: the service answered with a redirect (status 302), which is not followed"}},
	}
	for _, code := range []string{"invalid_attachments", "msg_blocks_too_long", "no_text", "too_many_attachments", "invalid_arguments", "a_new_one"} {
		rows = append(rows, row{code, []reply{no(code), ok}, outcome{Ref: ref, Sent: inPlain}})
	}
	for _, code := range []string{"service_unavailable", "request_timeout", "team_added_to_org", "org_login_required"} {
		rows = append(rows, row{code, []reply{no(code), ok}, outcome{Ref: ref, Sent: twice}})
	}
	for _, code := range []string{"restricted_action", "posting_to_general_channel_denied", "no_permission", "team_access_not_granted", "ekm_access_denied"} {
		rows = append(rows, row{code, []reply{no(code)}, outcome{Sent: once, Err: deadly(code, "")}})
	}
	for _, code := range []string{"not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"} {
		rows = append(rows, row{code, []reply{no(code)}, outcome{Sent: once, Err: deadly(code, "copy the bot's token again from the app's page, OAuth & Permissions")}})
	}
	for _, test := range rows {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bot, w := botOn(chat.Options{}, test.replies...)
				got := deliver(t.Context(), bot, w, divided())
				if test.want.Took == 0 {
					got.Took = 0 // of back-offs, which are random
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				assertNothingSecret(t, got.Err, got.Says, bot)
			})
		})
	}
}

func TestAnEditThatSlackTakesNoMoreIsGone(t *testing.T) {
	for _, code := range []string{"message_not_found", "cant_update_message", "edit_window_closed"} {
		bot, w := botOn(chat.Options{}, no(code))
		if _, err := bot.Edit(t.Context(), relay.Ref{Message: "1.000000"}, divided()); !errors.Is(err, relay.ErrGone) || len(w.asked) != 1 {
			t.Errorf("%s: %v after %d requests", code, err, len(w.asked))
		}
	}
}

// TestAMessageInAChannelThatTheDestinationHasLeftIsGone is what becomes of an open digest when its channel was archived
// and another was named: the new one has to be tried, not the fallback.
func TestAMessageInAChannelThatTheDestinationHasLeftIsGone(t *testing.T) {
	for _, code := range []string{"is_archived", "channel_not_found", "not_in_channel", "restricted_action"} {
		bot, _ := botOn(chat.Options{}, no(code), no(code))
		if _, err := bot.Edit(t.Context(), relay.Ref{Message: "1.000000", Channel: "C9876543210"}, divided()); !errors.Is(err, relay.ErrGone) {
			t.Errorf("elsewhere: %s: %v", code, err)
		}
		if _, err := bot.Edit(t.Context(), relay.Ref{Message: "1.000000", Channel: room}, divided()); !errors.As(err, new(*relay.DeadError)) {
			t.Errorf("here: %s: %v", code, err)
		}
	}
}

func TestAnEditIsMadeAgainWhenItsAnswerIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ref, err := o.bot.Post(t.Context(), text("red"))
		if err != nil {
			t.Fatal(err)
		}
		o.slack.Fail(fake.Fault{Kind: fake.AnswerLost, Method: "chat.update"})
		if _, err := o.bot.Edit(t.Context(), ref, text("green")); err != nil {
			t.Error(err)
		}
		if m := o.slack.Messages(o.channel)[0]; m.Text != "green" || m.Edits != 2 {
			t.Errorf("%+v", m)
		}
	})
}

func TestAThreadThatSlackDoesNotTakeIsLeftOut(t *testing.T) {
	const withThread, without = `{"channel":"` + room + `","text":"full","thread_ts":"1.000000"}`, `{"channel":"` + room + `","text":"full"}`
	for _, code := range []string{"thread_not_found", "invalid_thread_ts", "restricted_action_thread_locked"} {
		bot, w := botOn(chat.Options{}, no(code), says(200, `{"ok":true}`))
		reply := text("full")
		reply.Thread = "1.000000"
		_, err := bot.Post(t.Context(), reply)
		if diff := cmp.Diff([]string{withThread, without}, w.bodies()); diff != "" || err != nil {
			t.Errorf("%s: %v, %s", code, err, diff)
		}
	}
	bot, w := botOn(chat.Options{}, no("invalid_blocks"), no("thread_not_found"), says(200, `{"ok":true}`))
	reply := divided()
	reply.Thread = "1.000000"
	_, err := bot.Post(t.Context(), reply)
	want := []string{
		`{"blocks":[{"type":"divider"}],"channel":"` + room + `","thread_ts":"1.000000"}`,
		`{"channel":"` + room + `","text":"plain","thread_ts":"1.000000"}`,
		`{"channel":"` + room + `","text":"plain"}`,
	}
	if diff := cmp.Diff(want, w.bodies()); diff != "" || err != nil {
		t.Errorf("what was plain before: %v, %s", err, diff)
	}
}

func TestWhetherABotIsAlive(t *testing.T) {
	for name, test := range map[string]struct {
		change func(office)
		says   string
	}{
		"it is": {func(office) {}, ""},
		"its token was revoked": {
			func(o office) { o.slack.Revoke(o.app) },
			"look for Slack's bot: bot may not post: status 200, code token_revoked: copy the bot's token again from the app's page, OAuth & Permissions",
		},
		"its channel is archived": {
			func(o office) { o.slack.ArchiveChannel(o.channel) },
			"look for Slack's channel %s: bot may not post: status 200, code is_archived: restore the channel, or name another",
		},
		"its channel is gone": {
			func(o office) { o.slack.DeleteChannel(o.channel) },
			"look for Slack's channel %s: bot may not post: status 200, code channel_not_found: copy the channel's id again; into a private channel the app has to be invited: /invite @app",
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			test.change(o)
			got := ""
			if err := o.bot.Alive(t.Context()); err != nil {
				got = err.Error()
				assertNothingSecret(t, err)
			}
			if want := strings.Replace(test.says, "%s", o.channel, 1); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if shown := o.slack.Messages(o.channel); len(shown) > 0 {
				t.Errorf("asking has shown %+v", shown)
			}
		})
	}
	o := newOffice(t)
	if err := o.bot.Warm(t.Context()); err != nil || o.slack.Log()[0].Path != "/api/api.test" {
		t.Errorf("warm: %v, %s", err, o.slack.Log()[0].Path)
	}
}

func TestPreviewBot(t *testing.T) {
	reply := text("full")
	reply.Thread = "1.000000"
	for ts, want := range map[string]string{
		"":         `/api/chat.postMessage {"channel":"C0123456789","text":"full","thread_ts":"1.000000"}`,
		"2.000000": `/api/chat.update {"attachments":[],"blocks":[],"channel":"C0123456789","parse":"none","text":"full","ts":"2.000000"}`,
	} {
		path, body := chat.PreviewBot(room, ts, reply)
		raw, err := json.Marshal(body)
		if got := path + " " + string(raw); got != want || err != nil {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
