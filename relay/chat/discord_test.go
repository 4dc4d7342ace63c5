package chat_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
)

const (
	cloudflarePage = "<!DOCTYPE html><title>Access denied</title>error code: 1015"
	blockedJSON    = `{"code":0,"message":"You are being blocked from accessing our API temporarily due to exceeding our rate limits frequently."}`
	badGateway     = "<html><h1>502 Bad Gateway</h1></html>"
)

// coded is an error of Discord's with a status and a code.
func coded(status, code int) reply {
	return says(status, fmt.Sprintf(`{"message":"As documented","code":%d}`, code))
}

// invalidForm is Discord's tree of errors.
const invalidForm = `{"message":"Invalid Form Body","code":50035,"errors":{"embeds":{"0":{
	"title":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 256 or fewer in length, not ` + discordToken + `"}]},
	"url":{"_errors":[{"code":"URL_TYPE_INVALID_URL","message":"Not a well formed URL."}]},
	"fields":{"3":{"value":{"_errors":[{"code":"BASE_TYPE_REQUIRED","message":"This field is required"}]}}}}},
	"username":{"_errors":[{"code":"USERNAME_INVALID_CONTAINS","message":"Username cannot contain \"discord\""}]}}}`

// outcome is how a delivery ended.
type outcome struct {
	Ref  relay.Ref
	Sent []string      // bodies
	Took time.Duration // whole seconds
	Err  error         // the typed error, nil for none
	Says string        // the whole text where the error has no type
}

// deliver posts m and tells how it ended. Only inside a bubble.
func deliver(ctx context.Context, hooks relay.Channel, w *wire, m formatter.Message) outcome {
	began := time.Now()
	ref, err := hooks.Post(ctx, m)
	o := outcome{Ref: ref, Sent: w.bodies(), Took: time.Since(began).Truncate(time.Second)}
	o.Says, o.Err = typed(err)
	return o
}

// typed returns the error that a caller acts on, or the text where there is none.
func typed(err error) (text string, acted error) {
	var (
		limit     *relay.LimitError
		refusal   *relay.RefusedError
		dead      *relay.DeadError
		block     *relay.BlockedError
		uncertain *relay.UncertainError
	)
	switch {
	case err == nil:
		return "", nil
	case errors.As(err, &limit):
		return "", limit
	case errors.As(err, &refusal):
		return "", refusal
	case errors.As(err, &dead):
		return "", dead
	case errors.As(err, &block):
		return "", block
	case errors.As(err, &uncertain):
		return "", &relay.UncertainError{}
	}
	return err.Error(), nil
}

func refusedAs(status int, code string) error {
	return &relay.RefusedError{Status: status, Code: code, Detail: "As documented"}
}

