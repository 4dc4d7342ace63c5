package account_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
)

func TestLettersAreSentAsTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLetters(t)
		client := sqs.NewFromConfig(l.cfg, func(o *sqs.Options) { o.Region = "ap-northeast-2" })
		attributes := map[string]types.MessageAttributeValue{
			"alarmrelay-destination": {DataType: aws.String("String"), StringValue: aws.String("ops")},
			"alarmrelay-attempts":    {DataType: aws.String("Number"), StringValue: aws.String("7")},
			"trace":                  {DataType: aws.String("Binary.trace"), BinaryValue: []byte{0, 1, 255}},
		}
		if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: aws.String(deadURL), MessageBody: aws.String(`{"AlarmName":"결제"}`), MessageAttributes: attributes,
		}); err != nil {
			t.Fatal(err)
		}
		met := l.walk(t, 10)
		want := map[string]string{"alarmrelay-destination": "ops", "alarmrelay-attempts": "7", "trace": ""}
		if diff := cmp.Diff(want, met[0].Attributes); diff != "" {
			t.Errorf("attributes to read (-want +got):\n%s", diff)
		}
		if failed := l.to.Send(t.Context(), met); len(failed) > 0 {
			t.Fatal(failed)
		}
		if failed := l.from.Delete(t.Context(), met); len(failed) > 0 || l.dead.Len() != 0 {
			t.Errorf("%d messages left: %v", l.dead.Len(), failed)
		}
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(inputURL), MessageAttributeNames: []string{"All"}})
		if err != nil {
			t.Fatal(err)
		}
		for name, a := range attributes {
			got := out.Messages[0].MessageAttributes[name]
			if *a.DataType != *got.DataType || aws.ToString(a.StringValue) != aws.ToString(got.StringValue) || string(a.BinaryValue) != string(got.BinaryValue) {
				t.Errorf("attribute %s of type %s came as %s %s %v", name, *a.DataType, *got.DataType, aws.ToString(got.StringValue), got.BinaryValue)
			}
		}
		if *out.Messages[0].Body != `{"AlarmName":"결제"}` || len(out.Messages[0].MessageAttributes) != len(attributes) {
			t.Errorf("message %s with %d attributes", *out.Messages[0].Body, len(out.Messages[0].MessageAttributes))
		}
	})
}

func TestLargeLettersShareNoRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLetters(t)
		for _, size := range []int{1 << 20, 150 << 10, 60 << 10, 60 << 10, 10, 10, 10} {
			l.dead.Put(strings.Repeat("x", size), nil)
		}
		met := l.walk(t, 100)
		if failed := l.to.Send(t.Context(), met); len(failed) > 0 {
			t.Fatal(failed)
		}
		if diff := cmp.Diff(bodiesOf(met), bodiesIn(l.input)); diff != "" {
			t.Error("other bodies arrived than were sent")
		}
	})
}

func bodiesIn(q *fake.Queue) (bodies []string) {
	for _, h := range q.All() {
		bodies = append(bodies, h.Body)
	}
	slices.Sort(bodies)
	return bodies
}

func TestWhatFailsIsNamedAndTheRestIsDone(t *testing.T) {
	for name, row := range map[string]struct {
		fault fake.Fault
		act   func(*letters, context.Context, []account.Letter) map[string]error
		done  int
		want  string
	}{
		"some are not sent": {
			fake.Fault{Kind: fake.PartlyFailed, Method: "SendMessageBatch"},
			func(l *letters, ctx context.Context, met []account.Letter) map[string]error {
				return l.to.Send(ctx, met)
			},
			2, "InternalError: An internal error occurred.",
		},
		"none is sent": {
			fake.Fault{Kind: fake.Forbidden, Method: "SendMessageBatch"},
			func(l *letters, ctx context.Context, met []account.Letter) map[string]error {
				return l.to.Send(ctx, met)
			},
			0, "send to queue alarms: access denied: it takes sqs:SendMessage (User is not authorized to perform: this on resource: this queue)",
		},
		"some are not deleted": {
			fake.Fault{Kind: fake.PartlyFailed, Method: "DeleteMessageBatch"},
			func(l *letters, ctx context.Context, met []account.Letter) map[string]error {
				return l.from.Delete(ctx, met)
			},
			2, "InternalError: An internal error occurred.",
		},
		"none is deleted": {
			fake.Fault{Kind: fake.Forbidden, Method: "DeleteMessageBatch"},
			func(l *letters, ctx context.Context, met []account.Letter) map[string]error {
				return l.from.Delete(ctx, met)
			},
			0, "delete from queue alarms-dead: access denied: it takes sqs:DeleteMessage (User is not authorized to perform: this on resource: this queue)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLetters(t)
				l.put(5)
				met := l.walk(t, 5)
				l.Break(row.fault)
				failed := row.act(l, t.Context(), met)
				done := l.input.Len() + 5 - l.dead.Len()
				if len(failed) != 5-row.done || done != row.done {
					t.Errorf("%d failed and %d are done, want %d", len(failed), done, row.done)
				}
				for id, err := range failed {
					if err.Error() != row.want || !slices.ContainsFunc(met, func(m account.Letter) bool { return m.ID == id }) {
						t.Errorf("%s: %v", id, err)
					}
				}
				l.Mend()
				if err := l.from.PutBack(t.Context()); err != nil {
					t.Error(err)
				}
				if n := visibleNow(l.dead); n != l.dead.Len() {
					t.Errorf("%d of %d are visible again", n, l.dead.Len())
				}
			})
		})
	}
}
