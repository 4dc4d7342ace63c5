//go:build browser

package page_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/events"
)

const (
	// A flood is at least so many messages, of which half are edited once eight others have come.
	floodPerSecond, floodSize  = 100, 700
	floodEdits, floodEditAfter = 4, 8
	// mostShown is how many messages a channel keeps, as web/src/channel.ts has it: fewer than the flood has for each.
	mostShown = 300
)

// floodShow is a show of two channels, which keeps what was told of them as the real one does.
type floodShow struct {
	plainShow
	stream   *page.Stream
	mu       sync.Mutex
	messages []page.Message
}

func (s *floodShow) State() page.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := page.State{
		Version: "test", Config: page.Config{Name: "a flood", Text: "rules: []\n"}, Messages: append([]page.Message{}, s.messages...),
		Destinations: []page.Destination{
			{Name: "ops", Service: "discord", Channel: "#ops"}, {Name: "backend", Service: "slack", Channel: "#backend"},
		},
		Mentions: map[string]string{}, Notes: []page.Note{},
		Faults: map[string]*page.Fault{"discord": nil, "slack": nil}, FaultKinds: []page.FaultKind{},
		Story: page.Story{Chapters: []page.Chapter{{ID: "story", Title: "The story"}}},
	}
	for _, name := range events.Names() {
		state.Samples = append(state.Samples, page.Sample{Name: name, Kind: "metric-alarm", Title: name})
	}
	return state
}

func (s *floodShow) Message(id string) (page.Details, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.messages {
		if m.ID == id {
			return page.Details{Message: m}, true
		}
	}
	return page.Details{}, false
}

// tell has a message be posted, or edited.
func (s *floodShow) tell(n, edits int) {
	m := floodMessage(n, edits, time.Now())
	s.mu.Lock()
	defer s.mu.Unlock()
	if edits > 0 {
		m.At = s.messages[n].At
		s.messages[n] = m
	} else {
		s.messages = append(s.messages, m)
	}
	s.stream.Tell(page.KindMessage, m)
}

// flood tells so many messages a second until enough is closed, and at least as many as a flood has. It returns how many.
func (s *floodShow) flood(enough <-chan struct{}) (n int) {
	drop := time.NewTicker(time.Second / floodPerSecond)
	defer drop.Stop()
	for ; ; n++ {
		select {
		case <-enough:
			if n >= floodSize {
				return n
			}
		default:
		}
		s.tell(n, 0)
		if edited := n - floodEditAfter; edited >= 0 && edited%floodEdits < 2 {
			s.tell(edited, 1)
		}
		<-drop.C
	}
}

// floodMessage is the n-th of a flood, by turns in Discord and in Slack.
func floodMessage(n, edits int, at time.Time) page.Message {
	m := page.Message{
		ID: fmt.Sprintf("m%d", n), At: at.UTC(), Edits: edits, Pings: []string{}, Links: map[string]string{}, Destination: "ops", Service: "discord",
	}
	title, colour := fmt.Sprintf("🔴 ALARM flood-%d", n), 0xD92D20
	if edits > 0 {
		m.EditedAt, title, colour = at.UTC(), fmt.Sprintf("🟢 RESOLVED flood-%d", n), 0x2EA043
	}
	payload := any(map[string]any{
		"content": title, "embeds": []any{map[string]any{"title": title, "description": "**CPUUtilization** average is **97.2 %**", "color": colour}},
	})
	if n%2 == 1 {
		m.Destination, m.Service = "backend", "slack"
		payload = map[string]any{"text": title, "attachments": []any{map[string]any{
			"color": fmt.Sprintf("#%06X", colour), "fallback": title,
			"blocks": []any{map[string]any{"type": "section", "text": map[string]any{"type": "mrkdwn", "text": "*" + title + "*"}}},
		}}}
	}
	m.Payload, _ = json.Marshal(payload) // texts and numbers
	return m
}

func TestAFloodDoesNotFreezeThePage(t *testing.T) {
	show := &floodShow{stream: page.NewStream(time.Now())}
	server := httptest.NewServer(page.New(show, show.stream, page.Bundle()))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	b := openTab(t, server.URL, 1280, 800)
	b.run(`(() => {
		let before = performance.now();
		window.gap = window.most = 0;
		requestAnimationFrame(function look(now) {
			window.gap = Math.max(window.gap, now - before);
			window.most = Math.max(window.most, ...["discord", "slack"].map((s) => document.querySelectorAll("#live-" + s + " article").length));
			before = now;
			requestAnimationFrame(look);
		});
	})()`)
	enough, told := make(chan struct{}), make(chan int, 1)
	go func() { told <- show.flood(enough) }()
	end := sync.OnceFunc(func() { close(enough) })
	t.Cleanup(end)

	b.waitMessages("discord", "flood-", mostShown/3)
	b.run(`document.querySelector("#live-slack article .inspect").click()`) // while more and more come
	b.wait(`document.body.dataset.panel === "message" && document.querySelector("#details").textContent.includes("flood-")`)
	end()

	n := <-told
	for turn, service := range []string{"discord", "slack"} {
		newest, edited := n-1, n-1-floodEditAfter
		for newest%2 != turn {
			newest--
		}
		for edited%floodEdits != turn {
			edited--
		}
		b.waitMessages(service, fmt.Sprintf("flood-%d", newest), 1)
		b.wait(fmt.Sprintf(`document.querySelector("#live-%s article[data-message=m%d][data-edits='1']")?.innerText.includes("RESOLVED")`, service, edited))
	}
	b.wait(fmt.Sprintf(`["discord", "slack"].every((s) => document.querySelectorAll("#live-" + s + " article").length === %d)`, mostShown))
	if got := read[[]int](b, `["discord", "slack"].flatMap((s) => [...document.querySelectorAll("#live-" + s + " article")]
		.map((a) => Number(a.dataset.message.slice(1))).filter((n, i, all) => n < all[i - 1]))`); len(got) > 0 {
		t.Errorf("out of order: %v", got)
	}
	if most := read[int](b, `window.most`); most > mostShown {
		t.Errorf("a channel held %d messages, want %d at most", most, mostShown)
	}
	t.Logf("%d messages; the longest that the page stood still: %.0f ms", n, read[float64](b, `window.gap`))
}
