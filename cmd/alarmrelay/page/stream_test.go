package page_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/cmd/alarmrelay/page"
)

// heard is an event as a page hears it.
type heard struct{ id, kind, data string }

// listen connects as a browser does that has heard the events up to one already; empty is one that was never there.
func (s *site) listen(last string) (next func() heard, hangUp func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", s.url+"/api/events", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	response, err := http.DefaultClient.Do(r) //nolint:bodyclose // hangUp closes it
	if err != nil {
		s.t.Fatal(err)
	}
	if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
		s.t.Fatalf("content type %s, status %s", got, response.Status)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 16<<20)
	return func() (e heard) {
		s.t.Helper()
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				e.id = value
			case "event":
				e.kind = value
			case "data":
				e.data = value
			case "":
				if e.kind != "" {
					return e
				}
			}
		}
		s.t.Fatalf("the stream has ended: %v", lines.Err())
		return e
	}, func() { cancel(); response.Body.Close() }
}

func TestAPageThatComesBackHearsWhatItHasMissed(t *testing.T) {
	s := serve(t)
	next, hangUp := s.listen("")
	begin := next()
	if begin.kind != "reset" {
		t.Fatalf("a page that was never there hears %+v first", begin)
	}
	s.stream.Tell(page.KindGone, page.Gone{ID: "m1"})
	first := next()
	hangUp()
	s.stream.Tell(page.KindGone, page.Gone{ID: "m2"})
	s.stream.Tell(page.KindNote, page.Note{Text: "line\nbreak\r\n</script>"})
	next, hangUp = s.listen(first.id)
	defer hangUp()
	n, err := strconv.ParseUint(first.id, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	want := []heard{
		{fmt.Sprint(n + 1), "gone", `{"id":"m2"}`},
		{fmt.Sprint(n + 2), "note", `{"at":"0001-01-01T00:00:00Z","text":"line\nbreak\r\n\u003c/script\u003e"}`},
	}
	if diff := cmp.Diff(want, []heard{next(), next()}, cmp.AllowUnexported(heard{})); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
}

func TestAPageThatHasMissedTooMuchBeginsAnew(t *testing.T) {
	s := serve(t)
	s.stream.Tell(page.KindGone, page.Gone{ID: "first"})
	old := fmt.Sprint(s.stream.Last())
	for i := range 3000 {
		s.stream.Tell(page.KindGone, page.Gone{ID: fmt.Sprint(i)})
	}
	later := page.NewStream(time.Now().Add(time.Hour))
	for name, id := range map[string]string{
		"too far behind": old, "of an earlier run": "7", "of a later run": fmt.Sprint(later.Last()), "no number": "m1", "negative": "-1",
	} {
		next, hangUp := s.listen(id)
		if got, want := next(), (heard{fmt.Sprint(s.stream.Last()), "reset", "{}"}); got != want {
			t.Errorf("%s: heard %+v, want %+v", name, got, want)
		}
		hangUp()
	}
}

func TestTheStreamKeepsSoManyBytes(t *testing.T) {
	s := serve(t)
	at := fmt.Sprint(s.stream.Last())
	for range 20 {
		s.stream.Tell(page.KindNote, page.Note{Text: strings.Repeat("x", 1<<20)})
	}
	next, hangUp := s.listen(at)
	defer hangUp()
	if got := next(); got.kind != "reset" {
		t.Errorf("20 MB were kept: heard %s", got.kind)
	}
}

func TestAnEndedRequestStopsListening(t *testing.T) {
	s := serve(t)
	for range 120 { // more than may listen at once
		next, hangUp := s.listen("")
		next()
		hangUp()
		waitFor(t, func() bool {
			r, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/api/events", nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			return response.StatusCode == http.StatusOK
		})
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
