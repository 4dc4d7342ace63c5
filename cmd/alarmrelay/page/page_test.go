package page_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/cmd/alarmrelay/page"
)

// index is a page that carries its token as the real one does.
var index = fstest.MapFS{
	"index.html": {Data: []byte(`<!doctype html><meta name="alarmrelay-token" content="%TOKEN%"><script src="page.js"></script>`)},
	"page.js":    {Data: []byte(`"use strict"`)},
}

// plainShow is a show with one message, which has three files. It does what it is asked by noting it.
type plainShow struct{ asked []string }

func (*plainShow) State() page.State { return page.State{Version: "test"} }

func (*plainShow) Message(id string) (page.Details, bool) {
	return page.Details{Message: page.Message{ID: id}}, id == "m1"
}

func (*plainShow) Sample(name string) ([]byte, bool) { return []byte(`{}`), name == "empty" }

func (*plainShow) File(id string) (page.File, bool) {
	f, ok := map[string]page.File{
		"m1.graph": {Name: "graph.png", Type: "image/png", Data: []byte("\x89PNG\r\n\x1a\nrest")},
		"m1.list":  {Name: "liste ü\".txt", Type: "text/html", Data: []byte("<script>alert(1)</script>")},
		"m1.page":  {Name: "page.html", Type: "application/xhtml+xml", Data: []byte("<html><script>alert(1)</script>")},
	}[id]
	return f, ok
}

func (s *plainShow) note(what string) error {
	s.asked = append(s.asked, what)
	return nil
}

func (s *plainShow) Send(_ context.Context, e page.Event) (string, error) {
	if e.Text == "wrong" {
		return "", errors.New("cannot be read")
	}
	return "sent", s.note("send " + e.Sample + e.Text)
}
func (s *plainShow) Storm(int, int) error            { return s.note("storm") }
func (s *plainShow) Fault(_, _ string, _ int) error  { return s.note("fault") }
func (s *plainShow) Check(string) []page.Problem     { return nil }
func (s *plainShow) Configure(string) []page.Problem { return []page.Problem{{3, 1, "no such key"}} }
func (s *plainShow) Play(string) error               { return s.note("play") }
func (s *plainShow) Clear() error                    { return s.note("clear") }
func (s *plainShow) Preview(context.Context, page.Event, string) (page.Previewed, error) {
	return page.Previewed{}, nil
}

// site is a page that is served.
type site struct {
	t      *testing.T
	url    string
	token  string
	show   *plainShow
	stream *page.Stream
}

func serve(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, show: new(plainShow), stream: page.NewStream(time.Now())}
	server := httptest.NewServer(page.New(s.show, s.stream, index))
	t.Cleanup(server.Close)
	s.url = server.URL
	got := s.ask("GET", "/", "", nil)
	s.token = regexp.MustCompile(`content="(.*?)"`).FindStringSubmatch(got.body)[1]
	return s
}

type answer struct {
	status int
	body   string
	header http.Header
}

func (s *site) ask(method, path, body string, header map[string]string) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for name, value := range header {
		if name == "Host" {
			r.Host = value
		}
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{response.StatusCode, string(text), response.Header}
}

// ours are the headers of the page's own changes.
func (s *site) ours() map[string]string {
	return map[string]string{"Origin": s.url, "X-Alarmrelay-Token": s.token}
}

func TestOnlyThisMachineIsAnswered(t *testing.T) {
	s := serve(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(s.url, "http://"), ":")
	for host, want := range map[string]int{
		"127.0.0.1:" + port: 200, "localhost:" + port: 200, "LOCALHOST:" + port: 200, "[::1]:" + port: 200, "127.8.9.1:" + port: 200,
		"evil.example:" + port: 403, "localhost.evil.example:" + port: 403, "127.0.0.1.nip.example:" + port: 403,
		"127.0.0.1": 403, "127.0.0.1:1": 403, "0.0.0.0:" + port: 403, "192.168.0.1:" + port: 403, "2130706433:" + port: 403,
	} {
		if got := s.ask("GET", "/api/state", "", map[string]string{"Host": host}); got.status != want {
			t.Errorf("host %s: status %d, want %d", host, got.status, want)
		}
	}
}