// TestDiscordsAnswers holds a row for every kind of answer that Discord is
// known to give: https://docs.discord.com/developers/topics/opcodes-and-status-codes
func TestDiscordsAnswers(t *testing.T) {
	ok := says(200, posted)
	twice, once, inPlain := []string{rich, rich}, []string{rich}, []string{rich, plain}
	for _, test := range []struct {
		name    string
		thread  string
		replies []reply
		want    outcome
	}{
		{"stored", "", []reply{ok}, outcome{Ref: postedRef, Sent: once}},
		{"taken without a word", "", []reply{says(204, "")}, outcome{Sent: once}},
		{"stored, the answer is cut off after the id", "", []reply{says(200, posted[:len(posted)-30])}, outcome{Ref: relay.Ref{Message: postedID}, Sent: once}},
		{"stored, the answer is cut off before the id", "", []reply{says(200, posted[:20])}, outcome{Sent: once}},
		{"success, but in a page", "", []reply{says(200, cloudflarePage)}, outcome{Sent: once, Err: &relay.UncertainError{}}},

		{"a limit", "", []reply{says(429, `{"message":"You are being rate limited.","retry_after":1.5,"global":false}`, "X-RateLimit-Scope: user", "Retry-After: 2"), ok}, outcome{Ref: postedRef, Sent: twice, Took: time.Second}},
		{"a limit of the channel", "", []reply{says(429, `{"message":"The resource is being rate limited.","retry_after":3,"global":false}`, "X-RateLimit-Scope: shared"), ok}, outcome{Ref: postedRef, Sent: twice, Took: 3 * time.Second}},
		{"a limit in its header only", "", []reply{says(429, "{}", "Retry-After: 4", "X-RateLimit-Limit: 5"), ok}, outcome{Ref: postedRef, Sent: twice, Took: 4 * time.Second}},
		{"a limit in the bucket's header only", "", []reply{says(429, "", "X-RateLimit-Reset-After: 2.25"), ok}, outcome{Ref: postedRef, Sent: twice, Took: 2 * time.Second}},
		{"a limit that does not say how long", "", []reply{says(429, "{}", "X-RateLimit-Limit: 5"), ok}, outcome{Ref: postedRef, Sent: twice, Took: time.Second}},
		{"a limit that is no number", "", []reply{says(429, `{"retry_after":"soon"}`, "X-RateLimit-Limit: 5"), ok}, outcome{Ref: postedRef, Sent: twice, Took: time.Second}},
		{"a limit longer than we wait", "", []reply{says(429, `{"retry_after":45}`)}, outcome{Sent: once, Err: &relay.LimitError{RetryAfter: 45 * time.Second}}},
		{"a limit of many years", "", []reply{says(429, `{"retry_after":1e300}`)}, outcome{Sent: once, Err: &relay.LimitError{RetryAfter: time.Hour}}},

		{"blocked by a page", "", []reply{says(429, cloudflarePage, "Retry-After: 600")}, outcome{Sent: once, Err: &relay.BlockedError{RetryAfter: 10 * time.Minute}}},
		{"blocked by a code that is none", "", []reply{says(429, blockedJSON, "Retry-After: 301")}, outcome{Sent: once, Err: &relay.BlockedError{RetryAfter: 301 * time.Second}}},
		{"forbidden by a page", "", []reply{says(403, cloudflarePage, "Retry-After: 900")}, outcome{Sent: once, Err: &relay.BlockedError{RetryAfter: 15 * time.Minute}}},
		{"forbidden for the program", "", []reply{says(403, `{"message":"internal network error","code":40333}`, "Retry-After: 600")}, outcome{Sent: once, Err: &relay.BlockedError{RetryAfter: 10 * time.Minute}}},

		{"a restart", "", []reply{says(502, badGateway), ok}, outcome{Ref: postedRef, Sent: twice}},
		{"a restart of some time", "", []reply{says(503, badGateway), says(504, ""), ok}, outcome{Ref: postedRef, Sent: []string{rich, rich, rich}}},
		{"a restart that says how long", "", []reply{says(503, "", "Retry-After: 3"), ok}, outcome{Ref: postedRef, Sent: twice, Took: 3 * time.Second}},
		{"a restart that takes too long", "", []reply{says(503, "", "Retry-After: 60"), ok}, outcome{Sent: once, Says: "post to Discord: the service is down: status 503"}},
		{"down", "", []reply{says(502, badGateway)}, outcome{Sent: []string{rich, rich, rich}, Says: "post to Discord: the service is down: status 502"}},
		{"overloaded", "", []reply{coded(503, 130000), ok}, outcome{Ref: postedRef, Sent: twice}},
		{"overloaded with another status", "", []reply{coded(400, 130000), ok}, outcome{Ref: postedRef, Sent: twice}},
		{"a resource behind it is limited", "", []reply{coded(429, 40062), ok}, outcome{Ref: postedRef, Sent: twice}},
		{"too slow to read us", "", []reply{says(408, ""), ok}, outcome{Ref: postedRef, Sent: twice}},
		{"a payload that crashes it", "", []reply{says(500, ""), says(500, ""), ok}, outcome{Ref: postedRef, Sent: []string{rich, rich, plain}}},
		{"a payload that crashes it, late", "", []reply{says(503, ""), says(500, ""), says(500, ""), ok}, outcome{Ref: postedRef, Sent: []string{rich, rich, rich, plain}}},
		{"everything crashes it", "", []reply{says(500, "")}, outcome{Sent: []string{rich, rich, plain}, Says: "post to Discord: the service is down: status 500"}},

		{"an invalid form", "", []reply{says(400, invalidForm), ok}, outcome{Ref: postedRef, Sent: inPlain}},
		{"an empty message", "", []reply{coded(400, 50006), ok}, outcome{Ref: postedRef, Sent: inPlain}},
		{"an unreadable body", "", []reply{coded(400, 50109), ok}, outcome{Ref: postedRef, Sent: inPlain}},
		{"too large", "", []reply{coded(413, 40005), ok}, outcome{Ref: postedRef, Sent: inPlain}},
		{"a file too large", "", []reply{coded(400, 50045), ok}, outcome{Ref: postedRef, Sent: inPlain}},
		{"too many files", "", []reply{coded(400, 30015), ok}, outcome{Ref: postedRef, Sent: inPlain}},
		{"moderated", "", []reply{coded(400, 200000), ok}, outcome{Ref: postedRef, Sent: inPlain}},
		{"a harmful link", "", []reply{coded(400, 240000), ok}, outcome{Ref: postedRef, Sent: inPlain}},
		{"a page too large", "", []reply{says(413, "<html>too large</html>"), ok}, outcome{Ref: postedRef, Sent: inPlain}},
		{"refused twice", "", []reply{coded(400, 50035), coded(400, 50006)}, outcome{Sent: inPlain, Err: refusedAs(400, "50006")}},
		{"refused without a word", "", []reply{says(400, "")}, outcome{Sent: inPlain, Err: &relay.RefusedError{Status: 400}}},

		{"an unknown webhook", "", []reply{coded(404, 10015)}, outcome{Sent: once, Err: &relay.DeadError{Status: 404, Code: "10015"}}},
		{"a wrong token", "", []reply{coded(401, 50027)}, outcome{Sent: once, Err: &relay.DeadError{Status: 401, Code: "50027"}}},
		{"a wrong token with another status", "", []reply{coded(400, 50027)}, outcome{Sent: once, Err: &relay.DeadError{Status: 400, Code: "50027"}}},
		{"a deleted channel", "", []reply{coded(404, 10003)}, outcome{Sent: once, Err: &relay.DeadError{Status: 404, Code: "10003"}}},
		{"a deleted server", "", []reply{coded(404, 10004)}, outcome{Sent: once, Err: &relay.DeadError{Status: 404, Code: "10004"}}},
		{"no access", "", []reply{coded(403, 50001)}, outcome{Sent: once, Err: &relay.DeadError{Status: 403, Code: "50001"}}},
		{"no permission", "", []reply{coded(403, 50013)}, outcome{Sent: once, Err: &relay.DeadError{Status: 403, Code: "50013"}}},
		{"unauthorized", "", []reply{says(401, `{"message":"401: Unauthorized","code":0}`)}, outcome{Sent: once, Err: &relay.DeadError{Status: 401, Code: "0"}}},
		{"not found by a page", "", []reply{says(404, "<html>404</html>")}, outcome{Sent: once, Err: &relay.DeadError{Status: 404}}},

		{"a thread that is not there", "42", []reply{coded(404, 10003), ok}, outcome{Ref: postedRef, Sent: twice}},
		{"a thread, and the webhook is dead", "42", []reply{coded(404, 10003), coded(404, 10003)}, outcome{Sent: twice, Err: &relay.DeadError{Status: 404, Code: "10003"}}},
		{"a thread's form is wrong as well", "42", []reply{coded(400, 220003), coded(400, 50035), ok}, outcome{Ref: postedRef, Sent: []string{rich, rich, plain}}},

		{"a redirect", "", []reply{says(302, "", "Location: https://example.org/"+discordToken)}, outcome{Sent: once, Says: "post to Discord: the service answered with a redirect (status 302), which is not followed"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hooks, w := on(discord, chat.Options{}, test.replies...)
				m := message()
				m.Thread = test.thread
				got := deliver(t.Context(), hooks, w, m)
				if test.want.Took == 0 {
					got.Took = 0 // of back-offs, which are random
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				assertNothingSecret(t, got.Err, got.Says)
			})
		})
	}
}

