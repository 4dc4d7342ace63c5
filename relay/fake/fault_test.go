package fake

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// outcome is what a client saw of one post.
type outcome struct {
	Status  int
	Body    string
	Failed  bool // the request or the reading of its answer
	Kept    int  // messages the channel then holds
	Headers http.Header
}

var told = []string{"Retry-After", "X-Ratelimit-Scope", "X-Ratelimit-Limit", "Location"}

func attempt(t *testing.T, client *http.Client, address string, kept func() int) outcome {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", address, strings.NewReader(`{"content":"c","text":"c"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", agent)
	response, err := client.Do(r)
	if err != nil {
		return outcome{Failed: true, Kept: kept()}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<10))
	o := outcome{Status: response.StatusCode, Body: string(body), Failed: err != nil, Kept: kept()}
	for _, name := range told {
		if v := response.Header.Get(name); v != "" {
			if o.Headers == nil {
				o.Headers = http.Header{}
			}
			o.Headers.Set(name, v)
		}
	}
	return o
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

const (
	errorPage = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
	blockPage = "<html><title>Access denied</title><body>error code: 1015</body></html>"
	blockJSON = `{"code":0,"message":"You are being blocked from accessing our API temporarily due to exceeding our rate limits frequently."}`
)

var discordFaults = []struct {
	fault Fault
	want  outcome
}{
	{Fault{Kind: Limited, After: 1500 * time.Millisecond}, outcome{
		Status: 429, Body: `{"global":false,"message":"You are being rate limited.","retry_after":1.5}`,
		Headers: http.Header{"Retry-After": {"2"}, "X-Ratelimit-Scope": {"user"}, "X-Ratelimit-Limit": {"5"}},
	}},
	{Fault{Kind: LimitedGlobally, After: time.Second}, outcome{
		Status: 429, Body: `{"global":true,"message":"You are being rate limited.","retry_after":1}`,
		Headers: http.Header{"Retry-After": {"1"}, "X-Ratelimit-Scope": {"global"}},
	}},
	{Fault{Kind: LimitedEdits, After: time.Second}, outcome{
		Status: 429, Body: `{"code":30046,"global":false,"message":"Maximum number of edits to messages older than 1 hour reached. Try again later.","retry_after":1}`,
		Headers: http.Header{"Retry-After": {"1"}, "X-Ratelimit-Scope": {"user"}},
	}},
	{Fault{Kind: BlockedPage}, outcome{Status: 429, Body: blockPage}},
	{Fault{Kind: BlockedJSON}, outcome{Status: 429, Body: blockJSON}},
	{Fault{Kind: Down, Status: 502}, outcome{Status: 502, Body: errorPage}},
	{Fault{Kind: Down}, outcome{Status: 500, Body: strings.ReplaceAll(errorPage, "502 Bad Gateway", "500 Internal Server Error")}},
	{Fault{Kind: Reset}, outcome{Failed: true}},
	{Fault{Kind: AnswerLost}, outcome{Failed: true, Kept: 1}},
	{Fault{Kind: AnswerCut}, outcome{Status: 200, Failed: true, Kept: 1}},
	{Fault{Kind: Unknown}, outcome{Status: 404, Body: `{"code":10015,"message":"Unknown Webhook"}`}},
	{Fault{Kind: BadToken}, outcome{Status: 401, Body: `{"code":50027,"message":"Invalid Webhook Token"}`}},
	{Fault{Kind: Forbidden}, outcome{Status: 403, Body: `{"code":50013,"message":"Missing Permissions"}`}},
	{Fault{Kind: Gone}, outcome{Status: 404, Body: `{"code":10003,"message":"Unknown Channel"}`}},
	{Fault{Kind: Filtered}, outcome{Status: 400, Body: `{"code":200000,"message":"Message was blocked by automatic moderation"}`}},
	{Fault{Kind: Redirect}, outcome{Status: 302, Body: "<html><body>Found</body></html>", Headers: http.Header{"Location": {"/elsewhere"}}}},
	{Fault{Kind: Flood}, outcome{Status: 200, Body: strings.Repeat("overflow ", 114)[:1024]}},
	{Fault{Kind: Slow, After: time.Millisecond}, outcome{Status: 200, Kept: 1}},
}

