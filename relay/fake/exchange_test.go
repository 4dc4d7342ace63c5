package fake

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noted is what the log says of who asked, and of what the request did.
type noted struct {
	Method, Agent, Message string
	Sent                   []File
	Status                 int
}

func notes(log []Exchange) (all []noted) {
	for _, e := range log {
		all = append(all, noted{e.Method, e.Agent, e.Message, e.Sent, e.Status})
	}
	return all
}

func TestTheLogNamesTheMessageThatARequestPostedOrChanged(t *testing.T) {
	d := NewDiscord(Options{Lenient: true})
	hook := d.AddChannel(Channel{Name: "ops"})
	askFiles(t, d, "POST", hook.Path()+"?wait=true", obj{"content": "c"}, File{Name: "list.txt", Data: []byte("one")}, File{Name: "more.txt", Data: []byte("two")})
	id := d.Messages(hook.Channel)[0].ID
	askJSON(t, d, "PATCH", hook.Path()+"/messages/"+id, obj{"content": "changed"})
	askJSON(t, d, "POST", hook.Path(), obj{}) // refused: empty
	ask(t, d, "GET", hook.Path()+"/messages/"+id, "", nil)
	sent := []File{{Name: "list.txt", ContentType: "application/octet-stream", Data: []byte("one")}, {Name: "more.txt", ContentType: "application/octet-stream", Data: []byte("two")}}
	want := []noted{{"POST", agent, id, sent, 200}, {"PATCH", agent, id, nil, 200}, {"POST", agent, "", nil, 400}, {"GET", agent, "", nil, 200}}
	if diff := cmp.Diff(want, notes(d.Log())); diff != "" {
		t.Errorf("Discord (-want +got):\n%s", diff)
	}

	s := NewSlack(Options{})
	slack := s.AddChannel("ops")
	askJSON(t, s, "POST", slack.Path(), obj{"text": "a"})
	askJSON(t, s, "POST", slack.Path(), obj{"text": ""}) // refused: nothing in it
	askJSON(t, s, "POST", slack.Path(), obj{"text": "b"})
	want = []noted{{"POST", agent, slack.Channel + "/1", nil, 200}, {"POST", agent, "", nil, 400}, {"POST", agent, slack.Channel + "/2", nil, 200}}
	if diff := cmp.Diff(want, notes(s.Log())); diff != "" {
		t.Errorf("Slack (-want +got):\n%s", diff)
	}
}

func TestALostAnswerIsStillAMessageInTheLog(t *testing.T) {
	d := NewDiscord(Options{Lenient: true})
	hook := d.AddChannel(Channel{Name: "ops"})
	d.Fail(Fault{Kind: AnswerLost})
	client := &http.Client{Transport: Transport{"discord.com": d}}
	got := attempt(t, client, "https://discord.com"+hook.Path(), func() int { return len(d.Messages(hook.Channel)) })
	if diff := cmp.Diff(outcome{Failed: true, Kept: 1}, got); diff != "" {
		t.Error(diff)
	}
	if e := d.Log()[0]; e.Message != d.Messages(hook.Channel)[0].ID || e.Status != 0 {
		t.Errorf("message %q, status %d", e.Message, e.Status)
	}
}

func TestALateAnswerIsThatOfWhatWasDoneAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := NewDiscord(Options{Lenient: true})
		hook := d.AddChannel(Channel{Name: "ops"})
		d.Fail(Fault{Kind: AnswerLate, After: 7 * time.Second})
		client := &http.Client{Transport: Transport{"discord.com": d}, Timeout: 5 * time.Second}
		began := time.Now()
		got := attempt(t, client, "https://discord.com"+hook.Path(), func() int { return len(d.Messages(hook.Channel)) })
		if diff := cmp.Diff(outcome{Failed: true, Kept: 1}, got); diff != "" {
			t.Error(diff)
		}
		if e := d.Log()[0]; !e.At.Equal(began) || d.Messages(hook.Channel)[0].PostedAt != began || e.Message == "" {
			t.Errorf("done at %v, told as message %q", e.At.Sub(began), e.Message)
		}
		d.Fail(Fault{Kind: AnswerLate, After: 2 * time.Second})
		began = time.Now()
		if got = attempt(t, client, "https://discord.com"+hook.Path(), func() int { return 0 }); got.Status != 204 || time.Since(began) != 2*time.Second {
			t.Errorf("%+v after %v", got, time.Since(began))
		}
	})
}

func TestWhoWatchesGetsEachExchangeInsteadOfTheLog(t *testing.T) {
	var seen []noted
	var asked []string
	watch := func(e Exchange) {
		seen, asked = append(seen, notes([]Exchange{e})...), append(asked, e.Asked.Get("Authorization"))
	}
	d, s := NewDiscord(Options{Lenient: true, Watch: watch}), NewSlack(Options{Watch: watch})
	hook, channel, bot := d.AddChannel(Channel{Name: "ops"}), s.AddChannel("ops").Channel, s.AddBot()
	s.Invite(bot, channel)
	askJSON(t, d, "POST", hook.Path(), obj{}) // refused: empty
	askJSON(t, d, "POST", hook.Path(), obj{"content": "c"})
	callAPI(t, s, bot.Token, "chat.postMessage", obj{"channel": channel, "text": "a"})
	id := d.Messages(hook.Channel)[0].ID
	want := []noted{{"POST", agent, "", nil, 400}, {"POST", agent, id, nil, 204}, {"POST", agent, channel + "/1", nil, 200}}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("seen (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"", "", "Bearer [secret]"}, asked); diff != "" {
		t.Errorf("Authorization (-want +got):\n%s", diff)
	}
	if all := append(d.Log(), s.Log()...); len(all) > 0 {
		t.Errorf("the logs say %+v", all)
	}
}
