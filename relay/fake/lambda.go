package fake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// lambdaPayload is the largest payload of an invocation that waits for its answer.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const lambdaPayload = 6 << 20

// LambdaFunction is the code of a function.
type LambdaFunction func(ctx context.Context, payload []byte) ([]byte, error)

// Lambda is AWS Lambda as an http.Handler: the operation Invoke, for invocations that wait for their answer, over functions
// of this program.
//
// Its faults name Invoke as their Method and a function as their Webhook. [Limited] is its TooManyRequestsException, [Down]
// its ServiceException. Its log keeps neither payloads nor answers.
type Lambda struct {
	house
	functions map[string]lambdaVersions
}

var _ http.Handler = (*Lambda)(nil)

// lambdaVersions are the aliases of a function, and its code.
type lambdaVersions struct {
	aliases []string
	timeout time.Duration
	code    LambdaFunction
}

// NewLambda returns a service without functions.
func NewLambda() *Lambda {
	l := &Lambda{functions: map[string]lambdaVersions{}}
	l.open(Options{})
	return l
}

// Add makes a function known, with its aliases. It is stopped after timeout, or never where that is 0.
func (l *Lambda) Add(name string, timeout time.Duration, code LambdaFunction, aliases ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.functions[name] = lambdaVersions{aliases, timeout, code}
}

// lambdaCall is one invocation.
type lambdaCall struct {
	request         *http.Request
	name, qualifier string
	payload         []byte
	readable        bool // its method and path are an invocation's
}

// lambdaPath takes a function by its name, its ARN, or the part of that from the account on, each with or without a qualifier.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
var lambdaPath = regexp.MustCompile(
	`^/2015-03-31/functions/(?:(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:)?[0-9]{12}:function:)?([A-Za-z0-9_-]{1,64})(?::([A-Za-z0-9_$-]+))?/invocations$`)

// ServeHTTP implements http.Handler.
func (l *Lambda) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, lambdaPayload+1))
	if err != nil {
		panic(http.ErrAbortHandler) // the client went away: nothing was asked
	}
	c := &lambdaCall{request: r, payload: body}
	if found := lambdaPath.FindStringSubmatch(r.URL.Path); found != nil && r.Method == http.MethodPost {
		c.readable, c.name, c.qualifier = true, found[1], found[2]
	}
	fault := l.takeFault(c.name, "Invoke")
	note := Exchange{At: l.options.Clock(), Webhook: c.name, Method: "Invoke", Path: r.URL.RequestURI(), Fault: fault.Kind, Agent: r.UserAgent()}
	if fault.Kind == Reset || !l.wait(r, fault) {
		l.record(note, "")
		panic(http.ErrAbortHandler)
	}
	answer, itself := lambdaFault(c, fault)
	if !itself {
		answer = l.answer(c)
	}
	note.Status, note.Why = answer.status, answer.why
	l.record(note, "")
	if fault.Kind == AnswerLate && !l.wait(r, Fault{Kind: Slow, After: fault.After}) {
		panic(http.ErrAbortHandler)
	}
	write(w, answer, fault)
}

// answer runs the function, if the request is right.
func (l *Lambda) answer(c *lambdaCall) reply {
	header, qualifier := c.request.Header, c.request.URL.Query().Get("Qualifier")
	invocation := header.Get("X-Amz-Invocation-Type")
	switch {
	case !c.readable:
		return lambdaError(http.StatusNotFound, "UnknownOperationException", "No request of Lambda's Invoke.")
	case !strings.Contains(header.Get("Authorization"), "/lambda/aws4_request"):
		return lambdaError(http.StatusForbidden, "MissingAuthenticationTokenException", "Missing Authentication Token")
	case invocation != "" && invocation != "RequestResponse":
		return lambdaError(http.StatusBadRequest, "InvalidParameterValueException", "Only invocations that wait for their answer are known here.")
	case c.qualifier != "" && qualifier != "" && c.qualifier != qualifier:
		return lambdaError(http.StatusBadRequest, "InvalidParameterValueException", "The derived qualifier from the function name does not match the specified qualifier.")
	case len(c.payload) > lambdaPayload:
		return lambdaError(http.StatusRequestEntityTooLarge, "RequestTooLargeException", "Request must be smaller than 6291456 bytes for the InvokeFunction operation")
	case len(c.payload) > 0 && !json.Valid(c.payload):
		return lambdaError(http.StatusBadRequest, "InvalidRequestContentException", "Could not parse request body into json: Unexpected end-of-input")
	}
	if c.qualifier == "" {
		c.qualifier = qualifier
	}
	function, ok := l.find(c)
	if !ok {
		return lambdaError(http.StatusNotFound, "ResourceNotFoundException", "Function not found: "+c.arn())
	}
	if len(c.payload) == 0 {
		c.payload = []byte("{}")
	}
	return function.run(c)
}

// find returns the function of a call; ok is false where there is none of that name or alias.
func (l *Lambda) find(c *lambdaCall) (function lambdaVersions, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	function, ok = l.functions[c.name]
	for _, alias := range append([]string{"", "$LATEST"}, function.aliases...) {
		if ok && alias == c.qualifier {
			return function, true
		}
	}
	return lambdaVersions{}, false
}

// arn is what AWS calls the function.
func (c *lambdaCall) arn() string {
	const region = 2 // Credential=KEY/DAY/REGION/lambda/aws4_request
	where := "ap-northeast-2"
	if scope := strings.Split(c.request.Header.Get("Authorization"), "/"); len(scope) > region {
		where = scope[region]
	}
	arn := "arn:aws:lambda:" + where + ":" + queueAccount + ":function:" + c.name
	if c.qualifier != "" {
		arn += ":" + c.qualifier
	}
	return arn
}

// run runs the code as the runtime does: whatever becomes of it is an answer of status 200.
// https://docs.aws.amazon.com/lambda/latest/dg/golang-exceptions.html
func (v lambdaVersions) run(c *lambdaCall) reply {
	ctx, cancel := c.request.Context(), context.CancelFunc(func() {})
	if v.timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, v.timeout)
	}
	defer cancel()
	came := make(chan reply, 1)
	go func() { came <- v.outcome(ctx, c.payload) }()
	select {
	case answer := <-came:
		return answer
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return lambdaFailure("Sandbox.Timedout", fmt.Sprintf("RequestId: 3f2a9c10-77b0-4d5e-8a1b-0c9d8e7f6a5b Error: Task timed out after %.2f seconds", v.timeout.Seconds()))
		}
		panic(http.ErrAbortHandler) // the client went away
	}
}

// outcome is what the runtime makes of what the code returns.
func (v lambdaVersions) outcome(ctx context.Context, payload []byte) reply {
	answer, err := v.code(ctx, payload)
	if err != nil {
		return lambdaFailure("errorString", err.Error())
	}
	return jsonReply(http.StatusOK, json.RawMessage(answer)).with("X-Amz-Executed-Version", "$LATEST")
}
