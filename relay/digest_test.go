package relay_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"alarmrelay/formatter"
	"alarmrelay/relay"
	"alarmrelay/relay/fake"
	"alarmrelay/relay/incident"
)

func logBatch(group string, id int) string {
	return fmt.Sprintf(`{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":%q,"logStream":"s","subscriptionFilters":["errors"],`+
		`"logEvents":[{"id":"%d","timestamp":%d,"message":"ERROR %d"}]}`, group, id, time.Now().UnixMilli(), id)
}

func TestLogsThatJoinAnOpenDigestAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.put(storm(20)...)
		m.run(t, time.Second)
		for i := range 3 {
			m.put(logBatch("/aws/lambda/orders", i))
			m.run(t, time.Second)
			time.Sleep(2 * time.Second)
		}
		if m.queue.Len() != 0 || m.accepted(http.MethodPatch) != 3 {
			t.Errorf("%d left, %d edits", m.queue.Len(), m.accepted(http.MethodPatch))
		}
		contains(t, m.text("ops"), "/aws/lambda/orders")
	})
}

// cramped is a store that takes no large item, as DynamoDB does.
type cramped struct{ incident.Store }

func (c cramped) Write(ctx context.Context, items ...*incident.Item) ([]int, error) {
	for _, i := range items {
		if len(i.Facts) > 350<<10 {
			return nil, fmt.Errorf("item %q has %d bytes", i.Key, len(i.Facts))
		}
	}
	return c.Store.Write(ctx, items...)
}

func TestADigestOfLongNamesIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.Store = cramped{m.Store}
		bodies := make([]string, 600)
		for i := range bodies {
			bodies[i] = alarm(fmt.Sprintf("%s-%04d", strings.Repeat("a-rather-long-name", 13), i))
		}
		m.put(bodies...)
		m.run(t, 10*time.Second)
		if m.counts.sum.Doubtful != 0 || m.queue.Len() != 0 {
			t.Errorf("%d doubtful, %d left", m.counts.sum.Doubtful, m.queue.Len())
		}
		m.put(bodies...)
		m.run(t, 10*time.Minute)
		if m.counts.sum.Delivered != 600 {
			t.Errorf("%d delivered", m.counts.sum.Delivered)
		}
	})
}

// editsFail is a channel whose edits all fail.
type editsFail struct {
	relay.Channel
	with error
}

func (editsFail) Link(context.Context, relay.Ref) string { return "" }

func (c editsFail) Edit(_ context.Context, ref relay.Ref, _ formatter.Message) (relay.Ref, error) {
	return ref, c.with
}

func TestAnAlertIsPostedWhenItsEditIsRefused(t *testing.T) {
	for name, with := range map[string]error{
		"refused": &relay.RefusedError{Status: 400, Code: "50035"}, "gone": relay.ErrGone, "not possible": errors.ErrUnsupported,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMapping(t, oneChannel)
				m.Channels = map[string]relay.Channel{"ops": editsFail{m.Channels["ops"], with}}
				m.put(storm(20)...)
				m.run(t, time.Second)
				m.put(alarm("one-more"))
				m.run(t, 5*time.Minute)
				contains(t, m.text("ops"), "one-more")
				if m.letters.Len() != 0 || m.queue.Len() != 0 {
					t.Errorf("%d letters, %d left", m.letters.Len(), m.queue.Len())
				}
			})
		})
	}
}

func TestADigestIsNotEditedForMoreThanAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.put(storm(20)...)
		m.run(t, time.Second)
		for i := range 100 {
			time.Sleep(50 * time.Second)
			m.put(alarm(fmt.Sprint("next-", i)))
			m.run(t, time.Second)
		}
		first := fmt.Sprintf("%+v", m.discord.Messages(m.hooks["ops"].Channel)[0].Embeds[0])
		if strings.Contains(first, "next-99") || m.queue.Len() != 0 {
			t.Errorf("%d left, the first message is %s", m.queue.Len(), first)
		}
		contains(t, m.text("ops"), "next-0", "next-99")
	})
}

func TestANoteAboutADeadWebhookStaysWithWhatWasForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, `
destinations: {ops: {discord: "ssm:/ops"}, backend: {discord: "ssm:/backend", fallback: ops}}
rules: [{match: {alarm: "b-*"}, to: [backend]}, {to: [ops]}]
`)
		m.discord.RemoveWebhook(m.hooks["backend"].ID)
		m.put(storm(20)...)
		m.run(t, time.Second)
		for i := range 20 {
			m.put(alarm(fmt.Sprint("b-", i)))
		}
		m.run(t, time.Minute)
		if n := m.accepted(http.MethodPost); n != 2 {
			t.Errorf("%d posts", n)
		}
	})
}

// forgetful loses the pages of digests.
type forgetful struct{ incident.Store }

func (f forgetful) Read(ctx context.Context, ids ...incident.ID) ([]incident.Item, error) {
	items, err := f.Store.Read(ctx, ids...)
	for i := range items {
		if strings.HasPrefix(items[i].Key, "storm|") {
			items[i].Facts, items[i].Version = nil, 0
		}
	}
	return items, err
}

func TestADigestWhosePagesAreGoneHoldsNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel+"storm: {window: 1h}\n")
		m.Store = forgetful{m.Store}
		for i := range 12 {
			m.put(storm(20 * (i + 1))[20*i:]...)
			m.run(t, 10*time.Second)
			time.Sleep(10 * time.Second)
		}
		if m.queue.Len() != 0 {
			t.Errorf("%d left", m.queue.Len())
		}
	})
}

func TestAFloodWhoseMessageCannotBeEditedIsPostedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel)
		m.Channels = map[string]relay.Channel{"ops": editsFail{m.Channels["ops"], &relay.RefusedError{Status: 400, Code: "50035"}}}
		for i := range 3 {
			m.put(logBatch("/aws/lambda/orders", i))
			m.run(t, 5*time.Minute)
		}
		if m.letters.Len() != 0 || m.queue.Len() != 0 || m.accepted(http.MethodPost) != 3 {
			t.Errorf("%d letters, %d left, %d posts", m.letters.Len(), m.queue.Len(), m.accepted(http.MethodPost))
		}
	})
}

func TestADigestWhoseWindowEndsWhileItIsEditedGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMapping(t, oneChannel+"storm: {window: 10s}\n")
		m.put(storm(20)...)
		m.run(t, time.Second)
		time.Sleep(8 * time.Second)
		m.discord.Fail(fake.Fault{Kind: fake.Slow, After: 4 * time.Second})
		for _, name := range []string{"one-more", "and-another"} {
			m.put(alarm(name))
			m.run(t, 5*time.Second)
		}
		if m.accepted(http.MethodPost) != 1 || m.accepted(http.MethodPatch) != 2 {
			t.Errorf("%d posts, %d edits", m.accepted(http.MethodPost), m.accepted(http.MethodPatch))
		}
		contains(t, m.text("ops"), "one-more", "and-another")
	})
}
