package chat_test

import (
	"strings"
	"testing"

	"alarmrelay/formatter"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/secret"
)

const (
	discord = formatter.ServiceDiscord
	slack   = formatter.ServiceSlack
)

func TestRequestsGoToVersion10OfTheOneHost(t *testing.T) {
	const own = "http://127.0.0.1:8080"
	for _, test := range []struct {
		name    string
		service formatter.Service
		address string
		want    string
	}{
		{"as Discord's settings copy it", discord, discordURL, "https://discord.com" + discordPath + "?wait=true"},
		{"with white space around it", discord, "\t" + discordURL + " \n", "https://discord.com" + discordPath + "?wait=true"},
		{"with a slash at the end", discord, discordURL + "/", "https://discord.com" + discordPath + "?wait=true"},
		{"an old version", discord, "https://discord.com/api/v8/webhooks/" + discordID + "/" + discordToken, "https://discord.com" + discordPath + "?wait=true"},
		{"the old host", discord, "https://discordapp.com/api/webhooks/" + discordID + "/" + discordToken, "https://discord.com" + discordPath + "?wait=true"},
		{"canary", discord, "https://canary.discord.com/api/webhooks/" + discordID + "/" + discordToken, "https://discord.com" + discordPath + "?wait=true"},
		{"ptb in capitals", discord, "HTTPS://PTB.Discord.com/api/webhooks/" + discordID + "/" + discordToken, "https://discord.com" + discordPath + "?wait=true"},
		{"Slack", slack, slackURL, "https://hooks.slack.com" + slackPath},
		{"Slack for governments", slack, strings.Replace(slackURL, "slack.com", "slack-gov.com", 1), "https://hooks.slack-gov.com" + slackPath},
		{"a listed host over plain http", discord, own + "/api/webhooks/" + discordID + "/" + discordToken, own + discordPath + "?wait=true"},
		{"a listed host that speaks Slack", slack, own + "/hooks/abc123?tenant=7", own + "/hooks/abc123?tenant=7"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := &wire{replies: []reply{says(200, posted)}}
			hooks := chat.New(test.service, known(test.address), chat.Options{HTTP: client(w), AllowHosts: []string{"127.0.0.1:8080"}})
			if _, err := hooks.Post(t.Context(), message()); err != nil {
				t.Fatal(err)
			}
			if w.asked[0].URL != test.want {
				t.Errorf("asked for %s, want %s", w.asked[0].URL, test.want)
			}
		})
	}
}

