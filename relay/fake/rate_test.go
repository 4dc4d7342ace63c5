package fake

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// limits are the answer's status and what its headers tell of limits.
type limits struct {
	Status                                     int
	Limit, Remaining, ResetAfter, Retry, Scope string
}

func post(t *testing.T, h http.Handler, path string) (limits, answered) {
	t.Helper()
	a, header := ask(t, h, "POST", path, "application/json", []byte(`{"content":"c","text":"c"}`))
	return limits{
		a.Status, header.Get("X-RateLimit-Limit"), header.Get("X-RateLimit-Remaining"),
		header.Get("X-RateLimit-Reset-After"), header.Get("Retry-After"), header.Get("X-RateLimit-Scope"),
	}, a
}

// lenientDiscord takes the property text, so that one body suits both services.
func lenientDiscord() (*Discord, Webhook) {
	d := NewDiscord(Options{Lenient: true})
	return d, d.AddChannel(Channel{Name: "ops"})
}

func TestWebhookTakesFiveRequestsInTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, hook := lenientDiscord()
		for _, remaining := range []string{"4", "3", "2", "1", "0"} {
			got, _ := post(t, d, hook.Path())
			if diff := cmp.Diff(limits{204, "5", remaining, "2.000", "", ""}, got); diff != "" {
				t.Error(diff)
			}
		}
		time.Sleep(500 * time.Millisecond)
		got, a := post(t, d, hook.Path())
		if diff := cmp.Diff(limits{429, "5", "0", "1.500", "2", "user"}, got); diff != "" {
			t.Error(diff)
		}
		want := obj{"message": "You are being rate limited.", "retry_after": 1.5, "global": false}
		if diff := cmp.Diff(want, a.Body); diff != "" {
			t.Error(diff)
		}
		other := d.AddChannel(Channel{Name: "other"})
		if got, _ := post(t, d, other.Path()); got.Status != 204 {
			t.Errorf("another webhook: %+v", got)
		}
		time.Sleep(1500 * time.Millisecond)
		if got, _ := post(t, d, hook.Path()); got.Status != 204 {
			t.Errorf("after retry_after: %+v", got)
		}
	})
}

func TestChannelTakesThirtyPostsAMinuteAndDoesNotTell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, hook := lenientDiscord()
		second := d.AddWebhook(hook.Channel)
		for range 15 {
			for _, h := range []Webhook{hook, second} {
				if got, _ := post(t, d, h.Path()); got.Status != 204 {
					t.Fatalf("%+v", got)
				}
			}
			time.Sleep(time.Second)
		}
		got, a := post(t, d, hook.Path())
		if diff := cmp.Diff(limits{429, "5", "3", "1.000", "45", "shared"}, got); diff != "" {
			t.Error(diff)
		}
		if after := a.Body.(obj)["retry_after"]; after != 45.0 {
			t.Errorf("retry_after %v", after)
		}
		if got := d.Log()[30].RetryAfter(); got != 45*time.Second {
			t.Errorf("the log says %v", got)
		}
		time.Sleep(45 * time.Second)
		if got, _ := post(t, d, second.Path()); got.Status != 204 {
			t.Errorf("after retry_after: %+v", got)
		}
	})
}

func TestAddressTakesFiftyRequestsASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := NewDiscord(Options{})
		for range 50 {
			if got := askJSON(t, d, "GET", "/api/v10/gateway", nil); got.Status != 200 {
				t.Fatal(got)
			}
		}
		want := answered{429, obj{"message": "You are being rate limited.", "retry_after": 1.0, "global": true}}
		got, header := ask(t, d, "GET", "/api/v10/gateway", "", nil)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if header.Get("X-RateLimit-Global") != "true" || header.Get("X-RateLimit-Scope") != "global" {
			t.Error(header)
		}
	})
}

func TestTenThousandInvalidRequestsEndInABlock(t *testing.T) {
	clock := &at{noon}
	d := NewDiscord(Options{Clock: clock.read})
	hook := d.AddChannel(Channel{Name: "ops"})
	bad := "/api/v10/webhooks/" + hook.ID + "/guessed"
	for i := range 10_000 {
		if got := askJSON(t, d, "POST", bad, obj{}); got.Status != 401 {
			t.Fatal(i, got)
		}
		clock.now = clock.now.Add(25 * time.Millisecond)
	}
	got, header := ask(t, d, "POST", hook.Path(), "application/json", []byte(`{"content":"c"}`))
	if got.Status != 429 || header.Get("Retry-After") != "" || header.Get("X-RateLimit-Limit") != "" {
		t.Errorf("%v %v", got, header)
	}
	clock.now = noon.Add(10 * time.Minute)
	if got := askJSON(t, d, "POST", hook.Path(), obj{"content": "c"}); got.Status != 204 {
		t.Errorf("ten minutes later: %v", got)
	}
}

func TestOldMessagesTakeThreeEditsInSixSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, hook := lenientDiscord()
		post(t, d, hook.Path())
		path := hook.Path() + "/messages/" + d.Messages(hook.Channel)[0].ID
		time.Sleep(time.Hour + time.Second)
		for range 3 {
			if got := askJSON(t, d, "PATCH", path, obj{"content": "d"}); got.Status != 200 {
				t.Fatal(got)
			}
		}
		want := answered{429, obj{
			"message":     "Maximum number of edits to messages older than 1 hour reached. Try again later.",
			"retry_after": 6.0, "global": false, "code": 30046.0,
		}}
		if diff := cmp.Diff(want, askJSON(t, d, "PATCH", path, obj{"content": "e"})); diff != "" {
			t.Error(diff)
		}
		time.Sleep(6 * time.Second)
		if got := askJSON(t, d, "PATCH", path, obj{"content": "e"}); got.Status != 200 {
			t.Error(got)
		}
	})
}

func TestUnlimitedHasNoLimits(t *testing.T) {
	d := NewDiscord(Options{Unlimited: true, Lenient: true})
	s := NewSlack(Options{Unlimited: true, Lenient: true})
	hook, other := d.AddChannel(Channel{Name: "ops"}), s.AddChannel("ops")
	for range 100 {
		got, _ := post(t, d, hook.Path())
		if diff := cmp.Diff(limits{Status: 204}, got); diff != "" {
			t.Fatal(diff)
		}
		if got, _ := post(t, s, other.Path()); got.Status != 200 {
			t.Fatal(got)
		}
	}
}

func TestSlackChannelTakesABurstAndThenOneASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSlack(Options{Lenient: true})
		hook := s.AddChannel("ops")
		second := s.AddWebhook(hook.Channel)
		for range 25 {
			if got, _ := post(t, s, hook.Path()); got.Status != 200 {
				t.Fatal(got)
			}
		}
		got, a := post(t, s, second.Path())
		if got.Status != 429 || got.Retry != "1" {
			t.Errorf("%+v", got)
		}
		want := obj{"retry_after": 1.0, "ok": false, "error": "rate_limited"}
		if diff := cmp.Diff(want, a.Body); diff != "" {
			t.Error(diff)
		}
		for range 3 {
			time.Sleep(time.Second)
			first, _ := post(t, s, hook.Path())
			then, _ := post(t, s, hook.Path())
			if first.Status != 200 || then.Status != 429 {
				t.Errorf("%v %v", first, then)
			}
		}
	})
}
