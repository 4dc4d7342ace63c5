package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
)

func TestTrayKeepsPostsAndTheirEdits(t *testing.T) {
	c := parsed(t, liveConfig)
	written := newTray(c, newClock(time.Unix(1795230130, 0)))
	channels := written.channels()
	say := func(text string) formatter.Message {
		return formatter.Message{Payload: map[string]string{"content": text}, Components: true}
	}
	first, err := channels["ops"].Post(t.Context(), say("red"))
	if err != nil {
		t.Fatal(err)
	}
	withFile := say("more")
	withFile.Files = []formatter.File{{Name: "all.txt"}}
	if _, err := channels["ops"].Post(t.Context(), withFile); err != nil {
		t.Fatal(err)
	}
	if _, err := channels["ops"].Edit(t.Context(), first, say("green")); err != nil {
		t.Fatal(err)
	}
	const path = "/api/v10/webhooks/[id]/[secret]"
	payload := func(text string) any { return map[string]string{"content": text} }
	want := []request{
		{"ops", "discord", "POST", path + "?wait=true&with_components=true", payload("red"), nil},
		{"ops", "discord", "PATCH", path + "/messages/[message-1]", payload("green"), nil},
		{"ops", "discord", "POST", path + "?wait=true&with_components=true", payload("more"), []string{"all.txt"}},
	}
	if diff := cmp.Diff(want, written.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	e := newTestEnv()
	if err := written.show(newScreen(e.env, c)); err != nil {
		t.Fatal(err)
	}
	if said := e.out.String(); strings.Contains(said, "red") || !strings.Contains(said, "green") || !strings.Contains(said, "(file all.txt)") {
		t.Errorf("shown:\n%s", said)
	}

	if _, err := channels["ops"].Edit(t.Context(), relay.Ref{Message: "[message-9]"}, say("x")); !errors.Is(err, relay.ErrGone) {
		t.Errorf("edit of what is not there: %v", err)
	}
	if _, err := channels["backend"].Edit(t.Context(), first, say("x")); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("edit at Slack: %v", err)
	}
}

func TestNotesAreLinesForPeople(t *testing.T) {
	var w strings.Builder
	n := newNotes(&w, true)
	n.meet(input{"event.json", []byte(`{"AlarmName":"disk-full","NewStateValue":"ALARM",
		"AlarmArn":"arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:disk-full"}`)})
	log := slog.New(n)
	about := log.With("alert", "arn:aws:cloudwatch:ap-northeast-2:111122223333:alarm:disk-full", "change", "x")
	about.Info("delivered", "destination", "ops")
	about.Debug("not for people")
	about.Error("not delivered", "destination", "ops", "error", errors.New("webhook\x1b[2J is dead"))
	about.Warn("tag ignored", "tag", "alarmrelay:to", "reason", "foreign")
	log.WithGroup("group").Info("no news", "record", "1", "reason", "muted")
	want := "✗ disk-full → ops: not delivered: webhook\ufffd[2J is dead\n" +
		"! disk-full: tag ignored (tag alarmrelay:to): foreign\n" +
		"✓ event.json: no news: muted\n"
	if diff := cmp.Diff(want, w.String()); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestTrayOfABotHasRequestsOfTheWebAPI(t *testing.T) {
	c := parsed(t, "destinations: {room: {slack_bot: \"env:ROOM\", channel: C0123456789}}\nrules: [{to: room}]\n")
	written := newTray(c, newClock(time.Unix(1795230130, 0)))
	room := written.channels()["room"]
	say := func(text string) formatter.Message {
		return formatter.Message{Payload: map[string]string{"text": text}}
	}
	ref, err := room.Post(t.Context(), say("red"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := room.Edit(t.Context(), ref, say("green")); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(written.requests())
	if err != nil {
		t.Fatal(err)
	}
	const want = `[{"destination":"room","service":"slack","method":"POST","path":"/api/chat.postMessage","payload":{"channel":"C0123456789","text":"red"}},` +
		`{"destination":"room","service":"slack","method":"POST","path":"/api/chat.update","payload":{"attachments":[],"blocks":[],"channel":"C0123456789","parse":"none","text":"green","ts":"[message-1]"}}]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}
