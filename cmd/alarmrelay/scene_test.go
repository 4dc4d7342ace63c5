package main

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alarmrelay/relay/fake"
	"alarmrelay/relay/secret"
)

// scene is a Discord and a Slack for commands that run in this process; the
// variables OPS and BACKEND hold addresses of webhooks there.
type scene struct {
	t       *testing.T
	discord *fake.Discord
	slack   *fake.Slack
	ops     fake.Webhook
	backend fake.SlackHook
}

func newScene(t *testing.T) *scene {
	s := &scene{t: t, discord: fake.NewDiscord(fake.Options{Unlimited: true}), slack: fake.NewSlack(fake.Options{Unlimited: true})}
	discordServer, slackServer := httptest.NewServer(s.discord), httptest.NewServer(s.slack)
	t.Cleanup(func() {
		s.discord.Close()
		s.slack.Close()
		discordServer.Close()
		slackServer.Close()
	})
	s.ops, s.backend = s.discord.AddChannel(fake.Channel{Name: "ops"}), s.slack.AddChannel("backend")
	t.Setenv("OPS", s.ops.URL(discordServer.URL))
	t.Setenv("BACKEND", s.backend.URL(slackServer.URL))
	return s
}

// file writes a configuration and returns its path.
func (s *scene) file(text string) string {
	path := filepath.Join(s.t.TempDir(), "alarmrelay.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// testEnv is an env that keeps what is written.
type testEnv struct {
	*env
	out, err bytes.Buffer
}

func (s *scene) env(args ...string) *testEnv { return newTestEnv(args...) }

func newTestEnv(args ...string) *testEnv {
	e := &testEnv{env: &env{
		args: args, stdin: strings.NewReader(""), getenv: func(string) string { return "" },
		now: time.Now, secrets: secret.Local{}, account: listed{},
	}}
	e.stdout, e.stderr = &e.out, &e.err
	return e
}
