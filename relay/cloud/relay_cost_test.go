package cloud_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/rule"
)

// willing is a channel that accepts everything.
type willing struct{}

func (willing) Service() formatter.Service { return formatter.ServiceDiscord }
func (willing) Post(context.Context, formatter.Message) (relay.Ref, error) {
	return relay.Ref{Message: "1300000000000000001", Channel: "1300000000000000002"}, nil
}
func (willing) Link(context.Context, relay.Ref) string { return "" }

func (willing) Edit(_ context.Context, ref relay.Ref, _ formatter.Message) (relay.Ref, error) {
	return ref, nil
}

type cost struct {
	Requests      map[string]int
	Read, Written float64
}

// What docs/store.md says of what alerts cost: new ones at one destination, and the same once more.
func TestWhatAlertsCost(t *testing.T) {
	for _, test := range []struct {
		name       string
		alarms     int
		new, known cost
	}{
		{
			"one alarm", 1,
			cost{map[string]int{"BatchGetItem": 1, "PutItem": 5}, 4, 6},
			cost{map[string]int{"BatchGetItem": 1, "PutItem": 1}, 4, 1},
		},
		{
			"nine alarms", 9,
			cost{map[string]int{"BatchGetItem": 1, "PutItem": 3, "TransactWriteItems": 1}, 12, 33},
			cost{map[string]int{"BatchGetItem": 1, "PutItem": 1}, 12, 1},
		},
		{
			"a storm of 200", 200,
			cost{map[string]int{"BatchGetItem": 4, "PutItem": 5, "TransactWriteItems": 3}, 204, 697},
			cost{map[string]int{"BatchGetItem": 4, "PutItem": 3}, 204, 3},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rules, err := rule.Parse("alarmrelay.yaml", []byte("destinations: {ops: {discord: \"ssm:/ops\"}}\nrules: [{to: [ops]}]\n"))
				if err != nil {
					t.Fatal(err)
				}
				table, service := newTable(time.Now)
				queue := fake.NewQueue(fake.QueueOptions{Name: "input"})
				r := &relay.Relay{
					Rules: rules, Channels: map[string]relay.Channel{"ops": willing{}}, Store: table, Queue: queue,
					Measure: relay.NoMeasure{}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
				}
				at := time.Now()
				for _, want := range []cost{test.new, test.known} {
					before := costOf(service)
					for i := range test.alarms {
						queue.Put(firing(i, at), nil)
					}
					handleAll(t, r, queue)
					if diff := cmp.Diff(want, costOf(service).since(before)); diff != "" {
						t.Errorf("-want +got\n%s", diff)
					}
					time.Sleep(10 * time.Second)
				}
			})
		})
	}
}

func costOf(d *fake.DynamoDB) cost {
	c := cost{Requests: d.Requests()}
	c.Read, c.Written = d.Units()
	return c
}

func (c cost) since(before cost) cost {
	spent := cost{Requests: map[string]int{}, Read: c.Read - before.Read, Written: c.Written - before.Written}
	for operation, n := range c.Requests {
		if n -= before.Requests[operation]; n > 0 {
			spent.Requests[operation] = n
		}
	}
	return spent
}

func firing(n int, at time.Time) string {
	return fmt.Sprintf(`{"AlarmName":"orders-latency-%[1]d","AlarmArn":"arn:aws:cloudwatch:us-east-1:111122223333:alarm:orders-latency-%[1]d",`+
		`"NewStateValue":"ALARM","OldStateValue":"OK","StateChangeTime":%[2]q}`, n, at.UTC().Format(time.RFC3339))
}

// handleAll hands the queue's messages over, as Lambda does, until none is left.
func handleAll(t *testing.T, r *relay.Relay, queue *fake.Queue) {
	t.Helper()
	for queue.Len() > 0 {
		taken := queue.Take(10)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		answer, err := r.Handle(ctx, fake.BatchEvent(queue.ARN(), taken))
		cancel()
		raw, _ := json.Marshal(answer) // its fields are texts
		if err := queue.Settle(taken, raw, err); err != nil {
			t.Fatal(err)
		}
	}
}
