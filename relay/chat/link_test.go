package chat_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/secret"
)

const guild = "440000000000000044"

var tellsGuild = says(200, `{"id":"`+discordID+`","token":"`+discordToken+`","guild_id":"`+guild+`","channel_id":"`+channel+`"}`)

func TestLinksLeadToMessages(t *testing.T) {
	for _, test := range []struct {
		name, address string
		ref           relay.Ref
		want          string
	}{
		{"in the channel", discordURL, postedRef, "https://discord.com/channels/" + guild + "/" + channel + "/" + postedID},
		{"in a thread", discordURL, relay.Ref{Message: postedID, Channel: "42"}, "https://discord.com/channels/" + guild + "/42/" + postedID},
		{"of an answer that was cut off", discordURL, relay.Ref{Message: postedID}, "https://discord.com/channels/" + guild + "/" + channel + "/" + postedID},
		{"of another of Discord's names", strings.Replace(discordURL, "discord.com", "canary.discord.com", 1), postedRef, "https://discord.com/channels/" + guild + "/" + channel + "/" + postedID},
		{"on the desk", strings.Replace(discordURL, "https://discord.com", "http://127.0.0.1:8080", 1), postedRef, "http://127.0.0.1:8080/channels/" + guild + "/" + channel + "/" + postedID},
		{"of no message", discordURL, relay.Ref{}, ""},
		{"of what is no id", discordURL, relay.Ref{Message: "../x", Channel: channel}, ""},
		{"in what is no channel", discordURL, relay.Ref{Message: postedID, Channel: "a)b"}, ""},
	} {
		w := &wire{replies: []reply{tellsGuild}}
		hooks := chat.New(discord, known(test.address), chat.Options{HTTP: client(w), AllowHosts: []string{"127.0.0.1:8080"}})
		if got := hooks.Link(t.Context(), test.ref); got != test.want {
			t.Errorf("%s: %s", test.name, got)
		}
		assertNothingSecret(t, hooks.Link(t.Context(), test.ref))
		if len(w.asked) > 1 {
			t.Errorf("%s: asked %d times", test.name, len(w.asked))
		}
	}
}

// TestALinkIsLookedUpOnceAMinuteUntilItIsKnown also looks that it takes no longer than a second, and that limits are kept.
func TestALinkIsLookedUpOnceAMinuteUntilItIsKnown(t *testing.T) {
	for name, failure := range map[string]reply{
		"silence": silent, "no network": unreachable, "down": says(502, badGateway), "dead": coded(404, 10015), "a page": says(200, cloudflarePage),
		"a limit": says(429, `{"retry_after":2}`), "no server": says(200, `{"guild_id":null,"channel_id":"1"}`), "no id": says(200, `{"guild_id":"<@1>"}`),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hooks, w := on(discord, chat.Options{}, failure, tellsGuild)
				began := time.Now()
				for range 3 {
					if got := hooks.Link(t.Context(), postedRef); got != "" {
						t.Errorf("a link: %s", got)
					}
				}
				if took := time.Since(began); took > time.Second || len(w.asked) != 1 {
					t.Errorf("asked %d times in %v", len(w.asked), took)
				}
				time.Sleep(time.Minute)
				for range 3 {
					if hooks.Link(t.Context(), postedRef) == "" {
						t.Error("no link after a minute")
					}
				}
				if len(w.asked) != 2 {
					t.Errorf("asked %d times", len(w.asked))
				}
			})
		})
	}
}

func TestALimitThatALinkMeetsIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hooks, w := on(discord, chat.Options{}, says(429, `{"retry_after":2}`), says(200, posted))
		if got := hooks.Link(t.Context(), postedRef); got != "" {
			t.Error(got)
		}
		if got := deliver(t.Context(), hooks, w, message()); got.Took != 2*time.Second || got.Ref != postedRef || len(w.asked) != 2 {
			t.Errorf("%+v", got)
		}
	})
}

func TestALinkWaitsForNoOtherMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hooks, w := on(discord, chat.Options{}, says(429, `{"retry_after":8}`), says(200, posted), tellsGuild)
		sent := make(chan error)
		go func() { _, err := hooks.Post(t.Context(), message()); sent <- err }()
		synctest.Wait()
		began := time.Now()
		if got := hooks.Link(t.Context(), postedRef); got != "" || time.Since(began) != time.Second {
			t.Errorf("%q after %v", got, time.Since(began))
		}
		if err := <-sent; err != nil || time.Since(began) > 9*time.Second {
			t.Error(err, time.Since(began))
		}
		if len(w.asked) != 2 {
			t.Errorf("asked %d times", len(w.asked))
		}
	})
}

func TestAServiceThatTurnsUsAwayIsNotAskedForLinks(t *testing.T) {
	for name, busy := range map[string]reply{
		"a block":            says(429, cloudflarePage, "Retry-After: 600"),
		"a limit":            says(429, `{"retry_after":60}`),
		"a limit of all":     says(429, `{"retry_after":60,"global":true}`),
		"an address missing": nil,
	} {
		hooks, w := on(discord, chat.Options{MaxWait: -1}, busy, tellsGuild)
		if busy == nil {
			hooks = chat.New(discord, func(context.Context) (secret.Value, error) { return secret.Value{}, secret.ErrMissing }, chat.Options{HTTP: client(w)})
		}
		if _, err := hooks.Post(t.Context(), message()); err == nil {
			t.Errorf("%s: posted", name)
		}
		before := len(w.asked)
		if got := hooks.Link(t.Context(), postedRef); got != "" || len(w.asked) != before {
			t.Errorf("%s: asked for %q", name, got)
		}
	}
}

func TestAWebhookWithANewAddressLooksAgain(t *testing.T) {
	d := fake.NewDiscord(fake.Options{})
	old, fresh := d.AddChannel(fake.Channel{Name: "old"}), d.AddChannel(fake.Channel{Name: "new"})
	address := old
	fetch := func(context.Context) (secret.Value, error) {
		return secret.New(address.URL("https://discord.com")), nil
	}
	hooks := chat.New(discord, fetch, chat.Options{HTTP: client(fake.Transport{"discord.com": d})})
	before := hooks.Link(t.Context(), relay.Ref{Message: postedID})
	d.RemoveWebhook(old.ID)
	address = fresh
	if _, err := hooks.Post(t.Context(), formatter.Message{Payload: said("x")}); err != nil {
		t.Fatal(err)
	}
	after := hooks.Link(t.Context(), relay.Ref{Message: postedID})
	if !strings.Contains(before, "/"+old.Channel+"/") || !strings.Contains(after, "/"+fresh.Channel+"/") {
		t.Errorf("before %s, after %s", before, after)
	}
}

func TestSlacksWebhooksHaveNoLinks(t *testing.T) {
	hooks, w := on(slack, chat.Options{}, says(200, "ok"))
	if got := hooks.Link(t.Context(), relay.Ref{Message: "1700000000.000001", Channel: room}); got != "" || len(w.asked) > 0 {
		t.Error(got, w.asked)
	}
}

