package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"alarmrelay/relay"
	"alarmrelay/relay/cloud"
	"alarmrelay/relay/fake"
)

// onSQS runs a test on the client of SQS alone.
func onSQS(t *testing.T, law func(t *testing.T, q *queues)) {
	t.Helper()
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ENDPOINT_URL_SQS", "")
	synctest.Test(t, func(t *testing.T) { law(t, newSQS()) })
}

func TestOneFaultOfSQSIsGotOver(t *testing.T) {
	for _, fault := range []fake.Fault{
		{Kind: fake.Limited}, {Kind: fake.Down}, {Kind: fake.Down, Status: 503}, {Kind: fake.Reset}, {Kind: fake.AnswerLost, Method: "DeleteMessageBatch"},
	} {
		t.Run(fmt.Sprint(fault.Kind, fault.Status), func(t *testing.T) {
			onSQS(t, func(t *testing.T, q *queues) {
				q.behind.Put("one", nil)
				if fault.Method == "" {
					q.service.Fail(fault)
				}
				messages := q.receive(t)
				q.service.Fail(fault)
				if err := q.Delete(t.Context(), messages...); err != nil || q.behind.Len() != 0 {
					t.Errorf("%v, %d left", err, q.behind.Len())
				}
			})
		})
	}
}

func TestALostAnswerLeavesItsMessagesInFlight(t *testing.T) {
	onSQS(t, func(t *testing.T, q *queues) {
		for i := range 12 {
			q.behind.Put(fmt.Sprint(i), nil)
		}
		q.service.Fail(fake.Fault{Kind: fake.AnswerLost})
		if got := q.receive(t); len(got) != 2 {
			t.Errorf("received %v", bodies(got))
		}
		if held := q.service.InFlightOf(accessKey); len(held) != 12 {
			t.Errorf("%d messages are in flight", len(held))
		}
	})
}

func TestAHangingSQSIsLeftInTime(t *testing.T) {
	onSQS(t, func(t *testing.T, q *queues) {
		for i := range 100 {
			q.behind.Put(fmt.Sprint(i), nil)
		}
		messages := q.receiveAll(t)
		q.service.Break(fake.Fault{Kind: fake.Hang})
		_, received := q.Receive(t.Context())
		began := time.Now()
		var postponed []relay.Postponed
		for _, m := range messages {
			postponed = append(postponed, relay.Postponed{Message: m})
		}
		for says, err := range map[string]error{
			"receive from the queue: ":                      received,
			"delete from the queue: 100 of 100 messages: ":  q.Delete(t.Context(), messages...),
			"postpone in the queue: 100 of 100 messages: ":  q.Postpone(t.Context(), postponed...),
			"send to the queue: operation error SQS: SendM": q.Send(t.Context(), "body"),
		} {
			if err == nil || !strings.HasPrefix(err.Error(), says) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%q: %v", says, err)
			}
		}
		if took := time.Since(began); took > 12*time.Second { // 4 s each, however many batches there are
			t.Errorf("they took %v", took)
		}
	})
}

func TestABatchThatFailsInPartIsCounted(t *testing.T) {
	onSQS(t, func(t *testing.T, q *queues) {
		for i := range 20 {
			q.behind.Put(fmt.Sprint(i), nil)
		}
		messages := q.receiveAll(t)
		q.service.Break(fake.Fault{Kind: fake.PartlyFailed})
		err := q.Delete(t.Context(), messages...)
		if err == nil || err.Error() != "delete from the queue: 10 of 20 messages: InternalError: An internal error occurred." || q.behind.Len() != 10 {
			t.Errorf("%v, %d left", err, q.behind.Len())
		}
	})
}

// slowly counts the requests that are on their way at once.
type slowly struct {
	http.Handler
	now, most atomic.Int32
}

func (s *slowly) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := s.now.Add(1)
	defer s.now.Add(-1)
	for most := s.most.Load(); n > most && !s.most.CompareAndSwap(most, n); most = s.most.Load() {
	}
	time.Sleep(100 * time.Millisecond)
	s.Handler.ServeHTTP(w, r)
}

func TestBatchesGoSideBySideButNotAllAtOnce(t *testing.T) {
	onSQS(t, func(t *testing.T, q *queues) {
		for i := range 300 {
			q.behind.Put(fmt.Sprint(i), nil)
		}
		messages := q.receiveAll(t)
		s := &slowly{Handler: q.service}
		load := func(context.Context) (aws.Config, error) { return config(s), nil }
		began := time.Now()
		if err := cloud.NewQueue("https://"+queueHost+"/111122223333/alarms", load).Delete(t.Context(), messages...); err != nil {
			t.Fatal(err)
		}
		if most, took := s.most.Load(), time.Since(began); most != 8 || took != 400*time.Millisecond {
			t.Errorf("%d at once, all after %v", most, took)
		}
	})
}

