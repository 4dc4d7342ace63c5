package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/cmd/alarmrelay/page"
)

// preview asks for a preview under a configuration; empty is the one that holds.
func (v *visitor) preview(e page.Event, config string) (p page.Previewed) {
	v.t.Helper()
	text := v.post("preview", struct {
		page.Event
		Config string `json:"config"`
	}{e, config})
	if err := json.Unmarshal([]byte(text), &p); err != nil || strings.HasPrefix(text, `{"error"`) {
		v.t.Fatalf("%v: %s", err, text)
	}
	return p
}

func TestADraftsDestinationsArePreviewed(t *testing.T) {
	v := visit(t, "rules: [{to: [backend]}]\ndestinations:\n  backend: {slack: \"env:A\"}\n")
	draft := "rules: [{to: [backend, audit], mention: night}]\nmentions: {night: {discord: [\"user:123456789012345678\"], slack: []}}\n" +
		"destinations:\n  backend: {slack: \"env:A\"}\n  audit: {discord: \"env:B\"}\n"
	p := v.preview(page.Event{Sample: "sns-budgets-actual"}, draft)
	want := []page.Destination{{Name: "backend", Service: "slack", Channel: "#backend"}, {Name: "audit", Service: "discord", Channel: "#audit"}}
	if diff := cmp.Diff(want, p.Destinations); diff != "" {
		t.Errorf("destinations (-want +got):\n%s", diff)
	}
	if in := slices.Sorted(maps.Keys(titles(p.Messages))); !slices.Equal(in, []string{"audit", "backend"}) {
		t.Errorf("told in %q", in)
	}
	if p.Mentions["user:123456789012345678"] != "night" {
		t.Errorf("mentions %v", p.Mentions)
	}
	if now := v.state().Destinations; len(now) != 1 || now[0].Name != "backend" {
		t.Errorf("the draft is in force: %+v", now)
	}
	if p := v.preview(page.Event{Sample: "sns-budgets-actual"}, "rules: []\n"); len(p.Problems) == 0 || p.Destinations == nil || p.Alerts == nil {
		t.Errorf("a draft with mistakes: %+v", p)
	}
}

func TestAPreviewSaysWhyNobodyIsTold(t *testing.T) {
	v := visit(t, "")
	for _, row := range []struct{ sample, silence string }{
		{"sns-budgets-actual", ""},
		{"sns-alarm-cpu-high", "rule 1 tells nobody"},
	} {
		config := ""
		if row.silence != "" {
			config = "rules: [{to: []}]\ndestinations: {ops: {discord: \"env:A\"}}\n"
		}
		p := v.preview(page.Event{Sample: row.sample}, config)
		if len(p.Alerts) != 1 || p.Alerts[0].Name == "" {
			t.Fatalf("%s: alerts %+v", row.sample, p.Alerts)
		}
		explained, _ := p.Alerts[0].Explanation.(map[string]any)
		routing, _ := explained["routing"].(map[string]any)
		if silence, _ := routing["silence"].(string); silence != row.silence || (silence == "") != (len(p.Messages) > 0) {
			t.Errorf("%s: %d messages, silent since %q", row.sample, len(p.Messages), silence)
		}
	}
}