// TestABotsLinksAreSlacksPermalinks holds them against what chat.getPermalink answers.
func TestABotsLinksAreSlacksPermalinks(t *testing.T) {
	s := fake.NewSlack(fake.Options{})
	app, place := s.AddBot(), s.AddChannel("ops").Channel
	s.Invite(app, place)
	desk := httptest.NewServer(s)
	defer desk.Close()
	for _, test := range []struct{ base, want string }{{"https://slack.com", "https://team.slack.com/archives/"}, {desk.URL, desk.URL + "/archives/"}} {
		o := chat.Options{AllowHosts: []string{strings.TrimPrefix(desk.URL, "http://")}}
		if test.base != desk.URL {
			o.HTTP = client(fake.Transport{"slack.com": s})
		}
		bot := chat.NewBot(place, known(app.Secret(test.base)), o)
		ref, err := bot.Post(t.Context(), text("red"))
		if err != nil {
			t.Fatal(err)
		}
		got := bot.Link(t.Context(), ref)
		if want := permalink(t, o.HTTP, test.base, app.Token, ref); got != want || !strings.HasPrefix(got, test.want) {
			t.Errorf("got %s, want %s", got, want)
		}
		before := len(s.Log())
		if got := bot.Link(t.Context(), relay.Ref{Message: "1700000000.000099"}); got != test.want+place+"/p1700000000000099" || len(s.Log()) != before {
			t.Errorf("the second: %s", got)
		}
	}
}

// permalink asks Slack itself.
func permalink(t *testing.T, c *http.Client, base, token string, ref relay.Ref) string {
	t.Helper()
	if c == nil {
		c = http.DefaultClient
	}
	query := url.Values{"channel": {ref.Channel}, "message_ts": {ref.Message}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/api/chat.getPermalink?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var said struct {
		Permalink string `json:"permalink"`
	}
	if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
		t.Fatal(err)
	}
	return said.Permalink
}

func TestABotTakesNoLinkFromElsewhere(t *testing.T) {
	ref := relay.Ref{Message: "1700000000.000001", Channel: room}
	for team, want := range map[string]string{
		`"https://team.slack.com/"`:           "https://team.slack.com/archives/" + room + "/p1700000000000001",
		`"https://team.enterprise.slack.com"`: "https://team.enterprise.slack.com/archives/" + room + "/p1700000000000001",
		`"http://team.slack.com/"`:            "",
		`"https://slack.com.example.org/"`:    "",
		`"https://evilslack.com/"`:            "",
		`"https://%"`:                         "",
		`null`:                                "",
	} {
		bot, _ := botOn(chat.Options{}, says(200, `{"ok":true,"url":`+team+`}`))
		if got := bot.Link(t.Context(), ref); got != want {
			t.Errorf("%s: %s", team, got)
		}
	}
	bot, w := botOn(chat.Options{}, no("invalid_auth"))
	if got := bot.Link(t.Context(), ref) + bot.Link(t.Context(), relay.Ref{Message: "a|b"}); got != "" || len(w.asked) != 1 {
		t.Error(got, len(w.asked))
	}
}

func TestARepliesWhereverTheThreadIs(t *testing.T) {
	o := newOffice(t)
	red, err := o.bot.Post(t.Context(), text("red"))
	if err != nil {
		t.Fatal(err)
	}
	loud := text("fires again")
	loud.Thread, loud.Broadcast = red.Message, true
	quiet := text("recovered")
	quiet.Thread = red.Message
	post := func(m formatter.Message) {
		t.Helper()
		if _, err := o.bot.Post(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	post(loud)
	post(quiet)
	o.slack.DeleteMessage(o.channel, red.Message)
	post(quiet) // its thread is still there
	if _, err := o.bot.Edit(t.Context(), red, text("green")); !errors.Is(err, relay.ErrGone) {
		t.Errorf("edited after its end: %v", err)
	}
	alone, err := o.bot.Post(t.Context(), text("red"))
	if err != nil {
		t.Fatal(err)
	}
	o.slack.DeleteMessage(o.channel, alone.Message)
	loud.Thread = alone.Message
	post(loud) // nothing is left of that one
	type line struct {
		Text, Thread string
		Broadcast    bool
	}
	var got []line
	for _, m := range o.slack.Messages(o.channel) {
		got = append(got, line{m.Text, m.Thread, m.Broadcast})
	}
	want := []line{{"fires again", red.Message, true}, {"recovered", red.Message, false}, {"recovered", red.Message, false}, {"fires again", "", false}}
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
}