func TestThreadsThatAreNotTakenAreLeftOut(t *testing.T) {
	for code, remedy := range map[int]string{
		220002: "", 220003: "", 40058: "", 50024: "", 50083: "", 160005: "", 10087: "",
		220004: "the channel takes no webhooks: make one in another",
		40067:  "the forum takes posts with a tag only: name ids of its tags under forum_tags, or make tags optional in its settings",
		160006: "the server has as many open threads as it may: close some",
	} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			hooks, w := on(discord, chat.Options{}, coded(400, code), says(200, posted))
			m := message()
			m.Thread = "42"
			ref, err := hooks.Post(t.Context(), m)
			if err != nil || ref != postedRef {
				t.Fatal(ref, err)
			}
			got := []string{w.asked[0].URL, w.asked[1].URL}
			want := []string{"https://discord.com" + discordPath + "?wait=true&thread_id=42", "https://discord.com" + discordPath + "?wait=true"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}

			hooks, w = on(discord, chat.Options{}, coded(400, code))
			_, err = hooks.Post(t.Context(), message())
			if diff := cmp.Diff(error(&relay.DeadError{Status: 400, Code: fmt.Sprint(code), Remedy: remedy}), acted(err)); diff != "" || len(w.asked) != 1 {
				t.Errorf("without a thread, after %d requests, -want +got:\n%s", len(w.asked), diff)
			}
		})
	}
}

