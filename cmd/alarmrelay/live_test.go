package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/events"
)

func TestAnAlarmIsSeenInItsChannelsAndEditedInPlace(t *testing.T) {
	v := visit(t, "")
	if got, want := v.post("send", page.Event{Sample: "sns-alarm-cpu-high"}), `{"answer":"prod-api-cpu-high: OK → ALARM · to #ops, #backend","error":""}`; got != want {
		t.Errorf("answer %s, want %s", got, want)
	}
	fired := v.waitFor(2, 0)
	want := map[string][]string{"ops": {"🔴 ALARM prod-api-cpu-high"}, "backend": {"🔴 ALARM prod-api-cpu-high"}}
	if diff := cmp.Diff(want, titles(fired)); diff != "" {
		t.Errorf("fired (-want +got):\n%s", diff)
	}
	v.send("sns-alarm-cpu-high-ok")
	over := v.waitFor(4, 2)
	at := func(destination string) page.Message {
		return over[slices.IndexFunc(over, func(m page.Message) bool { return m.Destination == destination })]
	}
	for _, before := range fired {
		after := at(before.Destination)
		if after.ID != before.ID || after.Edits != 1 || after.EditedAt.IsZero() || titleOf(after) != "🟢 RESOLVED prod-api-cpu-high" {
			t.Errorf("%s was %+v and is %+v", before.Destination, before, after)
		}
		if !slices.Equal(before.Pings, []string{"@oncall"}) || time.Since(before.At) > time.Minute {
			t.Errorf("%s pings %q at %v", before.Destination, before.Pings, before.At)
		}
	}
	for _, m := range over {
		switch leads := slices.Collect(maps.Values(m.Links)); {
		case m.ID == at(m.Destination).ID:
		case m.Destination == "ops" && (len(leads) == 0 || leads[0] != at("ops").ID):
			t.Errorf("the line in #ops leads to %q", leads)
		case m.Destination == "backend" && m.ReplyTo != at("backend").ID:
			t.Errorf("the line in #backend is a reply to %q", m.ReplyTo)
		}
	}
}

func TestOfAMessageEverythingIsTold(t *testing.T) {
	v := visit(t, "")
	v.send("sns-alarm-cpu-high")
	for _, m := range v.waitFor(2, 0) {
		d := v.details(m.ID)
		if diff := cmp.Diff(m, d.Message); diff != "" {
			t.Errorf("message (-state +details):\n%s", diff)
		}
		if len(d.Alerts) != 1 || d.Alerts[0].Name != "prod-api-cpu-high" {
			t.Fatalf("alerts %+v", d.Alerts)
		}
		explained, _ := d.Alerts[0].Explanation.(map[string]any)
		rules, _ := explained["rules"].([]any)
		if len(rules) != 3 || rules[0].(map[string]any)["matched"] != true || rules[0].(map[string]any)["line"] != 18.0 {
			t.Errorf("explanation %+v", explained)
		}
		if len(d.Requests) != 1 || d.Requests[0].Status != 200 || strings.Contains(d.Requests[0].Path, "xoxb") {
			t.Fatalf("requests %+v", d.Requests)
		}
		limit := d.Requests[0].AnswerHeaders["X-Ratelimit-Remaining"]
		if auth := d.Requests[0].Headers["Authorization"]; m.Service == "slack" && !slices.Equal(auth, []string{"Bearer [secret]"}) ||
			m.Service == "discord" && !slices.Equal(limit, []string{"4"}) {
			t.Errorf("%s: headers %v, answered with %v", m.Service, d.Requests[0].Headers, d.Requests[0].AnswerHeaders)
		}
		var ids []string
		for _, item := range d.Store {
			ids = append(ids, item.ID)
		}
		if len(ids) != 3 || !strings.HasPrefix(ids[0], m.Destination+" arn:aws:cloudwatch:") || !strings.HasPrefix(ids[1], m.Destination+" post|") {
			t.Errorf("store %q", ids)
		}
		if !strings.Contains(string(d.Store[0].Facts), `"Name":"prod-api-cpu-high"`) {
			t.Errorf("what is known of the alarm can't be read: %s", d.Store[0].Facts)
		}
		if strings.Contains(string(m.Payload), "/api/file/") {
			file := regexp.MustCompile(`/api/file/[^"]+`).FindString(string(m.Payload))
			if picture := v.get(file); !bytes.HasPrefix(picture, []byte("\x89PNG")) {
				t.Errorf("%s is %q", file, picture[:min(len(picture), 20)])
			}
		}
	}
	if status, _ := v.do("GET", "/api/message/m99", nil); status != http.StatusNotFound {
		t.Errorf("a message nobody has: status %d", status)
	}
}

