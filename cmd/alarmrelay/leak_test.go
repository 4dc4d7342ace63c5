package main

import (
	"encoding/json"
	"strings"
	"testing"

	"alarmrelay/events"
)

// TestNoTokenIsShown runs every command that knows a webhook's address on every sample event, and send, which the services' rate
// limits slow down, on every tenth.
func TestNoTokenIsShown(t *testing.T) {
	s := newScene(t)
	s.discord.RemoveWebhook(s.ops.ID) // so that deliveries fail, and errors are shown
	config := s.file(liveConfig)
	all := events.Names()
	var some []string
	for i := 0; i < len(all); i += 10 { // by name, so that kinds lie side by side
		some = append(some, all[i])
	}
	for name, args := range map[string][]string{
		"preview": append([]string{"preview"}, all...),
		"as JSON": append([]string{"preview", "--json"}, all...),
		"explain": append([]string{"explain", "--json"}, all...),
		"send":    append([]string{"send", "-c", config}, some...),
		"check":   {"check", "--online", "--json", config},
		"demo":    {"demo", "--all", "--json"},
		"drawn":   {"demo", "--all"},
	} {
		t.Run(name, func(t *testing.T) {
			e := s.env(args...)
			e.getenv = func(name string) string {
				return map[string]string{
					"DISCORD_WEBHOOK": "https://discord.com/api/webhooks/123456789012345678/" + s.ops.Token,
					"SLACK_WEBHOOK":   s.backend.URL("https://hooks.slack.com"),
				}[name]
			}
			run(t.Context(), e.env)
			said := e.out.String() + e.err.String()
			if said == "" {
				t.Error("the command said nothing")
			}
			for _, token := range []string{s.ops.Token, s.backend.Token} {
				if strings.Contains(said, token) {
					t.Errorf("a token is in what %s says", args[0])
				}
			}
		})
	}
}

func TestEveryPreviewedPathHidesItsSecret(t *testing.T) {
	s := newScene(t)
	e := s.env(append([]string{"preview", "--json"}, events.Names()...)...)
	e.getenv = func(name string) string {
		return map[string]string{
			"DISCORD_WEBHOOK": "https://discord.com/api/webhooks/123456789012345678/" + s.ops.Token,
			"SLACK_WEBHOOK":   "ssm:/slack",
		}[name]
	}
	if code := run(t.Context(), e.env); code != exitDone {
		t.Fatalf("exit code %d: %s", code, e.err.String())
	}
	var requests []struct {
		Destination, Service, Method, Path string
		Payload                            map[string]any
	}
	if err := json.Unmarshal(e.out.Bytes(), &requests); err != nil {
		t.Fatal(err)
	}
	if len(requests) < 2*40 {
		t.Errorf("%d requests for all samples and two destinations", len(requests))
	}
	for _, r := range requests {
		prefix := map[string]string{"discord": "/api/v10/webhooks/123456789012345678/[secret]?wait=true", "slack": "/services/[secret]"}[r.Service]
		if r.Destination != r.Service || r.Method != "POST" || prefix == "" || !strings.HasPrefix(r.Path, prefix) || len(r.Payload) == 0 {
			t.Errorf("request %s %s for %s (%s)", r.Method, r.Path, r.Destination, r.Service)
		}
	}
}
