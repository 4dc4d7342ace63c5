package chat_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/fake"
)

// board is a channel of the fake Discord, its webhook, and what is logged on the way.
type board struct {
	*fake.Discord
	hook  fake.Webhook
	hooks *chat.Webhook
	log   *bytes.Buffer
}

func newBoard(c fake.Channel) board {
	b := board{Discord: fake.NewDiscord(fake.Options{}), log: new(bytes.Buffer)}
	b.hook = b.AddChannel(c)
	plain := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	b.hooks = chat.New(discord, known(b.hook.URL("https://discord.com")), chat.Options{
		HTTP: client(fake.Transport{"discord.com": b.Discord}), Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{ReplaceAttr: plain})),
	})
	return b
}

// opening is a message that opens a post of a forum, with tags.
func opening(title string, tags ...string) formatter.Message {
	body := said(title)
	body["thread_name"] = "about " + title
	if len(tags) > 0 {
		body["applied_tags"] = tags
	}
	return formatter.Message{Payload: body}
}

// shown is a message as people find it.
type shown struct {
	Thread, Title, Content string
	Tags                   int
	Edits                  int
}

func (b board) shown() (all []shown) {
	names, tags := map[string]string{"": ""}, map[string]int{}
	for _, t := range b.Threads(b.hook.Channel) {
		names[t.ID], tags[t.ID] = t.Name, len(t.Tags)
	}
	for _, m := range b.Messages(b.hook.Channel) {
		s := shown{Thread: names[m.Thread], Content: m.Content, Tags: tags[m.Thread], Edits: m.Edits}
		if len(m.Embeds) > 0 {
			s.Title = m.Embeds[0].Title
		}
		all = append(all, s)
	}
	return all
}

func TestAMessageFindsItsPlaceWhateverTheChannelIs(t *testing.T) {
	const warned = `level=WARN msg="posted elsewhere than configured" `
	for _, test := range []struct {
		name    string
		channel fake.Channel
		message func(board) formatter.Message
		want    shown
		logged  string
	}{
		{
			"a post of a forum with its tag",
			fake.Channel{Forum: true, RequireTag: true, Tags: []string{"red"}},
			func(b board) formatter.Message { return opening("disk", b.Tag(b.hook.Channel, "red")) },
			shown{Thread: "about disk", Title: "disk", Tags: 1},
			"",
		},
		{
			"a tag that the forum does not have",
			fake.Channel{Forum: true},
			func(board) formatter.Message { return opening("disk", "1234567890123456789") },
			shown{Thread: "about disk", Title: "disk"},
			warned + "code=10087 reason=\"Unknown tag\"\n",
		},
		{
			"the channel is no forum",
			fake.Channel{},
			func(board) formatter.Message { return opening("disk", "1234567890123456789") },
			shown{Title: "disk"},
			warned + "code=220003 reason=\"Webhooks can only create threads in forum channels\"\n",
		},
		{
			"the channel is a forum",
			fake.Channel{Forum: true},
			func(board) formatter.Message { return formatter.Message{Payload: said("disk")} },
			shown{Thread: "disk", Title: "disk"},
			warned + "code=220001 reason=\"Webhooks posted to forum channels must have a thread_name or thread_id\"\n",
		},
		{
			"a thread beside a post to open",
			fake.Channel{Forum: true},
			func(b board) formatter.Message {
				m := opening("disk")
				m.Thread = b.AddThread(b.hook.Channel, fake.Thread{Name: "today"})
				return m
			},
			shown{Thread: "today", Title: "disk"},
			"",
		},
		{
			"a post that is archived opens again",
			fake.Channel{Forum: true},
			func(b board) formatter.Message {
				return formatter.Message{Payload: said("disk"), Thread: b.AddThread(b.hook.Channel, fake.Thread{Name: "today", Archived: true})}
			},
			shown{Thread: "today", Title: "disk"},
			"",
		},
		{
			"a post that is locked, and nothing to name another after",
			fake.Channel{Forum: true},
			func(b board) formatter.Message {
				plain := map[string]any{"content": "**`disk\\_a`** is full\nsince noon", "allowed_mentions": map[string]any{"parse": []string{}}}
				return formatter.Message{Payload: plain, Thread: b.AddThread(b.hook.Channel, fake.Thread{Name: "today", Locked: true})}
			},
			shown{Thread: "disk_a is full", Content: "**`disk\\_a`** is full\nsince noon"},
			"",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBoard(test.channel)
				ref, err := b.hooks.Post(t.Context(), test.message(b))
				if err != nil {
					t.Fatal(err)
				}
				m := b.Messages(b.hook.Channel)[0]
				if diff := cmp.Diff([]shown{test.want}, b.shown()); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				where := m.Channel
				if m.Thread != "" {
					where = m.Thread
				}
				if ref != (relay.Ref{Message: m.ID, Channel: where}) {
					t.Errorf("posted as %+v, stands in %s", ref, where)
				}
				if test.logged != "" && b.log.String() != test.logged {
					t.Errorf("logged %s", b.log)
				}
				before := len(b.Log())
				if _, err := b.hooks.Edit(t.Context(), ref, opening("green")); err != nil {
					t.Error(err)
				}
				if after := b.Log()[before:]; m.Thread == m.ID && len(after) != 1 {
					t.Errorf("the edit took %d requests", len(after))
				}
				assertNothingSecret(t, b.log.String())
			})
		})
	}
}

func TestAForumThatWantsATagSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBoard(fake.Channel{Forum: true, RequireTag: true})
		_, err := b.hooks.Post(t.Context(), opening("disk", "1234567890123456789"))
		const want = "post to Discord: webhook may not post: status 400, code 40067: the forum takes posts with a tag only: " +
			"name ids of its tags under forum_tags, or make tags optional in its settings"
		if !errors.As(err, new(*relay.DeadError)) || err.Error() != want {
			t.Errorf("%v", err)
		}
	})
}

func TestATagNeverCostsAnAlert(t *testing.T) {
	tagged := `{"applied_tags":["7"],"content":"x","thread_name":"n"}`
	bare := `{"content":"x","thread_name":"n"}`
	m := formatter.Message{Payload: map[string]any{"content": "x", "thread_name": "n", "applied_tags": []string{"7"}}}
	for name, refusal := range map[string]reply{
		"it is named":  says(400, `{"code":50035,"message":"Invalid Form Body","errors":{"applied_tags":{"_errors":[{"code":"TAG_INVALID"}]}}}`),
		"it may be it": coded(400, 50035),
	} {
		hooks, w := on(discord, chat.Options{}, refusal, says(200, posted))
		if ref, err := hooks.Post(t.Context(), m); err != nil || ref != postedRef {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff([]string{tagged, bare}, w.bodies()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

func TestWhatIsLeftOutOnTheWay(t *testing.T) {
	whole := `{"applied_tags":["7"],"content":"x","thread_name":"n"}`
	for _, test := range []struct {
		name   string
		thread string
		codes  []int
		want   []string
	}{
		{"no forum", "", []int{220003}, []string{whole, `{"content":"x"}`}},
		{"no such tag", "", []int{10087}, []string{whole, `{"content":"x","thread_name":"n"}`}},
		{"no such tag, and no forum either", "", []int{10087, 220003}, []string{whole, `{"content":"x","thread_name":"n"}`, `{"content":"x"}`}},
		{"two threads", "42", []int{220002}, []string{"42 " + whole, `42 {"content":"x"}`}},
	} {
		replies := []reply{}
		for _, code := range test.codes {
			replies = append(replies, coded(400, code))
		}
		hooks, w := on(discord, chat.Options{}, append(replies, says(200, posted))...)
		m := formatter.Message{Payload: jsonText(whole), Thread: test.thread}
		if ref, err := hooks.Post(t.Context(), m); err != nil || ref != postedRef {
			t.Errorf("%s: %v", test.name, err)
		}
		if diff := cmp.Diff(test.want, w.threadsAndBodies()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", test.name, diff)
		}
	}
}

func TestAThreadThatIsGoneFromAForumBecomesAPost(t *testing.T) {
	hooks, w := on(discord, chat.Options{}, coded(404, 10003), coded(400, 220001), says(200, posted))
	m := formatter.Message{Payload: map[string]any{"content": "x"}, Thread: "42"}
	if ref, err := hooks.Post(t.Context(), m); err != nil || ref != postedRef {
		t.Error(err)
	}
	want := []string{`42 {"content":"x"}`, `{"content":"x"}`, `{"content":"x","thread_name":"x"}`}
	if diff := cmp.Diff(want, w.threadsAndBodies()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	hooks, w = on(discord, chat.Options{}, coded(400, 220001), says(200, posted))
	if ref, err := hooks.Post(t.Context(), m); err != nil || ref != postedRef {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{`42 {"content":"x"}`, `{"content":"x"}`}, w.threadsAndBodies()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// threadsAndBodies returns what was sent, each with the thread that it was sent to before it.
func (w *wire) threadsAndBodies() (sent []string) {
	for _, a := range w.asked {
		_, thread, _ := strings.Cut(a.URL, "thread_id=")
		sent = append(sent, strings.TrimSpace(thread+" "+a.Body))
	}
	return sent
}

func TestAnEditGoesStraightToAThreadThatIsKnownToBeOne(t *testing.T) {
	hooks, w := on(discord, chat.Options{}, tellsGuild, says(200, posted))
	if hooks.Link(t.Context(), postedRef) == "" {
		t.Fatal("no link")
	}
	for _, where := range []string{"42", channel} {
		if _, err := hooks.Edit(t.Context(), relay.Ref{Message: postedID, Channel: where}, message()); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasSuffix(w.asked[1].URL, "?thread_id=42") || !strings.HasSuffix(w.asked[2].URL, "/"+postedID) || len(w.asked) != 3 {
		t.Errorf("asked %s, %s", w.asked[1].URL, w.asked[2].URL)
	}
}

func TestALongTitleIsCutForThePostThatItNames(t *testing.T) {
	for title, want := range map[string]string{
		strings.Repeat("가", 101):             strings.Repeat("가", 99) + "…",
		strings.Repeat("a", 98) + "🔴 is red": strings.Repeat("a", 98) + "…",
		"* ` \\":                             "alarmrelay",
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBoard(fake.Channel{Forum: true})
			if _, err := b.hooks.Post(t.Context(), formatter.Message{Payload: said(title)}); err != nil {
				t.Fatal(err)
			}
			if got := b.shown()[0].Thread; got != want {
				t.Errorf("named %s", got)
			}
		})
	}
}
