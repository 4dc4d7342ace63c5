package fake

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSQSWaitsForMessagesWhenAsked(t *testing.T) {
	for name, row := range map[string]struct {
		meanwhile func(*Queue)
		want      int
		after     time.Duration
	}{
		"nothing comes":            {func(*Queue) {}, 0, 5 * time.Second},
		"one is put in":            {func(q *Queue) { time.Sleep(2 * time.Second); q.Put("m", nil) }, 1, 2 * time.Second},
		"one becomes visible":      {func(q *Queue) { q.Put("m", nil); q.Take(1) }, 1, 3 * time.Second},
		"it comes a moment late":   {func(q *Queue) { time.Sleep(6 * time.Second); q.Put("m", nil) }, 0, 5 * time.Second},
		"it is there and taken up": {func(q *Queue) { q.Put("m", nil) }, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := NewQueue(QueueOptions{Name: "alarms", Visibility: 3 * time.Second})
				s := &sqsFake{SQS: NewSQS(), queue: q}
				s.Add(q)
				var other sync.WaitGroup
				defer other.Wait()
				other.Go(func() { row.meanwhile(q) })
				synctest.Wait()
				began := time.Now()
				got := s.ask(t, "ReceiveMessage", obj{"WaitTimeSeconds": 5}).received(t)
				if len(got) != row.want || time.Since(began) != row.after {
					t.Errorf("%d messages after %v, want %d after %v", len(got), time.Since(began), row.want, row.after)
				}
			})
		})
	}
}

func TestSQSFaults(t *testing.T) {
	const body = `{"QueueUrl":"https://sqs.example/111122223333/alarms"}`
	for name, row := range map[string]struct {
		fault  Fault
		status int    // 0 when the connection is cut or nobody answers in time
		code   string // of the older protocol
		handed int    // messages in flight afterwards
	}{
		"none":          {Fault{}, 200, "", 1},
		"another queue": {Fault{Kind: Down, Webhook: "dead"}, 200, "", 1},
		"another call":  {Fault{Kind: Down, Method: "DeleteMessage"}, 200, "", 1},
		"throttled":     {Fault{Kind: Limited, Webhook: "alarms"}, 403, "RequestThrottled;Sender", 0},
		"down":          {Fault{Kind: Down, Method: "ReceiveMessage"}, 500, "InternalFailure;Receiver", 0},
		"unavailable":   {Fault{Kind: Down, Status: 503}, 503, "InternalFailure;Receiver", 0},
		"forbidden":     {Fault{Kind: Forbidden}, 403, "AccessDenied;Sender", 0},
		"bad key":       {Fault{Kind: BadToken}, 403, "InvalidClientTokenId;Sender", 0},
		"deleted":       {Fault{Kind: Unknown}, 400, "AWS.SimpleQueueService.NonExistentQueue;Sender", 0},
		"reset":         {Fault{Kind: Reset}, 0, "", 0},
		"hanging":       {Fault{Kind: Hang}, 0, "", 0},
		"slow":          {Fault{Kind: Slow, After: 2 * time.Second}, 200, "", 1},
		"too slow":      {Fault{Kind: Slow, After: 6 * time.Second}, 0, "", 0},
		"late":          {Fault{Kind: AnswerLate, After: 6 * time.Second}, 0, "", 1},
		"answer lost":   {Fault{Kind: AnswerLost}, 0, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, q := NewSQS(), filled(QueueOptions{Name: "alarms"}, 1)
				s.Add(q)
				s.Break(row.fault)
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				r := sqsRequestTo(ctx, "ReceiveMessage", oneKey, []byte(body))
				status, code := 0, ""
				response, err := Transport{"sqs.example": s}.RoundTrip(r)
				if err == nil {
					status, code = response.StatusCode, response.Header.Get("X-Amzn-Query-Error")
					if _, err := io.Copy(io.Discard, response.Body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
						t.Error(err)
					}
					response.Body.Close()
				}
				synctest.Wait()
				if handed := len(s.InFlightOf(oneKey)); status != row.status || code != row.code || handed != row.handed {
					t.Errorf("status %d, %q, %d handed out (%v)", status, code, handed, err)
				}
			})
		})
	}
}

func TestSQSLogSaysWhoDidWhatAndHow(t *testing.T) {
	s := newSQSFake()
	s.Fail(Fault{Kind: Limited})
	s.ask(t, "ReceiveMessage", obj{})
	s.ask(t, "GetQueueUrl", obj{"QueueUrl": "", "QueueName": "dead"})
	var got []Exchange
	for _, e := range s.Log() {
		e.At = time.Time{}
		got = append(got, e)
	}
	want := []Exchange{
		{Webhook: "alarms", Method: "ReceiveMessage", Path: "/", Status: 403, Fault: Limited, Why: []string{"RequestThrottled: Request is throttled."}, Answer: []byte{}},
		{Method: "GetQueueUrl", Path: "/", Status: 200, Answer: []byte{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}
