package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"alarmrelay/cmd/alarmrelay/page"
)

// answered is what the page is told when it sends an event.
func (v *visitor) answered(e page.Event) (status int, said string) {
	v.t.Helper()
	var got struct{ Answer, Error string }
	status, text := v.do("POST", "/api/send", mustJSON(e))
	if err := json.Unmarshal(text, &got); err != nil {
		v.t.Fatalf("%v: %s", err, text)
	}
	return status, got.Answer + got.Error
}

func TestSendSaysWhomItTellsOrWhyNobody(t *testing.T) {
	now := time.Now().UTC()
	hours := fmt.Sprintf("mon-sun %s-%s UTC", now.Add(-time.Hour).Format("15:04"), now.Add(time.Hour).Format("15:04"))
	v := visit(t, `destinations: {ops: {discord: "env:A"}, backend: {slack: "env:B"}}
rules:
  - {match: {kind: budget}, to: []}
  - {match: {kind: guardduty}, to: [ops], mute: "`+hours+`"}
  - {match: {kind: logs}, to: [backend]}
  - {to: [ops, backend]}
`)
	for name, row := range map[string]struct {
		event page.Event
		want  string
	}{
		"an alarm":      {page.Event{Sample: "sns-alarm-cpu-high"}, "prod-api-cpu-high: OK → ALARM · to #ops, #backend"},
		"lines of logs": {page.Event{Sample: "logs-lambda-errors"}, " · to #backend"},
		"for nobody":    {page.Event{Sample: "sns-budgets-actual"}, "shop-monthly · nobody is told: rule 1 tells nobody"},
		"muted":         {page.Event{Sample: "eventbridge-guardduty-high"}, " · nobody is told: rule 2 is muted until "},
		"no news":       {page.Event{Sample: "eventbridge-ecs-task-running"}, "no news: "},
	} {
		if status, got := v.answered(row.event); status != http.StatusOK || !strings.Contains(got, row.want) {
			t.Errorf("%s: %d %s, want %s", name, status, got, row.want)
		}
	}
}

func TestJSONThatIsBrokenIsNoEvent(t *testing.T) {
	v := visit(t, "")
	for text, want := range map[string]string{
		"{":                     "no JSON: line 1: unexpected end of JSON input",
		"{\n  \"a\": 1,\n  }":   "no JSON: line 3: invalid character '}' looking for beginning of object key string",
		" \n[{\"a\": 1},\n\nx]": "no JSON: line 4: invalid character 'x' looking for beginning of value",
		"[":                     "no JSON: line 1: unexpected end of JSON input",
		"\ufeff{\"a\": 01}":     "no JSON: line 1: invalid character '1' after object key:value pair",
	} {
		for _, path := range []string{"send", "preview"} {
			status, got := v.do("POST", "/api/"+path, mustJSON(page.Event{Text: text}))
			if say := string(mustJSON(map[string]string{"error": want})); status != http.StatusUnprocessableEntity || string(got) != say {
				t.Errorf("%s %q: %d %s, want %s", path, text, status, got, say)
			}
		}
	}
	if s := v.state(); len(s.Messages) > 0 {
		t.Errorf("it was told: %v", titles(s.Messages))
	}
}

func TestATextIsSentAndPreviewedAsTheNoticeThatItIs(t *testing.T) {
	v := visit(t, "rules: [{to: [ops]}]\ndestinations: {ops: {discord: \"env:A\"}}\n")
	for n, text := range []string{"[Alarm] the disk is full", "the disk is full"} {
		p := v.preview(page.Event{Text: text}, "")
		if len(p.Messages) != 1 || !strings.Contains(string(p.Messages[0].Payload), "the disk is full") || len(p.Alerts) != 1 {
			t.Errorf("the preview of %q: %+v", text, p)
		}
		if status, got := v.answered(page.Event{Text: text}); status != http.StatusOK || !strings.HasSuffix(got, " · to #ops") {
			t.Errorf("%q: %d %s", text, status, got)
		}
		v.waitFor(n+1, 0)
	}
}

func TestWhoSendsSomethingEndsTheStory(t *testing.T) {
	for name, do := range map[string]func(*visitor) string{
		"an event": func(v *visitor) string { return v.post("send", page.Event{Sample: "eventbridge-codepipeline-failed"}) },
		"a storm":  func(v *visitor) string { return v.post("storm", map[string]int{"alarms": 3, "perSecond": 1000}) },
	} {
		v := visit(t, "")
		v.post("story", map[string]string{"chapter": "chapter-1"})
		v.wait(func(s page.State) bool { return s.Story.Playing == "chapter-1" && len(s.Messages) > 0 })
		if got := do(v); strings.Contains(got, `"error":"e`) {
			t.Fatal(got)
		}
		if s := v.state(); s.Story.Playing != "" || v.live.act.clock.ahead() != 0 {
			t.Errorf("%s: %q goes on, and the clock is set by %v", name, s.Story.Playing, v.live.act.clock.ahead())
		}
	}
	v := visit(t, "")
	v.post("story", map[string]string{"chapter": "chapter-1"})
	if status, _ := v.answered(page.Event{Text: "{"}); status != http.StatusUnprocessableEntity || v.state().Story.Playing == "" {
		t.Error("what is no event ends it as well")
	}
}