func TestANoticeThatIsSentTwiceIsSeenTwice(t *testing.T) {
	v := visit(t, "")
	for n, sample := range []string{"eventbridge-codepipeline-failed", "eventbridge-codepipeline-failed", "sqs-ses-events", "sqs-ses-events"} {
		v.send(sample)
		v.waitFor(n+1, 0)
	}
}

func TestEverySampleIsPreviewedAsItIsNamed(t *testing.T) {
	v := visit(t, "rules: [{to: [ops, backend]}]\ndestinations:\n  ops: {discord: \"env:A\"}\n  backend: {slack: \"env:B\"}\n")
	for _, s := range v.state().Samples {
		var got struct {
			Messages []page.Message
			Error    string
		}
		if err := json.Unmarshal([]byte(v.post("preview", page.Event{Sample: s.Name})), &got); err != nil || got.Error != "" {
			t.Errorf("%s: %v %s", s.Name, err, got.Error)
		}
		if quiet := s.Kind == "no news"; quiet != (len(got.Messages) == 0) {
			t.Errorf("%s, which is %q, comes to %d messages", s.Name, s.Kind, len(got.Messages))
		}
		for _, m := range got.Messages {
			if !strings.HasPrefix(m.ID, "preview-") {
				t.Errorf("%s: a preview is called %s", s.Name, m.ID)
			}
		}
	}
	if got := v.state().Messages; len(got) > 0 {
		t.Errorf("previews were sent: %+v", got)
	}
}

func TestAFaultIsMetAndTriedAgain(t *testing.T) {
	v := visit(t, "")
	if got := v.post("fault", map[string]any{"service": "discord", "kind": "limited", "seconds": 3}); got != "{}" {
		t.Fatal(got)
	}
	if f := v.state().Faults["discord"]; f == nil || f.Kind != "limited" || f.Title == "" {
		t.Errorf("fault %+v", f)
	}
	v.send("sns-alarm-cpu-high")
	messages := v.wait(func(s page.State) bool { return len(titles(s.Messages)["ops"]) == 1 })
	at := slices.IndexFunc(messages, func(m page.Message) bool { return m.Destination == "ops" })
	requests := v.details(messages[at].ID).Requests
	if len(requests) < 2 || requests[0].Status != 429 || requests[0].Fault != "limited" || len(requests[0].AnswerHeaders["Retry-After"]) != 1 ||
		requests[len(requests)-1].Status != 200 {
		t.Errorf("requests %+v", requests)
	}
	v.wait(func(s page.State) bool { return s.Faults["discord"] == nil })
}

func TestADeadWebhookIsMendedByHand(t *testing.T) {
	v := visit(t, "")
	v.post("fault", map[string]any{"service": "slack", "kind": "dead", "seconds": 3600})
	v.send("logs-lambda-errors") // for #backend, whose fallback is #ops
	fallen := v.waitFor(1, 0)
	if len(titles(fallen)["backend"]) > 0 || len(titles(fallen)["ops"]) != 1 {
		t.Fatalf("told %v", titles(fallen))
	}
	v.post("fault", map[string]any{"service": "slack", "kind": ""})
	v.send("logs-lambda-errors")
	v.wait(func(s page.State) bool { return len(titles(s.Messages)["backend"]) == 1 })
}

func TestFaultsAndStormsThatThereAreNot(t *testing.T) {
	v := visit(t, "")
	for body, want := range map[string]string{
		`fault {"service":"teams","kind":"down","seconds":1}`:    `no service is called "teams": there are discord and slack`,
		`fault {"service":"slack","kind":"wet","seconds":1}`:     "no such fault",
		`fault {"service":"slack","kind":"down"}`:                "a fault lasts 1 to 3600 seconds",
		`fault {"service":"slack","kind":"down","seconds":3601}`: "a fault lasts 1 to 3600 seconds",
		`storm {"alarms":0,"perSecond":1}`:                       "a storm has 1 to 10000 alarms",
		`storm {"alarms":10001,"perSecond":1}`:                   "a storm has 1 to 10000 alarms",
		`storm {"alarms":1}`:                                     "1 to 1000 alarms come in a second",
		`story {"chapter":"epilogue"}`:                           `the story has no chapter "epilogue"`,
		`send {"sample":"../config"}`:                            "no sample event",
		`send {"event":"null"}`:                                  "your event: cannot be read: nothing to read",
		`send {}`:                                                "your event: cannot be read: nothing to read",
	} {
		path, text, _ := strings.Cut(body, " ")
		var got struct{ Error string }
		status, answer := v.do("POST", "/api/"+path, []byte(text))
		if err := json.Unmarshal(answer, &got); err != nil || status != http.StatusUnprocessableEntity || !strings.HasPrefix(got.Error, want) {
			t.Errorf("%s: %d %s, want %s", body, status, answer, want)
		}
	}
}