// TestASmallerQueueSaysSo holds a queue's own MaximumMessageSize, which SQS reports in a sentence.
func TestASmallerQueueSaysSo(t *testing.T) {
	onSQS(t, func(t *testing.T, _ *queues) {
		service := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			w.Header().Set("X-Amzn-Query-Error", "InvalidParameterValue;Sender")
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"__type":"com.amazonaws.sqs#InvalidParameterValueException","message":"One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes."}`)
		})
		load := func(context.Context) (aws.Config, error) { return config(service), nil }
		err := cloud.NewQueue("https://"+queueHost+"/111122223333/alarms", load).Send(t.Context(), strings.Repeat("x", 1025))
		if !errors.Is(err, relay.ErrTooLarge) {
			t.Error(err)
		}
	})
}

func TestTheQueuesAddressNamesItsRegion(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ENDPOINT_URL_SQS", "")
	for address, want := range map[string]string{
		"https://sqs.ap-northeast-2.amazonaws.com/111122223333/alarms":    "sqs.ap-northeast-2.amazonaws.com",
		"https://sqs.cn-north-1.amazonaws.com.cn/111122223333/alarms":     "sqs.cn-north-1.amazonaws.com.cn",
		"https://sqs-fips.us-west-2.amazonaws.com/111122223333/alarms":    "sqs.us-west-2.amazonaws.com",
		"https://eu-west-1.queue.amazonaws.com/111122223333/alarms":       "sqs.eu-west-1.amazonaws.com",
		"https://sqs.elsewhere.example.com/111122223333/alarms":           "sqs.us-east-1.amazonaws.com",
		"https://sqs.eu-west-1.example.com/111122223333/alarms":           "sqs.eu-west-1.amazonaws.com",
		"http://127.0.0.1:4566/111122223333/alarms":                       "sqs.us-east-1.amazonaws.com",
		"https://sqs.us-east-1.amazonaws.com:443/111122223333/alarms\x7f": "sqs.us-east-1.amazonaws.com",
	} {
		asked := ""
		load := func(context.Context) (aws.Config, error) {
			c := config(nil)
			c.RetryMaxAttempts = 1
			c.HTTPClient = asking(func(r *http.Request) { asked = r.URL.Host })
			return c, nil
		}
		if err := cloud.NewQueue(address, load).Send(t.Context(), "body"); err == nil {
			t.Error("nobody was there, and it was sent")
		}
		if asked != want {
			t.Errorf("%s: asked %s, want %s", address, asked, want)
		}
	}
}

// asking is an HTTP client that fails, and notes what it was asked.
type asking func(*http.Request)

func (a asking) Do(r *http.Request) (*http.Response, error) {
	a(r)
	return nil, errors.New("no network here")
}

func TestTheEnvironmentLeadsToAnotherSQS(t *testing.T) {
	q := newSQS()
	listener := httptest.NewServer(q.service)
	t.Cleanup(listener.Close)
	server := listener.URL
	t.Setenv("AWS_ENDPOINT_URL_SQS", server)
	t.Setenv("AWS_REGION", "ap-northeast-2")
	t.Setenv("AWS_ACCESS_KEY_ID", accessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret-key-of-nobody")
	t.Setenv("AWS_SESSION_TOKEN", "")
	queue := cloud.NewQueue(server+"/111122223333/alarms", cloud.FromEnvironment)
	if err := queue.Send(t.Context(), "over a socket"); err != nil {
		t.Fatal(err)
	}
	got, err := queue.Receive(t.Context())
	if err != nil || len(got) != 1 || got[0].Body != "over a socket" {
		t.Errorf("received %v, %v", got, err)
	}
	if held := q.service.InFlightOf(accessKey); len(held) != 1 || held[0] != got[0].ID {
		t.Errorf("in flight: %v", held)
	}
}

func TestAConfigurationThatCannotBeLoadedIsEveryCallsError(t *testing.T) {
	broken := errors.New("AWS_REGION is not set")
	load := func(context.Context) (aws.Config, error) { return aws.Config{}, broken }
	queue, letters := cloud.NewQueue("https://sqs.example/1/q", load), cloud.NewDeadLetters("https://sqs.example/1/d", load)
	m := newQueues().behind
	m.Put("one", nil)
	one := m.Take(1)[0]
	_, received := queue.Receive(t.Context())
	for want, err := range map[string]error{
		"receive from the queue: AWS_REGION is not set":  received,
		"delete from the queue: AWS_REGION is not set":   queue.Delete(t.Context(), one),
		"postpone in the queue: AWS_REGION is not set":   queue.Postpone(t.Context(), relay.Postponed{Message: one}),
		"send to the queue: AWS_REGION is not set":       queue.Send(t.Context(), "body"),
		"add to the dead letters: AWS_REGION is not set": letters.Add(t.Context(), relay.DeadLetter{Body: "body"}),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
