package fake

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay"
)

var queueRefusals = map[string]struct {
	body       string
	attributes map[string]messageAttribute
	code       string
}{
	"an ordinary message":       {"{}", map[string]messageAttribute{"a.b-c_D": {DataType: "Number.int", StringValue: "1"}, "b": {DataType: "Binary", BinaryValue: []byte{0}}}, ""},
	"as large as can be":        {xs(maxMessage - 8), map[string]messageAttribute{"k": {DataType: "String", StringValue: "v"}}, ""},
	"a byte more":               {xs(maxMessage - 7), map[string]messageAttribute{"k": {DataType: "String", StringValue: "v"}}, "InvalidParameterValue"},
	"nothing":                   {"", nil, "InvalidParameterValue"},
	"a control character":       {"a\x01", nil, "InvalidMessageContents"},
	"no UTF-8":                  {"a\xff", nil, "InvalidMessageContents"},
	"no character":              {"a\uffff", nil, "InvalidMessageContents"},
	"an empty attribute":        {"b", map[string]messageAttribute{"k": {DataType: "String"}}, "InvalidParameterValue"},
	"an attribute without type": {"b", map[string]messageAttribute{"k": {StringValue: "v"}}, "InvalidParameterValue"},
	"an attribute with control": {"b", map[string]messageAttribute{"k": {DataType: "String", StringValue: "\x00"}}, "InvalidMessageContents"},
	"a name of AWS":             {"b", map[string]messageAttribute{"Aws.k": {DataType: "String", StringValue: "v"}}, "InvalidParameterValue"},
	"a name with a space":       {"b", map[string]messageAttribute{"a k": {DataType: "String", StringValue: "v"}}, "InvalidParameterValue"},
	"eleven attributes":         {"b", stringAttributes(elevenAttributes()), "InvalidParameterValue"},
}

func elevenAttributes() map[string]string {
	all := map[string]string{}
	for i := range 11 {
		all["k"+itoa(i)] = "v"
	}
	return all
}

func TestTheQueueRefusesWhatSQSRefuses(t *testing.T) {
	for name, row := range queueRefusals {
		refused, code := checkMessage(row.body, row.attributes), ""
		if refused != nil {
			code = refused.code
		}
		if code != row.code {
			t.Errorf("%s: %v, want %q", name, refused, row.code)
		}
	}
}

func TestPutOfWhatSQSRefusesIsAMistakeOfTheTest(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an empty message was taken")
		}
	}()
	NewQueue(QueueOptions{}).Put("", nil)
}

func TestWhatIsTooLargeIsSaidToBe(t *testing.T) {
	q := NewQueue(QueueOptions{Name: "alarms"})
	for what, err := range map[string]error{
		"sent":  q.Send(t.Context(), xs(maxMessage+1)),
		"added": q.Add(t.Context(), relay.DeadLetter{Body: xs(maxMessage)}),
	} {
		if !errors.Is(err, relay.ErrTooLarge) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := q.Send(t.Context(), ""); err == nil || errors.Is(err, relay.ErrTooLarge) {
		t.Errorf("nothing: %v", err)
	}
}

func TestNothingIsDoneWhenTimeIsOver(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	q := filled(QueueOptions{Name: "alarms"}, 1)
	m := q.Take(1)[0]
	before := q.All()
	cancel()
	_, err := q.Receive(ctx)
	for what, err := range map[string]error{
		"receive": err, "delete": q.Delete(ctx, m), "postpone": q.Postpone(ctx, relay.Postponed{Message: m}),
		"send": q.Send(ctx, "body"), "add": q.Add(ctx, relay.DeadLetter{Body: "body"}),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if diff := cmp.Diff(before, q.All()); diff != "" {
		t.Errorf("the queue changed:\n%s", diff)
	}
}
