package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/cmd/alarmrelay/page"
)

func TestAConfigurationHoldsFromTheNextEventOn(t *testing.T) {
	v := visit(t, "")
	v.send("sns-alarm-cpu-high")
	v.waitFor(2, 0)
	wrong := strings.Replace(string(sample), "to: [ops, backend]", "to: [opps, backend]", 1)
	const mistake = `{"problems":[{"line":20,"column":10,"message":"to: unknown destination \"opps\"; did you mean \"ops\"?"}]}`
	for _, path := range []string{"check", "config"} {
		if got := v.post(path, map[string]string{"text": wrong}); got != mistake {
			t.Errorf("%s: %s", path, got)
		}
	}
	if got := v.state().Config; got != (page.Config{Name: "test.yaml", Text: string(sample)}) {
		t.Errorf("a configuration with a mistake holds: %+v", got)
	}
	const only = "rules: [{to: [ops]}]\ndestinations:\n  ops: {discord: \"env:NOWHERE\", username: Watch}\n  late: {discord: \"env:NOWHERE\", thread: incident}\n"
	if got := v.post("config", map[string]string{"text": only}); got != `{"problems":[]}` {
		t.Fatal(got)
	}
	s := v.state()
	if diff := cmp.Diff([]page.Destination{
		{Name: "ops", Service: "discord", Channel: "#ops"}, {Name: "late", Service: "discord", Channel: "#late", Forum: true},
	}, s.Destinations); diff != "" || s.Config != (page.Config{Name: "your changes, not saved", Text: only}) {
		t.Errorf("destinations (-want +got):\n%s", diff)
	}
	v.send("sns-alarm-cpu-high-ok")
	messages := v.wait(func(s page.State) bool {
		return len(titles(s.Messages)["ops"]) == 2 && len(titles(s.Messages)["backend"]) == 0
	})
	if titleOf(messages[0]) != "🟢 RESOLVED prod-api-cpu-high" || !strings.Contains(string(messages[1].Payload), `"username":"Watch"`) {
		t.Errorf("after the change: %s\n%s", messages[0].Payload, messages[1].Payload)
	}
	v.post("config", map[string]string{"text": string(sample)})
	v.wait(func(s page.State) bool {
		return s.Config.Name == "test.yaml" && len(titles(s.Messages)["backend"]) == 1 // #backend is as it was
	})
}

func TestAForumOpensAPostForEachIncident(t *testing.T) {
	v := visit(t, "rules: [{to: [ops]}]\ndestinations:\n  ops: {discord: \"env:NOWHERE\", thread: incident, forum_tags: {critical: \"112233445566778899\", other: \"112233445566778890\"}}\n")
	v.send("sns-alarm-cpu-high")
	v.waitFor(1, 0) // two workers would take them at once, and a recovery that comes first is no edit
	v.send("sns-alarm-cpu-high-ok")
	for _, m := range v.waitFor(2, 1) {
		if m.Thread == "" || !strings.Contains(string(m.Payload), `"thread_name":"`) {
			t.Errorf("%s stands in %q: %s", m.ID, m.Thread, m.Payload)
		}
	}
}

func TestNothingIsResolvedAndNobodyElseIsAsked(t *testing.T) {
	asked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer elsewhere.Close()
	t.Setenv("ELSEWHERE", elsewhere.URL+"/api/webhooks/123456789012345678/token")
	t.Setenv("ELSEWHERE_SLACK", elsewhere.URL+"/services/T/B/token")
	v := visit(t, `
allow_hosts: ["`+strings.TrimPrefix(elsewhere.URL, "http://")+`"]
destinations:
  ops: {discord: "env:ELSEWHERE", avatar: "https://wiki.example.com/a.png"}
  hooks: {slack: "env:ELSEWHERE_SLACK"}
  file: {discord: "file:/nowhere/at/all", fallback: ops}
  store: {slack_bot: "ssm:/bot", channel: C0BACKEND}
  vault: {slack: "secretsmanager:bot"}
rules: [{to: [ops, hooks, file, store, vault]}]
`)
	v.send("sns-alarm-cpu-high")
	messages := v.waitFor(5, 0)
	if asked > 0 || len(titles(messages)) != 5 {
		t.Errorf("somebody else was asked %d times; told %v", asked, titles(messages))
	}
	if text := string(v.get("/api/state")); strings.Contains(text, elsewhere.URL+"/api") || strings.Contains(text, "/services/") {
		t.Error("the page is told an address")
	}
}

func TestAnAddressInAConfigurationIsRefusedAndNotKept(t *testing.T) {
	v := visit(t, "")
	const text = "rules: [{to: [ops]}]\ndestinations:\n  ops: {discord: \"https://discord.com/api/webhooks/123456789012345678/not-a-real-token\"}\n"
	for _, path := range []string{"check", "config"} {
		got := v.post(path, map[string]string{"text": text})
		if !strings.Contains(got, `"line":3,"column":18`) || !strings.Contains(got, "an address, not a reference") || strings.Contains(got, "not-a-real") {
			t.Errorf("%s: %s", path, got)
		}
	}
	if text := string(v.get("/api/state")); strings.Contains(text, "not-a-real") {
		t.Errorf("the address is kept: %s", text)
	}
}
