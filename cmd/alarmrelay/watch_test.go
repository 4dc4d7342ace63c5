package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"alarmrelay/alert"
	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/formatter"
	"alarmrelay/relay/fake"
)

// watched is a watch of a stage without rate limits, and the stage.
func watched(t *testing.T) (*watch, *stage) {
	t.Helper()
	w := newWatch(&live{stream: page.NewStream(time.Now())}, time.Now)
	s, err := openStage(t.Context(), parsed(t, string(sample)), fake.Options{Unlimited: true, Watch: w.exchanged})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	w.bind(s, parsed(t, string(sample)))
	return w, s
}

func TestTheNewestMessagesAreKept(t *testing.T) {
	w, s := watched(t)
	ops := s.destinations()["ops"]
	for i := range maxWatched + 30 {
		if _, err := ops.Post(t.Context(), formatter.Message{Payload: map[string]string{"content": fmt.Sprint(i)}}); err != nil {
			t.Fatal(err)
		}
		if i%100 == 0 {
			w.look()
		}
	}
	w.look()
	messages := w.messages()
	if len(messages) != maxWatched || string(messages[0].Payload) != `{"content":"30"}` || len(w.seen) != maxWatched || len(w.order) != maxWatched {
		t.Errorf("%d messages, %d and %d known, the first %s", len(messages), len(w.seen), len(w.order), messages[0].Payload)
	}
	if there := len(s.discord.Messages(s.rooms["ops"].id)); there != maxWatched {
		t.Errorf("the channel still has %d", there)
	}
	if log := s.discord.Log(); len(log) > 0 {
		t.Errorf("the fake keeps %d exchanges as well", len(log))
	}
}

func TestWhatADemoKeepsDoesNotGrow(t *testing.T) {
	v := visit(t, "")
	a := v.live.act
	for i := range maxLetters + 300 {
		a.letters.Put(fmt.Sprint(i), nil)
	}
	v.send("sns-alarm-cpu-high") // with graphs
	v.waitFor(2, 0)
	waitFor(t, func() bool { return a.queue.Len() == 0 && a.letters.Len() <= maxLetters })
	if kept := a.letters.All(); len(kept) < maxLetters-batchSize || kept[len(kept)-1].Body != fmt.Sprint(maxLetters+299) {
		t.Errorf("%d dead letters are kept, the last %s", len(kept), kept[len(kept)-1].Body)
	}
	if drawn, log := a.stage.drawn.Pictures(), a.stage.drawn.Log(); drawn == 0 || len(log) > 0 {
		t.Errorf("%d pictures were drawn, and %d exchanges are kept", drawn, len(log))
	}
}

// waitFor asks until something is so: what a machine does meanwhile takes as long as it takes.
func waitFor(t *testing.T, is func() bool) {
	t.Helper()
	end, bounded := t.Deadline()
	for !is() {
		if bounded && time.Until(end) < 10*time.Second {
			t.Fatal("it never was")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestTheNewestExchangesAreKept(t *testing.T) {
	w, s := watched(t)
	sender := s.rooms["ops"].senders[0]
	for i := range maxExchanges + 500 {
		e := fake.Exchange{Webhook: sender, Method: "POST", Path: "/api/v10/webhooks/1/[secret]", Status: 500, At: time.Now()}
		if i%3 == 0 {
			e.Message, e.Status = fmt.Sprint(i/9), 200
		}
		w.exchanged(e)
	}
	w.look() // nothing of it is in a channel
	kept := len(w.pending["ops"])
	for _, m := range w.seen {
		kept += len(m.requests)
	}
	if len(w.exchanges) != maxExchanges || kept != maxExchanges {
		t.Errorf("%d exchanges are kept, %d of them with what they are about", len(w.exchanges), kept)
	}
}

func TestARequestThatCameToNothingIsToldWithWhatItWasAbout(t *testing.T) {
	w, s := watched(t)
	ops, backend := s.rooms["ops"].senders[0], s.rooms["backend"]
	bot := backend.senders[1]
	for _, e := range []fake.Exchange{
		{Webhook: ops, Method: "POST", Path: "/api/v10/webhooks/1/[secret]?wait=true", Status: 503},
		{Webhook: ops, Method: "GET", Path: "/api/v10/webhooks/1/[secret]", Status: 429},
		{Webhook: ops, Method: "POST", Path: "/api/v10/webhooks/1/[secret]?wait=true", Status: 200, Message: "7"},
		{Webhook: ops, Method: "PATCH", Path: "/api/v10/webhooks/1/[secret]/messages/7?with_components=true", Status: 429},
		{Webhook: bot, Method: "POST", Path: "/api/chat.postMessage", Status: 200, Message: backend.id + "/3"},
		{Webhook: bot, Method: "POST", Path: "/api/chat.update", Request: []byte(`{"channel":"` + backend.id + `","ts":"1772625600.000003"}`), Status: 0},
	} {
		w.exchanged(e)
	}
	for key, want := range map[string][]int{"7": {503, 200, 429}, backend.id + "/3": {200, 0}} {
		if got := statusesOf(w.seen[key].requests); !slices.Equal(got, want) {
			t.Errorf("message %s: answers %v, want %v", key, got, want)
		}
	}
}

func TestARequestThatCameToNothingBelongsToTheMessageOfItsAlert(t *testing.T) {
	w, s := watched(t)
	ops := s.rooms["ops"].senders[0]
	const path = "/api/v10/webhooks/1/[secret]?wait=true"
	speak := func(alarm string, status int, message string) {
		by := &invocation{stage: s, told: []told{{alert: alert.Alert{Name: alarm, Key: alarm}}}}
		w.speaks("ops", by)
		w.exchanged(fake.Exchange{Webhook: ops, Method: "POST", Path: path, Status: status, Message: message, Request: []byte(`{"content":"` + alarm + `"}`)})
	}
	speak("disk", 503, "")
	speak("disk", 502, "")
	speak("cpu", 429, "")
	speak("cpu", 200, "7")
	speak("memory", 200, "8")
	speak("disk", 200, "9")
	for key, want := range map[string][]int{"7": {429, 200}, "8": {200}, "9": {503, 502, 200}} {
		if got := statusesOf(w.seen[key].requests); !slices.Equal(got, want) {
			t.Errorf("message %s: answers %v, want %v", key, got, want)
		}
	}
}

func statusesOf(all []*exchange) (statuses []int) {
	for _, x := range all {
		statuses = append(statuses, x.Status)
	}
	return statuses
}

func TestAnAnswerThatOnlySaysThatItFailedIsToldWithItsCode(t *testing.T) {
	for answer, want := range map[string]string{
		`{"ok":false,"error":"channel_not_found"}`: "channel_not_found",
		`{"ok":false}`:                "not ok",
		`{"ok":true,"ts":"1.2"}`:      "",
		`ok`:                          "",
		`{"id":"1","error":"a text"}`: "",
	} {
		if got := failure(fake.Exchange{Status: 200, Answer: []byte(answer)}); got != want {
			t.Errorf("%s: %q, want %q", answer, got, want)
		}
	}
	v := visit(t, "rules: [{to: [backend]}]\ndestinations: {backend: {slack_bot: \"env:A\", channel: C0BACKEND}}\n")
	began := v.live.stream.Last()
	v.post("fault", map[string]any{"service": "slack", "kind": "dead", "seconds": 60})
	v.send("sns-alarm-cpu-high")
	all := v.events(began, page.KindExchange, `"error":"channel_not_found"`)
	if said := all[len(all)-1]; !strings.Contains(said, `"status":200`) {
		t.Errorf("told %s", said)
	}
}
