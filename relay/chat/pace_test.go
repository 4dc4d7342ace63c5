package chat_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/chat"
)

// bucketEmpty is a success after which the route's bucket holds nothing for d.
func bucketEmpty(d time.Duration) reply {
	return says(200, posted, "X-RateLimit-Limit: 5", "X-RateLimit-Remaining: 0", fmt.Sprintf("X-RateLimit-Reset-After: %g", d.Seconds()))
}

// slow answers after d.
func slow(d time.Duration, then reply) reply {
	return func(r *http.Request) (*http.Response, error) {
		wrote(r)
		select {
		case <-time.After(d):
			return then(r)
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
}

func TestWaitingIsForAsLongAsThereIsTime(t *testing.T) {
	limit := func(seconds float64) reply { return says(429, fmt.Sprintf(`{"retry_after":%g}`, seconds)) }
	ok := says(200, posted)
	for _, test := range []struct {
		name     string
		options  chat.Options
		deadline time.Duration
		replies  []reply
		took     time.Duration
		requests int
		err      error
	}{
		{"waits as asked", chat.Options{}, time.Minute, []reply{limit(3.5), ok}, 3500 * time.Millisecond, 2, nil},
		{"waits several times", chat.Options{}, time.Minute, []reply{limit(3), limit(4), limit(2), ok}, 9 * time.Second, 4, nil},
		{"waits without a deadline", chat.Options{}, 0, []reply{limit(10), ok}, 10 * time.Second, 2, nil},
		{"not longer than it may in all", chat.Options{}, time.Minute, []reply{limit(6), limit(5)}, 6 * time.Second, 2, &relay.LimitError{RetryAfter: 5 * time.Second}},
		{"as long as it may", chat.Options{MaxWait: 40 * time.Second}, time.Minute, []reply{limit(40), ok}, 40 * time.Second, 2, nil},
		{"not at all", chat.Options{MaxWait: -1}, time.Minute, []reply{limit(0.1)}, 0, 1, &relay.LimitError{RetryAfter: 100 * time.Millisecond}},
		{"not into the reserve before the deadline", chat.Options{}, 5 * time.Second, []reply{limit(4)}, 0, 1, &relay.LimitError{RetryAfter: 4 * time.Second}},
		{"just up to the reserve", chat.Options{Reserve: time.Second}, 5 * time.Second, []reply{limit(4), ok}, 4 * time.Second, 2, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.deadline > 0 {
					ctx = deadline(t, test.deadline)
				}
				hooks, w := on(discord, test.options, test.replies...)
				began := time.Now()
				_, err := hooks.Post(ctx, message())
				if took := time.Since(began); took != test.took || len(w.asked) != test.requests {
					t.Errorf("%d requests in %v, want %d in %v", len(w.asked), took, test.requests, test.took)
				}
				if diff := cmp.Diff(test.err, acted(err)); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		})
	}
}

func TestAnEmptyBucketIsWaitedForBeforeItIsALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hooks, w := on(discord, chat.Options{}, bucketEmpty(1500*time.Millisecond), says(200, posted))
		for range 3 {
			if _, err := hooks.Post(t.Context(), message()); err != nil {
				t.Fatal(err)
			}
		}
		want := []time.Duration{0, 1500 * time.Millisecond, 1500 * time.Millisecond}
		if diff := cmp.Diff(want, w.times()); diff != "" {
			t.Errorf("requests at -want +got:\n%s", diff)
		}
	})
}

// times returns when each request came, from the first on.
func (w *wire) times() []time.Duration {
	var at []time.Duration
	for _, a := range w.asked {
		at = append(at, a.At.Sub(w.asked[0].At))
	}
	return at
}

func TestAnEmptyBucketTooLateForTheDeadlineIsALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hooks, w := on(discord, chat.Options{}, bucketEmpty(4*time.Second))
		if _, err := hooks.Post(t.Context(), message()); err != nil {
			t.Fatal(err)
		}
		_, err := hooks.Post(deadline(t, 3*time.Second), message())
		if diff := cmp.Diff(error(&relay.LimitError{RetryAfter: 4 * time.Second}), acted(err)); diff != "" || len(w.asked) != 1 {
			t.Errorf("after %d requests, -want +got:\n%s", len(w.asked), diff)
		}
	})
}

func TestEachRouteHasABucketOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hooks, w := on(discord, chat.Options{}, bucketEmpty(2*time.Second), says(200, posted))
		if _, err := hooks.Post(t.Context(), message()); err != nil {
			t.Fatal(err)
		}
		if _, err := hooks.Edit(t.Context(), postedRef, message()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]time.Duration{0, 0}, w.times()); diff != "" {
			t.Errorf("requests at -want +got:\n%s", diff)
		}
	})
}

func TestAGlobalLimitHoldsAllWebhooksOfTheService(t *testing.T) {
	for name, global := range map[string]reply{
		"in the body":   says(429, `{"message":"You are being rate limited.","retry_after":2,"global":true}`),
		"in the header": says(429, `{"retry_after":2}`, "X-RateLimit-Global: true"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gate := new(chat.Gate)
				struck, _ := on(discord, chat.Options{Gate: gate, MaxWait: time.Second}, global)
				other, w := on(discord, chat.Options{Gate: gate}, says(200, posted))
				theirs, v := on(slack, chat.Options{Gate: gate}, says(200, "ok"))

				if _, err := struck.Post(t.Context(), message()); !errors.As(err, new(*relay.LimitError)) {
					t.Error(err)
				}
				if got := deliver(t.Context(), other, w, message()); got.Took != 2*time.Second || got.Err != nil {
					t.Errorf("another webhook: %+v", got)
				}
				if got := deliver(t.Context(), theirs, v, message()); got.Took != 0 || got.Err != nil {
					t.Errorf("the other service: %+v", got)
				}
			})
		})
	}
}

func TestALimitOfOneWebhookHoldsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := new(chat.Gate)
		struck, _ := on(discord, chat.Options{Gate: gate, MaxWait: -1}, says(429, `{"retry_after":2,"global":false}`))
		other, w := on(discord, chat.Options{Gate: gate}, says(200, posted))
		if _, err := struck.Post(t.Context(), message()); !errors.As(err, new(*relay.LimitError)) {
			t.Error(err)
		}
		if got := deliver(t.Context(), other, w, message()); got.Took != 0 || got.Err != nil {
			t.Errorf("another webhook: %+v", got)
		}
	})
}

func TestBackOffGrowsAndIsRandom(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 50 {
		synctest.Test(t, func(t *testing.T) {
			hooks, w := on(discord, chat.Options{}, says(502, ""))
			if _, err := hooks.Post(t.Context(), message()); err == nil {
				t.Fatal("no error")
			}
			at := w.times()
			if len(at) != 3 || at[1] <= 0 || at[1] > 500*time.Millisecond || at[2]-at[1] <= 0 || at[2]-at[1] > time.Second {
				t.Errorf("tried at %v", at)
			}
			seen[at[1]] = true
		})
	}
	if len(seen) < 10 {
		t.Errorf("50 back-offs had %d lengths", len(seen))
	}
}

func TestBackOffEndsBeforeTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hooks, w := on(discord, chat.Options{}, slow(900*time.Millisecond, says(502, "")))
		got := deliver(deadline(t, 2500*time.Millisecond), hooks, w, message())
		want := outcome{Sent: []string{rich}, Says: "post to Discord: the service is down: status 502"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestGivingUpEndsEveryWait(t *testing.T) {
	for name, replies := range map[string][]reply{
		"for a limit":    {says(429, `{"retry_after":9}`)},
		"for a restart":  {says(503, "", "Retry-After: 9")},
		"for an answer":  {silent},
		"in its request": {slow(9*time.Second, says(200, posted))},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				hooks, w := on(discord, chat.Options{}, replies...)
				began := time.Now()
				_, err := hooks.Post(ctx, message())
				if !errors.Is(err, context.Canceled) || time.Since(began) != time.Second || len(w.asked) != 1 {
					t.Errorf("%v after %v and %d requests", err, time.Since(began), len(w.asked))
				}
			})
		})
	}
}

func TestNothingIsSentWhenTimeWasOverBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hooks, w := on(discord, chat.Options{}, says(200, posted))
	_, err := hooks.Post(ctx, message())
	if !errors.Is(err, context.Canceled) || errors.As(err, new(*relay.UncertainError)) || len(w.asked) > 0 {
		t.Errorf("%v after %d requests", err, len(w.asked))
	}
}

func TestOrderIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hooks, w := on(discord, chat.Options{}, says(429, `{"retry_after":3}`), slow(time.Second, says(200, posted)))
		var want []string
		for i := range 5 {
			want = append(want, fmt.Sprint(i))
			go func() {
				if _, err := hooks.Post(t.Context(), formatter.Message{Payload: i}); err != nil {
					t.Error(err)
				}
			}()
			synctest.Wait() // until it waits for its turn
		}
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := hooks.Post(impatient, message()); !errors.Is(err, context.DeadlineExceeded) || errors.As(err, new(*relay.UncertainError)) {
			t.Errorf("who can't wait for the turn: %v", err)
		}
		time.Sleep(time.Minute)
		if diff := cmp.Diff(append([]string{"0"}, want...), w.bodies()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestABlockOfOurAddressHoldsBackTheWholeService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := new(chat.Gate)
		struck, _ := on(discord, chat.Options{Gate: gate}, says(429, cloudflarePage, "Retry-After: 600"))
		other, w := on(discord, chat.Options{Gate: gate}, says(200, posted))
		elsewhere, ws := on(slack, chat.Options{Gate: gate}, says(200, "ok"))
		if _, err := struck.Post(t.Context(), message()); !errors.As(err, new(*relay.BlockedError)) {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		want := outcome{Err: &relay.BlockedError{RetryAfter: 9 * time.Minute}}
		if diff := cmp.Diff(want, deliver(t.Context(), other, w, message())); diff != "" {
			t.Errorf("another webhook, -want +got:\n%s", diff)
		}
		if got := deliver(t.Context(), elsewhere, ws, message()); got.Err != nil || len(got.Sent) != 1 {
			t.Errorf("the other service: %+v", got)
		}
		time.Sleep(9 * time.Minute)
		if got := deliver(t.Context(), other, w, message()); got.Ref != postedRef {
			t.Errorf("when it is over: %+v", got)
		}

		again, w := on(discord, chat.Options{Gate: gate}, says(429, cloudflarePage, "Retry-After: 86400"), says(200, posted))
		if _, err := again.Post(t.Context(), message()); !errors.As(err, new(*relay.BlockedError)) {
			t.Error(err)
		}
		time.Sleep(15 * time.Minute)
		if got := deliver(t.Context(), again, w, message()); got.Ref != postedRef {
			t.Errorf("a quarter of an hour into a block of a day: %+v", got)
		}
	})
}