// acted is typed without the text.
func acted(err error) error {
	_, acted := typed(err)
	return acted
}

func TestPlainGoesWithoutFilesAndComponentsButInTheThread(t *testing.T) {
	hooks, w := on(discord, chat.Options{}, coded(400, 50035), says(200, posted))
	m := message()
	m.Thread, m.Components, m.Files = "42", true, []formatter.File{{Name: "a.txt", Data: []byte("a")}}
	if _, err := hooks.Post(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := w.asked[1]
	want := asked{
		Method: "POST", URL: "https://discord.com" + discordPath + "?wait=true&thread_id=42",
		Body: plain, Header: got.Header, At: got.At,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if kind := got.Header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("Content-Type %s", kind)
	}
}

func TestAMessageOfSeveralAlertsIsRefusedAtOnce(t *testing.T) {
	hooks, w := on(discord, chat.Options{}, says(400, invalidForm))
	_, err := hooks.Post(t.Context(), formatter.Message{Payload: 1})
	want := &relay.RefusedError{
		Status: 400, Code: "50035",
		Detail: "Invalid Form Body: embeds.0.fields.3.value BASE_TYPE_REQUIRED, embeds.0.title BASE_TYPE_MAX_LENGTH, " +
			"embeds.0.url URL_TYPE_INVALID_URL, and 1 more",
	}
	if diff := cmp.Diff(error(want), acted(err)); diff != "" || len(w.asked) != 1 {
		t.Errorf("after %d requests, -want +got:\n%s", len(w.asked), diff)
	}
	assertNothingSecret(t, err)
}

func TestABlockThatSaysNoTimeIsForFiveToFifteenMinutes(t *testing.T) {
	for name, answer := range map[string]reply{
		"429 page": says(429, cloudflarePage), "429 JSON": says(429, blockedJSON),
		"403 page": says(403, cloudflarePage), "403 JSON": says(403, blockedJSON), "403 nothing": says(403, ""),
	} {
		hooks, w := on(discord, chat.Options{}, answer)
		_, err := hooks.Post(t.Context(), message())
		block := (*relay.BlockedError)(nil)
		if !errors.As(err, &block) || block.RetryAfter < 5*time.Minute || block.RetryAfter > 15*time.Minute || len(w.asked) != 1 {
			t.Errorf("%s: %v after %d requests", name, err, len(w.asked))
		}
	}
}

func TestEditsOfOldMessagesAreLimitedButPostsAreNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hooks, w := on(discord, chat.Options{},
			says(429, `{"message":"Maximum number of edits to messages older than 1 hour reached.","code":30046,"retry_after":2.5}`),
			says(200, posted))
		_, err := hooks.Edit(t.Context(), postedRef, message())
		if diff := cmp.Diff(error(&relay.LimitError{RetryAfter: 2500 * time.Millisecond, Message: true}), acted(err)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if got := deliver(t.Context(), hooks, w, message()); got.Took != 0 || got.Ref != postedRef {
			t.Errorf("the post after it: %+v", got)
		}
	})
}