func TestAllowHosts(t *testing.T) {
	address := func(host string) string { return "http://" + host + "/api/webhooks/" + discordID + "/" + discordToken }
	for _, test := range []struct {
		name, address string
		allow         []string
		ok            bool
	}{
		{"nobody is allowed", address("127.0.0.1:8080"), nil, false},
		{"host and port are the same", address("127.0.0.1:8080"), []string{"localhost", "127.0.0.1:8080"}, true},
		{"another port", address("127.0.0.1:8081"), []string{"127.0.0.1:8080"}, false},
		{"a host allows every port", address("relay.example.org:8081"), []string{"Relay.example.org"}, true},
		{"a name that only ends like it", address("evil-relay.example.org"), []string{"relay.example.org"}, false},
		{"an empty entry allows nobody", address("127.0.0.1"), []string{""}, false},
		{"IPv6 with a port", address("[::1]:8080"), []string{"[::1]:8080"}, true},
		{"IPv6 with every port", address("[::1]:8080"), []string{"::1"}, true},
		{"plain http to a listed Discord", address("discord.com"), []string{"discord.com"}, true},
		{"another scheme", strings.Replace(address("127.0.0.1"), "http", "ftp", 1), []string{"127.0.0.1"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := chat.CheckURL(discord, secret.New(test.address), test.allow)
			if (err == nil) != test.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCheckURLTeachesAndRepeatsNothing(t *testing.T) {
	for _, test := range []struct {
		name    string
		service formatter.Service
		address string
		says    string
	}{
		{"nothing", discord, "", "begins with https://"},
		{"a word", discord, discordToken, "begins with https://"},
		{"a broken address", discord, "https://discord.com:port/" + discordToken, "begins with https://"},
		{"a control character", discord, discordURL[:40] + "\x7f" + discordToken, "begins with https://"},
		{"no host", discord, "https:///api/webhooks/" + discordID + "/" + discordToken, "begins with https://"},
		{"an opaque address", discord, "https:discord.com/" + discordToken, "begins with https://"},
		{"a mail address", slack, "mailto:" + slackToken + "@hooks.slack.com", "begins with https://"},
		{"another scheme", slack, "ftp://hooks.slack.com" + slackPath, "begins with https://"},
		{"a user name", discord, "https://" + discordToken + "@discord.com/api/webhooks/1/2", "no user name"},
		{"a fragment", discord, discordURL + "#" + discordToken, "no #"},
		{"plain http", discord, strings.Replace(discordURL, "https", "http", 1), "allow_hosts only"},
		{"another host", discord, strings.Replace(discordURL, "discord.com", "discord.com.example.org", 1), "allow_hosts"},
		{"another port", discord, strings.Replace(discordURL, "discord.com", "discord.com:8443", 1), "allow_hosts"},
		{"another host for Slack", slack, strings.Replace(slackURL, "hooks.slack.com", "slack.com", 1), "not Slack's host"},
		{"Slack's for Discord", discord, slackURL, "declare it with slack:"},
		{"Discord's for Slack", slack, discordURL, "declare it with discord:"},
		{"Discord's dialect of Slack", discord, discordURL + "/slack", "leave that ending out"},
		{"Discord's dialect of GitHub", discord, discordURL + "/github", "leave that ending out"},
		{"a message's address", discord, discordURL + "/messages/1", "/api/webhooks/ID/TOKEN"},
		{"a channel's address", discord, "https://discord.com/channels/1/" + discordToken, "/api/webhooks/ID/TOKEN"},
		{"no token", discord, "https://discord.com/api/webhooks/" + discordID, "/api/webhooks/ID/TOKEN"},
		{"an id of letters", discord, "https://discord.com/api/webhooks/ops/" + discordToken, "/api/webhooks/ID/TOKEN"},
		{"a thread", discord, discordURL + "?thread_id=1", "named in the rule"},
		{"a workflow's trigger", slack, "https://hooks.slack.com/triggers/" + slackIDs + "/" + slackToken, "Slack workflow"},
		{"an old workflow's trigger", slack, "https://hooks.slack.com/workflows/" + slackIDs + "/1/" + slackToken, "Slack workflow"},
		{"half an address of Slack's", slack, "https://hooks.slack.com/services/" + slackToken, "/services/T.../B.../..."},
		{"no path", slack, "https://hooks.slack.com/", "/services/T.../B.../..."},
		{"a bot's token", slack, botToken, "declare it with slack_bot:"},
		{"Slack's with a query", slack, slackURL + "?x=" + slackToken, "/services/T.../B.../..."},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := chat.CheckURL(test.service, secret.New(test.address), nil)
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %q does not say %q", err, test.says)
			}
			assertNothingSecret(t, err)
		})
	}
}

func TestPreviewPath(t *testing.T) {
	none := secret.Value{}
	for _, test := range []struct {
		name    string
		service formatter.Service
		address secret.Value
		message formatter.Message
		want    string
	}{
		{"Discord", discord, secret.New(discordURL), formatter.Message{}, "/api/v10/webhooks/" + discordID + "/[secret]?wait=true"},
		{"with components", discord, secret.New(discordURL), formatter.Message{Components: true}, "/api/v10/webhooks/" + discordID + "/[secret]?wait=true&with_components=true"},
		{
			"in a thread", discord, none,
			formatter.Message{Thread: "42", Components: true},
			"/api/v10/webhooks/[id]/[secret]?wait=true&thread_id=42&with_components=true",
		},
		{"an unknown address", discord, none, formatter.Message{}, "/api/v10/webhooks/[id]/[secret]?wait=true"},
		{"an unusable address", discord, secret.New(discordToken), formatter.Message{}, "/api/v10/webhooks/[id]/[secret]?wait=true"},
		{"Slack", slack, secret.New(slackURL), formatter.Message{Thread: "42", Components: true}, "/services/" + slackIDs + "/[secret]"},
		{"an unknown Slack", slack, none, formatter.Message{}, "/services/[secret]"},
		{"a Slack of one's own", slack, secret.New("http://127.0.0.1:80/hooks/abc"), formatter.Message{}, "/[secret]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := chat.PreviewPath(test.service, test.address, test.message); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
