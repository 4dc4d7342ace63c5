package relay_test

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
)

// slowLetters are dead letters that take their time.
type slowLetters struct {
	relay.DeadLetters
	each time.Duration
}

func (s slowLetters) Add(ctx context.Context, l relay.DeadLetter) error {
	select {
	case <-time.After(s.each):
		return s.DeadLetters.Add(ctx, l)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestManyDeadLettersLeaveTimeToRememberThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.DeadLetters = slowLetters{m.letters, 100 * time.Millisecond}
		m.discord.RemoveWebhook(m.hooks["ops"].ID)
		m.put(storm(500)...)
		m.run(t, 30*time.Minute)
		if m.letters.Len() != 500 || m.queue.Len() != 0 || m.counts.sum.Doubtful != 0 {
			t.Errorf("%d letters, %d left, %d doubtful", m.letters.Len(), m.queue.Len(), m.counts.sum.Doubtful)
		}
	})
}

func TestABrokenPartGetsOneLetterHoweverOftenTheRestIsTried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.discord.Break(fake.Fault{Kind: fake.Down, Status: 503})
		sns := func(message string) string {
			raw, _ := json.Marshal(message)
			return `{"EventSource":"aws:sns","Sns":{"TopicArn":"arn:aws:sns:ap-northeast-2:111122223333:t","MessageId":"m","Message":` + string(raw) + `}}`
		}
		m.put(`{"Records":[` + sns(alarm("a")) + `,` + sns(" ") + `]}`)
		m.run(t, 20*time.Minute)
		m.discord.Mend()
		m.run(t, time.Hour)
		if m.letters.Len() != 1 || m.queue.Len() != 0 || len(m.titles("ops")) != 1 {
			t.Errorf("%d letters, %d left, shown %v", m.letters.Len(), m.queue.Len(), m.titles("ops"))
		}
	})
}

func TestWhatIsRedrivenBesideACopyIsTold(t *testing.T) {
	for name, redrivenFirst := range map[string]bool{"before it": true, "after it": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMapping(t, oneChannel)
				m.discord.Break(fake.Fault{Kind: fake.Unknown})
				m.put(alarm("a"))
				m.run(t, time.Minute)
				m.discord.Mend()
				time.Sleep(10 * time.Minute)
				dead := m.letters.All()[0]
				attributes := []map[string]string{dead.Attributes, nil}
				if !redrivenFirst {
					attributes[0], attributes[1] = attributes[1], attributes[0]
				}
				for _, a := range attributes {
					m.queue.Put(dead.Body, a)
				}
				m.run(t, time.Minute)
				if len(m.titles("ops")) != 1 || m.queue.Len() != 0 {
					t.Errorf("shown %v, %d left", m.titles("ops"), m.queue.Len())
				}
			})
		})
	}
}

func TestAMessageThatCannotBeRoutedCostsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		var calls atomic.Int32
		m.Now = func() time.Time {
			if calls.Add(1) == 1 { // asked when the first is routed
				panic("a bug")
			}
			return time.Now()
		}
		m.put(alarm("a"), alarm("b"))
		m.run(t, time.Minute)
		letters := m.deadLetters()
		if len(letters) != 1 || letters[0].Alarm != "a" || len(m.titles("ops")) != 1 || m.queue.Len() != 0 {
			t.Errorf("letters %+v, shown %v, %d left", letters, m.titles("ops"), m.queue.Len())
		}
	})
}

// panics is a store with a bug that one destination runs into.
type panics struct{ incident.Store }

func (p panics) Write(ctx context.Context, items ...*incident.Item) ([]int, error) {
	if items[0].Destination == "backend" {
		panic("a bug")
	}
	return p.Store.Write(ctx, items...)
}

func TestABugAtOneDestinationCostsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, twoChannels)
		m.Store = panics{m.Store}
		m.put(alarm("a"))
		m.run(t, time.Second)
		if len(m.titles("ops")) != 1 || m.queue.Len() != 1 {
			t.Errorf("shown %v, %d left", m.titles("ops"), m.queue.Len())
		}
	})
}

func TestWhatIsRedrivenAsksAWebhookThatWasDeadAMomentAgo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.discord.Break(fake.Fault{Kind: fake.Unknown})
		m.put(alarm("a"))
		m.run(t, time.Second)
		m.discord.Mend()
		letter := m.letters.All()[0]
		m.queue.Put(letter.Body, letter.Attributes) // seconds later
		m.run(t, time.Second)
		if diff := cmp.Diff([]string{"🔴 ALARM a"}, m.titles("ops")); diff != "" || m.letters.Len() != 1 {
			t.Errorf("%d letters, -want +got\n%s", m.letters.Len(), diff)
		}
	})
}
