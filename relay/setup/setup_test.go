package setup

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/rule"
	"alarmrelay/relay/secret"
)

// config is a file with one destination of a name.
func config(name string) string {
	return "destinations: {" + name + `: {discord: "env:ANY"}}` + "\nrules: [{to: [" + name + "]}]\n"
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestConfigIsTakenFromTheFirstPlaceThatHasOne(t *testing.T) {
	const address = "https://discord.com/api/webhooks/123456789012345678/not-a-real-token"
	for name, row := range map[string]struct {
		files       map[string]string
		environment map[string]string
		want        []string // names of destinations
	}{
		"a named file wins": {
			map[string]string{"other.yaml": config("other"), DefaultFile: config("here")},
			map[string]string{PathVariable: "other.yaml", discordVariable: address},
			[]string{"other"},
		},
		"then the file in the working directory": {
			map[string]string{DefaultFile: config("here")},
			map[string]string{discordVariable: address},
			[]string{"here"},
		},
		"then both webhooks of the environment": {
			nil,
			map[string]string{discordVariable: address, slackVariable: "ssm:/slack"},
			[]string{"discord", "slack"},
		},
		"a blank webhook is none": {
			nil,
			map[string]string{discordVariable: "  \n", slackVariable: "ssm:/slack"},
			[]string{"slack"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for file, text := range row.files {
				write(t, file, text)
			}
			c, err := Config(func(name string) string { return row.environment[name] })
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range c.Destinations {
				got = append(got, d.Name)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("destinations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFindLooksBesideTheBinary(t *testing.T) {
	t.Chdir(t.TempDir())
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	beside := filepath.Join(filepath.Dir(binary), DefaultFile)
	write(t, beside, config("beside"))
	t.Cleanup(func() {
		if err := os.Remove(beside); err != nil {
			t.Error(err)
		}
	})
	if got := Find(func(string) string { return "" }); got != beside {
		t.Errorf("found %q, want %q", got, beside)
	}
}

func TestConfigRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "wrong.yaml", "destinations: {}\nrules: 3\n")
	environment := map[string]string{}
	getenv := func(name string) string { return environment[name] }

	if _, err := Config(getenv); !errors.Is(err, ErrNoConfig) {
		t.Errorf("nothing at all: got %v, want ErrNoConfig", err)
	}
	environment[PathVariable] = "absent.yaml"
	if _, err := Config(getenv); err == nil || err.Error() != "configuration absent.yaml does not exist" {
		t.Errorf("an absent file: got %v", err)
	}
	environment[PathVariable] = "wrong.yaml"
	_, err := Config(getenv)
	if problems := rule.Errors(nil); !errors.As(err, &problems) || len(problems) != 2 || problems[0].File != "wrong.yaml" {
		t.Errorf("a file with two mistakes: got %v", err)
	}
	environment[PathVariable] = "."
	if _, err := Config(getenv); err == nil || !strings.HasPrefix(err.Error(), "read configuration: ") {
		t.Errorf("a folder: got %v", err)
	}
}

// shelf is a secret.Source of what it holds.
type shelf map[string]string

func (s shelf) Fetch(_ context.Context, r secret.Reference) (secret.Value, error) {
	text, ok := s[r.String()]
	if !ok {
		return secret.Value{}, fmt.Errorf("%v: nothing there", r)
	}
	return secret.New(text), nil
}

func TestDestinationsPostToWhereTheirReferencesLead(t *testing.T) {
	discord, slack := fake.NewDiscord(fake.Options{}), fake.NewSlack(fake.Options{})
	discordServer, slackServer := httptest.NewServer(discord), httptest.NewServer(slack)
	defer discordServer.Close()
	defer slackServer.Close()
	ops, backend := discord.AddChannel(fake.Channel{Name: "ops"}), slack.AddChannel("backend")
	room, bot := slack.AddChannel("room"), slack.AddBot()
	slack.Invite(bot, room.Channel)

	c, err := rule.Parse("test.yaml", []byte(`
allow_hosts: ["`+strings.TrimPrefix(discordServer.URL, "http://")+`", "`+strings.TrimPrefix(slackServer.URL, "http://")+`"]
destinations:
  ops: {discord: "ssm:/ops"}
  backend: {slack: "ssm:/backend"}
  room: {slack_bot: "ssm:/bot", channel: `+room.Channel+`}
  lost: {slack: "ssm:/lost"}
rules: [{to: [ops, backend, room, lost]}]
`))
	if err != nil {
		t.Fatal(err)
	}
	source := shelf{"ssm:/ops": ops.URL(discordServer.URL), "ssm:/backend": backend.URL(slackServer.URL), "ssm:/bot": bot.Secret(slackServer.URL)}
	destinations := Destinations(c, source, chat.Options{UserAgent: UserAgent("1.2")})
	message := formatter.Message{Payload: map[string]string{"content": "hello"}}
	for name, channel := range Channels(destinations) {
		m := message
		if channel.Service() == formatter.ServiceSlack {
			m.Payload = map[string]string{"text": "hello"}
		}
		_, err := channel.Post(t.Context(), m)
		if lost := name == "lost"; lost != (err != nil) {
			t.Errorf("%s: got error %v", name, err)
		}
	}
	if got := discord.Messages(ops.Channel); len(got) != 1 || got[0].Content != "hello" {
		t.Errorf("Discord shows %+v", got)
	}
	for _, channel := range []string{backend.Channel, room.Channel} {
		if got := slack.Messages(channel); len(got) != 1 || got[0].Text != "hello" {
			t.Errorf("Slack shows %+v", got)
		}
	}
}

func TestDestinationsTakeTheAddressOfTheEnvironment(t *testing.T) {
	discord := fake.NewDiscord(fake.Options{})
	server := httptest.NewServer(discord)
	defer server.Close()
	hook := discord.AddChannel(fake.Channel{Name: "ops"})
	c, err := rule.FromWebhooks(secret.New(hook.URL(server.URL)), secret.Value{})
	if err != nil {
		t.Fatal(err)
	}
	c.AllowHosts = []string{strings.TrimPrefix(server.URL, "http://")}
	webhook := Destinations(c, shelf{}, chat.Options{})["discord"]
	if err := webhook.Alive(t.Context()); err != nil {
		t.Error(err)
	}
	var _ relay.Channel = webhook
}
