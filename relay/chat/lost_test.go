package chat_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
)

func TestWhatWasNotSentIsTriedAgain(t *testing.T) {
	for _, test := range []struct {
		name    string
		replies []reply
		want    outcome
	}{
		{"once", []reply{unreachable, says(200, posted)}, outcome{Ref: postedRef, Sent: []string{rich, rich}}},
		{"twice", []reply{unreachable, unreachable, says(200, posted)}, outcome{Ref: postedRef, Sent: []string{rich, rich, rich}}},
		{"not for ever", []reply{unreachable}, outcome{
			Sent: []string{rich, rich, rich},
			Says: "post to Discord: the service was not reached: dial tcp 192.0.2.1:443: connect: connection refused",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hooks, w := on(discord, chat.Options{}, test.replies...)
				got := deliver(t.Context(), hooks, w, message())
				got.Took = 0
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		})
	}
}

func TestWhatMayHaveBeenShownIsNotSentAgain(t *testing.T) {
	for name, reply := range map[string]reply{
		"no answer": silent,
		"a reset": func(r *http.Request) (*http.Response, error) {
			wrote(r)
			return nil, errors.New("read: connection reset by peer")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hooks, w := on(discord, chat.Options{}, reply)
				got := deliver(t.Context(), hooks, w, message())
				want := outcome{Sent: []string{rich}, Err: &relay.UncertainError{}}
				if name == "no answer" {
					want.Took = 5 * time.Second
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		})
	}
}

// Over real sockets: what net/http makes of services that fall over.

// server is a service on loopback, with the address of its webhook.
func server(t *testing.T, handle http.HandlerFunc) (o chat.Options, fetch string) {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return chat.Options{AllowHosts: []string{strings.TrimPrefix(s.URL, "http://")}}, s.URL + "/api/webhooks/" + discordID + "/" + discordToken
}

// hangUp writes the beginning of an answer and closes the connection.
func hangUp(t *testing.T, w http.ResponseWriter, so string) {
	t.Helper()
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	if _, err := buffered.WriteString(so); err != nil {
		t.Error(err)
	}
	if err := errors.Join(buffered.Flush(), conn.Close()); err != nil {
		t.Error(err)
	}
}

func TestAConnectionThatIsCutAfterTheRequest(t *testing.T) {
	for _, test := range []struct {
		name, answer string
		uncertain    bool
		ref          relay.Ref
	}{
		{"before any answer", "", true, relay.Ref{}},
		{"in the status", "HTTP/1.1 2", true, relay.Ref{}},
		{"by something that is not HTTP", "bye " + discordToken + "\r\n\r\n", true, relay.Ref{}},
		{"after the status", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", false, relay.Ref{}},
		{"in the body", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + `{"id":"5","channel_id":"6","con`, false, relay.Ref{Message: "5", Channel: "6"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var requests atomic.Int32
			o, address := server(t, func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				hangUp(t, w, test.answer)
			})
			ref, err := chat.New(discord, known(address), o).Post(t.Context(), message())
			if errors.As(err, new(*relay.UncertainError)) != test.uncertain || !test.uncertain && err != nil {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(test.ref, ref); diff != "" || requests.Load() != 1 {
				t.Errorf("after %d requests, -want +got:\n%s", requests.Load(), diff)
			}
			assertNothingSecret(t, err)
		})
	}
}

// Discord answers 404 for a webhook that was deleted and for a message that was, and only the body says which.
func TestARefusalThatIsCutOffIsAskedForAgain(t *testing.T) {
	var requests atomic.Int32
	o, address := server(t, func(w http.ResponseWriter, _ *http.Request) {
		if requests.Add(1) == 1 {
			hangUp(t, w, "HTTP/1.1 404 Not Found\r\nContent-Length: 500\r\n\r\n"+`{"message":"Unk`)
			return
		}
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"message": "Unknown Message", "code": 10008}`)
	})
	_, err := chat.New(discord, known(address), o).Edit(t.Context(), relay.Ref{Message: "5", Channel: "6"}, message())
	if !errors.Is(err, relay.ErrGone) || requests.Load() < 2 {
		t.Errorf("after %d requests: %v", requests.Load(), err)
	}
	assertNothingSecret(t, err)
}

func TestAnAnswerThatNeverComesIsUncertain(t *testing.T) {
	o, address := server(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // net/http sees who hangs up only after it
		<-r.Context().Done()
	})
	o.Timeout = 50 * time.Millisecond
	_, err := chat.New(discord, known(address), o).Post(t.Context(), message())
	if !errors.As(err, new(*relay.UncertainError)) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the request's time is not the caller's: %v", err)
	}
	assertNothingSecret(t, err)
}

func TestAPortThatIsClosedIsCertain(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	host := strings.TrimPrefix(closed.URL, "http://")
	o := chat.Options{AllowHosts: []string{host}, MaxWait: -1}
	_, err := chat.New(discord, known("http://"+host+"/api/webhooks/"+discordID+"/"+discordToken), o).Post(t.Context(), message())
	if err == nil || errors.As(err, new(*relay.UncertainError)) || !strings.Contains(err.Error(), "was not reached") {
		t.Error(err)
	}
	assertNothingSecret(t, err)
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var elsewhere atomic.Int32
	o, address := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elsewhere" {
			elsewhere.Add(1)
		}
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	_, err := chat.New(discord, known(address), o).Post(t.Context(), message())
	if err == nil || elsewhere.Load() > 0 {
		t.Errorf("%v, and %d requests elsewhere", err, elsewhere.Load())
	}
}

func TestWarmOpensTheConnectionThatTheFirstMessageUses(t *testing.T) {
	for _, test := range []struct {
		service      formatter.Service
		status       int
		warmed, path string
	}{
		{discord, 200, "GET /api/v10/gateway", "/api/webhooks/" + discordID + "/" + discordToken},
		{discord, 503, "GET /api/v10/gateway", "/api/webhooks/" + discordID + "/" + discordToken},
		{slack, 404, "GET /", slackPath},
	} {
		t.Run(string(test.service)+" "+http.StatusText(test.status), func(t *testing.T) {
			var opened atomic.Int32
			var asked []string
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = append(asked, r.Method+" "+r.URL.Path)
				if r.Method == http.MethodGet {
					w.WriteHeader(test.status)
				}
			}))
			s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					opened.Add(1)
				}
			}
			s.EnableHTTP2 = true
			s.StartTLS()
			defer s.Close()
			o := chat.Options{AllowHosts: []string{strings.TrimPrefix(s.URL, "https://")}, HTTP: chat.NewHTTPClient()}
			o.HTTP.Transport.(*http.Transport).TLSClientConfig.RootCAs = s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs

			hooks := chat.New(test.service, known(s.URL+test.path), o)
			if err := hooks.Warm(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.warmed}, asked); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if _, err := hooks.Post(t.Context(), message()); err != nil {
				t.Fatal(err)
			}
			if opened.Load() != 1 {
				t.Errorf("%d connections were opened", opened.Load())
			}
		})
	}
}

func TestIdleConnectionsAreNotUsedAfterThirtySeconds(t *testing.T) {
	transport := chat.NewHTTPClient().Transport.(*http.Transport)
	if got := transport.IdleConnTimeout; got != 30*time.Second {
		t.Errorf("IdleConnTimeout is %v", got)
	}
}
