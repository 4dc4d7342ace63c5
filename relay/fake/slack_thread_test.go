package fake

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRepliesOfABot(t *testing.T) {
	s, bot, channel := office(Options{})
	post := func(text, thread string, broadcast bool) obj {
		t.Helper()
		body := obj{"channel": channel, "text": text, "reply_broadcast": broadcast}
		if thread != "" {
			body["thread_ts"] = thread
		}
		got, _ := callAPI(t, s, bot.Token, "chat.postMessage", body)
		return got.Body.(obj)
	}
	first := post("red", "", true)["ts"].(string)
	reply := post("again", first, true)["ts"].(string)
	lonely := post("red", "", false)["ts"].(string)
	if got := post("to a reply", reply, false); got["error"] != "thread_not_found" {
		t.Errorf("a reply to a reply: %v", got)
	}
	s.DeleteMessage(channel, first)
	s.DeleteMessage(channel, lonely)
	if got := post("still", first, false); got["ok"] != true {
		t.Errorf("a reply to what was deleted: %v", got)
	}
	if got := post("too late", lonely, true); got["error"] != "thread_not_found" {
		t.Errorf("a reply to what nobody replied to: %v", got)
	}
	type line struct {
		Text, Thread string
		Broadcast    bool
	}
	var got []line
	for _, m := range s.Messages(channel) {
		got = append(got, line{m.Text, m.Thread, m.Broadcast})
	}
	if diff := cmp.Diff([]line{{"again", first, true}, {"still", first, false}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestPermalink(t *testing.T) {
	s, bot, channel := office(Options{})
	post := func(thread string) string {
		t.Helper()
		body := obj{"channel": channel, "text": "t"}
		if thread != "" {
			body["thread_ts"] = thread
		}
		got, _ := callAPI(t, s, bot.Token, "chat.postMessage", body)
		return got.Body.(obj)["ts"].(string)
	}
	digits := func(ts string) string { return ts[:10] + ts[11:] }
	red := post("")
	reply := post(red)
	for name, test := range map[string]struct {
		host, channel, ts string
		want              obj
	}{
		"a message":           {"slack.com", channel, red, obj{"ok": true, "channel": channel, "permalink": "https://team.slack.com/archives/" + channel + "/p" + digits(red)}},
		"a reply":             {"slack.com", channel, reply, obj{"ok": true, "channel": channel, "permalink": "https://team.slack.com/archives/" + channel + "/p" + digits(reply) + "?thread_ts=" + red + "&cid=" + channel}},
		"on the desk":         {"127.0.0.1:80", channel, red, obj{"ok": true, "channel": channel, "permalink": "http://127.0.0.1:80/archives/" + channel + "/p" + digits(red)}},
		"nothing":             {"slack.com", channel, "1700000000.000009", obj{"ok": false, "error": "message_not_found"}},
		"nothing in nowhere":  {"slack.com", "C1", red, obj{"ok": false, "error": "channel_not_found"}},
		"who does not say so": {"slack.com", "", "", obj{"ok": false, "error": "channel_not_found"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(t, http.MethodGet, apiPath+"chat.getPermalink?channel="+test.channel+"&message_ts="+test.ts, "", "")
			r.Host = test.host
			r.Header.Set("Authorization", "Bearer "+bot.Token)
			got, _ := serve(t, s, r)
			if diff := cmp.Diff(answered{200, test.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
