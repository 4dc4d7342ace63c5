package chat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// assertNothingSecret prints things in every way that a log could, with all
// the errors inside them.
func assertNothingSecret(t *testing.T, things ...any) {
	t.Helper()
	var out bytes.Buffer
	for i := 0; i < len(things); i++ {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			fmt.Fprintf(&out, verb+"\n", things[i])
		}
		if err := json.NewEncoder(&out).Encode(things[i]); err != nil {
			fmt.Fprintln(&out, err)
		}
		slog.New(slog.NewJSONHandler(&out, nil)).InfoContext(context.Background(), "told", "thing", things[i])
		slog.New(slog.NewTextHandler(&out, nil)).InfoContext(context.Background(), "told", "thing", things[i])
		switch wrapper := things[i].(type) {
		case interface{ Unwrap() error }:
			things = append(things, wrapper.Unwrap())
		case interface{ Unwrap() []error }:
			for _, err := range wrapper.Unwrap() {
				things = append(things, err)
			}
		}
	}
	for name, text := range map[string]string{
		"Discord's token": discordToken, "Discord's id": discordID, "Slack's token": slackToken, "Slack's ids": slackIDs, "the bot's token": botToken,
	} {
		for line := range strings.Lines(out.String()) {
			if strings.Contains(line, text) {
				t.Errorf("%s is in %s", name, line)
			}
		}
	}
}