// Both ways to a handler, a socket and [Transport], must look the same to a client.
func TestDiscordFaults(t *testing.T) {
	for _, tt := range discordFaults {
		t.Run(string(tt.fault.Kind), func(t *testing.T) {
			for _, way := range []string{"socket", "transport"} {
				d := NewDiscord(Options{Lenient: true})
				hook := d.AddChannel(Channel{Name: "ops"})
				d.Fail(tt.fault)
				client, base := &http.Client{Transport: Transport{"discord.com": d}}, "https://discord.com"
				if way == "socket" {
					server := httptest.NewServer(d)
					defer server.Close()
					client, base = server.Client(), server.URL
				}
				client.CheckRedirect = stay
				kept := func() int { return len(d.Messages(hook.Channel)) }
				got := attempt(t, client, base+hook.Path()+"?wait=true", kept)
				if got.Status == 200 && tt.fault.Kind != Flood {
					got.Body, got.Headers = "", nil // the message and its limits
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s:\n%s", way, diff)
				}
				if got := d.Log()[0].Fault; got != tt.fault.Kind {
					t.Errorf("%s: the log says %q", way, got)
				}
				if got := attempt(t, client, base+hook.Path()+"?wait=true", kept); got.Status != 200 {
					t.Errorf("%s: one fault befell two requests: %+v", way, got)
				}
			}
		})
	}
}

var slackFaults = []struct {
	fault Fault
	want  outcome
}{
	{Fault{Kind: Limited, After: 30 * time.Second}, outcome{
		Status: 429, Body: `{"retry_after":30,"ok":false,"error":"rate_limited"}`, Headers: http.Header{"Retry-After": {"30"}},
	}},
	{Fault{Kind: Unknown}, outcome{Status: 404, Body: "no_service"}},
	{Fault{Kind: BadToken}, outcome{Status: 403, Body: "invalid_token"}},
	{Fault{Kind: Forbidden}, outcome{Status: 403, Body: "action_prohibited"}},
	{Fault{Kind: Gone}, outcome{Status: 410, Body: "channel_is_archived"}},
	{Fault{Kind: BlockedPage}, outcome{Status: 403, Body: blockPage}},
	{Fault{Kind: Down, Status: 502}, outcome{Status: 502, Body: errorPage}},
	{Fault{Kind: AnswerLost}, outcome{Failed: true, Kept: 1}},
	{Fault{Kind: AnswerCut}, outcome{Status: 200, Body: "o", Failed: true, Kept: 1}},
}

