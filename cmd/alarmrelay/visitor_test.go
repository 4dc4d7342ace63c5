package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"testing/fstest"
	"time"

	"alarmrelay/cmd/alarmrelay/page"
	"alarmrelay/relay/rule"
)

// visitor is a page that looks at a live demo, without a browser.
type visitor struct {
	t     *testing.T
	live  *live
	url   string
	token string
}

// visit serves a live demo under a configuration; empty is the built-in sample.
func visit(t *testing.T, text string) *visitor {
	t.Helper()
	if text == "" {
		text = string(sample)
	}
	rules, err := rule.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stream := page.NewStream(time.Now())
	l, err := newLive(ctx, setting{from: "test.yaml", rules: rules, home: sampleHome}, text, "", stream)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"index.html": {Data: []byte(`<meta name="alarmrelay-token" content="%TOKEN%">`)}}
	server := httptest.NewUnstartedServer(page.New(l, stream, files))
	server.Start()
	t.Cleanup(func() {
		stop()
		server.CloseClientConnections()
		server.Close()
		l.close()
	})
	v := &visitor{t: t, live: l, url: server.URL}
	v.token = regexp.MustCompile(`content="(.*?)"`).FindStringSubmatch(string(v.get("/")))[1]
	return v
}

func (v *visitor) do(method, path string, body []byte) (int, []byte) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Origin", v.url)
	r.Header.Set("X-Alarmrelay-Token", v.token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return response.StatusCode, text
}

func (v *visitor) get(path string) []byte {
	v.t.Helper()
	status, text := v.do("GET", path, nil)
	if status != http.StatusOK {
		v.t.Fatalf("GET %s: status %d, %s", path, status, text)
	}
	return text
}

// post asks for a change and returns the answer, whatever its status.
func (v *visitor) post(path string, body any) string {
	v.t.Helper()
	_, text := v.do("POST", "/api/"+path, mustJSON(body))
	return string(text)
}

func (v *visitor) send(sample string) {
	v.t.Helper()
	if status, text := v.do("POST", "/api/send", mustJSON(page.Event{Sample: sample})); status != http.StatusOK {
		v.t.Fatalf("send %s: %s", sample, text)
	}
}

func (v *visitor) state() (s page.State) {
	v.t.Helper()
	if err := json.Unmarshal(v.get("/api/state"), &s); err != nil {
		v.t.Fatal(err)
	}
	return s
}

func (v *visitor) details(id string) (d page.Details) {
	v.t.Helper()
	if err := json.Unmarshal(v.get("/api/message/"+id), &d); err != nil {
		v.t.Fatal(err)
	}
	return d
}

// wait asks for the state until it is as it should be, and returns the messages. It gives up when the tests are about to.
func (v *visitor) wait(is func(page.State) bool) []page.Message {
	v.t.Helper()
	end, bounded := v.t.Deadline()
	for {
		s := v.state()
		if is(s) {
			return s.Messages
		}
		if bounded && time.Until(end) < 10*time.Second {
			v.t.Fatalf("it was never so: %+v", s.Messages)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// waitFor waits for as many messages, and as many edits of them.
func (v *visitor) waitFor(messages, edits int) []page.Message {
	v.t.Helper()
	return v.wait(func(s page.State) bool {
		n := 0
		for _, m := range s.Messages {
			n += m.Edits
		}
		return len(s.Messages) >= messages && n >= edits
	})
}

// titles are what messages say first, by destination.
func titles(messages []page.Message) map[string][]string {
	all := map[string][]string{}
	for _, m := range messages {
		all[m.Destination] = append(all[m.Destination], titleOf(m))
	}
	return all
}

func titleOf(m page.Message) string {
	var p struct {
		Content, Text string
		Embeds        []struct{ Title string }
		Attachments   []struct {
			Blocks []struct {
				Text struct{ Text string }
			}
		}
	}
	if json.Unmarshal(m.Payload, &p) != nil {
		return "no payload"
	}
	for _, e := range p.Embeds {
		return e.Title
	}
	for _, a := range p.Attachments {
		for _, b := range a.Blocks {
			return b.Text.Text
		}
	}
	return p.Content + p.Text
}