func TestAStormOfTwoHundredIsToldInFewMessages(t *testing.T) {
	v := visit(t, "")
	if got := v.post("storm", map[string]int{"alarms": 200, "perSecond": 1000}); got != "{}" {
		t.Fatal(got)
	}
	messages := v.wait(func(page.State) bool { return v.live.act.queue.Len() == 0 && len(known(v.live.act)) >= 200 })
	for destination, all := range titles(messages) {
		if len(all) > 10 {
			t.Errorf("#%s shows %d messages: %q", destination, len(all), all)
		}
	}
	if names := known(v.live.act); len(names) != 200 {
		t.Errorf("%d alarms are known", len(names))
	}
}

// known are the names of the alarms that an act has taken.
func known(a *act) map[string]bool {
	names := map[string]bool{}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, told := range a.known {
		names[told.alert.Name] = true
	}
	return names
}

func TestHostileTextIsJSONAndNothingElse(t *testing.T) {
	v := visit(t, "")
	event, err := events.Read("hostile-alarm-markup")
	if err != nil {
		t.Fatal(err)
	}
	v.post("send", page.Event{Text: string(event)})
	v.post("send", page.Event{Text: `{"AlarmName":"</script><script>alert(1)</script>\u2028\u202e","AWSAccountId":"111122223333","NewStateValue":"ALARM","OldStateValue":"OK",
		"NewStateReason":"<img src=x onerror=alert(1)>","StateChangeTime":"2026-11-21T03:02:10.000+0000","Region":"Asia Pacific (Seoul)"}`})
	for _, m := range v.waitFor(2, 0) {
		for _, path := range []string{"/api/state", "/api/message/" + m.ID} {
			if text := v.get(path); bytes.ContainsAny(text, "<>") || bytes.ContainsRune(text, '\u2028') {
				t.Errorf("%s: text could be read as a page: %s", path, text)
			}
		}
	}
}

func TestAnOrderIsCarriedOut(t *testing.T) {
	v := visit(t, "")
	v.send("sns-alarm-cpu-high")
	v.waitFor(2, 0)
	var got struct{ Answer string }
	if err := json.Unmarshal([]byte(v.post("send", page.Event{Text: `{"alarmrelay":"ack","alarm":"prod-api-cpu-high","by":"Kim"}`})), &got); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got.Answer, `"alarm":"prod-api-cpu-high","destination":"ops"`) {
		t.Errorf("answer %s", got.Answer)
	}
	for _, m := range v.waitFor(2, 2) {
		if !strings.Contains(string(m.Payload), "Kim") {
			t.Errorf("nobody is seen to take care of it: %s", m.Payload)
		}
		if d := v.details(m.ID); len(d.Alerts) != 1 || len(d.Requests) != 2 {
			t.Errorf("details of what an order changed: %+v", d)
		}
	}
}

func TestClearingEmptiesEverything(t *testing.T) {
	v := visit(t, "")
	v.post("fault", map[string]any{"service": "slack", "kind": "down", "seconds": 60})
	v.send("eventbridge-codepipeline-failed")
	first := v.waitFor(1, 0)
	if got := v.post("clear", struct{}{}); got != "{}" {
		t.Fatal(got)
	}
	if s := v.state(); len(s.Messages) > 0 || s.Faults["slack"] == nil {
		t.Errorf("after clearing: %+v %+v", s.Messages, s.Faults)
	}
	v.send("logs-lambda-errors") // for #backend
	v.wait(func(s page.State) bool { return s.Waiting.Messages == 1 && !s.Waiting.Next.IsZero() })
	v.send("eventbridge-codepipeline-failed")
	if again := v.waitFor(1, 0); again[0].ID == first[0].ID {
		t.Error("a message has the id of one that is gone")
	}
}