func TestSlackFaults(t *testing.T) {
	for _, tt := range slackFaults {
		t.Run(string(tt.fault.Kind), func(t *testing.T) {
			s := NewSlack(Options{Lenient: true})
			hook := s.AddChannel("ops")
			s.Fail(tt.fault)
			client := &http.Client{Transport: Transport{"hooks.slack.com": s}}
			got := attempt(t, client, hook.URL("https://hooks.slack.com"), func() int { return len(s.Messages(hook.Channel)) })
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFaultsBefallThoseTheyName(t *testing.T) {
	d := NewDiscord(Options{})
	one, other := d.AddChannel(Channel{Name: "one"}), d.AddChannel(Channel{Name: "other"})
	askJSON(t, d, "POST", one.Path(), obj{"content": "c"})
	message := one.Path() + "/messages/" + d.Messages(one.Channel)[0].ID
	d.Break(Fault{Kind: Down, Status: 503, Webhook: one.ID})
	d.Fail(Fault{Kind: Unknown, Method: "PATCH"}, Fault{Kind: BadToken, Method: "PATCH"})
	var got []int
	for _, step := range []struct{ method, path string }{
		{"POST", one.Path()},
		{"POST", other.Path()},
		{"PATCH", message},
		{"PATCH", message},
		{"PATCH", message},
	} {
		got = append(got, askJSON(t, d, step.method, step.path, obj{"content": "d"}).Status)
	}
	d.Mend()
	got = append(got, askJSON(t, d, "PATCH", message, obj{"content": "d"}).Status)
	if diff := cmp.Diff([]int{503, 204, 404, 401, 503, 200}, got); diff != "" {
		t.Error(diff)
	}
}

func TestHangEndsWithTheClientsPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := NewDiscord(Options{})
		hook := d.AddChannel(Channel{Name: "ops"})
		d.Break(Fault{Kind: Hang})
		client := &http.Client{Transport: Transport{"discord.com": d}, Timeout: 5 * time.Second}
		start := time.Now()
		got := attempt(t, client, "https://discord.com"+hook.Path(), func() int { return len(d.Messages(hook.Channel)) })
		if diff := cmp.Diff(outcome{Failed: true}, got); diff != "" {
			t.Error(diff)
		}
		if waited := time.Since(start); waited != 5*time.Second {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestCloseEndsHanging(t *testing.T) {
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops"})
	d.Break(Fault{Kind: Hang})
	server := httptest.NewServer(d)
	defer server.Close()
	time.AfterFunc(time.Millisecond, d.Close)
	got := attempt(t, server.Client(), server.URL+hook.Path(), func() int { return 0 })
	if diff := cmp.Diff(outcome{Failed: true}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSlowTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := NewDiscord(Options{Lenient: true})
		hook := d.AddChannel(Channel{Name: "ops"})
		d.Fail(Fault{Kind: Slow, After: 3 * time.Second})
		client := &http.Client{Transport: Transport{"discord.com": d}}
		start := time.Now()
		got := attempt(t, client, "https://discord.com"+hook.Path(), func() int { return len(d.Messages(hook.Channel)) })
		if got.Status != 204 || got.Kept != 1 || time.Since(start) != 3*time.Second {
			t.Errorf("%+v after %v", got, time.Since(start))
		}
	})
}

func TestFloodIsLongAndStopsWithItsReader(t *testing.T) {
	d := NewDiscord(Options{})
	d.Break(Fault{Kind: Flood})
	server := httptest.NewServer(d)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, response.Body)
	response.Body.Close()
	if err != nil || n < floodSize {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestTransportKnowsNoOtherHost(t *testing.T) {
	r, err := http.NewRequestWithContext(t.Context(), "POST", "https://a.example/", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	response, err := Transport{"discord.com": NewDiscord(Options{})}.RoundTrip(r)
	if err == nil {
		response.Body.Close()
	}
	var dial *net.OpError
	if !errors.As(err, &dial) || dial.Op != "dial" {
		t.Errorf("%v", err)
	}
}

func TestTransportTellsWhenTheRequestIsOut(t *testing.T) {
	for kind, want := range map[FaultKind]bool{"": true, Reset: false, AnswerLost: true, Down: true} {
		t.Run(string("fault "+kind), func(t *testing.T) {
			d := NewDiscord(Options{})
			hook := d.AddChannel(Channel{Name: "ops"})
			d.Break(Fault{Kind: kind})
			var out atomic.Bool
			ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
				WroteRequest: func(httptrace.WroteRequestInfo) { out.Store(true) },
			})
			r, err := http.NewRequestWithContext(ctx, "POST", "https://discord.com"+hook.Path(), strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			response, err := Transport{"discord.com": d}.RoundTrip(r)
			if err == nil {
				readAll(t, response.Body)
				response.Body.Close()
			}
			if out.Load() != want {
				t.Errorf("written: %v, want %v (%v)", out.Load(), want, err)
			}
		})
	}
}
