package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/incident/incidenttest"
)

const tableName = "alarmrelay-state"

// newTable returns a store on a table of a DynamoDB of its own, without a socket in between.
func newTable(now func() time.Time) (*cloud.Table, *fake.DynamoDB) {
	service := fake.NewDynamoDB(fake.Options{}, tableName, "open")
	return newTableBehind(service, now), service
}

func newTableBehind(service http.Handler, now func() time.Time) *cloud.Table {
	load := func(context.Context) (aws.Config, error) {
		who := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret-key-of-nobody"}, nil
		})
		client := &http.Client{Transport: fake.Transport{"dynamodb.ap-northeast-2.amazonaws.com": service}}
		return aws.Config{Region: "ap-northeast-2", Credentials: who, HTTPClient: client, RetryMaxAttempts: 2}, nil
	}
	return cloud.NewTable(tableName, load, now)
}

func newItems(n int) []*incident.Item {
	items := make([]*incident.Item, n)
	for i := range items {
		items[i] = &incident.Item{
			ID: incident.ID{Destination: "ops", Key: fmt.Sprint("alarm ", i)}, Open: true,
			Facts: fmt.Appendf(nil, `{"n":%d}`, i), Expires: time.Now().Add(time.Hour),
		}
	}
	return items
}

func idsOf(items []*incident.Item) (ids []incident.ID) {
	for _, item := range items {
		ids = append(ids, item.ID)
	}
	return ids
}

func TestTableKeepsTheLawsOfAStore(t *testing.T) {
	incidenttest.RunInBubble(t, func(_ *testing.T, now func() time.Time) incident.Store {
		table, _ := newTable(now)
		return table
	})
}

func TestTableKeepsTheLawsWhenEveryAnswerIsPartial(t *testing.T) {
	incidenttest.RunInBubble(t, func(_ *testing.T, now func() time.Time) incident.Store {
		table, service := newTable(now)
		for range 3 {
			service.Fail(fake.Fault{Kind: fake.Partial, Method: "BatchGetItem"}, fake.Fault{Kind: fake.Partial, Method: "Query"})
		}
		return table
	})
}

// A fault that passes is not seen by who calls: what was written is written once, and nothing is called stale.
func TestAPassingFaultIsNotNoticed(t *testing.T) {
	for _, n := range []int{1, 4, 30} {
		for _, fault := range []fake.Fault{
			{Kind: fake.Limited},
			{Kind: fake.LimitedGlobally},
			{Kind: fake.Down},
			{Kind: fake.Down, Status: http.StatusServiceUnavailable},
			{Kind: fake.Hang},
			{Kind: fake.Slow, After: time.Second},
			{Kind: fake.Slow, After: 3 * time.Second},
			{Kind: fake.AnswerLate, After: 3 * time.Second},
			{Kind: fake.Reset},
			{Kind: fake.AnswerLost},
			{Kind: fake.AnswerCut},
			{Kind: fake.Conflicted},
			{Kind: fake.Partial},
		} {
			t.Run(fmt.Sprintf("%d items, %s %v %d", n, fault.Kind, fault.After, fault.Status), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { writeAndReadThrough(t, fault, newItems(n)) })
			})
		}
	}
}

// writeAndReadThrough writes, reads and lists items, with a fault before each.
func writeAndReadThrough(t *testing.T, fault fake.Fault, items []*incident.Item) {
	t.Helper()
	table, service := newTable(time.Now)
	for version := range int64(2) {
		service.Fail(fault)
		if stale, err := table.Write(t.Context(), items...); err != nil || len(stale) > 0 {
			t.Fatalf("stale %v, %v", stale, err)
		}
		service.Fail(fault)
		got, err := table.Read(t.Context(), idsOf(items)...)
		if err != nil {
			t.Fatal(err)
		}
		for i, item := range items {
			if diff := cmp.Diff(*item, got[i]); diff != "" || item.Version != version+1 {
				t.Fatalf("version %d: %s", item.Version, diff)
			}
		}
	}
	service.Fail(fault)
	if open, err := table.Open(t.Context()); err != nil || len(open) != len(items) {
		t.Errorf("%d are open, %v", len(open), err)
	}
}

// trouble is a fault that stays, and what it costs who calls.
type trouble struct {
	fault    fake.Fault
	requests int
	longest  time.Duration
	says     string
}

func TestAFaultThatStaysIsAnErrorSoon(t *testing.T) {
	troubles := []trouble{
		{fake.Fault{Kind: fake.Limited}, 5, time.Second, "ProvisionedThroughputExceededException"},
		{fake.Fault{Kind: fake.Down}, 5, time.Second, "InternalServerError"},
		{fake.Fault{Kind: fake.Reset}, 5, time.Second, "connection reset"},
		{fake.Fault{Kind: fake.AnswerCut}, 5, time.Second, "EOF"},
		{fake.Fault{Kind: fake.Hang}, 2, 4 * time.Second, "deadline exceeded"},
		{fake.Fault{Kind: fake.Forbidden}, 1, 0, "AccessDeniedException"},
		{fake.Fault{Kind: fake.Unknown}, 1, 0, "ResourceNotFoundException"},
		{fake.Fault{Kind: fake.BadToken}, 1, 0, "UnrecognizedClientException"},
	}
	for _, tt := range troubles {
		t.Run(string(tt.fault.Kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for doing, do := range map[string]func(*cloud.Table) error{
					"read":           func(table *cloud.Table) error { _, err := table.Read(t.Context(), idsOf(newItems(3))...); return err },
					"write":          func(table *cloud.Table) error { _, err := table.Write(t.Context(), newItems(1)...); return err },
					"write together": func(table *cloud.Table) error { _, err := table.Write(t.Context(), newItems(9)...); return err },
				} {
					tt.check(t, doing, do)
				}
			})
		})
	}
}

