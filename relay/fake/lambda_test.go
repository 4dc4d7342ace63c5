package fake_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"alarmrelay/relay/fake"
)

// answered is an answer of Lambda's.
type answered struct {
	Status      int
	Error       string // X-Amzn-Errortype: the service's own
	FunctionErr string // X-Amz-Function-Error
	Body        string
}

// invoke makes a request of Lambda as a signed client does; change makes it another.
func invoke(t *testing.T, l *fake.Lambda, function, payload string, change func(*http.Request)) answered {
	t.Helper()
	path := "http://lambda.example/2015-03-31/functions/" + function + "/invocations"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader([]byte(payload)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261122/us-west-2/lambda/aws4_request, SignedHeaders=host, Signature=0")
	if change != nil {
		change(r)
	}
	w, err := fake.Transport{"lambda.example": l}.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answered{w.StatusCode, w.Header.Get("X-Amzn-Errortype"), w.Header.Get("X-Amz-Function-Error"), string(body)}
}

func TestLambdaRunsAFunctionByEachOfItsNames(t *testing.T) {
	l := fake.NewLambda()
	l.Add("relay", 0, func(_ context.Context, payload []byte) ([]byte, error) { return payload, nil }, "live")
	const arn = "arn:aws:lambda:us-west-2:111122223333:function:"
	missing := func(name string) answered {
		return answered{404, "ResourceNotFoundException", "", `{"Message":"Function not found: ` + arn + name + `","Type":"User"}`}
	}
	ok := answered{Status: 200, Body: `{"a":1}`}
	for function, want := range map[string]answered{
		"relay":                       ok,
		"relay:live":                  ok,
		"relay:$LATEST":               ok,
		"111122223333:function:relay": ok,
		arn + "relay:live":            ok,
		"other":                       missing("other"),
		arn + "relay:blue":            missing("relay:blue"),
	} {
		if diff := cmp.Diff(want, invoke(t, l, function, `{"a":1}`, nil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", function, diff)
		}
	}
	qualified := func(r *http.Request) { r.URL.RawQuery = "Qualifier=live" }
	if diff := cmp.Diff(ok, invoke(t, l, "relay", `{"a":1}`, qualified)); diff != "" {
		t.Errorf("qualified (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(answered{Status: 200, Body: `{}`}, invoke(t, l, "relay", ``, nil)); diff != "" {
		t.Errorf("without a payload (-want +got):\n%s", diff)
	}
}

func TestLambdaRefusesWhatIsNoInvocation(t *testing.T) {
	l := fake.NewLambda()
	l.Add("relay", 0, func(context.Context, []byte) ([]byte, error) {
		t.Error("the function was run")
		return nil, nil
	}, "live")
	for name, row := range map[string]struct {
		function, payload string
		change            func(*http.Request)
		status            int
		code              string
	}{
		"no JSON":                  {"relay", `{"a":`, nil, 400, "InvalidRequestContentException"},
		"too much":                 {"relay", `"` + strings.Repeat("x", 6<<20) + `"`, nil, 413, "RequestTooLargeException"},
		"unsigned":                 {"relay", `{}`, func(r *http.Request) { r.Header.Del("Authorization") }, 403, "MissingAuthenticationTokenException"},
		"another operation":        {"relay", `{}`, func(r *http.Request) { r.Method = http.MethodPut }, 404, "UnknownOperationException"},
		"one that does not wait":   {"relay", `{}`, func(r *http.Request) { r.Header.Set("X-Amz-Invocation-Type", "Event") }, 400, "InvalidParameterValueException"},
		"two qualifiers":           {"relay:live", `{}`, func(r *http.Request) { r.URL.RawQuery = "Qualifier=next" }, 400, "InvalidParameterValueException"},
		"a name that is none":      {"re%20lay", `{}`, nil, 404, "UnknownOperationException"},
		"an alias that it has not": {"relay", `{}`, func(r *http.Request) { r.URL.RawQuery = "Qualifier=next" }, 404, "ResourceNotFoundException"},
	} {
		t.Run(name, func(t *testing.T) {
			got := invoke(t, l, row.function, row.payload, row.change)
			if got.Status != row.status || got.Error != row.code || got.FunctionErr != "" {
				t.Errorf("answer %+v, want %d %s", got, row.status, row.code)
			}
		})
	}
}

func TestAFunctionThatFailsIsAnsweredWithItsError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := fake.NewLambda()
		l.Add("fails", 3*time.Second, func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no table") })
		l.Add("hangs", 3*time.Second, func(ctx context.Context, _ []byte) ([]byte, error) {
			<-ctx.Done()
			time.Sleep(time.Second) // of the bubble: the runtime does not wait for it
			return []byte(`{}`), nil
		})
		for function, want := range map[string]string{
			"fails": `{"errorMessage":"no table","errorType":"errorString"}`,
			"hangs": `{"errorMessage":"RequestId: 3f2a9c10-77b0-4d5e-8a1b-0c9d8e7f6a5b Error: Task timed out after 3.00 seconds","errorType":"Sandbox.Timedout"}`,
		} {
			if diff := cmp.Diff(answered{200, "", "Unhandled", want}, invoke(t, l, function, `{}`, nil)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", function, diff)
			}
		}
		time.Sleep(time.Minute) // of the bubble: what was too slow ends as well
	})
}

func TestLambdasFaultsAreItsOwn(t *testing.T) {
	for kind, want := range map[fake.FaultKind]answered{
		fake.Limited:   {429, "TooManyRequestsException", "", `{"Message":"Rate Exceeded.","Type":"User"}`},
		fake.Down:      {500, "ServiceException", "", `{"Message":"Internal Error","Type":"User"}`},
		fake.Gone:      {404, "ResourceNotFoundException", "", `{"Message":"Function not found: arn:aws:lambda:us-west-2:111122223333:function:relay","Type":"User"}`},
		fake.BadToken:  {403, "UnrecognizedClientException", "", `{"Message":"The security token included in the request is invalid.","Type":"User"}`},
		fake.Forbidden: {403, "AccessDeniedException", "", `{"Message":"User: arn:aws:iam::111122223333:user/minji is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-west-2:111122223333:function:relay because no identity-based policy allows the lambda:InvokeFunction action","Type":"User"}`},
	} {
		l := fake.NewLambda()
		l.Add("relay", 0, func(context.Context, []byte) ([]byte, error) { return []byte(`"ran"`), nil })
		l.Fail(fake.Fault{Kind: kind, Webhook: "relay", Method: "Invoke"})
		if diff := cmp.Diff(want, invoke(t, l, "relay", `{}`, nil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
		if diff := cmp.Diff(answered{Status: 200, Body: `"ran"`}, invoke(t, l, "relay", `{}`, nil)); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", kind, diff)
		}
	}
}
