package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"alarmrelay/alert"
	"alarmrelay/relay"
	"alarmrelay/relay/cloud"
	"alarmrelay/relay/fake"
)

const (
	accessKey = "AKIDEXAMPLE"
	queueHost = "sqs.ap-northeast-2.amazonaws.com"
)

// queues are a queue and its dead letters as the relay sees them, and what lies behind.
type queues struct {
	relay.Queue
	relay.DeadLetters
	behind, dead *fake.Queue
	service      *fake.SQS // nil where there is none in between
}

func newQueues() *queues {
	dead := fake.NewQueue(fake.QueueOptions{Name: "dead"})
	behind := fake.NewQueue(fake.QueueOptions{Name: "alarms", Visibility: time.Minute, MaxReceives: 100, DeadLetters: dead})
	return &queues{Queue: behind, DeadLetters: dead, behind: behind, dead: dead}
}

// newSQS puts the service's protocol in between.
func newSQS() *queues {
	q := newQueues()
	q.service = fake.NewSQS()
	load := func(context.Context) (aws.Config, error) { return config(q.service), nil }
	q.Queue = cloud.NewQueue("https://"+queueHost+q.service.Add(q.behind), load)
	q.DeadLetters = cloud.NewDeadLetters("https://"+queueHost+q.service.Add(q.dead), load)
	return q
}

// config leads to a service without a socket.
func config(service http.Handler) aws.Config {
	return aws.Config{
		Region: "us-east-1", // the queue's own is in its address
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: accessKey, SecretAccessKey: "secret-key-of-nobody"}, nil
		}),
		HTTPClient: &http.Client{Transport: fake.Transport{queueHost: service}}, RetryMaxAttempts: 2,
	}
}

// bothQueues runs a test on the queue in memory and on the client of SQS.
func bothQueues(t *testing.T, law func(t *testing.T, q *queues)) {
	t.Helper()
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ENDPOINT_URL_SQS", "")
	for name, newOnes := range map[string]func() *queues{"in memory": newQueues, "SQS": newSQS} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { law(t, newOnes()) })
		})
	}
}

func (q *queues) receive(t *testing.T) []alert.Message {
	t.Helper()
	messages, err := q.Receive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return messages
}

func (q *queues) receiveAll(t *testing.T) (all []alert.Message) {
	t.Helper()
	for messages := q.receive(t); len(messages) > 0; messages = q.receive(t) {
		all = append(all, messages...)
	}
	return all
}

func bodies(messages []alert.Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Body)
	}
	return all
}

func TestWhatIsReceivedIsWhole(t *testing.T) {
	bothQueues(t, func(t *testing.T, q *queues) {
		sent := time.Now().UTC()
		var want []alert.Message
		for i := range 12 {
			body := fmt.Sprintf(`{"n":%d,"text":"디스크 <&> 🔴"}`, i)
			id := q.behind.Put(body, map[string]string{"team": "shop"})
			want = append(want, alert.Message{ID: id, Body: body, Receives: 1, SentAt: sent, Attributes: map[string]string{"team": "shop"}})
		}
		time.Sleep(time.Second)
		got := q.receiveAll(t)
		for i := range got {
			if got[i].Receipt == "" {
				t.Errorf("message %d has no receipt", i)
			}
			got[i].Receipt, got[i].SentAt = "", got[i].SentAt.UTC()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("received (-want +got):\n%s", diff)
		}
		if late, err := q.Receive(t.Context()); len(late) != 0 || err != nil {
			t.Errorf("of an empty queue: %v, %v", late, err)
		}
	})
}

func TestReceivedMessagesComeBackAfterTheTimeout(t *testing.T) {
	bothQueues(t, func(t *testing.T, q *queues) {
		q.behind.Put("one", nil)
		first := q.receive(t)[0]
		time.Sleep(time.Minute)
		again := q.receive(t)[0]
		if again.ID != first.ID || again.Receives != 2 || again.Receipt == first.Receipt {
			t.Errorf("first %+v, then %+v", first, again)
		}
		if err := q.Delete(t.Context(), first); err != nil || q.behind.Len() != 1 {
			t.Errorf("with the older receipt: %v, %d left", err, q.behind.Len())
		}
	})
}

func TestDeletingTakesManyAndGoesOnAfterFailures(t *testing.T) {
	bothQueues(t, func(t *testing.T, q *queues) {
		for i := range 95 {
			q.behind.Put(fmt.Sprint(i), nil)
		}
		messages := q.receiveAll(t)
		messages[3].Receipt, messages[50].Receipt, messages[51].Receipt = "x", "y", "z"
		err := q.Delete(t.Context(), messages...)
		if err == nil || !strings.HasPrefix(err.Error(), "delete from the queue: 3 of 95 messages: ReceiptHandleIsInvalid: ") {
			t.Error(err)
		}
		left := map[string]bool{}
		for _, held := range q.behind.All() {
			left[held.Body] = true
		}
		if diff := cmp.Diff(map[string]bool{"3": true, "50": true, "51": true}, left); diff != "" {
			t.Errorf("left (-want +got):\n%s", diff)
		}
		if err := q.Delete(t.Context()); err != nil {
			t.Errorf("nothing at all: %v", err)
		}
		if err := q.Delete(t.Context(), messages[0]); err != nil {
			t.Errorf("what is gone: %v", err)
		}
	})
}