func (tt trouble) check(t *testing.T, doing string, do func(*cloud.Table) error) {
	t.Helper()
	table, service := newTable(time.Now)
	service.Break(tt.fault)
	start := time.Now()
	err := do(table)
	took := time.Since(start)
	if err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), tableName) {
		t.Errorf("%s: %v", doing, err)
	}
	if strings.Contains(fmt.Sprint(err), "secret-key-of-nobody") {
		t.Errorf("%s: the error holds a secret", doing)
	}
	n := 0
	for _, of := range service.Requests() {
		n += of
	}
	if n != tt.requests || took > tt.longest {
		t.Errorf("%s: %d requests in %v", doing, n, took)
	}
}

func TestOneRequestThatFailsEndsTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table, service := newTable(time.Now)
		service.Break(fake.Fault{Kind: fake.Hang})
		start := time.Now()
		_, err := table.Write(t.Context(), newItems(5000)...)
		if took := time.Since(start); err == nil || took > 4*time.Second {
			t.Errorf("%v after %v", err, took)
		}
		_, err = table.Read(t.Context(), idsOf(newItems(5000))...)
		if took := time.Since(start); err == nil || took > 8*time.Second {
			t.Errorf("%v after %v", err, took)
		}
	})
}

func TestTheCallersDeadlineEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		table, service := newTable(time.Now)
		service.Break(fake.Fault{Kind: fake.Limited})
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := table.Write(ctx, newItems(1)...)
		if took := time.Since(start); err == nil || took > 60*time.Millisecond {
			t.Errorf("%v after %v", err, took)
		}
	})
}

func TestAnAnswerLostDoesNotHideThatSomebodyElseWasFirst(t *testing.T) {
	for _, n := range []int{1, 30} {
		synctest.Test(t, func(t *testing.T) {
			table, service := newTable(time.Now)
			mine, theirs := newItems(n), newItems(n)
			service.Fail(fake.Fault{Kind: fake.AnswerLost})
			if stale, err := table.Write(t.Context(), theirs...); err != nil || len(stale) > 0 {
				t.Fatal(stale, err)
			}
			service.Fail(fake.Fault{Kind: fake.AnswerLost})
			// The same facts at the same version are still another's.
			if stale, err := table.Write(t.Context(), mine...); err != nil || len(stale) != n {
				t.Errorf("of %d items %d are stale, %v", n, len(stale), err)
			}
		})
	}
}

func TestWhatWasDeletedIsAbsentAndStale(t *testing.T) {
	now := time.Now()
	table, service := newTable(func() time.Time { return now })
	items := newItems(6)
	if _, err := table.Write(t.Context(), items...); err != nil {
		t.Fatal(err)
	}
	service.DeleteExpired(now.Add(2 * time.Hour))
	if stale, err := table.Write(t.Context(), items...); err != nil || len(stale) != 6 || service.Items() != 0 {
		t.Errorf("stale %v, %v, and %d items", stale, err, service.Items())
	}
}

func TestAnItemThatIsTooLargeIsAnErrorThatSaysSoAndTheOthersAreKept(t *testing.T) {
	for _, n := range []int{2, 150} {
		table, service := newTable(time.Now)
		items := newItems(n)
		items[1].Facts = []byte(strings.Repeat("x", 350<<10))
		_, err := table.Write(t.Context(), items...)
		if err == nil || err.Error() != `write to table alarmrelay-state: item "ops|alarm 1" has 358411 bytes, which is more than the 358400 that are kept in one` {
			t.Error(err)
		}
		if service.Items() != n-1 {
			t.Errorf("of %d items %d are kept", n, service.Items())
		}
	}
}

// sluggish answers late and, where it reads many items, with half of them.
type sluggish struct {
	*fake.DynamoDB
	late time.Duration
}

func (s sluggish) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case <-time.After(s.late):
		s.DynamoDB.ServeHTTP(w, r)
	case <-r.Context().Done():
	}
}

func TestATableThatAnswersALittleAtATimeIsLeftInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := fake.NewDynamoDB(fake.Options{}, tableName, "open")
		service.Break(fake.Fault{Kind: fake.Partial})
		table := newTableBehind(sluggish{service, 1500 * time.Millisecond}, time.Now)
		began := time.Now()
		_, err := table.Read(t.Context(), idsOf(newItems(100))...)
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > 4*time.Second {
			t.Errorf("%v after %v", err, took)
		}
	})
}

func TestWithoutConfigurationEachCallSaysWhy(t *testing.T) {
	broken := errors.New("AWS_REGION is not set")
	table := cloud.NewTable(tableName, func(context.Context) (aws.Config, error) { return aws.Config{}, broken }, time.Now)
	_, reading := table.Read(t.Context(), incident.ID{Destination: "ops"})
	_, writing := table.Write(t.Context(), newItems(1)...)
	_, together := table.Write(t.Context(), newItems(9)...)
	_, listing := table.Open(t.Context())
	for _, err := range []error{reading, writing, together, listing} {
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), tableName) {
			t.Error(err)
		}
	}
}
