package chat_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
	"alarmrelay/relay/chat"
	"alarmrelay/relay/fake"
)

func TestAnEditWakesAnArchivedThread(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(board, string)
		want   []shown
		gone   bool
	}{
		{"archived by age", func(board, string) { time.Sleep(4 * 24 * time.Hour) }, []shown{{Thread: "about red", Title: "green", Edits: 1}}, false},
		{
			"archived by hand", func(b board, id string) { b.ChangeThread(id, func(t *fake.Thread) { t.Archived = true }) },
			[]shown{{Thread: "about red", Title: "green", Edits: 1}},
			false,
		},
		{
			"locked", func(b board, id string) { b.ChangeThread(id, func(t *fake.Thread) { t.Locked = true }) },
			[]shown{{Thread: "about red", Title: "red"}},
			true,
		},
		{
			"locked and archived", func(b board, id string) {
				b.ChangeThread(id, func(t *fake.Thread) { t.Locked, t.Archived = true, true })
			},
			[]shown{{Thread: "about red", Title: "red"}},
			true,
		},
		{"deleted", func(b board, id string) { b.DeleteThread(id) }, nil, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBoard(fake.Channel{Forum: true})
				ref, err := b.hooks.Post(t.Context(), opening("red"))
				if err != nil {
					t.Fatal(err)
				}
				test.change(b, ref.Channel)
				after, err := b.hooks.Edit(t.Context(), ref, opening("green"))
				if errors.Is(err, relay.ErrGone) != test.gone || !test.gone && (err != nil || after != ref) {
					t.Errorf("%+v, %v", after, err)
				}
				if diff := cmp.Diff(test.want, b.shown()); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		})
	}
}

// TestAWakingThatFailsIsToldAsItIs has an archived thread's wakening meet a limit, and the edit that follows a fault.
func TestAWakingThatFailsIsToldAsItIs(t *testing.T) {
	archived := coded(400, 50083)
	for name, test := range map[string]struct {
		replies []reply
		want    error
		asked   int
	}{
		"a limit":                       {[]reply{archived, says(429, `{"retry_after":60}`)}, &relay.LimitError{RetryAfter: time.Minute}, 2},
		"it was locked meanwhile":       {[]reply{archived, coded(400, 160005)}, nil, 2},
		"it stays archived":             {[]reply{archived, says(200, posted), archived, says(204, "")}, nil, 4},
		"the edit is refused":           {[]reply{archived, says(200, posted), coded(400, 50035), coded(400, 50006), says(204, "")}, refusedAs(400, "50006"), 5},
		"it is in a thread of the rule": {[]reply{archived, says(200, posted), says(200, posted), says(204, "")}, nil, 4},
		"what woke it remains":          {[]reply{archived, says(200, posted), says(200, posted), coded(403, 50013)}, nil, 4},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hooks, w := on(discord, chat.Options{}, test.replies...)
				ref, m := relay.Ref{Message: postedID, Channel: postedID}, message()
				if name == "it is in a thread of the rule" {
					ref.Channel, m.Thread = "", postedID
				}
				_, err := hooks.Edit(t.Context(), ref, m)
				if woken := w.asked[1]; woken.Method != "POST" || !strings.HasSuffix(woken.URL, "?wait=true&thread_id="+postedID) {
					t.Errorf("woken by %s %s", woken.Method, woken.URL)
				}
				if diff := cmp.Diff(test.want, acted(err)); diff != "" || len(w.asked) != test.asked {
					t.Errorf("after %d requests, -want +got:\n%s", len(w.asked), diff)
				}
				const woken = `{"allowed_mentions":{"parse":[]},"content":"…","flags":4096}`
				if w.asked[1].Body != woken {
					t.Errorf("woken by %s", w.asked[1].Body)
				}
				if stays := name == "it stays archived" || name == "it was locked meanwhile"; errors.Is(err, relay.ErrGone) != stays {
					t.Errorf("%v", err)
				}
			})
		})
	}
}