func TestForeignPagesAreRefused(t *testing.T) {
	s := serve(t)
	for name, row := range map[string]struct {
		path   string
		header map[string]string
		want   int
	}{
		"the page's own script":           {"/api/state", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		"somebody who types the address":  {"/", map[string]string{"Sec-Fetch-Site": "none"}, 200},
		"a link from elsewhere":           {"/", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200},
		"a frame elsewhere":               {"/", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403},
		"a link to what the page asks":    {"/api/state", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 403},
		"another site's script":           {"/api/state", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403},
		"a page of another port":          {"/api/events", map[string]string{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403},
		"a picture on another site":       {"/api/file/m1.graph", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"the page's script on other site": {"/page.js", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
	} {
		if got := s.ask("GET", row.path, "", row.header); got.status != row.want {
			t.Errorf("%s: status %d, want %d", name, got.status, row.want)
		}
	}
}

func TestOnlyThePageChangesSomething(t *testing.T) {
	s := serve(t)
	const restarted = `{"error":"the demo was started anew: load the page again","restarted":true}`
	const foreign = `{"error":"only the page itself may change something"}`
	for name, row := range map[string]struct {
		header map[string]string
		status int
		want   string
	}{
		"the page":                 {s.ours(), 200, `{}`},
		"a page of an earlier run": {map[string]string{"Origin": s.url, "X-Alarmrelay-Token": "OLD"}, 403, restarted},
		"no token":                 {map[string]string{"Origin": s.url}, 403, restarted},
		"no origin":                {map[string]string{"X-Alarmrelay-Token": s.token}, 403, foreign},
		"another origin":           {map[string]string{"Origin": "http://evil.example", "X-Alarmrelay-Token": s.token}, 403, foreign},
		"another port":             {map[string]string{"Origin": "http://127.0.0.1:1", "X-Alarmrelay-Token": s.token}, 403, foreign},
		"a sandboxed frame":        {map[string]string{"Origin": "null", "X-Alarmrelay-Token": s.token}, 403, foreign},
	} {
		if got := s.ask("POST", "/api/clear", "{}", row.header); got.status != row.status || got.body != row.want {
			t.Errorf("%s: status %d, %s", name, got.status, got.body)
		}
	}
	if diff := cmp.Diff([]string{"clear"}, s.show.asked); diff != "" {
		t.Errorf("asked of the show (-want +got):\n%s", diff)
	}
	if got := s.ask("GET", "/api/clear", "", s.ours()); got.status != 404 && got.status != 405 {
		t.Errorf("GET that changes: status %d", got.status)
	}
}

func TestEveryAnswerKeepsThePageToItself(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/", "/page.js", "/api/state", "/api/schema", "/api/file/m1.graph"} {
		h := s.ask("GET", path, "", nil).header
		if policy := h.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; s") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Access-Control-Allow-Origin") != "" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
}

func TestWhatIsNoRequestIsToldSo(t *testing.T) {
	s := serve(t)
	for name, row := range map[string]struct {
		path, body string
		status     int
		want       string
	}{
		"an event":              {"/api/send", `{"sample":"sns-plain-text"}`, 200, `{"answer":"sent","error":""}`},
		"an event with a fault": {"/api/send", `{"event":"wrong"}`, 422, `{"error":"cannot be read"}`},
		"no JSON":               {"/api/send", `sample`, 400, `{"error":"no JSON: invalid character 's' looking for beginning of value"}`},
		"too much":              {"/api/send", `{"event":"` + strings.Repeat("x", 5<<20) + `"}`, 413, `{"error":"that is more than a page may send at once: 4 MiB"}`},
		"a good configuration":  {"/api/check", `{"text":""}`, 200, `{"problems":[]}`},
		"a wrong configuration": {"/api/config", `{"text":""}`, 200, `{"problems":[{"line":3,"column":1,"message":"no such key"}]}`},
		"nothing to preview":    {"/api/preview", `{"sample":"x"}`, 200, `{"messages":[],"problems":[],"destinations":[],"mentions":{},"alerts":[]}`},
	} {
		if got := s.ask("POST", row.path, row.body, s.ours()); got.status != row.status || got.body != row.want {
			t.Errorf("%s: status %d, %s", name, got.status, got.body)
		}
	}
	if got := s.ask("GET", "/api/sample/empty", "", nil); got.body != `{}` {
		t.Errorf("a sample: %d, %s", got.status, got.body)
	}
	if got := s.ask("GET", "/api/sample/none", "", nil); got.status != 404 {
		t.Errorf("a sample that is not there: %d, %s", got.status, got.body)
	}
	if got := s.ask("GET", "/api/message/m2", "", nil); got.status != 404 || got.body != `{"error":"the message is not there any more"}` {
		t.Errorf("a message that is gone: %d, %s", got.status, got.body)
	}
}

func TestFilesAreShownOnlyWherePicturesAreMeant(t *testing.T) {
	s := serve(t)
	for id, want := range map[string][2]string{
		"m1.graph": {"image/png", "inline; filename=graph.png"},
		"m1.list":  {"text/plain; charset=utf-8", "attachment; filename*=utf-8''liste%20%C3%BC%22.txt"},
		"m1.page":  {"application/octet-stream", "attachment; filename=page.html"},
	} {
		h := s.ask("GET", "/api/file/"+id, "", nil).header
		if got := [2]string{h.Get("Content-Type"), h.Get("Content-Disposition")}; got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
		if h.Get("Content-Security-Policy") != "default-src 'none'; sandbox" {
			t.Errorf("%s: policy %q", id, h.Get("Content-Security-Policy"))
		}
	}
	if got := s.ask("GET", "/api/file/m1.other", "", nil); got.status != 404 {
		t.Errorf("a file that is not there: status %d", got.status)
	}
}

func TestThePageHasTheSchemaOfTheConfiguration(t *testing.T) {
	want, err := os.ReadFile("../../../alarmrelay.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	got := serve(t).ask("GET", "/api/schema", "", nil)
	if got.status != http.StatusOK || got.header.Get("Content-Type") != "application/json; charset=utf-8" || got.body != string(want) {
		t.Errorf("status %d, %s, %d bytes, want %d", got.status, got.header.Get("Content-Type"), len(got.body), len(want))
	}
}

func TestTheBundleIsAPage(t *testing.T) {
	text, err := page.Bundle().Open("index.html")
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(text)
	if err != nil || strings.Count(string(all), "%TOKEN%") != 1 {
		t.Errorf("index.html has to carry the token once: %v\n%s", err, all)
	}
	for _, mark := range []string{`="http`, `="//`, " style=", "<style", "onclick"} {
		if strings.Contains(string(all), mark) {
			t.Errorf("index.html has %s, which the page's policy refuses", mark)
		}
	}
}

func TestListenTakesTheNextFreePortOfLoopback(t *testing.T) {
	first, err := page.Listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Close() }()
	second, err := page.Listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = second.Close() }()
	for _, l := range []string{first.Addr().String(), second.Addr().String()} {
		if !regexp.MustCompile(`^127\.0\.0\.1:89\d\d$`).MatchString(l) {
			t.Errorf("listens at %s", l)
		}
	}
	if first.Addr().String() == second.Addr().String() {
		t.Error("both listen at the same port")
	}
	if _, err := page.Listen(t.Context(), first.Addr().String()); err == nil || !strings.HasPrefix(err.Error(), first.Addr().String()+" is taken, ") {
		t.Errorf("a port that is taken: %v", err)
	}
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0", "8900", "[::]:0", first.Addr().String()} {
		if l, err := page.Listen(t.Context(), address); err == nil {
			_ = l.Close()
			t.Errorf("listens at %s", address)
		}
	}
}
