package main

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/fake"
)

func TestTheSameIsPostedWhateverComes(t *testing.T) {
	discord := fake.NewDiscord(fake.Options{})
	hook := discord.AddChannel(fake.Channel{Name: "ops"})
	p := poster{
		url:     "https://discord.com" + hook.Path() + "?wait=true",
		message: `{"content":"fixed"}`,
		client:  &http.Client{Transport: fake.Transport{"discord.com": discord}},
	}
	for _, event := range []string{`{}`, `null`} {
		if answer, err := p.handle(t.Context(), json.RawMessage(event)); answer != nil || err != nil {
			t.Errorf("%s: answered %v, %v", event, answer, err)
		}
	}
	var got []string
	for _, m := range discord.Messages(hook.Channel) {
		got = append(got, m.Content)
	}
	if diff := cmp.Diff([]string{"fixed", "fixed"}, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	discord.RemoveWebhook(hook.ID)
	if _, err := p.handle(t.Context(), nil); err == nil || err.Error() != "answered with status 404" {
		t.Errorf("without its webhook: %v", err)
	}
}
