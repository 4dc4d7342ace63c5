package account

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"
)

// liveAlias is what the template has a function invoked by.
const liveAlias = "live"

// functionShape is a function's name or ARN, with or without a version or an alias.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
var functionShape = regexp.MustCompile(`^(?:arn:aws[a-z-]*:lambda:([a-z0-9-]+):[0-9]{12}:function:)?([A-Za-z0-9_-]{1,64})(?::([A-Za-z0-9_-]+|\$LATEST))?$`)

// Function is the relay's function, deployed.
type Function struct {
	client    *lambda.Client
	name      string // or its ARN
	qualifier string // empty where the name has one
	region    string
}

// CheckFunction refuses what is neither a function's name nor its ARN.
func CheckFunction(function string) error {
	if !functionShape.MatchString(function) {
		return errors.New("a function's name reads alarmrelay or alarmrelay:live, its ARN arn:aws:lambda:REGION:ACCOUNT:function:NAME")
	}
	return nil
}

// OpenFunction returns the function of that name or ARN, in the Region that the ARN names. Where no version and no alias
// is given, it is the alias live.
func OpenFunction(cfg aws.Config, function string) (*Function, error) {
	if err := CheckFunction(function); err != nil {
		return nil, err
	}
	part := functionShape.FindStringSubmatch(function)
	f := &Function{name: function, region: cmp.Or(part[1], cfg.Region)}
	if part[3] == "" {
		f.qualifier = liveAlias
	}
	if f.region == "" {
		return nil, errors.New("no AWS region: set AWS_REGION, or a region in your profile")
	}
	f.client = lambda.NewFromConfig(cfg, func(o *lambda.Options) { o.Region = f.region })
	return f, nil
}

// Invoke runs the function and returns its answer. What the function says when it fails is the error.
func (f *Function) Invoke(ctx context.Context, payload []byte) (answer []byte, err error) {
	in := &lambda.InvokeInput{FunctionName: &f.name, InvocationType: types.InvocationTypeRequestResponse, Payload: payload}
	if f.qualifier != "" {
		in.Qualifier = &f.qualifier
	}
	out, err := f.client.Invoke(ctx, in)
	if err != nil {
		return nil, f.refused(err)
	}
	if kind := aws.ToString(out.FunctionError); kind != "" {
		return nil, fmt.Errorf("the function %s failed: %s", f.short(), failureOf(out.Payload, kind))
	}
	return out.Payload, nil
}

// short is the function's name without an ARN around it.
func (f *Function) short() string { return functionShape.FindStringSubmatch(f.name)[2] }

// refused words what kept the function from running.
func (f *Function) refused(err error) error {
	doing := "invoke the function " + f.short()
	api := smithy.APIError(nil)
	if !errors.As(err, &api) {
		return refused(doing, err)
	}
	switch api.ErrorCode() {
	case "ResourceNotFoundException":
		_, alias, _ := strings.Cut(f.name[strings.LastIndex(f.name, f.short()):], ":")
		return &refusal{fmt.Sprintf("%s: there is none of that name with a version or alias %s in %s (AWS_REGION says where to look)",
			doing, cmp.Or(alias, f.qualifier), f.region), err}
	case "TooManyRequestsException":
		return &refusal{doing + ": as many of it as may run are busy: try again in a minute", err}
	}
	return refused(doing, err)
}

// mostOfFailure is how many characters of a function's error are told.
const mostOfFailure = 300

// failureOf reads what a runtime answers where the function has failed.
// https://docs.aws.amazon.com/lambda/latest/dg/golang-exceptions.html
func failureOf(payload []byte, kind string) string {
	var failure struct {
		Message string `json:"errorMessage"`
		Type    string `json:"errorType"`
	}
	_ = json.Unmarshal(payload, &failure) // what is no JSON says nothing
	said := []rune(cmp.Or(failure.Message, failure.Type, kind))
	if len(said) > mostOfFailure {
		return string(said[:mostOfFailure-1]) + "…"
	}
	return string(said)
}
