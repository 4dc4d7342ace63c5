package chat_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/fake"
)

// said is a Discord message without mentions, as strict services want it.
func said(text string) map[string]any {
	return map[string]any{
		"embeds":           []any{map[string]any{"title": text}},
		"allowed_mentions": map[string]any{"parse": []string{}},
	}
}

// TestPromisesInTheFaceOfEveryFault has one fault befall the first request and looks at
// what the channel shows then: an accepted message once, and after an error nothing, or
// an UncertainError.
func TestPromisesInTheFaceOfEveryFault(t *testing.T) {
	var (
		limit, refusal = new(*relay.LimitError), new(*relay.RefusedError)
		dead, block    = new(*relay.DeadError), new(*relay.BlockedError)
		uncertain      = new(*relay.UncertainError)
	)
	for _, test := range []struct {
		fault   fake.Fault
		discord any // the error to be found, nil when it gets over the fault
		slack   any
		bot     any
		shown   int
	}{
		{fake.Fault{Kind: fake.Limited, After: 2 * time.Second}, nil, nil, nil, 1},
		{fake.Fault{Kind: fake.Limited, After: time.Minute}, limit, limit, limit, 0},
		{fake.Fault{Kind: fake.LimitedGlobally, After: 2 * time.Second}, nil, nil, nil, 1},
		{fake.Fault{Kind: fake.BlockedPage}, block, block, block, 0},
		{fake.Fault{Kind: fake.BlockedJSON}, block, block, block, 0},
		{fake.Fault{Kind: fake.Down}, nil, nil, nil, 1},
		{fake.Fault{Kind: fake.Down, Status: 502}, nil, nil, nil, 1},
		{fake.Fault{Kind: fake.Down, Status: 503}, nil, nil, nil, 1},
		{fake.Fault{Kind: fake.Down, Status: 504}, nil, nil, nil, 1},
		{fake.Fault{Kind: fake.Hang}, uncertain, uncertain, uncertain, 0},
		{fake.Fault{Kind: fake.Slow, After: 4 * time.Second}, nil, nil, nil, 1},
		{fake.Fault{Kind: fake.Slow, After: 10 * time.Second}, uncertain, uncertain, uncertain, 0},
		{fake.Fault{Kind: fake.Reset}, nil, nil, nil, 1},
		{fake.Fault{Kind: fake.AnswerLost}, uncertain, uncertain, uncertain, 1},
		{fake.Fault{Kind: fake.AnswerCut}, nil, nil, nil, 1},
		{fake.Fault{Kind: fake.Unknown}, dead, dead, dead, 0},
		{fake.Fault{Kind: fake.BadToken}, dead, dead, dead, 0},
		{fake.Fault{Kind: fake.Forbidden}, dead, dead, dead, 0},
		{fake.Fault{Kind: fake.Gone}, dead, dead, dead, 0},
		{fake.Fault{Kind: fake.Filtered}, refusal, dead, dead, 0},
	} {
		t.Run(fmt.Sprintf("%v after %v, status %d", test.fault.Kind, test.fault.After, test.fault.Status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := fake.NewDiscord(fake.Options{})
				hook := d.AddChannel(fake.Channel{Name: "ops"})
				d.Fail(test.fault)
				o := chat.Options{HTTP: client(fake.Transport{"discord.com": d})}
				ref, err := chat.New(discord, known(hook.URL("https://discord.com")), o).Post(t.Context(), formatter.Message{Payload: said("disk is full")})
				compareFault(t, test.discord, err)
				shown := d.Messages(hook.Channel)
				if len(shown) != test.shown {
					t.Errorf("%d messages are shown, want %d", len(shown), test.shown)
				}
				if err == nil && test.fault.Kind != fake.AnswerCut && ref != (relay.Ref{Message: shown[0].ID, Channel: hook.Channel}) {
					t.Errorf("posted as %+v", ref)
				}
			})
			synctest.Test(t, func(t *testing.T) {
				s := fake.NewSlack(fake.Options{})
				hook := s.AddChannel("ops")
				s.Fail(test.fault)
				o := chat.Options{HTTP: client(fake.Transport{"hooks.slack.com": s})}
				_, err := chat.New(slack, known(hook.URL("https://hooks.slack.com")), o).Post(t.Context(), formatter.Message{Payload: map[string]any{"text": "disk is full"}})
				compareFault(t, test.slack, err)
				if shown := s.Messages(hook.Channel); err == nil && len(shown) != 1 || err != nil && len(shown) != test.shown {
					t.Errorf("%d messages are shown after %v", len(shown), err)
				}
			})
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				o.slack.Fail(test.fault)
				ref, err := o.bot.Post(t.Context(), formatter.Message{Payload: map[string]any{"text": "disk is full"}})
				compareFault(t, test.bot, err)
				shown := o.slack.Messages(o.channel)
				if len(shown) != test.shown {
					t.Errorf("%d messages are shown, want %d", len(shown), test.shown)
				}
				if err == nil && test.fault.Kind != fake.AnswerCut && ref != (relay.Ref{Message: shown[0].TS, Channel: o.channel}) {
					t.Errorf("posted as %+v", ref)
				}
			})
		})
	}
}

func compareFault(t *testing.T, want any, err error) {
	t.Helper()
	if want == nil && err != nil || want != nil && (err == nil || !errors.As(err, want)) {
		t.Errorf("got %v, want %T", err, want)
	}
}

func TestAStormMeetsNoLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := fake.NewDiscord(fake.Options{})
		hook := d.AddChannel(fake.Channel{Name: "ops"})
		hooks := chat.New(discord, known(hook.URL("https://discord.com")), chat.Options{HTTP: client(fake.Transport{"discord.com": d})})
		var want, got []string
		for i := range 25 {
			text := fmt.Sprintf("alarm %d", i)
			want = append(want, text)
			if _, err := hooks.Post(t.Context(), formatter.Message{Payload: said(text)}); err != nil {
				t.Fatal(err)
			}
		}
		for _, m := range d.Messages(hook.Channel) {
			got = append(got, m.Embeds[0].Title)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		for _, e := range d.Log() {
			if e.Status == 429 {
				t.Errorf("a limit was met at %v", e.At)
			}
		}
	})
}

func TestTheWholeLifeOfAMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := fake.NewDiscord(fake.Options{})
		hook := d.AddChannel(fake.Channel{Name: "ops"})
		hooks := chat.New(discord, known(hook.URL("https://discord.com")), chat.Options{HTTP: client(fake.Transport{"discord.com": d})})
		if err := hooks.Alive(t.Context()); err != nil {
			t.Fatal(err)
		}
		red := said("disk is full")
		red["content"], red["username"], red["flags"] = "**disk** is full", "CloudWatch", fake.FlagSuppressNotifications
		ref, err := hooks.Post(t.Context(), formatter.Message{
			Payload: red, Components: true, Thread: "123456789012345678", // which is not there
			Files: []formatter.File{{Name: "names.txt", ContentType: "text/plain", Data: []byte("names")}},
		})
		if err != nil {
			t.Fatal(err)
		}
		green := said("disk has room")
		green["username"] = "CloudWatch"
		if _, err := hooks.Edit(t.Context(), ref, formatter.Message{Payload: green, Thread: "123456789012345678"}); err != nil {
			t.Fatal(err)
		}
		shown := d.Messages(hook.Channel)
		if len(shown) != 1 || shown[0].Embeds[0].Title != "disk has room" || shown[0].Content != "" || len(shown[0].Files) != 1 {
			t.Errorf("shown: %+v", shown)
		}
		more := formatter.Message{Payload: green, Files: []formatter.File{{Name: "names.txt", ContentType: "text/plain", Data: []byte("more names")}}}
		if _, err := hooks.Edit(t.Context(), ref, more); err != nil {
			t.Fatal(err)
		}
		if shown := d.Messages(hook.Channel); len(shown[0].Files) != 1 || string(shown[0].Files[0].Data) != "more names" {
			t.Errorf("files after an edit that brings one: %+v", shown[0].Files)
		}
		if err := hooks.Delete(t.Context(), ref); err != nil || len(d.Messages(hook.Channel)) > 0 {
			t.Errorf("deleted: %v", err)
		}
		if _, err := hooks.Edit(t.Context(), ref, formatter.Message{Payload: green}); !errors.Is(err, relay.ErrGone) {
			t.Errorf("edited after its end: %v", err)
		}
		d.RemoveWebhook(hook.ID)
		if err := hooks.Alive(t.Context()); !errors.As(err, new(*relay.DeadError)) {
			t.Errorf("alive after its end: %v", err)
		}
	})
}

func TestMessagesOfForums(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := fake.NewDiscord(fake.Options{})
		hook := d.AddChannel(fake.Channel{Name: "incidents", Forum: true})
		thread := d.AddThread(hook.Channel, fake.Thread{Name: "today"})
		hooks := chat.New(discord, known(hook.URL("https://discord.com")), chat.Options{HTTP: client(fake.Transport{"discord.com": d})})

		ref, err := hooks.Post(t.Context(), formatter.Message{Payload: said("in it"), Thread: thread})
		if err != nil || ref.Channel != thread {
			t.Fatal(ref, err)
		}
		if _, err := hooks.Edit(t.Context(), ref, formatter.Message{Payload: said("in it, changed"), Thread: thread}); err != nil {
			t.Error(err)
		}
		opening := said("opens its own")
		opening["thread_name"] = "disk is full"
		if ref, err = hooks.Post(t.Context(), formatter.Message{Payload: opening}); err != nil {
			t.Fatal(err)
		}
		opening["embeds"] = said("is found again")["embeds"]
		if _, err := hooks.Edit(t.Context(), ref, formatter.Message{Payload: opening}); err != nil {
			t.Error(err)
		}
		var got []string
		for _, m := range d.Messages(hook.Channel) {
			got = append(got, m.Embeds[0].Title)
		}
		if diff := cmp.Diff([]string{"in it, changed", "is found again"}, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestSlackAnswersWhetherAWebhookIsAlive(t *testing.T) {
	s := fake.NewSlack(fake.Options{})
	hook := s.AddChannel("ops")
	hooks := chat.New(slack, known(hook.URL("https://hooks.slack.com")), chat.Options{HTTP: client(fake.Transport{"hooks.slack.com": s})})
	if err := hooks.Warm(t.Context()); err != nil {
		t.Error(err)
	}
	if err := hooks.Alive(t.Context()); err != nil {
		t.Error(err)
	}
	s.RemoveWebhook(hook.ID)
	if err := hooks.Alive(t.Context()); !errors.As(err, new(*relay.DeadError)) {
		t.Error(err)
	}
	if shown := s.Messages(hook.Channel); len(shown) > 0 {
		t.Errorf("asking has shown %+v", shown)
	}
}
