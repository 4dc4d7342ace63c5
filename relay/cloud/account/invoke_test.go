package account_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/cloud/account"
	"alarmrelay/relay/fake"
)

const relayARN = "arn:aws:lambda:us-west-2:111122223333:function:alarmrelay"

// echo is a function that answers with what it was given.
func echo(_ context.Context, payload []byte) ([]byte, error) { return payload, nil }

// outcome is what came of an invocation.
type outcome struct{ Answer, Err string }

// invoked invokes a function of a Lambda that stands in both of a test's regions.
func invoked(t *testing.T, l *fake.Lambda, function, region string) outcome {
	t.Helper()
	cfg := configFor(fake.Transport{"lambda.us-east-1.amazonaws.com": l, "lambda.us-west-2.amazonaws.com": l})
	cfg.Region = region
	f, err := account.OpenFunction(cfg, function)
	if err != nil {
		return outcome{Err: err.Error()}
	}
	answer, err := f.Invoke(t.Context(), []byte(`{"alarmrelay":"mutes"}`))
	if err != nil {
		return outcome{string(answer), err.Error()}
	}
	return outcome{Answer: string(answer)}
}

func TestInvoke(t *testing.T) {
	const given = `{"alarmrelay":"mutes"}`
	for name, row := range map[string]struct {
		function string
		region   string
		code     fake.LambdaFunction
		fault    fake.FaultKind
		want     outcome
	}{
		"by its name, at the alias live":      {"alarmrelay", "us-east-1", echo, "", outcome{Answer: given}},
		"by its name and another alias":       {"alarmrelay:next", "us-east-1", echo, "", outcome{Answer: given}},
		"by its newest version":               {"alarmrelay:$LATEST", "us-east-1", echo, "", outcome{Answer: given}},
		"by its ARN, in that region":          {relayARN, "us-east-1", echo, "", outcome{Answer: given}},
		"by its alias's ARN, without another": {relayARN + ":live", "", echo, "", outcome{Answer: given}},
		"without a region":                    {"alarmrelay", "", echo, "", outcome{Err: "no AWS region: set AWS_REGION, or a region in your profile"}},
		"no name of a function": {
			"arn:aws:sns:us-west-2:111122223333:alarms", "us-east-1", echo, "",
			outcome{Err: "a function's name reads alarmrelay or alarmrelay:live, its ARN arn:aws:lambda:REGION:ACCOUNT:function:NAME"},
		},
		"it is not there": {
			"relay", "us-east-1", echo, "",
			outcome{Err: "invoke the function relay: there is none of that name with a version or alias live in us-east-1 (AWS_REGION says where to look)"},
		},
		"it has no such alias": {
			relayARN + ":blue", "us-east-1", echo, "",
			outcome{Err: "invoke the function alarmrelay: there is none of that name with a version or alias blue in us-west-2 (AWS_REGION says where to look)"},
		},
		"a permission is missing": {
			"alarmrelay", "us-east-1", echo, fake.Forbidden,
			outcome{Err: "invoke the function alarmrelay: access denied: it takes lambda:InvokeFunction (User: arn:aws:iam::111122223333:user/minji is not authorized to perform: " +
				"lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:111122223333:function:alarmrelay because no identity-based policy allows the lambda:InvokeFunction action)"},
		},
		"credentials that AWS does not know": {
			"alarmrelay", "us-east-1", echo, fake.BadToken,
			outcome{Err: "invoke the function alarmrelay: AWS does not know these credentials (The security token included in the request is invalid)"},
		},
		"it fails": {
			"alarmrelay", "us-east-1",
			func(context.Context, []byte) ([]byte, error) { return nil, errors.New("read the mutes: no answer") }, "",
			outcome{Err: "the function alarmrelay failed: read the mutes: no answer"},
		},
		"it fails at length": {
			"alarmrelay", "us-east-1",
			func(context.Context, []byte) ([]byte, error) { return nil, errors.New(strings.Repeat("없", 301)) }, "",
			outcome{Err: "the function alarmrelay failed: " + strings.Repeat("없", 299) + "…"},
		},
		"it takes too long": {
			"alarmrelay", "us-east-1",
			func(ctx context.Context, _ []byte) ([]byte, error) {
				<-ctx.Done()
				time.Sleep(time.Second) // of the bubble: it does not stop at once
				return nil, ctx.Err()
			}, "",
			outcome{Err: "the function alarmrelay failed: RequestId: 3f2a9c10-77b0-4d5e-8a1b-0c9d8e7f6a5b Error: Task timed out after 30.00 seconds"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := fake.NewLambda()
				l.Add("alarmrelay", 30*time.Second, row.code, "live", "next")
				if row.fault != "" {
					l.Break(fake.Fault{Kind: row.fault})
				}
				if diff := cmp.Diff(row.want, invoked(t, l, row.function, row.region)); diff != "" {
					t.Errorf("outcome (-want +got):\n%s", diff)
				}
				time.Sleep(time.Minute) // of the bubble: what was too slow ends as well
			})
		})
	}
}

func TestABusyFunctionIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := fake.NewLambda()
		l.Add("alarmrelay", 0, echo, "live")
		l.Fail(fake.Fault{Kind: fake.Limited})
		if diff := cmp.Diff(outcome{Answer: `{"alarmrelay":"mutes"}`}, invoked(t, l, "alarmrelay", "us-east-1")); diff != "" {
			t.Errorf("busy once (-want +got):\n%s", diff)
		}
		l.Break(fake.Fault{Kind: fake.Limited})
		want := outcome{Err: "invoke the function alarmrelay: as many of it as may run are busy: try again in a minute"}
		if diff := cmp.Diff(want, invoked(t, l, "alarmrelay", "us-east-1")); diff != "" {
			t.Errorf("busy for long (-want +got):\n%s", diff)
		}
	})
}
