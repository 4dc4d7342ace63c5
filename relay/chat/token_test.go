package chat_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/secret"
)

func TestABotsTokenIsFetchedAgainWhenItIsGoodNoMore(t *testing.T) {
	k := &kept{addresses: []string{botToken, "xoxb-new"}}
	w := &wire{replies: []reply{no("token_revoked"), says(200, `{"ok":true}`)}}
	bot := chat.NewBot(room, k.fetch, chat.Options{HTTP: client(w)})
	if _, err := bot.Post(t.Context(), text("full")); err != nil || k.fetches != 2 || w.asked[1].Header.Get("Authorization") != "Bearer xoxb-new" {
		t.Errorf("%v after %d fetches", err, k.fetches)
	}
	missing := chat.NewBot(room, (&kept{addresses: []string{"missing"}}).fetch, chat.Options{HTTP: client(w)})
	_, err := missing.Post(t.Context(), text("full"))
	if diff := cmp.Diff(error(&relay.DeadError{Bot: true}), acted(err)); diff != "" || !strings.Contains(err.Error(), "bot has no usable token") {
		t.Error(err, diff)
	}
}

func TestWhereABotsTokenIsSent(t *testing.T) {
	for name, test := range map[string]struct {
		kept string
		want string // the address asked, or what the error says
	}{
		"a token":                   {botToken, botPost},
		"a token between blanks":    {" " + botToken + "\n", botPost},
		"GovSlack":                  {"https://" + botToken + "@slack-gov.com", "https://slack-gov.com/api/chat.postMessage"},
		"Slack in so many words":    {"https://" + botToken + "@slack.com/", botPost},
		"a listed host":             {"http://" + botToken + "@127.0.0.1:8080", "http://127.0.0.1:8080/api/chat.postMessage"},
		"plain http":                {"http://" + botToken + "@slack.com", "allow_hosts only"},
		"another host":              {"https://" + botToken + "@slack.com.example.org", "allow_hosts"},
		"another scheme":            {"ftp://" + botToken + "@slack.com", "begins with xoxb-"},
		"a password":                {"https://user:" + botToken + "@slack.com", "begins with xoxb-"},
		"a path":                    {"https://" + botToken + "@slack.com/api/chat.delete", "begins with xoxb-"},
		"host and token exchanged":  {"https://slack.com@" + botToken, "begins with xoxb-"},
		"nothing":                   {"", "begins with xoxb-"},
		"a word":                    {slackToken, "begins with xoxb-"},
		"two tokens":                {botToken + " " + botToken, "begins with xoxb-"},
		"a line to slip in":         {botToken + "\r\nHost: evil.example", "begins with xoxb-"},
		"a user's token":            {strings.Replace(botToken, "xoxb", "xoxp", 1), "that person's"},
		"an app's token":            {strings.Replace(botToken, "xoxb", "xapp", 1), "app-level"},
		"a token that ends":         {"xoxe." + botToken, "token rotation"},
		"a webhook":                 {slackURL, "declare it with slack:"},
		"a webhook without a token": {"https://hooks.slack.com", "declare it with slack:"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &wire{replies: []reply{says(200, `{"ok":true}`)}}
			allow := []string{"127.0.0.1:8080"}
			bot := chat.NewBot(room, known(test.kept), chat.Options{HTTP: client(w), AllowHosts: allow})
			_, err := bot.Post(t.Context(), text("full"))
			if checked := chat.CheckToken(secret.New(test.kept), allow); (checked == nil) != (err == nil) {
				t.Errorf("checked: %v, posted: %v", checked, err)
			}
			if err != nil {
				if !strings.Contains(err.Error(), test.want) || !errors.As(err, new(*relay.DeadError)) || len(w.asked) > 0 {
					t.Errorf("%v after %d requests", err, len(w.asked))
				}
				assertNothingSecret(t, err)
				return
			}
			if w.asked[0].URL != test.want {
				t.Errorf("asked %s", w.asked[0].URL)
			}
		})
	}
}