func TestPostponedMessagesComeWhenTheyAreTo(t *testing.T) {
	bothQueues(t, func(t *testing.T, q *queues) {
		delays := map[string]time.Duration{
			"now": 0, "past": -time.Minute, "part": 1200 * time.Millisecond, "minutes": 15 * time.Minute, "hours": 11 * time.Hour,
		}
		for name := range delays {
			q.behind.Put(name, nil)
		}
		var postponed []relay.Postponed
		for _, m := range q.receiveAll(t) {
			postponed = append(postponed, relay.Postponed{Message: m, Delay: delays[m.Body]})
		}
		if err := q.Postpone(t.Context(), postponed...); err != nil {
			t.Fatal(err)
		}
		got := map[string]time.Duration{}
		for _, held := range q.behind.All() {
			got[held.Body] = time.Until(held.VisibleAt)
		}
		want := map[string]time.Duration{"now": 0, "past": 0, "part": 2 * time.Second, "minutes": 15 * time.Minute, "hours": 11 * time.Hour}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("visible after (-want +got):\n%s", diff)
		}
	})
}

func TestNobodyWaitsLongerThanTwelveHours(t *testing.T) {
	bothQueues(t, func(t *testing.T, q *queues) {
		q.behind.Put("one", nil)
		m := q.receive(t)[0]
		received := time.Now()
		time.Sleep(50 * time.Second) // it took the invocation that long to find out
		if err := q.Postpone(t.Context(), relay.Postponed{Message: m, Delay: 24 * time.Hour}); err != nil {
			t.Fatal(err)
		}
		next, _ := q.behind.NextVisible()
		if waits := next.Sub(received); waits > 12*time.Hour || waits < 11*time.Hour {
			t.Errorf("it waits %v", waits)
		}
	})
}

func TestWhatIsNotInFlightCannotBePostponed(t *testing.T) {
	bothQueues(t, func(t *testing.T, q *queues) {
		for i := range 25 {
			q.behind.Put(fmt.Sprint(i), nil)
		}
		messages := q.receiveAll(t)
		if err := q.Delete(t.Context(), messages[20:]...); err != nil {
			t.Fatal(err)
		}
		var postponed []relay.Postponed
		for _, m := range messages {
			postponed = append(postponed, relay.Postponed{Message: m, Delay: time.Hour})
		}
		err := q.Postpone(t.Context(), postponed...)
		if err == nil || !strings.HasPrefix(err.Error(), "postpone in the queue: 5 of 25 messages: ") {
			t.Error(err)
		}
		for _, held := range q.behind.All() {
			if time.Until(held.VisibleAt) != time.Hour {
				t.Errorf("%s is visible in %v", held.Body, time.Until(held.VisibleAt))
			}
		}
	})
}

func TestWhatIsSentIsReceived(t *testing.T) {
	bothQueues(t, func(t *testing.T, q *queues) {
		for _, body := range []string{`{"source":"aws.health"}`, strings.Repeat("x", 1<<20), "a\x00b\uffffc"} {
			if err := q.Send(t.Context(), body); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{`{"source":"aws.health"}`, strings.Repeat("x", 1<<20), "a\ufffdb\ufffdc"}
		if diff := cmp.Diff(want, bodies(q.receive(t))); diff != "" {
			t.Errorf("received (-want +got):\n%s", diff)
		}
	})
}

func TestWhatIsTooLargeIsSaidToBeAndNotSent(t *testing.T) {
	bothQueues(t, func(t *testing.T, q *queues) {
		for what, err := range map[string]error{
			"sent":  q.Send(t.Context(), strings.Repeat("x", 1<<20+1)),
			"added": q.Add(t.Context(), relay.DeadLetter{Body: strings.Repeat("x", 1<<20)}),
		} {
			if !errors.Is(err, relay.ErrTooLarge) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := q.Send(t.Context(), ""); err == nil || errors.Is(err, relay.ErrTooLarge) {
			t.Errorf("nothing: %v", err)
		}
		if q.behind.Len()+q.dead.Len() != 0 {
			t.Error("something was kept")
		}
	})
}

func TestErrorsOfAQueueEndWithItsTimeAndSayWhatWasBeingDone(t *testing.T) {
	bothQueues(t, func(t *testing.T, q *queues) {
		q.behind.Put("one", nil)
		m := q.receive(t)[0]
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, received := q.Receive(ctx)
		for says, err := range map[string]error{
			"receive from the queue: ": received, "delete from the queue: ": q.Delete(ctx, m), "send to the queue: ": q.Send(ctx, "body"),
			"postpone in the queue: ": q.Postpone(ctx, relay.Postponed{Message: m}), "add to the dead letters: ": q.Add(ctx, relay.DeadLetter{Body: "body"}),
		} {
			if err == nil || !strings.HasPrefix(err.Error(), says) || !errors.Is(err, context.Canceled) {
				t.Errorf("%q: %v", says, err)
			}
		}
		if got := slices.Concat(q.behind.All(), q.dead.All()); len(got) != 1 || got[0].Body != "one" || !got[0].InFlight {
			t.Errorf("the queues hold %+v", got)
		}
	})
}