func TestAMessagesIDIsFoundBehindTenFullEmbeds(t *testing.T) {
	long := `{"content":"` + strings.Repeat(`\ud83d\udd34`, 8000) + `","id":"` + postedID + `","channel_id":"` + channel + `"}`
	hooks, _ := on(discord, chat.Options{}, says(200, long))
	if ref, err := hooks.Post(t.Context(), message()); err != nil || ref != postedRef {
		t.Error(ref, err)
	}
}

func TestARefusalThatIsCutLeavesNoHalfOfASecret(t *testing.T) {
	for n := range 320 {
		hooks, _ := on(discord, chat.Options{}, says(400, `{"code":50035,"message":"`+strings.Repeat("x", n)+discordToken+`"}`))
		_, err := hooks.Post(t.Context(), formatter.Message{Payload: 1})
		if err == nil || strings.Contains(err.Error(), discordToken[:4]) || len(err.Error()) > 500 {
			t.Fatalf("after %d characters: %v", n, err)
		}
	}
}

func TestAnswersAreReadToALimit(t *testing.T) {
	endless := `{"id":"` + postedID + `","channel_id":"` + channel + `","content":"` + strings.Repeat("x", 10<<20)
	hooks, _ := on(discord, chat.Options{}, says(200, endless))
	if ref, err := hooks.Post(t.Context(), message()); err != nil || ref != postedRef {
		t.Error(ref, err)
	}
}

func TestDeepErrorTreesAreNoTrouble(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000)
	hooks, _ := on(discord, chat.Options{}, says(400, `{"message":"Invalid Form Body","code":50035,"errors":`+deep+`}`))
	_, err := hooks.Post(t.Context(), formatter.Message{Payload: 1})
	if refusal := (*relay.RefusedError)(nil); !errors.As(err, &refusal) || len(refusal.Error()) > 500 {
		t.Error(err)
	}
}

func TestAlive(t *testing.T) {
	for _, test := range []struct {
		name    string
		service formatter.Service
		answer  reply
		want    error
		body    string
	}{
		{"Discord has it", discord, says(200, `{"type":1,"id":"`+discordID+`","token":"`+discordToken+`"}`), nil, ""},
		{"Discord has it no more", discord, coded(404, 10015), &relay.DeadError{Status: 404, Code: "10015"}, ""},
		{"Slack has it", slack, says(400, "no_text"), nil, `{"text":""}`},
		{"Slack has it no more", slack, says(404, "no_service"), &relay.DeadError{Status: 404, Code: "no_service"}, `{"text":""}`},
		{"Slack's channel is archived", slack, says(410, "channel_is_archived"), &relay.DeadError{Status: 410, Code: "channel_is_archived"}, `{"text":""}`},
		{"it takes no POST", slack, says(405, "method_not_allowed"), &relay.RefusedError{Status: 405, Code: "method_not_allowed", Detail: "method_not_allowed"}, `{"text":""}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			hooks, w := on(test.service, chat.Options{}, test.answer)
			err := hooks.Alive(t.Context())
			if diff := cmp.Diff(test.want, acted(err)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			want := asked{Method: "GET", URL: "https://discord.com" + discordPath, Body: ""}
			if test.service == slack {
				want = asked{Method: "POST", URL: slackURL, Body: test.body}
			}
			if diff := cmp.Diff(want, asked{Method: w.asked[0].Method, URL: w.asked[0].URL, Body: w.asked[0].Body}); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
