package chat_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
	"alarmrelay/relay/chat"
)

// TestSlacksAnswers holds a row for every answer that an incoming webhook is known to give:
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
func TestSlacksAnswers(t *testing.T) {
	type row struct {
		name    string
		replies []reply
		want    outcome
	}
	once, twice, inPlain := []string{rich}, []string{rich, rich}, []string{rich, plain}
	rows := []row{
		{"ok", []reply{says(200, "ok")}, outcome{Sent: once}},
		{"taken, the answer is cut off", []reply{says(200, "")}, outcome{Sent: once}},

		{"a limit", []reply{says(429, `{"retry_after":1,"ok":false,"error":"rate_limited"}`, "Retry-After: 1"), says(200, "ok")}, outcome{Sent: twice, Took: time.Second}},
		{"a limit in its header only", []reply{says(429, "rate_limited", "Retry-After: 3"), says(200, "ok")}, outcome{Sent: twice, Took: 3 * time.Second}},
		{"a limit until a date", []reply{says(429, "", "Retry-After: Sat, 01 Jan 2000 00:00:05 GMT"), says(200, "ok")}, outcome{Sent: twice, Took: 5 * time.Second}},
		{"a limit that does not say how long", []reply{says(429, ""), says(200, "ok")}, outcome{Sent: twice, Took: time.Second}},
		{"a limit longer than we wait", []reply{says(429, `{"ok":false,"error":"rate_limited"}`, "Retry-After: 30")}, outcome{Sent: once, Err: &relay.LimitError{RetryAfter: 30 * time.Second}}},
		{"a limit that never ends", []reply{says(429, "", "Retry-After: 1")}, outcome{
			Sent: []string{rich, rich, rich, rich, rich, rich, rich, rich, rich, rich}, Took: 9 * time.Second,
			Err: &relay.LimitError{RetryAfter: time.Second},
		}},

		{"a roll-up that failed", []reply{says(500, "rollup_error"), says(200, "ok")}, outcome{Sent: twice}},
		{"down", []reply{says(503, "<html></html>")}, outcome{Sent: []string{rich, rich, rich}, Says: "post to Slack: the service is down: status 503"}},
		{"a payload that crashes it", []reply{says(500, ""), says(500, ""), says(200, "ok")}, outcome{Sent: []string{rich, rich, plain}}},

		{"refused twice", []reply{says(400, "invalid_blocks"), says(400, "no_text")}, outcome{Sent: inPlain, Err: &relay.RefusedError{Status: 400, Code: "no_text", Detail: "no_text"}}},
		{"refused without a word", []reply{says(400, "")}, outcome{Sent: inPlain, Err: &relay.RefusedError{Status: 400}}},
		{"refused with a sentence", []reply{says(400, "the payload <here> is not for us")}, outcome{Sent: inPlain, Err: &relay.RefusedError{Status: 400}}},
		{"refused in JSON", []reply{says(400, `{"ok":false,"error":"invalid_attachments"}`)}, outcome{Sent: inPlain, Err: &relay.RefusedError{Status: 400, Code: "invalid_attachments", Detail: "invalid_attachments"}}},
		{"too large", []reply{says(413, ""), says(200, "ok")}, outcome{Sent: inPlain}},

		{"forbidden by a page", []reply{says(403, "<html>denied</html>", "Retry-After: 600")}, outcome{Sent: once, Err: &relay.BlockedError{RetryAfter: 10 * time.Minute}}},
		{"not found without a word", []reply{says(404, "")}, outcome{Sent: once, Err: &relay.DeadError{Status: 404}}},
		{"a redirect", []reply{says(301, "", "Location: /elsewhere")}, outcome{Sent: once, Says: "post to Slack: the service answered with a redirect (status 301), which is not followed"}},
	}
	for _, code := range []string{"invalid_payload", "user_not_found", "invalid_blocks", "invalid_attachments", "no_text", "too_many_attachments"} {
		rows = append(rows, row{"400 " + code, []reply{says(400, code), says(200, "ok")}, outcome{Sent: inPlain}})
	}
	for code, status := range map[string]int{
		"action_prohibited": 403, "invalid_token": 403, "posting_to_general_channel_denied": 403,
		"channel_not_found": 404, "no_service": 404, "no_active_hooks": 404, "no_team": 404, "no_service_id": 404, "team_disabled": 404,
		"channel_is_archived": 410,
	} {
		rows = append(rows, row{code, []reply{says(status, code+"\n")}, outcome{Sent: once, Err: &relay.DeadError{Status: status, Code: code}}})
	}
	for _, test := range rows {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hooks, w := on(slack, chat.Options{}, test.replies...)
				got := deliver(t.Context(), hooks, w, message())
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
